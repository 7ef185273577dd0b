// What a cut costs data that are protected 1+1: from the cut until the data link is up over the other leg, in runs that
// differ in their seed, in the fibre that is cut, in the direction and in the instant; across a continent and across a
// town. The receiver's selection time is the model's own: inferred, see its source.

import { distribution } from '../../src/core/distribution.ts';
import { seconds } from '../../src/core/time.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { run } from '../../src/scenario/run.ts';
import type { BenchFigure, BenchLine } from './line.ts';

export interface ProtectedSpan {
  readonly name: string;
  /** The shorter and the longer way between the hosts' switches, by one switch each. */
  readonly km: readonly [short: number, long: number];
}

const SEEDS = 100;
const TARGET_MS = 50;
/** Each seed cuts this much later than the one before, in ns: the agents are at something else. */
const CUT_STEP = 7_300_000;
const CUT_FIRST = seconds(4);
const CUTS = ['w-n', 'n-e'].flatMap((fibre) =>
  ['both', 'a-to-b', 'b-to-a'].map((direction) => ({ fibre, direction })),
);

/** As the lines of a single light path have it: 4,000 km and 40 km of fibre. */
export const PROTECTED_SPANS: readonly ProtectedSpan[] = [
  { name: 'continental', km: [4000, 5000] },
  { name: 'metro', km: [40, 50] },
];

export const protectionLine: BenchLine = {
  name: 'light-path-1+1',
  measure: async () => {
    const figures: BenchFigure[] = [];
    for (const span of PROTECTED_SPANS) figures.push(await measure(span));
    return figures;
  },
};

async function measure(span: ProtectedSpan): Promise<BenchFigure> {
  const outages: number[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) outages.push(await outage(span, seed));
  const d = distribution(outages);
  if (d === null) throw new Error(`${span.name}: nothing was measured`);
  const spread = `p50 ${d.p50.toFixed(1)}, p95 ${d.p95.toFixed(1)}, max ${d.max.toFixed(1)} ms`;
  return {
    kind: 'measured',
    name: `cut to data at 1+1, ${span.name}: p99 (${spread}, ${SEEDS} seeds)`,
    value: d.p99,
    unit: 'ms',
    target: { of: 'value', atMost: TARGET_MS },
    reference: { kind: 'limit', name: 'the target', value: TARGET_MS, ratio: d.p99 / TARGET_MS },
  };
}

/** Milliseconds from the cut of the leg that the receivers take until the data link is up over the other. */
export async function outage(span: ProtectedSpan, seed: number): Promise<number> {
  const cutAt = CUT_FIRST + seed * CUT_STEP;
  const file = `${span.name}.yaml`;
  const result = await run(loadScenario(`${span.name}/scenario.yaml`, textOf(span, seed, cutAt)), {
    world: 'virtual',
    seed: String(seed),
    folder: '',
    file,
    version: 'bench',
  });
  if (result.violations.length > 0) throw new Error(`${span.name}, seed ${seed}: an invariant is broken`);
  const after = result.records.filter(({ at, kind }) => at >= cutAt && kind.startsWith('link.'));
  const [down, up] = after;
  if (down?.kind !== 'link.down' || up?.kind !== 'link.up')
    throw new Error(`${span.name}, seed ${seed}: the cut did not take the data, or they stayed away`);
  return (up.at - cutAt) / 1e6;
}

/** Two ways between the hosts' switches, by one switch each; the shorter, which the receivers take first, is cut. */
function textOf({ name, km: [short, long] }: ProtectedSpan, seed: number, cutAt: number): string {
  const { fibre = '', direction = '' } = CUTS[seed % CUTS.length] ?? {};
  const host =
    'disk: { read: 1 GB/s, write: 1 GB/s }, transceiver: { power: 3 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 10 Gb/s }';
  const way = (via: string, port: string, length: number): string =>
    `  w-${via}: { between: [w/${port}, ${via}/1], length: ${length / 2} km, loss: 2 dB }
  ${via}-e: { between: [${via}/2, e/${port}], length: ${length / 2} km, loss: 2 dB }`;
  const control = (a: string, b: string, length: number): string =>
    `  ${a}-${b}: { between: [${a}, ${b}], delay: ${((length / 2) * 4.9) / 1000} ms }`;
  const places = ['w', 'n', 's', 'e'];
  return `
scenario: ${name}
title: ${name}
seed: 1
duration: 6 s
sites:
${places.map((place) => `  at-${place}: { title: ${place} }`).join('\n')}
switches:
${places.map((place) => `  ${place}: { site: at-${place}, family: glimmerglass, ports: 8, insertion-loss: 0.5 dB }`).join('\n')}
hosts:
  alice: { site: at-w, ${host} }
  bob: { site: at-e, ${host} }
fibres:
  alice-w: { between: [alice, w/1], length: 50 m, loss: 0.5 dB }
  alice2-w: { between: [alice/2, w/2], length: 50 m, loss: 0.5 dB }
  bob-e: { between: [bob, e/1], length: 50 m, loss: 0.5 dB }
  bob2-e: { between: [bob/2, e/2], length: 50 m, loss: 0.5 dB }
${way('n', '3', short)}
${way('s', '4', long)}
data-links:
  lambda: { between: [alice, bob], queue: 4 MB, mtu: 9000 B }
control-links:
${control('at-w', 'at-n', short)}
${control('at-n', 'at-e', short)}
${control('at-w', 'at-s', long)}
timeline:
  - { at: 1 s, request: { path: p, from: alice, to: bob, protection: { kind: 1+1, disjoint: node } } }
  - { at: ${cutAt / 1e6} ms, cut: { fibre: ${fibre}, direction: ${direction} } }
expect:
  - { metric: invariants.violations, equals: 0 }
`;
}
