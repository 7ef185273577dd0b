// The fibres of a site and where they end: light is followed along them through cross-connects, and routes are
// computed over those of which both ends are free.

import { families } from '../../emulators/families.ts';
import { defined } from '../core/assert.ts';
import { db, type Metres, metres } from '../core/quantity.ts';
import { computeRoute, type Fibre, type Route } from '../provisioning/route.ts';
import { routeAlong } from '../provisioning/route-graph.ts';
import type { FibreDescription, FibreEnd } from '../scenario/schema.ts';
import type { DeviceLink, Links } from './links.ts';
import type { RouteWish, Site, SiteDevice } from './site.ts';

/** A device's port as `gva/3`, or a host. */
export const endName = (end: FibreEnd): string =>
  end.kind === 'host' ? end.host : `${end.switchName}/${end.port}`;

/** Where light goes that a host sends. */
export interface Trace {
  readonly from: string;
  /** The host that it reaches; null where it ends before. */
  readonly to: string | null;
  readonly fibres: readonly string[];
  readonly links: readonly DeviceLink[];
  /** The last port or host that it comes to. */
  readonly end: string;
}

export type RouteFound =
  | { readonly kind: 'found'; readonly route: Route }
  | { readonly kind: 'none'; readonly reason: string };

export class Topology {
  readonly site: Site;
  readonly #fibreAt = new Map<string, { readonly fibre: FibreDescription; readonly far: FibreEnd }>();
  readonly #fibres: readonly Fibre[];

  constructor(site: Site) {
    this.site = site;
    for (const fibre of site.fibres) {
      const [a, b] = fibre.between;
      this.#fibreAt.set(endName(a), { fibre, far: b });
      this.#fibreAt.set(endName(b), { fibre, far: a });
    }
    this.#fibres = site.fibres.map((fibre) => this.#routeFibre(fibre));
  }

  device(name: string): SiteDevice {
    return defined(
      this.site.devices.find((device) => device.name === name),
      `device ${name}`,
    );
  }

  insertionLoss(name: string): number {
    const { family, insertionLoss } = this.device(name);
    return insertionLoss ?? families[family].insertionLoss;
  }

  fibreAt(end: string): string | null {
    return this.#fibreAt.get(end)?.fibre.name ?? null;
  }

  /** Follows light from a host until it reaches another, or no cross-connect or fibre leads on. */
  trace(host: string, links: Links): Trace {
    const fibres: string[] = [];
    const passed: DeviceLink[] = [];
    let end = host;
    // A device guides light of an input once: light that comes again has gone in a ring.
    for (;;) {
      const next = this.#fibreAt.get(end);
      if (next === undefined) return { from: host, to: null, fibres, links: passed, end };
      fibres.push(next.fibre.name);
      end = endName(next.far);
      if (next.far.kind === 'host') return { from: host, to: next.far.host, fibres, links: passed, end };
      const { switchName: device, port: input } = next.far;
      const output = links.outputOf(device, input);
      const isRing = passed.some((link) => link.device === device && link.input === input);
      if (output === null || isRing) return { from: host, to: null, fibres, links: passed, end };
      passed.push({ device, input, output });
      end = `${device}/${output}`;
    }
  }

  /** The cross-connects that light which comes to a host would have passed, the last first. */
  upstream(host: string, links: Links): DeviceLink[] {
    const passed: DeviceLink[] = [];
    let end = host;
    for (;;) {
      const far = this.#fibreAt.get(end)?.far;
      if (far === undefined || far.kind === 'host') return passed;
      const { switchName: device, port: output } = far;
      const input = links.inputOf(device, output);
      const isRing = passed.some((link) => link.device === device && link.output === output);
      if (input === null || isRing) return passed;
      passed.push({ device, input, output });
      end = `${device}/${input}`;
    }
  }

