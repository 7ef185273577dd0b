// Sub-network connections: the origin finds a route by OSRP (or takes the one of a DTL), time slots are taken on each
// span, and every node of the route is told in turn to cross-connect them. What is not stated anywhere is marked in
// SncTimings. Left out: protection, preemption, regrooming, crankback after a refusal further on.

import { type Duration, ms, ns, seconds } from '../src/core/time.ts';
import type { Clock, Timer } from '../src/platform/platform.ts';
import { joinRuns, slotAid } from './ciena-aid.ts';
import type { CienaNetwork } from './ciena-network.ts';
import { absent, type CienaNode, type Refusal, refusal } from './ciena-node.ts';
import type { Crs, Gtp, Snc, SncSettings } from './ciena-objects.ts';
import { findRoute, type Route } from './ciena-route.ts';
import type { Span } from './ciena-span.ts';

export interface SncTimings {
  /** For each node of a route to be told and to cross-connect. */
  readonly signallingPerNode: Duration;
  /** From the failure of a mesh-restorable SNC's route to the search for another. */
  readonly restoreAfter: Duration;
}

/** Neither figure was found anywhere [U]. */
export const SNC_TIMINGS: SncTimings = { signallingPerNode: ms(20), restoreAfter: seconds(1) };

/** An SNC with what it has taken where. */
interface Standing {
  readonly origin: CienaNode;
  readonly snc: Snc;
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  spans: readonly Span[];
  parts: { readonly node: CienaNode; readonly crs: Crs }[];
  signalling: { readonly timer: Timer; readonly end: () => void } | null;
  restoring: Timer | null;
}

export type SncEntry =
  | { readonly kind: 'entered'; readonly up: Promise<void> }
  | ({ readonly kind: 'refused' } & Refusal);

export class SncControl {
  readonly #network: CienaNetwork;
  readonly #clock: Pick<Clock, 'timer'>;
  readonly #timings: SncTimings;
  readonly #standing = new Map<Snc, Standing>();

  constructor(network: CienaNetwork, clock: Pick<Clock, 'timer'>, timings: SncTimings) {
    this.#network = network;
    this.#clock = clock;
    this.#timings = timings;
  }

  /** Takes the time slots at once; `up` resolves when the last node has cross-connected, or the SNC was deleted. */
  enter(
    origin: CienaNode,
    settings: SncSettings,
    destinations: readonly string[],
    isInService: boolean,
  ): SncEntry {
    const gtp = origin.gtps.get(settings.gtp);
    const remote = this.#network.findNode(settings.remoteNode);
    const problem = this.#problem(origin, settings, gtp, remote, destinations);
    if (problem !== null || gtp === undefined || remote === null)
      return { kind: 'refused', ...(problem ?? absent('GTP', settings.gtp)) };
    const route = findRoute(this.#network, {
      origin,
      remote,
      ...settings,
      destinations,
      size: gtp.slots.length,
    });
    if (route === null) return { kind: 'refused', ...refusal('no-route', 'No route with enough time slots') };
    const snc: Snc = { ...settings, rate: gtp.slots.length, hops: [], isInService, isSignalled: false };
    const standing: Standing = {
      origin,
      snc,
      sources: gtp.slots,
      destinations,
      spans: [],
      parts: [],
      signalling: null,
      restoring: null,
    };
    origin.sncs.set(snc.name, snc);
    this.#standing.set(snc, standing);
    return { kind: 'entered', up: this.#lay(standing, route) };
  }

