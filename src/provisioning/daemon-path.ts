// A light path as the daemon of a host has it for an application. The agent that keeps it may change: each agent that is
// asked after another knows it by another name, as the switches may still hold ports in the name of the one before.
//
//   asking ──> up <──> rerouting <──> down       any of them ──> leaving ──> ended
//     └─> reserved ──> up         asking <── down, reserved: what is lost is asked for again

import { assert } from '../core/assert.ts';
import { type Address, formatAddress } from '../platform/platform.ts';
import type { DaemonPathState } from './daemon-messages.ts';
import type { KeptPath } from './daemon-store.ts';
import type { PathTerms } from './path-terms.ts';

const TRANSITIONS: Readonly<Record<DaemonPathState, readonly DaemonPathState[]>> = {
  asking: ['reserved', 'up', 'down', 'leaving', 'ended'],
  reserved: ['up', 'rerouting', 'down', 'leaving', 'ended'],
  up: ['rerouting', 'down', 'leaving', 'ended'],
  rerouting: ['up', 'down', 'leaving', 'ended'],
  down: ['asking', 'up', 'rerouting', 'leaving', 'ended'],
  leaving: ['ended'],
  ended: [],
};

export class DaemonPath {
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly terms: PathTerms;
  isDetached: boolean;
  /** The connection of the application that it belongs to. */
  owner: object | null = null;
  agent: Address | null = null;
  fibres: readonly string[] = [];
  /** Why it is not up. */
  reason = '';
  #generation = 0;
  #state: DaemonPathState = 'asking';

  constructor(o: { path: string; from: string; to: string; terms: PathTerms; isDetached: boolean }) {
    this.path = o.path;
    this.from = o.from;
    this.to = o.to;
    this.terms = o.terms;
    this.isDetached = o.isDetached;
  }

  /** As an earlier life has left it: DOWN until its agent says otherwise. */
  static restore(kept: KeptPath): DaemonPath {
    const path = new DaemonPath(kept);
    path.agent = kept.agent;
    path.fibres = kept.fibres;
    path.#generation = kept.generation;
    path.enter('down', 'the daemon has started again');
    return path;
  }

  get state(): DaemonPathState {
    return this.#state;
  }

  /** What its agent calls it. */
  get alias(): string {
    return this.#generation === 0 ? this.path : `${this.path}.${this.#generation + 1}`;
  }

  /** Whether the application still wants it. */
  get isWanted(): boolean {
    return this.#state !== 'leaving' && this.#state !== 'ended';
  }

  /** Whether an agent has it, as far as is known. */
  get isHeld(): boolean {
    return this.isWanted && this.#state !== 'asking' && this.agent !== null;
  }

  enter(state: DaemonPathState, reason = ''): void {
    if (state !== this.#state)
      assert(
        TRANSITIONS[this.#state].includes(state),
        `path ${this.path} went from ${this.#state} to ${state}`,
      );
    this.#state = state;
    this.reason = reason;
  }

  /** Another agent than before knows it by another name. */
  askOf(agent: Address): void {
    if (this.agent !== null && formatAddress(this.agent) !== formatAddress(agent)) this.#generation++;
    this.agent = agent;
  }

  get kept(): KeptPath {
    const { path, from, to, terms, isDetached, agent, isHeld, fibres } = this;
    const generation = this.#generation;
    return { path, from, to, terms, isDetached, agent, generation, isHeld, fibres: [...fibres] };
  }
}
