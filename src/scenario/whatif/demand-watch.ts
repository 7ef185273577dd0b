// What has become of each demand so far, read off the records as they come: what its path says of itself, the fibres
// it has, and whether there is light of the one host at the other. Light alone is what counts as service; what the
// path says tells whether somebody is still at work.

import { between, EPOCH, type Instant } from '../../core/time.ts';
import type { TraceRecord } from '../../engine/trace.ts';
import { isLegName, ownerOf } from '../../provisioning/protection.ts';
import { textOf, textsOf } from '../checkers/checker.ts';
import { hostOf } from '../host-line.ts';
import type { RequestAction } from '../schema-timeline.ts';

/** Whether the agents are done with a path: with success, in vain, or not yet. */
export type PathStand = 'not asked' | 'at work' | 'up' | 'down' | 'refused';

const STANDS: Readonly<Record<string, PathStand>> = {
  'path.requested': 'at work',
  'path.up': 'up',
  'path.dark': 'at work',
  'path.down': 'down',
  'path.released': 'refused',
  'path.refused': 'refused',
  'request.refused': 'refused',
  'reroute.started': 'at work',
  'path.preempted': 'at work',
};

export interface DemandState {
  readonly demand: RequestAction;
  stand: PathStand;
  /** What the agents gave as their reason, last. */
  reason: string;
  isLit: boolean;
  /** Since when, one way or the other; and how long it was dark before light came back, ns in all. */
  litSince: Instant;
  dark: number;
  /** Whether a protected path has had both its routes. */
  isProtected: boolean;
}

export class DemandWatch {
  readonly states: ReadonlyMap<string, DemandState>;
  /** The instant of the last change that concerns any of them. */
  changedAt: Instant = EPOCH;
  /** By path, legs by their own names. */
  readonly #fibres = new Map<string, readonly string[]>();
  /** By receiving terminal, the host whose light it sees. */
  readonly #light = new Map<string, string>();
  readonly #ofHost = new Map<string, DemandState[]>();
  #seen = 0;

  constructor(demands: readonly RequestAction[]) {
    this.states = new Map(
      demands.map((demand) => [
        demand.path,
        {
          demand,
          stand: 'not asked',
          reason: '',
          isLit: false,
          litSince: EPOCH,
          dark: 0,
          isProtected: demand.protection === undefined,
        },
      ]),
    );
    for (const state of this.states.values())
      for (const host of [state.demand.from, state.demand.to])
        this.#ofHost.set(host, [...(this.#ofHost.get(host) ?? []), state]);
  }

  follow(records: readonly TraceRecord[]): void {
    for (; this.#seen < records.length; this.#seen++) this.#observe(records[this.#seen] as TraceRecord);
  }

  /** What the demand has, over all its legs. */
  fibresOf(demand: string): string[] {
    const own = [...this.#fibres].filter(([path]) => path === demand || isLegOf(path, demand));
    return [...new Set(own.flatMap(([, fibres]) => fibres))];
  }

  #observe(record: TraceRecord): void {
    const { kind, at } = record;
    if (kind === 'light.lost' || kind === 'light.restored') return this.#seeLight(record);
    const path = record.fields['path'];
    const stand = STANDS[kind];
    if (typeof path !== 'string') return;
    this.#hold(path, record);
    const state = this.states.get(path);
    const owner = state ?? (isLegName(path) ? this.states.get(ownerOf(path)) : undefined);
    if (owner === undefined) return;
    if (stand !== undefined) this.changedAt = at;
    const { reason } = record.fields;
    if (typeof reason === 'string' && /down|refused/.test(kind)) owner.reason = reason;
    if (kind === 'path.protected' || kind === 'path.unprotected') owner.isProtected = true;
    if (state !== undefined && stand !== undefined) state.stand = stand;
  }

  #hold(path: string, record: TraceRecord): void {
    if (record.kind === 'path.up') this.#fibres.set(path, textsOf(record, 'fibres'));
    else if (/^path\.(down|released|refused)$/.test(record.kind)) this.#fibres.delete(path);
  }

  #seeLight(record: TraceRecord): void {
    const terminal = textOf(record, 'terminal');
    if (record.kind === 'light.lost') this.#light.delete(terminal);
    else this.#light.set(terminal, hostOf(textOf(record, 'from')));
    for (const state of this.#ofHost.get(hostOf(terminal)) ?? []) {
      const { from, to, mode } = state.demand;
      const isLit = this.#sees(to, from) && (mode === 'simplex' || this.#sees(from, to));
      if (isLit === state.isLit) continue;
      state.isLit = isLit;
      if (isLit) state.dark += between(state.litSince, record.at);
      state.litSince = record.at;
      this.changedAt = record.at;
    }
  }

  #sees(host: string, other: string): boolean {
    return [...this.#light].some(([terminal, from]) => from === other && hostOf(terminal) === host);
  }
}

const isLegOf = (path: string, demand: string): boolean => isLegName(path) && ownerOf(path) === demand;
