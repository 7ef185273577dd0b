// What a plan does to light paths: which it touches, and what each has of light before and after, by arithmetic from
// the site's losses and by the twin's receivers.

import { rounded } from './compose.ts';
import { type DeviceLink, Links } from './links.ts';
import { type LivePath, livePaths } from './live-path.ts';
import type { PathForecast, PlanStep, RouteForecast } from './plan.ts';
import type { DarkSpell } from './rehearsal.ts';
import type { SitePath } from './site.ts';
import type { Topology } from './topology.ts';

export interface Moment {
  readonly links: Links;
  readonly meant: readonly SitePath[];
  /** At each host's receiver, on the twin. */
  readonly powers: ReadonlyMap<string, number>;
}

/** Of every path that is lit or meant before or after. */
export function forecastPaths(
  topology: Topology,
  before: Moment,
  after: Moment,
  steps: readonly PlanStep[],
  dark: readonly DarkSpell[],
): PathForecast[] {
  const [then, later] = [before, after].map(({ links, meant }) => livePaths(topology, links, meant)) as [
    LivePath[],
    LivePath[],
  ];
  const names = [...new Set([...then, ...later, ...before.meant, ...after.meant].map(({ name }) => name))];
  return names.map((name) => {
    const [old, next] = [find(then, name), find(later, name)];
    const touched = steps.filter((step) => old !== null && touches(step, old));
    const ends = new Set([old, next].flatMap((path) => (path === null ? [] : [path.from, path.to])));
    return {
      path: name,
      is_meant: [...before.meant, ...after.meant].some((path) => path.name === name),
      before: old && routeForecast(topology, old, before.powers),
      after: next && routeForecast(topology, next, after.powers),
      touched_by: touched.map(({ number }) => number),
      dark: dark
        .filter(({ host }) => ends.has(host))
        .map(({ host, fromMs, forMs }) => ({
          host,
          from_ms: rounded(fromMs),
          for_ms: forMs === null ? null : rounded(forMs),
        })),
    };
  });
}

/** A step acts on a path where it takes or gives a port that the path's light passes. */
function touches({ device, removes, makes }: PlanStep, path: LivePath): boolean {
  const isAt = (link: DeviceLink, one: { readonly input: string; readonly output: string }): boolean =>
    link.device === device && (link.input === one.input || link.output === one.output);
  return path.links.some((link) => [...removes, ...makes].some((one) => isAt(link, one)));
}

function routeForecast(
  topology: Topology,
  path: LivePath,
  powers: ReadonlyMap<string, number>,
): RouteForecast {
  const { fibres, from, to, isTwoWay } = path;
  const ends = isTwoWay ? [from, to] : [from];
  return {
    fibres: [...fibres],
    length_m: topology.length(fibres),
    loss_db: rounded(topology.loss(fibres, topology.trace(from, links(path)).links)),
    receivers: ends.map((near) => {
      const host = near === from ? to : from;
      const trace = topology.trace(near, links(path));
      const [sender, receiver] = [near, host].map((name) =>
        topology.site.hosts.find((one) => one.name === name),
      );
      return {
        host,
        budget_dbm: rounded((sender?.power ?? 0) - topology.loss(trace.fibres, trace.links)),
        twin_dbm: rounded(powers.get(host) ?? Number.NaN),
        sensitivity_dbm: receiver?.sensitivity ?? 0,
      };
    }),
  };
}

const links = (path: LivePath): Links => new Links(path.links);

const find = (paths: readonly LivePath[], name: string): LivePath | null =>
  paths.find((path) => path.name === name) ?? null;
