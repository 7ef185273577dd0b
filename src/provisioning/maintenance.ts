// What an operator has taken out of service at this switch: fibres, or all of it. It is announced with the ports, so
// that no coordinator uses them, and stays so through restarts until the operator says otherwise.

import type { AgentContext } from './agent-context.ts';
import type { DecisionLog } from './decision-log.ts';

export class Maintenance {
  readonly #c: AgentContext;
  readonly #log: DecisionLog;

  constructor(context: AgentContext, log: DecisionLog) {
    this.#c = context;
    this.#log = log;
  }

  restore(): void {
    this.#show();
  }

  /** Whether a fibre of that name ends here; null stands for the switch. */
  has(fibre: string | null): boolean {
    return fibre === null || this.#c.config.ports.some((port) => port.fibre === fibre);
  }

  /** Resolves when it will be so after any restart. */
  async begin(fibre: string | null, by: string): Promise<void> {
    await this.#log.append({ kind: 'maintenance', fibre, by });
    const { switchName } = this.#c.config;
    this.#c.platform.log.record('operator.maintenance', { switch: switchName, fibre, by });
    this.#show();
  }

  /** False when it was in service all the time. */
  async end(fibre: string | null, by: string): Promise<boolean> {
    if (!this.#log.state.maintenance.has(fibre)) return false;
    await this.#log.append({ kind: 'maintenance', fibre, by: null });
    const { switchName } = this.#c.config;
    this.#c.platform.log.record('operator.maintenance-ended', { switch: switchName, fibre, by });
    this.#show();
    return true;
  }

  /** The ports at which that fibre ends; all for the switch. */
  portsOf(fibre: string | null): readonly string[] {
    return this.#c.config.ports.flatMap((port) =>
      fibre === null || port.fibre === fibre ? [port.port] : [],
    );
  }

  #show(): void {
    const { maintenance } = this.#log.state;
    const back: string[] = [];
    let isNews = false;
    for (const { port, fibre } of this.#c.config.ports) {
      const isOut = maintenance.has(null) || maintenance.has(fibre);
      if (!this.#c.view.setOut(port, isOut)) continue;
      isNews = true;
      if (!isOut) back.push(fibre);
    }
    if (!isNews) return;
    this.#c.announceSoon();
    this.#c.drainSoon();
    if (back.length > 0) this.#c.news(null);
  }
}
