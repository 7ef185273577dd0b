// Every checker that a run is judged by, and the one place that feeds them.

import { type Duration, type Instant, ns, seconds } from '../../core/time.ts';
import type { TraceRecord } from '../../engine/trace.ts';
import { backupsApart } from './backups-apart.ts';
import { calendarsClear } from './calendars-clear.ts';
import type { Checker, Violation } from './checker.ts';
import { decisionsAgree } from './decisions-agree.ts';
import { leasesCover } from './leases-cover.ts';
import { nothingLeft } from './nothing-left.ts';
import type { FibreLines } from './path-light.ts';
import { pathsAtRest } from './paths-at-rest.ts';
import { pathsDisjoint } from './paths-disjoint.ts';
import { portOnce } from './port-once.ts';
import { tasksWhole } from './tasks-whole.ts';
import { upIsLit } from './up-is-lit.ts';

/**
 * What an agent that faults cut off from its switch and its peers needs longer, to take away what has no lease and to
 * know what is dark: TL1 logins that nobody answers are waited for 2 s and 4 s, with pauses, then comes the command.
 */
const sweep = seconds(10);

/** How long a path may be dark before its agents have noticed: a poll, and a receiver's power-on. */
const darkGrace = seconds(2);

/** How many violations are kept; the rest are counted. */
const violationsMax = 100;

export class Checkers {
  readonly violations: Violation[] = [];
  readonly #checkers: readonly Checker[];
  #count = 0;

  /** `lines`: by fibre, the terminals that it ends at, where a scenario knows them. `restsBy`: by then the effects of all faults are over, for a run that gives them the time. */
  constructor(leaseTime: Duration, lines: FibreLines = new Map(), restsBy: Instant | null = null) {
    this.#checkers = [
      portOnce(),
      pathsDisjoint(),
      backupsApart(),
      decisionsAgree(),
      leasesCover(restsBy === null ? leaseTime : ns(leaseTime + sweep)),
      tasksWhole(),
      upIsLit(restsBy === null ? darkGrace : ns(darkGrace + sweep), lines),
      ...(restsBy === null
        ? []
        : [pathsAtRest(restsBy, lines), nothingLeft(restsBy), calendarsClear(restsBy)]),
    ];
  }

  /** All violations, those not kept included. */
  get count(): number {
    return this.#count;
  }

  get invariants(): readonly string[] {
    return this.#checkers.map((c) => c.invariant);
  }

  observe(record: TraceRecord): void {
    for (const checker of this.#checkers) this.#keep(checker, record.at, checker.observe(record));
  }

  settle(at: Instant): void {
    for (const checker of this.#checkers) this.#keep(checker, at, checker.settle(at));
  }

  #keep(checker: Checker, at: Instant, messages: readonly string[]): void {
    for (const message of messages) {
      this.#count += 1;
      if (this.violations.length < violationsMax)
        this.violations.push({ checker: checker.name, at, message });
    }
  }
}
