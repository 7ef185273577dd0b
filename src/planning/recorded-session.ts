// A session that keeps what it is asked to send: every command that changed something, as it went over the wire,
// and how long its answer took. Retrieves, and commands that the device refused, changed nothing.

import { between, type Duration } from '../core/time.ts';
import type { SwitchSession } from '../optical/device.ts';
import type { Clock } from '../platform/platform.ts';
import type { Tl1Request } from '../tl1/link.ts';
import { textOfRequest } from './tl1-text.ts';

export interface RecordedCommand {
  readonly text: string;
  readonly took: Duration;
}

export class RecordedSession implements SwitchSession {
  readonly #session: SwitchSession;
  readonly #tid: string;
  readonly #clock: Pick<Clock, 'now'>;
  #commands: RecordedCommand[] = [];

  constructor(session: SwitchSession, tid: string, clock: Pick<Clock, 'now'>) {
    this.#session = session;
    this.#tid = tid;
    this.#clock = clock;
  }

  execute: SwitchSession['execute'] = async (request, options) => {
    const full: Tl1Request = { tid: this.#tid, ...request };
    const from = this.#clock.now();
    const outcome = await this.#session.execute(request, options);
    const isChange = !/^RTRV-/i.test(request.verb);
    if (isChange && outcome.kind === 'completed')
      this.#commands.push({ text: textOfRequest(full), took: between(from, this.#clock.now()) });
    return outcome;
  };

  subscribe: SwitchSession['subscribe'] = (listener) => this.#session.subscribe(listener);

  close: SwitchSession['close'] = () => this.#session.close();

  /** What was recorded since the last time. */
  take(): readonly RecordedCommand[] {
    const taken = this.#commands;
    this.#commands = [];
    return taken;
  }
}
