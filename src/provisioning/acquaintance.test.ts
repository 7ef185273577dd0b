import { assert, suite } from '../../scripts/testing/suite.ts';
import { after, ms, seconds } from '../core/time.ts';
import { ManualClock } from '../tl1/manual-clock.fixture.ts';
import { Acquaintance } from './acquaintance.ts';

const test = suite('acquaintance');

function young(): { clock: ManualClock; known: Set<string>; acquaintance: Acquaintance } {
  const clock = new ManualClock();
  const known = new Set<string>();
  const isInTouch = (peer: string): boolean => known.has(peer);
  const acquaintance = new Acquaintance({
    clock,
    limit: seconds(2),
    peers: () => ['a', 'b'],
    isAlone: () => false,
    isInTouch,
  });
  return { clock, known, acquaintance };
}

test('a wait just after the start ends when those asked for are in touch, or at the limit', async () => {
  const { clock, known, acquaintance } = young();
  const from = clock.now();
  const one = acquaintance.meet(['a']);
  const all = acquaintance.meet();
  await clock.advance(ms(500));
  known.add('a');
  acquaintance.changed();
  assert.ok(await one);
  assert.is(clock.now(), after(from, ms(500)));
  assert.ok(await clock.until(all, seconds(2)));
  assert.ok(clock.now() >= after(from, seconds(2)) && clock.now() <= after(from, ms(2_100)));
});

test('nobody is waited for who is in touch, or once the start is over, but on demand', async () => {
  const { clock, known, acquaintance } = young();
  known.add('a');
  assert.not.ok(await acquaintance.meet(['a']));
  await clock.advance(seconds(3));
  assert.not.ok(await acquaintance.meet());
  const demanded = acquaintance.meet(['b'], after(clock.now(), seconds(1)));
  known.add('b');
  acquaintance.changed();
  assert.ok(await demanded);
});

test.run();
