// What one person does to one thing, such as a port or a fibre: the next is begun when the last has come to an end, or
// has not been heard of for long, as when the machine that it was done from has crashed. So nobody's first word comes
// after the last one, however late it is on its way.

import { type Duration, seconds } from '../core/time.ts';
import { withDeadline } from '../platform/deadline.ts';
import type { Clock } from '../platform/platform.ts';

/** Above what a device's logins and an agent's connection are tried for after some seconds of faults: ours. */
const patience: Duration = seconds(6);

export class InTurn {
  readonly #last = new Map<string, Promise<void>>();

  async do(clock: Pick<Clock, 'timer'>, thing: string, work: () => Promise<void>): Promise<void> {
    const before = this.#last.get(thing);
    const turn = (async () => {
      if (before !== undefined)
        await withDeadline(clock, patience, `turn for ${thing}`, () => before).catch(() => {});
      await work();
    })();
    this.#last.set(thing, turn);
    await turn;
  }
}
