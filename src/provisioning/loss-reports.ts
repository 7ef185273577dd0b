// Where a failure lies that a path leaves at once, by what its switches reported of it. Nobody can be asked any more: soon
// the mirrors at both ends move, and put what is left of the old route into the dark. So reports count that are here before
// that can have been seen; if they show both directions dark, and one fibre alone explains both, that is it. Otherwise
// nothing is said, and all fibres that can explain the loss stay suspected.

import { after, type Duration, type Instant, ms } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
import { FailureLocator } from './failure-locator.ts';
import type { PathLoss } from './path-event.ts';
import type { Route } from './route.ts';

/**
 * From the decision until mirrors that it moves can have been missed, and reported, anywhere: ours, below what a command
 * takes on any switch (10 ms, of which a fifth may be missing) and the alarm after it (5 ms at least).
 */
const untouched = ms(12);

/** As many as a long path can have inputs: ours. */
const reportsMax = 100;

export class LossReports {
  readonly #clock: Pick<Clock, 'now' | 'timer'>;
  /** Older ones tell of something else. */
  readonly #life: Duration;
  #reports: { readonly loss: PathLoss; readonly at: Instant }[] = [];

  constructor(clock: Pick<Clock, 'now' | 'timer'>, life: Duration) {
    this.#clock = clock;
    this.#life = life;
  }

  heard(loss: PathLoss): void {
    const now = this.#clock.now();
    this.#reports = this.#reports.filter(({ at }) => after(at, this.#life) > now).slice(1 - reportsMax);
    this.#reports.push({ loss, at: now });
  }

  /** The path leaves that route now. Calls `located` if the reports of that revision agree on one fibre. */
  locate(route: Route, revision: number, located: (fibre: string) => void): void {
    const earliest = this.#clock.now() - this.#life;
    this.#clock.timer(untouched, () => {
      const locator = new FailureLocator(route);
      for (const { loss, at } of this.#reports)
        if (at > earliest && loss.message.revision === revision)
          locator.reportDark(loss.from, loss.message.port);
      const verdict = locator.verdict(false);
      const [fibre, ...others] = verdict.kind === 'located' ? verdict.fibres : [];
      if (fibre !== undefined && others.length === 0) located(fibre);
    });
  }
}
