import { assert, suite } from '../../scripts/testing/suite.ts';
import { instant, ms, seconds } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';
import { FailedFibres } from './failed-fibres.ts';
import { granted, REQUEST } from './line.fixture.ts';

const test = suite('failed fibres');
const at = (s: number): ReturnType<typeof instant> => instant(s * 1e9);

test('a fibre of which it is heard late that it failed is left out no longer than elsewhere, nor shorter for it', () => {
  const failed = new FailedFibres(seconds(30));
  failed.mark('f', at(20), false, seconds(12));
  assert.ok(failed.has('f', at(37)));
  assert.not.ok(failed.has('f', at(38)));
  failed.mark('g', at(20), false);
  failed.mark('g', at(21), false, seconds(12));
  assert.ok(failed.has('g', at(49)));
  failed.mark('h', at(20), false, seconds(50));
  assert.not.ok(failed.has('h', at(20)));
});

/** From S4 to S2 by S1 is shorter; p has other ways without S4. */
const MAP = {
  ...{ aa: 'T1 S1 1', ab: 'S1 S2 300', bc: 'S2 S3 900', cc: 'S3 T2 1', ae: 'S1 S5 900', ec: 'S5 S3 900' },
  ...{ dd: 'T3 S4 1', da: 'S4 S1 300', dc: 'S4 S3 900', bb: 'S2 T4 1' },
};

test('an agent that was cut off as a fibre failed knows of it when it is back, and tries no path by it', async () => {
  const bed = new Bed({ fibres: MAP, delay: ms(20) });
  await bed.run(async () => {
    granted(await bed.newClient('S1').request(REQUEST), bed);
    bed.isolate(['S4'], true);
    bed.plant.cut('ab');
    await bed.until('path.up', 2);
    await bed.sleep(seconds(12));
    bed.isolate(['S4'], false);
    await bed.sleep(seconds(4));
    const answer = await bed.newClient('S4').request({ path: 'q', from: 'T3', to: 'T4' });
    assert.equal(granted(answer, bed).fibres, ['dd', 'dc', 'bc', 'bb']);
    const tries = bed.records('transaction.locked').filter(({ fields }) => fields['path'] === 'q');
    assert.equal(
      tries.map(({ fields }) => fields['transaction']),
      ['S4#1.1'],
    );
  });
});

test.run();
