// The protected paths that clients asked this agent for: their clients hear of them as of any path, and of their
// legs nothing.

import type { Instant } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import type { LeaseTable } from './lease-table.ts';
import type { LightPath } from './light-path.ts';
import type { PathEntry } from './log-state.ts';
import type { ClientMessage, MessageOf } from './messages.ts';
import { recordOf } from './path-terms.ts';
import { type LegKeeper, ProtectedPath, type ProtectedPathNews } from './protected-path.ts';
import { legNumber, ownerOf, type Protection } from './protection.ts';
import type { PathFailure } from './refusal.ts';
import { crossConnectsOf } from './route.ts';
import type { PathEnds } from './route-choice.ts';

interface Voice {
  send(message: ClientMessage): void;
}

interface Kept {
  readonly path: ProtectedPath;
  client: Voice | null;
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

  request(client: Voice, { path: name, from, to, terms = {} }: MessageOf<'request'>): void {
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
      const reason = `there is another path ${name}`;
      client.send({ type: 'refused', path: name, kind: 'name-taken', reason });
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
  giveBack(client: Voice | null, name: string, reason: string): boolean {
    const kept = this.#paths.get(name);
    if (kept === undefined) return false;
    if (client !== null) kept.client = client;
    kept.path.stop(reason);
    return true;
  }

  /** Its lease has been renewed by that client. */
  heardFrom(client: Voice, name: string): void {
    const kept = this.#paths.get(name);
    if (kept === undefined) return;
    kept.client = client;
    if (!kept.path.isUp) client.send({ type: 'path-state', path: name, state: 'setting-up', reason: '' });
  }

  up(path: ProtectedPath): void {
    const client = this.#paths.get(path.name)?.client;
    client?.send(grantOf(path));
    client?.send({ type: 'path-state', path: path.name, state: 'up', reason: '' });
  }

  rerouting({ name }: ProtectedPath): void {
    this.#paths.get(name)?.client?.send({ type: 'path-state', path: name, state: 'rerouting', reason: '' });
  }

  down({ name }: ProtectedPath, { reason }: PathFailure): void {
    this.#paths.get(name)?.client?.send({ type: 'path-state', path: name, state: 'down', reason });
  }

  ended({ name }: ProtectedPath, wasUp: boolean, failure: PathFailure | null): void {
    const client = this.#paths.get(name)?.client;
    this.#paths.delete(name);
    this.#leases.release(name);
    this.#c.ended(name);
    const { log } = this.#c.platform;
    if (failure === null) log.record('path.released', { path: name });
    else log.record(wasUp ? 'path.down' : 'path.refused', { path: name, ...failure });
    if (failure === null) client?.send({ type: 'given-back', path: name });
    else if (!wasUp) client?.send({ type: 'refused', path: name, ...failure });
    else client?.send({ type: 'path-state', path: name, state: 'gone', reason: failure.reason });
  }

  #keep(ends: PathEnds, protection: Protection, client: Voice | null): ProtectedPath {
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
