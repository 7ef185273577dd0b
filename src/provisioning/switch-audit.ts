// Reads back the whole switch from time to time: what others have connected is not for us to use or touch, and what they
// have disconnected of ours is gone: light alone does not show that where it leaves for a host. One that could not be read
// is tried more often, so that its return becomes known: no fibre may tell of it.

import { after } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import type { PortPair } from './port-pair.ts';
import type { PortStates } from './port-states.ts';
import type { SwitchControl } from './switch-control.ts';

export interface SwitchAuditOptions {
  readonly context: Pick<AgentContext, 'platform' | 'timings'>;
  readonly control: SwitchControl;
  readonly states: PortStates;
  /** All cross-connects of the switch, when none of them was being changed. */
  readonly settled: (found: readonly PortPair[]) => void;
}

export class SwitchAudit {
  readonly #o: SwitchAuditOptions;
  /** Counts changes on the switch, so that a read-back that began before the end of one is not believed after it. */
  #changes = 0;
  /** Under way just now. */
  #changing = 0;

  constructor(options: SwitchAuditOptions) {
    this.#o = options;
  }

  changeBegins(): void {
    this.#changing++;
  }

  changeEnds(): void {
    this.#changing--;
    this.#changes++;
  }

  async run(): Promise<never> {
    const { context, states } = this.#o;
    const { timings, platform } = context;
    for (;;) {
      await this.look();
      const next = after(platform.clock.now(), timings.auditPeriod);
      do await platform.clock.sleep(timings.deviceAgain);
      while (states.isRead && platform.clock.now() < next);
    }
  }

  /** Once, now. */
  async look(): Promise<void> {
    const { control, states } = this.#o;
    const before = this.#changes;
    const found = await control.read().catch(() => null);
    if (found === null) states.unread();
    else if (before === this.#changes) {
      states.read(found);
      if (this.#changing === 0) this.#o.settled(found);
    }
  }
}
