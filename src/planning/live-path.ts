// The light paths that there are: light of one host that reaches another. Their names are those of the site's paths
// with the same ends; light that no path means has the name `a→b`.

import type { DeviceLink, Links } from './links.ts';
import type { SitePath } from './site.ts';
import type { Topology, Trace } from './topology.ts';

export interface LivePath {
  readonly name: string;
  /** Whether the site means it. */
  readonly isMeant: boolean;
  readonly from: string;
  readonly to: string;
  readonly isTwoWay: boolean;
  readonly fibres: readonly string[];
  /** Of both ways, where there are both. */
  readonly links: readonly DeviceLink[];
}

/** In the order of the site's paths, then of its hosts. */
export function livePaths(topology: Topology, links: Links, meant: readonly SitePath[]): LivePath[] {
  const traces = new Map(topology.site.hosts.map(({ name }) => [name, topology.trace(name, links)]));
  const found: LivePath[] = [];
  const told = new Set<string>();
  const tell = (trace: Trace, path: SitePath | null): void => {
    if (trace.to === null || told.has(trace.from)) return;
    const back = traces.get(trace.to);
    const isTwoWay = back !== undefined && isMirror(trace, back);
    told.add(trace.from);
    if (isTwoWay) told.add(trace.to);
    found.push({
      name: path?.name ?? `${trace.from}→${trace.to}`,
      isMeant: path !== null,
      from: trace.from,
      to: trace.to,
      isTwoWay,
      fibres: trace.fibres,
      links: isTwoWay ? [...trace.links, ...back.links] : trace.links,
    });
  };
  for (const path of meant) {
    const trace = traces.get(path.from);
    if (trace?.to === path.to) tell(trace, path);
  }
  for (const trace of traces.values()) tell(trace, null);
  return found;
}

function isMirror(there: Trace, back: Trace): boolean {
  if (back.to !== there.from || back.fibres.length !== there.fibres.length) return false;
  return back.fibres.toReversed().every((fibre, i) => fibre === there.fibres[i]);
}
