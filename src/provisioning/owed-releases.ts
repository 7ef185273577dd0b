// Switches that a path has left, and that have not said yet that they let go: each is told so again until it answers, or
// until it has freed the ports by itself.

import { after, type Instant, ns } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import type { MessageOf } from './messages.ts';
import { LIMITS } from './timings.ts';

interface OwedRelease {
  readonly path: string;
  readonly switchName: string;
  readonly revision: number;
  /** After this the switch has freed it by itself, unless its agent was away: then it is told when that is back. */
  until: Instant;
}

export class OwedReleases {
  readonly #c: AgentContext;
  readonly #owed = new Map<string, OwedRelease>();

  constructor(context: AgentContext) {
    this.#c = context;
  }

  /** The switch no longer has anything of the path up to that revision to hold. */
  owe(path: string, switchName: string, revision: number): void {
    const owed = { path, switchName, revision, until: this.#now() };
    this.#owed.set(`${switchName} ${path}`, owed);
    const [oldest] = this.#owed.keys();
    if (this.#owed.size > LIMITS.owedReleasesMax && oldest !== undefined) this.#owed.delete(oldest);
    this.#say(owed);
  }

  released(from: string, { path, revision }: MessageOf<'released'>): void {
    const key = `${from} ${path}`;
    if (this.#owed.get(key)?.revision === revision) this.#owed.delete(key);
  }

  /** A way to that switch has opened. */
  inTouch(switchName: string): void {
    for (const owed of this.#owed.values()) if (owed.switchName === switchName) this.#say(owed);
  }

  sayAgain(): void {
    for (const { path, switchName, revision, until } of this.#owed.values())
      if (until > this.#now()) this.#c.send(switchName, { type: 'release', path, revision });
  }

  #say(owed: OwedRelease): void {
    const { path, switchName, revision } = owed;
    owed.until = after(this.#now(), ns(2 * this.#c.timings.lease));
    this.#c.send(switchName, { type: 'release', path, revision });
  }

  #now(): Instant {
    return this.#c.platform.clock.now();
  }
}
