// The protected paths that clients asked this agent for: their clients hear of them as of any path, and of their
// legs nothing.

import type { Instant } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import { type ClientVoice, refuse, tellEnd, tellState } from './client-voice.ts';
import type { LeaseTable } from './lease-table.ts';
import type { LightPath } from './light-path.ts';
import type { PathEntry } from './log-state.ts';
import type { MessageOf } from './messages.ts';
import { recordOf } from './path-terms.ts';
import { type LegKeeper, ProtectedPath, type ProtectedPathNews } from './protected-path.ts';
import { legNumber, ownerOf, type Protection } from './protection.ts';
import { type PathFailure, recordEnd } from './refusal.ts';
import { crossConnectsOf } from './route.ts';
import type { PathEnds } from './route-choice.ts';

interface Kept {
  readonly path: ProtectedPath;
  client: ClientVoice | null;
}

export class ProtectionKeeper implements ProtectedPathNews {
  readonly #c: AgentContext;
  readonly #legs: LegKeeper;
  readonly #leases: LeaseTable;
  readonly #paths = new Map<string, Kept>();

  /** `leases` are those of all clients' paths. */
  constructor(context: AgentContext, legs: LegKeeper, leases: LeaseTable) {
    this.#c = context;
    this.#legs = legs;
    this.#leases = leases;
  }

  has(name: string): boolean {
    return this.#paths.has(name);
  }

  request(client: ClientVoice, { path: name, from, to, terms = {} }: MessageOf<'request'>): void {
    const known = this.#paths.get(name);
    const { protection } = terms;
    if (known === undefined && protection !== undefined) {
      this.#c.platform.log.record('path.requested', { path: name, from, to, ...recordOf(terms) });
      this.#c.watch(this.#keep({ path: name, from, to, terms }, protection, client).start());
    } else if (
      known === undefined ||
      known.path.from !== from ||
      known.path.to !== to ||
      known.path.state === 'ended'
    ) {
      refuse(client, name, 'name-taken', `there is another path ${name}`);
    } else {
      known.client = client;
      this.#leases.grant(name, this.#now());
      if (known.path.isUp) client.send(grantOf(known.path));
    }
  }

  /** Takes up again what the log says of legs; `resume` does it for one. */
  restore(entries: readonly PathEntry[], resume: (leg: LightPath, entry: PathEntry) => Promise<void>): void {
    for (const name of new Set(entries.map((entry) => ownerOf(entry.path)))) {
      const own = entries.filter((entry) => ownerOf(entry.path) === name);
      const [first] = own;
      if (first?.terms.protection === undefined) continue;
      const { from, to } = first.route;
      const byName = new Map(own.map((entry) => [entry.path, entry]));
      const { terms } = first;
      const path = this.#keep({ path: name, from, to, terms }, first.terms.protection, null);
      path.restore(
        own.map((entry) => legNumber(entry.path)),
        (leg) => resume(leg, byName.get(leg.name) ?? first),
      );
    }
  }

  /** `client` is null when the client has gone. False when there is no such path. */
  giveBack(client: ClientVoice | null, name: string, reason: string): boolean {
    const kept = this.#paths.get(name);
    if (kept === undefined) return false;
    if (client !== null) kept.client = client;
    kept.path.stop(reason);
    return true;
  }

  /** Its lease has been renewed by that client. */
  heardFrom(client: ClientVoice, name: string): void {
    const kept = this.#paths.get(name);
    if (kept === undefined) return;
    kept.client = client;
    if (!kept.path.isUp) tellState(client, name, 'setting-up', '');
  }

  up(path: ProtectedPath): void {
    const client = this.#paths.get(path.name)?.client;
    client?.send(grantOf(path));
    tellState(client, path.name, 'up', '');
  }

  rerouting({ name }: ProtectedPath): void {
    tellState(this.#paths.get(name)?.client, name, 'rerouting', '');
  }

  down({ name }: ProtectedPath, { reason }: PathFailure): void {
    tellState(this.#paths.get(name)?.client, name, 'down', reason);
  }

  ended({ name }: ProtectedPath, wasUp: boolean, failure: PathFailure | null): void {
    const client = this.#paths.get(name)?.client;
    this.#paths.delete(name);
    this.#leases.release(name);
    this.#c.ended(name);
    recordEnd(this.#c.platform.log, name, wasUp, failure);
    tellEnd(client, name, wasUp, failure);
  }

  #keep(ends: PathEnds, protection: Protection, client: ClientVoice | null): ProtectedPath {
    const path = new ProtectedPath(ends, protection, this.#c, this.#legs, this);
    this.#paths.set(ends.path, { path, client });
    this.#leases.grant(ends.path, this.#now());
    return path;
  }

  #now(): Instant {
    return this.#c.platform.clock.now();
  }
}

/** The fibres and cross-connects of one leg, then those of the other. */
const grantOf = (path: ProtectedPath): MessageOf<'granted'> => ({
  type: 'granted',
  path: path.name,
  revision: 0,
  fibres: path.routes.flatMap((route) => [...route.fibres]),
  crossConnects: path.routes.flatMap((route) => crossConnectsOf(route)),
  setup_ns: path.setup,
});
