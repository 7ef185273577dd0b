// What a light path takes, over many runs of one scenario that differ in their seed alone: set-up over five switches,
// and from a cut to light at both ends, across a continent and across a town. Devices take the times of their
// family's profile, each command a little more or less, so that there is a distribution and not one number.

import { families } from '../../emulators/families.ts';
import { type Distribution, distribution } from '../../src/core/distribution.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import type { MetricName } from '../../src/scenario/metric-names.ts';
import { run } from '../../src/scenario/run.ts';
import type { SwitchFamily } from '../../src/scenario/schema.ts';
import type { BenchFigure, BenchLine } from './line.ts';

interface Span {
  readonly name: string;
  /** Between neighbours. */
  readonly km: number;
  readonly rerouteTarget: number;
}

const SEEDS = 100;
/** Four spans: Seattle to Atlanta is some 4,000 km of fibre; a town's ring some 40 km. */
const CONTINENT: Span = { name: 'continental', km: 1000, rerouteTarget: 1000 };
const METRO: Span = { name: 'metro', km: 10, rerouteTarget: 250 };
const SWITCHES = 5;
const SET_UP_TARGET = 1000;

/** Families that send alarms; of one that is polled, the poll's period is in its figures. */
const FAMILIES: readonly SwitchFamily[] = ['glimmerglass', 'calient', 'calient-s', 'polatis'];

export const pathFigureLines: readonly BenchLine[] = FAMILIES.map((family) => ({
  name: `light-path-${family}`,
  measure: async () => {
    const [continent, metro] = [await measure(CONTINENT, family), await measure(METRO, family)];
    return [
      ...figures('set-up over 5 switches, continental', family, continent.setUps, SET_UP_TARGET),
      ...figures('cut to light, continental', family, continent.reroutes, CONTINENT.rerouteTarget),
      ...figures('cut to light, metro', family, metro.reroutes, METRO.rerouteTarget),
    ];
  },
}));

async function measure(span: Span, family: SwitchFamily): Promise<{ setUps: number[]; reroutes: number[] }> {
  const file = `${span.name}.yaml`;
  const scenario = loadScenario(`${span.name}/scenario.yaml`, textOf(span, family));
  const setUps: number[] = [];
  const reroutes: number[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const result = await run(scenario, {
      world: 'virtual',
      seed: String(seed),
      folder: '',
      file,
      version: 'bench',
    });
    const value = (metric: MetricName): number => {
      const found = result.measured.values.find((v) => v.metric === metric)?.value;
      if (found === undefined || found === null)
        throw new Error(`${family}, ${span.name}, seed ${seed}: no ${metric}`);
      return found / 1e6;
    };
    if (result.violations.length > 0)
      throw new Error(`${family}, ${span.name}, seed ${seed}: an invariant is broken`);
    setUps.push(value('path.setup'));
    reroutes.push(value('reroute.light'));
  }
  return { setUps, reroutes };
}

const figures = (what: string, family: string, values: readonly number[], target: number): BenchFigure[] => {
  const d = distribution(values);
  return d === null ? [] : [figure(`${what}, ${family}: p99 (${spread(d)})`, d.p99, target)];
};

const spread = ({ count, p50, p95, max }: Distribution): string =>
  `p50 ${p50.toFixed(0)}, p95 ${p95.toFixed(0)}, max ${max.toFixed(0)} ms, ${count} seeds`;

const figure = (name: string, value: number, atMost: number): BenchFigure => ({
  kind: 'measured',
  name,
  value,
  unit: 'ms',
  target: { of: 'value', atMost },
  reference: { kind: 'limit', name: 'the target', value: atMost, ratio: value / atMost },
});

/** A chain of switches with two fibres side by side between neighbours, and a host at either end; the third span is cut. */
function textOf({ name, km }: Span, family: SwitchFamily): string {
  const port = (i: number): string => families[family].portLabels(8)[i] ?? '';
  const indexes = Array.from({ length: SWITCHES }, (_, i) => i + 1);
  const spans = indexes.slice(1).map((b) => ({ a: b - 1, b }));
  const host =
    'disk: { read: 1 GB/s, write: 1 GB/s }, transceiver: { power: 3 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 10 Gb/s }';
  const loss = 'loss: 1 dB';
  return `
scenario: ${name}
title: ${name}
seed: 1
duration: 8 s
sites:
${indexes.map((i) => `  site${i}: { title: Site ${i} }`).join('\n')}
switches:
${indexes.map((i) => `  s${i}: { site: site${i}, family: ${family}, ports: 8, insertion-loss: 0.5 dB }`).join('\n')}
hosts:
  alice: { site: site1, ${host} }
  bob: { site: site${SWITCHES}, ${host} }
fibres:
  alice-s1: { between: [alice, s1/${port(0)}], length: 50 m, loss: 0.5 dB }
  s${SWITCHES}-bob: { between: [s${SWITCHES}/${port(0)}, bob], length: 50 m, loss: 0.5 dB }
${spans
  .flatMap(({ a, b }) =>
    [1, 2].map(
      (n) =>
        `  s${a}-s${b}-${n}: { between: [s${a}/${port(n)}, s${b}/${port(n + 2)}], length: ${km + n - 1} km, ${loss} }`,
    ),
  )
  .join('\n')}
control-links:
${spans.map(({ a, b }) => `  c${a}: { between: [site${a}, site${b}], delay: ${(km * 4.9) / 1000} ms }`).join('\n')}
timeline:
  - { at: 3 s, request: { path: p, from: alice, to: bob } }
  - { at: 5.5 s, cut: { fibre: s2-s3-1 } }
expect:
  - { metric: invariants.violations, equals: 0 }
`;
}