  /** The cheapest route that keeps the wish, over fibres that `isUsable`. */
  route(
    { from, to }: { readonly from: string; readonly to: string },
    { route, via = [], avoid = [] }: RouteWish,
    isUsable: (fibre: string) => boolean,
  ): RouteFound {
    if (route !== undefined) return this.#along(from, to, route);
    const isDevice = (name: string): boolean => this.site.devices.some((device) => device.name === name);
    const elements = (names: readonly string[]) => ({
      fibres: names.filter((name) => !isDevice(name)),
      switches: names.filter(isDevice),
    });
    const found = computeRoute(this.#fibres, from, to, {
      isUsable: ({ id }) => isUsable(id),
      include: elements(via),
      exclude: elements(avoid),
    });
    return found.kind === 'found' ? found : { kind: 'none', reason: found.failure.reason };
  }

  /** Whether some link other than `own` passes a port at an end of the fibre. */
  isBusy(fibre: string, links: Links, own: readonly DeviceLink[] = []): boolean {
    const { between } = this.#description(fibre);
    return between.some((end) => {
      if (end.kind === 'host') return false;
      const isOwn = own.some(
        ({ device, input, output }) =>
          device === end.switchName && (input === end.port || output === end.port),
      );
      return !isOwn && links.isInUse(end.switchName, end.port);
    });
  }

  /** What light loses on the way, in dB. */
  loss(fibres: readonly string[], links: readonly DeviceLink[]): number {
    const inFibres = fibres.reduce((sum, name) => sum + this.#description(name).loss, 0);
    return inFibres + links.reduce((sum, { device }) => sum + this.insertionLoss(device), 0);
  }

  length(fibres: readonly string[]): Metres {
    return metres(fibres.reduce((sum, name) => sum + this.#description(name).length, 0));
  }

  #along(from: string, to: string, names: readonly string[]): RouteFound {
    let end = from;
    for (const [i, name] of names.entries()) {
      const next = [...this.#description(name).between.entries()].find(([, e]) =>
        i === 0 ? endName(e) === end : e.kind === 'port' && e.switchName === end,
      );
      if (next === undefined)
        return { kind: 'none', reason: `fibre ${name} does not ${i === 0 ? 'begin' : 'go on'} at ${end}` };
      const far = this.#description(name).between[1 - next[0]] as FibreEnd;
      end = far.kind === 'host' ? far.host : far.switchName;
      if (far.kind === 'host' && i < names.length - 1)
        return { kind: 'none', reason: `fibre ${name} ends at host ${end}, and the route goes on` };
    }
    if (end !== to) return { kind: 'none', reason: `the route ends at ${end}, not at ${to}` };
    const fibres = names.map((name) =>
      defined(
        this.#fibres.find(({ id }) => id === name),
        name,
      ),
    );
    return { kind: 'found', route: routeAlong(fibres, from) };
  }

  #description(name: string): FibreDescription {
    return defined(
      this.site.fibres.find((fibre) => fibre.name === name),
      `fibre ${name}`,
    );
  }

  #routeFibre({ name, between, length, loss, cost, srlg }: FibreDescription): Fibre {
    const end = (e: FibreEnd): Fibre['a'] => {
      if (e.kind === 'port')
        return { node: e.switchName, port: e.port, loss: db(this.insertionLoss(e.switchName)) };
      const host = this.site.hosts.find((h) => h.name === e.host);
      return { node: e.host, port: null, ...(host !== undefined && { transceiver: host }) };
    };
    const [a, b] = between;
    return { id: name, a: end(a), b: end(b), weight: cost ?? length, length, loss, ...(srlg && { srlg }) };
  }
}

/** The cross-connects of a route, from its beginning on; with the way back if it is two-way. */
export function linksOf(route: Route, way: 'one' | 'two'): DeviceLink[] {
  return route.hops.flatMap(({ switchName: device, pair: { a, b } }) => {
    const there = { device, input: a, output: b };
    return way === 'one' ? [there] : [there, { device, input: b, output: a }];
  });
}

/** Ports of a device that a fibre ends at, in the order of the file. */
export const portsWithFibres = ({ fibres }: Site, device: string): string[] =>
  fibres.flatMap(({ between }) =>
    between.flatMap((end) => (end.kind === 'port' && end.switchName === device ? [end.port] : [])),
  );
