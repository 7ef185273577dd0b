import { assert, suite } from '../testing/suite.ts';
import { outage, PROTECTED_SPANS } from './protection-line.ts';

const test = suite('what a cut costs at 1+1');

/** In which a receiver selects, at least; and what is asked of 1+1 altogether. */
const [SELECTION_MS, ASKED_MS] = [10, 50];
/** Of light in fibre. */
const KM_PER_MS = 204;

for (const span of PROTECTED_SPANS)
  test(`${span.name}: the selection time and the way of the darkness, whichever fibre and direction is cut`, async () => {
    // Seeds 0 to 5 cut each fibre both ways, and in either direction.
    for (let seed = 0; seed < 6; seed++) {
      const found = await outage(span, seed);
      const [short, long] = span.km;
      assert.ok(found >= SELECTION_MS && found < ASKED_MS, `seed ${seed}: ${found} ms`);
      assert.ok(found <= SELECTION_MS + (short + long) / KM_PER_MS + 1, `seed ${seed}: ${found} ms`);
    }
  });

test.run();
