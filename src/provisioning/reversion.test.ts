import { assert, suite } from '../../scripts/testing/suite.ts';
import { metres } from '../core/quantity.ts';
import { instant, seconds } from '../core/time.ts';
import { Reversion } from './reversion.ts';
import type { Route } from './route.ts';

const test = suite('reversion');

const route = (...fibres: string[]): Route => ({ from: 'T1', to: 'T2', fibres, hops: [], length: metres(1) });
const at = (s: number): ReturnType<typeof instant> => instant(s * 1e9);
const working = route('a', 'b', 'c');
const other = route('a', 'x', 'c');

function away(): Reversion {
  const reversion = new Reversion(seconds(60));
  reversion.up(working, at(0));
  reversion.failed(['b'], at(10));
  reversion.up(other, at(11));
  return reversion;
}

test('a path on its working route has nowhere to go back to', () => {
  const reversion = new Reversion(seconds(60));
  reversion.up(working, at(0));
  assert.is(reversion.due, null);
});

test('without a word that the fibre is mended the path stays where it is', () => {
  assert.is(away().due, null);
});

test('it is due when the wait has passed since the mend', () => {
  const reversion = away();
  reversion.whole(['y'], at(15));
  assert.is(reversion.due, null);
  reversion.whole(['b'], at(20));
  assert.is(reversion.due, at(80));
  reversion.up(working, at(80));
  assert.is(reversion.due, null);
});

test('a second failure during the wait starts it anew', () => {
  const reversion = away();
  reversion.whole(['b'], at(20));
  reversion.failed(['c'], at(50));
  assert.is(reversion.due, null);
  reversion.whole(['c'], at(55));
  assert.is(reversion.due, at(115));
});

test('two failures must both be mended', () => {
  const reversion = away();
  reversion.failed(['c'], at(12));
  reversion.whole(['b'], at(20));
  assert.is(reversion.due, null);
  reversion.whole(['c'], at(30));
  assert.is(reversion.due, at(90));
});

test('what happens to other fibres does not matter', () => {
  const reversion = away();
  reversion.whole(['b'], at(20));
  reversion.failed(['z'], at(30));
  assert.is(reversion.due, at(80));
});

test('after a restart everything that was left is suspected until one of it is mended', () => {
  const reversion = new Reversion(seconds(60));
  reversion.restore(working, other, at(0));
  assert.is(reversion.due, null);
  reversion.whole(['b'], at(5));
  assert.is(reversion.due, at(65));
});

test('a path that could not go back waits once more', () => {
  const reversion = away();
  reversion.whole(['b'], at(20));
  reversion.postpone(at(80));
  assert.is(reversion.due, at(140));
});

test('a path that is not to go back never is due', () => {
  const reversion = new Reversion(null);
  reversion.up(working, at(0));
  reversion.up(other, at(11));
  assert.is(reversion.due, null);
  assert.is(reversion.working, null);
});

test.run();
