// What tries of one path that failed leave out in the next, and how often it waits instead.

import type { Refusal } from './coordinator.ts';
import type { RefusalKind } from './refusal.ts';
import type { Fibre, Route } from './route.ts';
import { LIMITS } from './timings.ts';

export class Avoided {
  readonly fibres = new Set<string>();
  readonly switches = new Set<string>();
  /** Ports that somebody else has reserved, or has for good as far as is known. */
  readonly ports = new Set<string>();
  /** Ports that other paths held when they were wanted: they may have left them since. */
  readonly taken = new Set<string>();
  /** Ports that other transactions were after: they may come free again. */
  readonly contended = new Set<string>();
  /** Switches whose agents did not answer: they may come back. */
  readonly unreachable = new Set<string>();
  readonly reasons: string[] = [];
  /** What to call it all, if this is the end: by what the last try that was refused ran into. */
  kind: RefusalKind | null = null;
  tries = 0;
  /** Tries that others were faster at: they do not count as tries, up to a bound of their own. */
  contentions = 0;
  /** Others have been asked for their fibres. */
  hasPreempted = false;
  /** Waits for others to let go of what is no suspect. */
  #soundWaits = 0;
  /** Waits for what others are deciding, where no way is left without it. */
  #waits = 0;

  /** Whether it ends at a switch that is left out. */
  leaves({ a, b }: Fibre): boolean {
    if (this.switches.size === 0 && this.unreachable.size === 0) return false;
    return [a, b].some(({ node }) => this.switches.has(node) || this.unreachable.has(node));
  }

  /** Whether nothing is known to be wrong with a route, but that others may be after its ports at the moment. */
  isOpen({ fibres, hops }: Route): boolean {
    if (fibres.some((fibre) => this.fibres.has(fibre))) return false;
    return hops.every(
      ({ switchName, pair }) =>
        !this.switches.has(switchName) &&
        !this.unreachable.has(switchName) &&
        ![pair.a, pair.b].some((port) => this.#isTaken(`${switchName}/${port}`)),
    );
  }

  /** Whether somebody else has, or is after, a port that it ends at. */
  hasPortOf({ a, b }: Fibre): boolean {
    if (this.ports.size + this.taken.size + this.contended.size === 0) return false;
    return [a, b].some(({ node, port }) => this.hasPort(node, `${port}`));
  }

  /** Whether somebody else has one, and is not only after it. */
  hasTakenPortOf({ a, b }: Fibre): boolean {
    return [a, b].some(({ node, port }) => this.#isTaken(`${node}/${port}`));
  }

  /** Whether one is reserved by somebody else. */
  hasReservedPortOf({ a, b }: Fibre): boolean {
    return this.ports.size > 0 && [a, b].some(({ node, port }) => this.ports.has(`${node}/${port}`));
  }

  hasPort(switchName: string, port: string): boolean {
    const name = `${switchName}/${port}`;
    return this.#isTaken(name) || this.contended.has(name);
  }

  /** What others were after, or had, may be free by now: it is looked at anew. */
  forgetOthers(): void {
    this.contended.clear();
    this.taken.clear();
  }

  get mayWaitForSound(): boolean {
    return this.contended.size > 0 && this.#soundWaits < LIMITS.soundWaitsMax;
  }

  /** The try is not made. */
  waitForSound(): void {
    this.contended.clear();
    this.#soundWaits++;
    this.tries--;
  }

  get mayWaitForOthers(): boolean {
    return this.#waits < LIMITS.waitsMax;
  }

  /** The try is not made. */
  waitForOthers(): void {
    this.contended.clear();
    // What somebody has comes to be known here, too; before that to ask for it again is in vain.
    if (++this.#waits % LIMITS.newsWaits === 0) this.taken.clear();
    this.tries--;
  }

  refused({ switchName, kind, port, reason }: Refusal): void {
    this.reasons.push(reason);
    this.kind = REFUSALS[kind];
    if (kind === 'locked' && port !== null) this.contended.add(`${switchName}/${port}`);
    else if (kind === 'busy' && port !== null) this.taken.add(`${switchName}/${port}`);
    else if (kind === 'reserved' && port !== null) this.ports.add(`${switchName}/${port}`);
    else if (kind === 'unreachable') this.unreachable.add(switchName);
    else this.switches.add(switchName);
  }

  /** The others of one try; what only tells that others were faster does not use it up. */
  refusedBy(refusals: readonly Refusal[]): void {
    for (const refusal of refusals) this.refused(refusal);
    const isContention = refusals.every(({ kind }) => kind === 'locked' || kind === 'busy');
    if (!isContention || this.contentions >= LIMITS.contentionsMax) return;
    this.contentions++;
    this.tries--;
  }

  failed(fibres: readonly string[]): void {
    // Another failure than before deserves tries of its own; there are only so many fibres.
    if (fibres.some((fibre) => !this.fibres.has(fibre))) this.tries = 0;
    for (const fibre of fibres) {
      this.fibres.add(fibre);
      this.reasons.push(`fibre ${fibre} failed`);
    }
  }

  silent(switches: readonly string[]): void {
    for (const name of switches) this.unreachable.add(name);
    this.kind = 'no-light';
    this.reasons.push(`no word of light from ${switches.join(', ')}`);
  }

  /** Why, each reason once. */
  get why(): string {
    return [...new Set(this.reasons)].join('; ');
  }

  #isTaken(name: string): boolean {
    return this.ports.has(name) || this.taken.has(name);
  }
}

const REFUSALS: Readonly<Record<Refusal['kind'], RefusalKind>> = {
  locked: 'contention',
  busy: 'port-busy',
  reserved: 'port-reserved',
  unreachable: 'participant-unreachable',
  failed: 'switch-failed',
};
