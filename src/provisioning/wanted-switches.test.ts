import { assert, suite } from '../../scripts/testing/suite.ts';
import { type Instant, instant, seconds } from '../core/time.ts';
import { LIMITS } from './timings.ts';
import type { Standing } from './topology-view.ts';
import { WantedSwitches } from './wanted-switches.ts';

const test = suite('wanted switches');

const at = (s: number): Instant => instant(s * 1e9);
const stood = (sequence: number, boot = 1): Standing => ({ boot, sequence });
/** Whom to ask at that time, and for what. */
const asks = (wanted: WantedSwitches, neighbours: readonly string[], s: number): [string, string[]][] =>
  [...wanted.overdue(neighbours, at(s))].map(([whom, names]) => [whom, [...names]]);

test('one switch is asked for once within a second, however many know more of it', () => {
  const wanted = new WantedSwitches(seconds(1));
  assert.is(wanted.add('basel', stood(4), 'bern', at(0)), true);
  assert.is(wanted.add('basel', stood(5), 'chur', at(0.5)), false);
  assert.is(wanted.add('davos', stood(1), 'bern', at(0.5)), true);
  assert.is(wanted.add('basel', stood(5), 'bern', at(1)), true);
  assert.equal(wanted.names, ['basel', 'davos']);
});

test('what is heard meanwhile is no longer wanted, unless somebody knew more', () => {
  const wanted = new WantedSwitches(seconds(1));
  wanted.add('basel', stood(4), 'bern', at(0));
  wanted.heard('basel', stood(3));
  wanted.heard('chur', stood(9));
  assert.equal(wanted.names, ['basel']);
  wanted.heard('basel', stood(4));
  assert.ok(wanted.isEmpty);
});

test('an agent that has started again counts as newer, whatever it has numbered its news', () => {
  const wanted = new WantedSwitches(seconds(1));
  wanted.add('basel', stood(2, 7), 'bern', at(0));
  wanted.heard('basel', stood(900, 6));
  assert.not.ok(wanted.isEmpty);
  wanted.heard('basel', stood(1, 8));
  assert.ok(wanted.isEmpty);
});

test('an answer that is older than what was heard of since is followed by a question to whoever has the newest', () => {
  const wanted = new WantedSwitches(seconds(1));
  wanted.add('basel', stood(4), 'bern', at(0));
  wanted.add('basel', stood(6), 'chur', at(0.1));
  wanted.add('basel', stood(5), 'davos', at(0.2));
  assert.is(wanted.got('basel', stood(4), at(0.9)), 'chur');
  // That question is new, and has its own second.
  assert.equal(asks(wanted, ['bern', 'chur'], 1.8), []);
  assert.is(wanted.got('basel', stood(6), at(1.8)), null);
  assert.ok(wanted.isEmpty);
  assert.is(wanted.got('basel', stood(7), at(2)), null);
});

test('whoever does not answer is asked once more, then the other neighbours in turn, all for what they may know', () => {
  const wanted = new WantedSwitches(seconds(1));
  const neighbours = ['bern', 'chur', 'davos'];
  wanted.add('basel', stood(4), 'chur', at(0));
  wanted.add('zug', stood(4), 'chur', at(0));
  assert.equal(asks(wanted, neighbours, 0.9), []);
  assert.equal(asks(wanted, neighbours, 1), [['chur', ['basel', 'zug']]]);
  assert.equal(asks(wanted, neighbours, 1.9), []);
  const later = [2, 3, 4].map((s) => asks(wanted, neighbours, s).map(([whom]) => whom));
  assert.equal(later, [['davos'], ['bern'], ['chur']]);
});

test('whoever is no neighbour any more is not asked', () => {
  const wanted = new WantedSwitches(seconds(1));
  wanted.add('basel', stood(4), 'chur', at(0));
  assert.equal(asks(wanted, ['bern'], 1), [['bern', ['basel']]]);
});

test('what nobody answers is forgotten after a bounded number of questions, and at once without neighbours', () => {
  const wanted = new WantedSwitches(seconds(1));
  wanted.add('basel', stood(4), 'bern', at(0));
  let questions = 1;
  for (let s = 1; asks(wanted, ['bern'], s).length > 0; s++) questions++;
  assert.is(questions, LIMITS.wantTriesMax);
  assert.ok(wanted.isEmpty);
  wanted.add('basel', stood(4), 'bern', at(100));
  assert.equal(asks(wanted, [], 101), []);
  assert.ok(wanted.isEmpty);
});

test.run();
