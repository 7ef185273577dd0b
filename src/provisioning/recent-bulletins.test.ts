import { assert, suite } from '../../scripts/testing/suite.ts';
import { instant, seconds, toSeconds } from '../core/time.ts';
import type { Bulletin } from './news-messages.ts';
import { RecentBulletins } from './recent-bulletins.ts';
import { LIMITS } from './timings.ts';

const test = suite('recent bulletins');
const at = (s: number): ReturnType<typeof instant> => instant(s * 1e9);

let number = 0;
const failed = (...fibres: readonly string[]): Bulletin => ({
  ...{ switchName: 'A', boot: 1, number: ++number },
  said: { type: 'failed', fibres: [...fibres], wasLit: true },
});
const whole = (...fibres: readonly string[]): Bulletin => ({
  ...{ switchName: 'B', boot: 1, number: ++number },
  said: { type: 'whole', fibres: [...fibres] },
});
const aged = (bulletin: Bulletin, s: number): Bulletin => ({ ...bulletin, age: seconds(s) });

const told = (recent: RecentBulletins, s: number): string[] =>
  recent
    .toTell(at(s))
    .map(({ said, age = 0 }) =>
      said.type === 'free-path' ? said.path : `${said.type} ${said.fibres} ${toSeconds(seconds(age / 1e9))}`,
    );

test('what was said of late is told in the order in which it was said, with its age, as long as it counts', () => {
  const recent = new RecentBulletins(seconds(30));
  recent.add(failed('f'), at(10));
  recent.add(whole('f'), at(15));
  // Heard late: it was said between the two.
  recent.add(aged(failed('g'), 8), at(20));
  assert.equal(told(recent, 21), ['failed f 11', 'failed g 9', 'whole f 6']);
  assert.equal(told(recent, 41), ['failed g 29', 'whole f 26']);
  assert.equal(told(recent, 60), []);
});

test("an operator's word to free a path is not told again: another may have its name since", () => {
  const recent = new RecentBulletins(seconds(30));
  const said = { type: 'free-path', path: 'p', by: 'alice' } as const;
  recent.add({ switchName: 'A', boot: 1, number: 1, said }, at(0));
  assert.equal(told(recent, 1), []);
});

test('an old word says nothing about fibres of which something was said after it', () => {
  const recent = new RecentBulletins(seconds(30));
  recent.add(whole('f'), at(10));
  const now = at(12);
  assert.equal(recent.stillSaid(aged(failed('f', 'g'), 5), now), failed('g').said);
  assert.is(recent.stillSaid(aged(failed('f'), 5), now), null);
  assert.equal(recent.stillSaid(aged(failed('f'), 1), now), failed('f').said);
  assert.equal(recent.stillSaid(failed('f'), now), failed('f').said);
  assert.is(recent.stillSaid(aged(failed('h'), 30), at(40)), null);
});

test('no more is kept than one line holds: the newest', () => {
  const recent = new RecentBulletins(seconds(30));
  for (let i = 0; i < LIMITS.namesToldMax; i++) recent.add(failed(`f${i}`), at(1));
  const kept = told(recent, 2);
  assert.is(kept.length, LIMITS.namesToldMax / 2);
  assert.is(kept.at(-1), `failed f${LIMITS.namesToldMax - 1} 1`);
});

test.run();
