// Many light paths asked for at once on a real network of 75 switches, from a hundred to ten thousand: each is to end
// rightly, and what it takes is to grow with their number and not faster.

import { seconds } from '../../src/core/time.ts';
import type { NetworkMap } from '../../src/net/maps/network-map.ts';
import { type CrowdResult, crowd, formatCrowd } from './crowd.ts';
import type { BenchFigure, BenchLine } from './line.ts';
import { loadMap, topologyFile } from './topology-file.ts';

const MAP = 'coronet-conus';
const SEED = '1';
/** Fibres along each link, for each hundred requests: not all fit, so that refusals are seen, too. */
const FIBRES_PER_HUNDRED = 6;
/** A switch has 1,024 ports, and on this map up to five neighbours. */
const FIBRES_MOST = 150;
/** Requests that are settled in minutes. */
const SOON_MOST = 1_000;

export const crowdLines: readonly BenchLine[] = [100, 300, 1_000, 3_000, 10_000].map((requests) => ({
  name: `crowd-${requests}`,
  takesHours: requests > SOON_MOST,
  measure: async () => {
    const map = loadMap(MAP);
    if (map === null)
      return [{ kind: 'skipped', name: nameOf(requests), reason: `no file ${topologyFile(MAP)}` }];
    return [figure(await settle(map, requests))];
  },
}));

async function settle(map: NetworkMap, requests: number): Promise<CrowdResult> {
  const fibres = Math.min(FIBRES_MOST, Math.ceil((requests * FIBRES_PER_HUNDRED) / 100));
  const duration = seconds(60 + requests / 20);
  const result = await crowd({ map, requests, fibres, seed: SEED, duration, tell: console.error });
  console.log(formatCrowd(result));
  return result;
}

const nameOf = (requests: number): string => `${requests} paths at once on ${MAP}, settled wrongly`;

/** The figure is how many are wrong; its name tells the rest. */
function figure(r: CrowdResult): BenchFigure {
  const told = [
    `${r.up} up`,
    ...[...r.refused].map(([kind, count]) => `${count} refused as ${kind}`),
    `${r.settledAfter.toFixed(1)} s simulated`,
    `${r.wall.toFixed(0)} s wall`,
    `${r.processor.toFixed(0)} s of processors`,
    `${(r.memory / 1e9).toFixed(1)} GB`,
    `${r.messagesPerPath.toFixed(0)} messages a path`,
  ];
  return {
    kind: 'measured',
    name: `${nameOf(r.requests)} (${told.join(', ')})`,
    value: r.wrong.length + r.violations,
    unit: 'paths and violations',
    target: { of: 'value', atMost: 0 },
    reference: { kind: 'limit', name: 'none', value: 0, ratio: 1 },
  };
}
