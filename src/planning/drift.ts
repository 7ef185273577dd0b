// Where the live state is not what the site means: paths that are not there or not whole, cross-connects that belong
// to nobody, and light that is weaker or stronger than the file's losses say.

import { type DeviceLink, Links, linkName, waysOf } from './links.ts';
import { DARK_BELOW_DBM, linksOfState, type NetworkState, powerOf } from './network-state.ts';
import type { Meant, RouteWish, SitePath } from './site.ts';
import { type Difference, powerText } from './state-difference.ts';
import type { Topology } from './topology.ts';

/** In the order: paths, cross-connects, powers. */
export function drift(
  topology: Topology,
  state: NetworkState,
  { paths, crossConnects }: Meant,
): Difference[] {
  const links = linksOfState(state);
  const owned: DeviceLink[] = [];
  const ofPaths = paths.flatMap((path) => pathDrift(topology, links, path, owned));
  const meant = crossConnects.flatMap(waysOf);
  const absent = meant.filter((link) => !links.has(link));
  const known = new Links([...owned, ...meant]);
  const strangers = links.all().filter((link) => !known.has(link));
  return [
    ...ofPaths,
    ...absent.map((link) => ({
      place: linkName(link),
      expected: 'a cross-connect',
      found: found(links, link),
    })),
    ...strangers.map((link) => ({
      place: linkName(link),
      expected: 'no cross-connect',
      found: 'one that no path of the site means',
    })),
    ...powerDrift(topology, state, links),
  ];
}

const found = (links: Links, { device, input }: DeviceLink): string => {
  const output = links.outputOf(device, input);
  return output === null ? 'none' : `${input}→${output}`;
};

/** Adds what the path has of cross-connects to `owned`. */
function pathDrift(topology: Topology, links: Links, path: SitePath, owned: DeviceLink[]): Difference[] {
  const ends =
    path.way === 'one'
      ? [[path.from, path.to]]
      : [
          [path.from, path.to],
          [path.to, path.from],
        ];
  const drifts: Difference[] = [];
  for (const [near = '', far = ''] of ends) {
    const trace = topology.trace(near, links);
    owned.push(...trace.links, ...topology.upstream(far, links));
    const place = `path ${path.name}`;
    const isThere = trace.to === far;
    if (!isThere)
      drifts.push({ place, expected: `light of ${near} at ${far}`, found: `its way ends at ${trace.end}` });
    if (near !== path.from) continue;
    const strays = strayed(trace.fibres, trace.links, path, isThere);
    if (strays !== null) drifts.push({ place, expected: strays, found: `fibres ${trace.fibres.join(', ')}` });
  }
  return drifts;
}

/** What of the wish the path does not keep; null if it keeps all. A way that ends early is judged as far as it goes. */
function strayed(
  fibres: readonly string[],
  links: readonly DeviceLink[],
  { route, via = [], avoid = [] }: RouteWish,
  isWhole: boolean,
): string | null {
  const passes = (name: string): boolean =>
    fibres.includes(name) || links.some(({ device }) => device === name);
  const due = isWhole ? route : route?.slice(0, fibres.length);
  if (route !== undefined && due?.join() !== fibres.join()) return `fibres ${route.join(', ')}`;
  const missed = isWhole ? via.filter((name) => !passes(name)) : [];
  if (missed.length > 0) return `a way by ${missed.join(', ')}`;
  const met = avoid.filter(passes);
  return met.length > 0 ? `a way without ${met.join(', ')}` : null;
}

/** At the first input where light of a host is not as it should be: what is behind has it from there. */
function powerDrift(topology: Topology, state: NetworkState, links: Links): Difference[] {
  const tolerance = topology.site.powerTolerance;
  return topology.site.hosts.flatMap(({ name, power }) => {
    const trace = topology.trace(name, links);
    const wrong = trace.fibres.flatMap((fibre, i) => {
      const link = trace.links[i];
      const end = link === undefined ? trace.end : `${link.device}/${link.input}`;
      const reading = end.includes('/') ? powerOf(state, end, 'in_dbm') : null;
      const expected = power - topology.loss(trace.fibres.slice(0, i + 1), trace.links.slice(0, i));
      const isDark = reading !== null && Math.max(expected, reading) < DARK_BELOW_DBM;
      if (reading === null || isDark || Math.abs(reading - expected) <= tolerance) return [];
      const told = `${powerText(expected)} from ${name} over ${fibre}`;
      return [{ place: `${end} in`, expected: told, found: powerText(reading) }];
    });
    return wrong.slice(0, 1);
  });
}
