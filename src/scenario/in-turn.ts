// What one person does to one thing, such as a port or a fibre: the next is begun when the last has come to an end, or
// has not been heard of for long. So nobody's first word comes after the last one, however late it is on its way. What was
// begun on a machine that has crashed and is back is over: nothing of it comes any more.

import { type Duration, seconds } from '../core/time.ts';
import { withDeadline } from '../platform/deadline.ts';
import type { Clock } from '../platform/platform.ts';

/** Above what a device's logins and an agent's connection are tried for after some seconds of faults: ours. */
const patience: Duration = seconds(6);

type Timer = Pick<Clock, 'timer'>;

interface Turn {
  readonly clock: Timer;
  readonly done: Promise<void>;
}

export class InTurn {
  readonly #last = new Map<string, Turn>();

  /** All at one thing is done from one machine, by its `clock`, of which it has another after each crash. */
  async do(clock: Timer, thing: string, work: () => Promise<void>): Promise<void> {
    const before = this.#last.get(thing);
    const done = (async () => {
      if (before?.clock === clock)
        await withDeadline(clock, patience, `turn for ${thing}`, () => before.done).catch(() => {});
      await work();
    })();
    this.#last.set(thing, { clock, done });
    await done;
  }
}