  edit(origin: CienaNode, name: string, isInService: boolean): Refusal | null {
    const snc = origin.sncs.get(name);
    if (snc === undefined) return absent('SNC', name);
    snc.isInService = isInService;
    for (const { node, crs } of this.#standing.get(snc)?.parts ?? []) node.editCrs(crs, { isInService });
    return null;
  }

  delete(origin: CienaNode, name: string): Refusal | null {
    const snc = origin.sncs.get(name);
    if (snc === undefined) return absent('SNC', name);
    if (snc.isInService) return refusal('in-service', `SNC ${name} is in service`);
    const standing = this.#standing.get(snc);
    this.#standing.delete(snc);
    origin.sncs.delete(name);
    if (standing !== undefined) {
      standing.restoring?.cancel();
      this.#takeUp(standing);
    }
    return null;
  }

  /** Looks for mesh-restorable SNCs whose route is cut, and gives each another one after a while. */
  restoreBroken(): void {
    for (const standing of this.#standing.values()) {
      const { snc } = standing;
      if (!snc.meshRestore || !snc.isInService || standing.restoring !== null || !isBroken(standing))
        continue;
      standing.restoring = this.#clock.timer(this.#timings.restoreAfter, () => {
        standing.restoring = null;
        if (isBroken(standing)) this.#restore(standing);
      });
    }
  }

  #problem(
    origin: CienaNode,
    settings: SncSettings,
    gtp: Gtp | undefined,
    remote: CienaNode | null,
    destinations: readonly string[],
  ): Refusal | null {
    const { name } = settings;
    if (name === '') return refusal('invalid', 'An SNC has a name');
    if (origin.sncs.has(name)) return refusal('exists', `SNC ${name} exists`);
    if (gtp === undefined) return absent('GTP', settings.gtp);
    if (remote === null) return absent('Node', settings.remoteNode);
    if (gtp.slots.some((slot) => origin.crsAt(slot) !== null))
      return refusal('in-use', `GTP ${gtp.name} is connected`);
    if (this.#network.nodes.some((node) => node.crss.has(crsName(origin, name))))
      return refusal('exists', `CRS ${crsName(origin, name)} exists`);
    if (destinations.length !== gtp.slots.length)
      return refusal('invalid', `${gtp.slots.length} time slots do not fit ${destinations.length}`);
    const own = remote === origin ? gtp.slots : [];
    if (new Set([...destinations, ...own]).size < destinations.length + own.length)
      return refusal('invalid', 'A time slot twice');
    const missing = destinations.find((slot) => remote.slotOf(slot) === null);
    if (missing !== undefined) return absent('Time slot', missing);
    const taken = destinations.find((slot) => remote.crsAt(slot) !== null);
    return taken === undefined ? null : refusal('in-use', `Time slot ${taken} is in use`);
  }

  #lay(standing: Standing, route: Route): Promise<void> {
    const { origin, snc, sources, destinations } = standing;
    standing.spans = route.spans;
    snc.hops = route.hops;
    snc.isSignalled = false;
    let here = origin;
    let arriving: readonly string[] = sources;
    for (const span of route.spans) {
      const slots = span.freeSlots().slice(0, sources.length);
      const at = (node: CienaNode): string[] => slots.map((slot) => slotAid(span.endAt(node).port, slot));
      this.#cross(standing, here, arriving, at(here));
      here = span.otherEnd(here).node;
      arriving = at(here);
    }
    this.#cross(standing, here, arriving, destinations);
    return new Promise((up) => {
      const wait = ns(this.#timings.signallingPerNode * standing.parts.length);
      const timer = this.#clock.timer(wait, () => {
        standing.signalling = null;
        snc.isSignalled = true;
        for (const { node, crs } of standing.parts) node.editCrs(crs, { isSignalled: true });
        up();
      });
      standing.signalling = { timer, end: up };
    });
  }

  #cross(standing: Standing, node: CienaNode, from: readonly string[], to: readonly string[]): void {
    const { origin, snc } = standing;
    const end = (slots: readonly string[]): [name: string, type: string] =>
      node === origin && slots === standing.sources ? [snc.gtp, 'GTP'] : [joinRuns(slots), 'CTP'];
    const [[fromName, fromType], [toName, toType]] = [end(from), end(to)];
    const crs: Crs = {
      name: crsName(origin, snc.name),
      alias: '',
      from: fromName,
      to: toName,
      fromType,
      toType,
      circuit: snc.name,
      pairs: from.map((slot, i) => [slot, to[i] as string]),
      isInService: snc.isInService,
      isSignalled: false,
    };
    standing.parts.push({ node, crs });
    node.addCrs(crs);
  }

  #takeUp(standing: Standing): void {
    standing.signalling?.timer.cancel();
    standing.signalling?.end();
    standing.signalling = null;
    for (const { node, crs } of standing.parts.splice(0)) node.removeCrs(crs.name);
  }

  /** A span that stays in the route needs room for both. Where there is none, the SNC keeps its place. */
  #restore(standing: Standing): void {
    const { origin, snc, sources } = standing;
    const remote = this.#network.node(snc.remoteNode);
    const { dtlSet } = snc;
    const wanted = { origin, remote, dtlSet, destinations: standing.destinations, size: sources.length };
    const route = findRoute(this.#network, wanted);
    if (route === null) return;
    this.#takeUp(standing);
    void this.#lay(standing, route);
  }
}

const isBroken = ({ spans }: Standing): boolean => spans.some(({ isCut }) => isCut);

/** As the sample of CRSCONN in perfSONAR's CoreDirector.pm is made up. */
const crsName = (origin: CienaNode, snc: string): string => `${origin.name}_${snc}_1`;
