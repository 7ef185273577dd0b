// What each single cut would do once a plan is made: the paths that lose their light, and whether the fibres that
// are left and free lead another way, within what the receivers can bear.

import type { Links } from './links.ts';
import { livePaths } from './live-path.ts';
import type { CutForecast } from './plan.ts';
import type { SitePath } from './site.ts';
import type { Topology } from './topology.ts';

/** Of every fibre that carries a path, in the order of the file. */
export function forecastCuts(topology: Topology, links: Links, meant: readonly SitePath[]): CutForecast[] {
  const paths = livePaths(topology, links, meant);
  return topology.site.fibres.flatMap(({ name: fibre }) => {
    const hit = paths.filter(({ fibres }) => fibres.includes(fibre));
    if (hit.length === 0) return [];
    const lost = hit.map((path) => {
      // Each path by itself: ports of the others that the same cut darkens stay theirs.
      const isUsable = (id: string): boolean => id !== fibre && !topology.isBusy(id, links, path.links);
      const found = topology.route(path, {}, isUsable);
      return found.kind === 'found'
        ? { path: path.name, other_way: [...found.route.fibres], reason: null }
        : { path: path.name, other_way: null, reason: found.reason };
    });
    return [{ fibre, lost }];
  });
}
