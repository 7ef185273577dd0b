// How much of the time each demand has light, from how often cables are cut and how long a repair takes.
//
//   u  = a / (1 + a), a = cuts per km and hour · km · hours to repair     the share of the time that a cable is cut
//   P(only S cut) = product over S of u · product over the others of (1 − u)
//   U  = sum over the cuts S that were tried of P(only S) · (1 if the demand is lost, else 0)
//      + sum over single cuts of P(only S) · dark time of the reroute / time to repair
//
// Cables fail and are repaired independently of each other. What was not tried (three cuts at once, or two where only
// single ones were tried) is not in U; how likely that is at all is given beside it, and bounds the error.

import { defined } from '../../core/assert.ts';
import type { DemandAvailability } from '../../report/study-report.ts';
import type { CutClass } from './cut-list.ts';
import type { CutOutcome } from './outcome.ts';

export interface FailureRates {
  readonly cutsPer1000KmYear: number;
  readonly hoursToRepair: number;
}

/**
 * 4.39 cuts a year per 1,000 sheath miles and 12 h: To and Neusy, "Unavailability analysis of long-haul networks", IEEE
 * JSAC 12(1), 1994, with FCC and Bellcore figures; as the literature on survivable networks quotes them [unknown: hearsay,
 * the paper itself was not read].
 */
export const DEFAULT_RATES: FailureRates = { cutsPer1000KmYear: 4.39 / 1.609344, hoursToRepair: 12 };

const hoursPerYear = 8760;

/** What fails as one: a cable, or a group. Metres. */
export interface Failing {
  readonly name: string;
  readonly length: number;
}

export interface Availability {
  readonly rates: FailureRates;
  readonly demands: readonly DemandAvailability[];
  /** Share of the time in which more is cut at once than was tried. */
  readonly untried: number;
}

export const unavailabilityOf = (
  metres: number,
  { cutsPer1000KmYear, hoursToRepair }: FailureRates,
): number => {
  const expected = ((cutsPer1000KmYear * metres) / 1e6 / hoursPerYear) * hoursToRepair;
  return expected / (1 + expected);
};

export function availabilityOf(o: {
  readonly demands: readonly string[];
  readonly failing: readonly Failing[];
  readonly classes: readonly CutClass[];
  readonly outcomes: ReadonlyMap<string, CutOutcome>;
  readonly rates: FailureRates;
}): Availability {
  const { demands, failing, classes, outcomes, rates } = o;
  const down = new Map(failing.map(({ name, length }) => [name, unavailabilityOf(length, rates)]));
  const sums = new Map(demands.map((demand) => [demand, { lostToOne: 0, lostToTwo: 0, rerouting: 0 }]));
  const whole = failing.reduce((product, { name }) => product * (1 - (down.get(name) ?? 0)), 1);
  const odds = (name: string): number => {
    const u = down.get(name) ?? 0;
    return u / (1 - u);
  };
  const n = failing.length;
  for (const { order, population, cuts } of classes) {
    // A sample stands for all of its class; each pair that comes in both orders counts half each time.
    const scale =
      (population / Math.max(1, cuts.length)) * (order === 2 ? (n * (n - 1)) / 2 / population : 1);
    for (const { id, parts } of cuts) {
      const share = scale * parts.reduce((product, { name }) => product * odds(name), whole);
      for (const { demand, isLost, darkMs } of defined(outcomes.get(id), `the outcome of ${id}`).affected) {
        const sum = sums.get(demand);
        if (sum === undefined) continue;
        if (isLost) sum[order === 1 ? 'lostToOne' : 'lostToTwo'] += share;
        else if (order === 1) sum.rerouting += (share * (darkMs ?? 0)) / (rates.hoursToRepair * 3.6e6);
      }
    }
  }
  const orders = Math.max(0, ...classes.map(({ order }) => order));
  return {
    rates,
    demands: [...sums].map(([demand, sum]) => ({
      demand,
      ...sum,
      availability: 1 - sum.lostToOne - sum.lostToTwo - sum.rerouting,
    })),
    untried: Math.max(
      0,
      1 -
        atMost(
          orders,
          failing.map(({ name }) => odds(name)),
          whole,
        ),
    ),
  };
}

/** The probability that at most so many fail: elementary symmetric sums of the odds. */
function atMost(most: number, odds: readonly number[], whole: number): number {
  const sums = [1, ...Array.from({ length: most }, () => 0)];
  for (const each of odds)
    for (let k = most; k > 0; k--) sums[k] = (sums[k] ?? 0) + (sums[k - 1] ?? 0) * each;
  return whole * sums.reduce((sum, value) => sum + value, 0);
}
