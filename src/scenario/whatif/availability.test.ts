import { assert, suite } from '../../../scripts/testing/suite.ts';
import { seededRandom } from '../../platform/seeded-random.ts';
import { availabilityOf, unavailabilityOf } from './availability.ts';
import { cutClasses } from './cut-list.ts';
import type { CutOutcome } from './outcome.ts';
import type { Cable } from './subject.ts';

const test = suite('availability');

/** Three cables of 1,000, 2,000 and 500 km; cut 8.76 times a year in 1,000 km, 10 h to repair. */
const rates = { cutsPer1000KmYear: 8.76, hoursToRepair: 10 };
const cables: Cable[] = [
  ['x', 1000e3],
  ['y', 2000e3],
  ['z', 500e3],
].map(([name, length]) => ({
  ...{ name: String(name), ends: ['a', 'b'], fibres: [String(name)], length: Number(length), groups: [] },
}));

/** The demand is rerouted around x in 36 s, lost to z, and lost to x and y together. */
const outcome = (cut: string, isLost: boolean, darkMs: number | null): CutOutcome => ({
  ...{ kind: 'cut', cut, violations: [], records: 0, hash: '' },
  affected: [
    {
      ...{ demand: 'p', isHit: true, isLost, cause: isLost ? 'bridge' : null, others: [], said: '' },
      ...{ darkMs, lengthBefore: 1, lengthAfter: 1 },
      stagesMs: { detect: null, decide: null, lock: null, switch: null, light: null, data: null, tcp: null },
    },
  ],
});
const none = (cut: string): CutOutcome => ({ ...outcome(cut, false, null), affected: [] });
const outcomes = new Map(
  [
    ...[outcome('x', false, 36_000), none('y'), outcome('z', true, null)],
    ...[outcome('x+y', true, null), outcome('x+z', true, null), none('y+z')],
  ].map((each) => [each.cut, each]),
);
const available = (cuts: '1' | '2') =>
  availabilityOf({
    demands: ['p'],
    failing: cables,
    classes: cutClasses(cables, { cuts, isApart: false }, seededRandom('1')),
    outcomes,
    rates,
  });

const isNear = (value: number | undefined, expected: number): void =>
  assert.ok(Math.abs((value ?? Number.NaN) - expected) < 1e-12, `${value} is not ${expected}`);

// By hand: 8.76 a year in 1,000 km is 0.001 an hour; in 10 h, x is cut 0.01 times, y 0.02, z 0.005.
const [x, y, z] = [0.01 / 1.01, 0.02 / 1.02, 0.005 / 1.005];

test('a cable is down for as much of the time as its cuts and repairs make', () => {
  isNear(unavailabilityOf(1000e3, rates), x);
  isNear(unavailabilityOf(2000e3, rates), y);
});

test('one cut: what is lost to z, and the 36 s of each reroute around x', () => {
  const { demands, untried } = available('1');
  const onlyZ = (1 - x) * (1 - y) * z;
  const onlyX = x * (1 - y) * (1 - z);
  const rerouting = onlyX / 1000; // 36 s of 10 h
  isNear(demands[0]?.lostToOne, onlyZ);
  isNear(demands[0]?.rerouting, rerouting);
  isNear(demands[0]?.availability, 1 - onlyZ - rerouting);
  isNear(untried, x * y * (1 - z) + x * (1 - y) * z + (1 - x) * y * z + x * y * z);
});

test('two cuts: x and y, and x and z, but not y and z', () => {
  const { demands, untried } = available('2');
  isNear(demands[0]?.lostToTwo, x * y * (1 - z) + x * (1 - y) * z);
  isNear(untried, x * y * z);
});

test('a sample stands for all, and two orders of the same pair for one', () => {
  const classes = cutClasses(cables, { cuts: '2', isApart: true }, seededRandom('1'));
  const both = new Map(outcomes);
  for (const { id } of classes.flatMap((each) => each.cuts)) {
    const reversed = outcomes.get(id.split('+').toReversed().join('+'));
    if (!both.has(id) && reversed !== undefined) both.set(id, reversed);
  }
  const { demands } = availabilityOf({ demands: ['p'], failing: cables, classes, outcomes: both, rates });
  isNear(demands[0]?.lostToTwo, x * y * (1 - z) + x * (1 - y) * z);
  const one = cutClasses(cables, { cuts: '1', isApart: false, sample: 1 }, seededRandom('1'));
  const cut = one[0]?.cuts[0]?.id ?? '';
  const all = new Map([[cut, outcome(cut, true, null)]]);
  const share = { x: x * (1 - y) * (1 - z), y: (1 - x) * y * (1 - z), z: (1 - x) * (1 - y) * z }[cut] ?? 0;
  const sampled = availabilityOf({ demands: ['p'], failing: cables, classes: one, outcomes: all, rates });
  isNear(sampled.demands[0]?.lostToOne, 3 * share);
});

test.run();
