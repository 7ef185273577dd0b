// Calendars that have not said yet that they are clear of a reservation that is over: each is told so again when a way to
// its switch opens, through restarts of this agent. An entry lasts to the end of its time, which may be years away.

import type { AgentContext } from './agent-context.ts';
import type { DecisionLog } from './decision-log.ts';

export class OwedUnbookings {
  readonly #c: AgentContext;
  readonly #log: DecisionLog;
  /** A reservation of that name lives: what calendars have may be its. */
  readonly #isAlive: (path: string) => boolean;
  /** By path, the switches. */
  readonly #owed = new Map<string, Set<string>>();

  constructor(context: AgentContext, log: DecisionLog, isAlive: (path: string) => boolean) {
    this.#c = context;
    this.#log = log;
    this.#isAlive = isAlive;
  }

  restore(): void {
    for (const [path, switches] of this.#log.state.clearing) this.owe(path, switches);
  }

  /** The log has that these are to be clear of the path. */
  owe(path: string, switches: readonly string[]): void {
    const owed = this.#owed.get(path) ?? new Set();
    for (const name of switches) owed.add(name);
    this.#owed.set(path, owed);
    for (const name of switches) this.#say(path, name);
    this.#review(path, owed);
  }

  unbooked(from: string, path: string): void {
    const owed = this.#owed.get(path);
    if (owed?.delete(from)) this.#review(path, owed);
  }

  /** A way to that switch has opened. */
  inTouch(switchName: string): void {
    for (const [path, switches] of this.#owed) if (switches.has(switchName)) this.#say(path, switchName);
  }

  #say(path: string, switchName: string): void {
    if (!this.#isAlive(path)) this.#c.send(switchName, { type: 'unbook', path, number: 0 });
  }

  #review(path: string, owed: ReadonlySet<string>): void {
    if (owed.size > 0) return;
    this.#owed.delete(path);
    if (this.#log.state.clearing.has(path))
      this.#c.watch(this.#log.append({ kind: 'calendars-cleared', path }));
  }
}
