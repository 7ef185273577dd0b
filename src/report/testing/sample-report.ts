// A made-up run that looks like a real one: four cuts on two transatlantic lines. For tests of the report,
// and for looking at its pictures.

import { bytes, bytesPerSecond, metres } from '../../core/quantity.ts';
import { type Duration, type Instant, instant, ms, seconds } from '../../core/time.ts';
import type { CutReport, GoodputSeries, RunReport, TopologyFibre } from '../run-report.ts';

const DIRECT = ['cern-access', 'atlantic-1', 'chicago-pasadena', 'caltech-access'];
const DETOUR = ['cern-access', 'atlantic-2', 'new-york-chicago', 'chicago-pasadena', 'caltech-access'];

const CUTS: readonly CutReport[] = [
  cut(1, 120, 'atlantic-1', 'both', DIRECT, DETOUR, [84, 85, 322, 452, 603, 3900]),
  cut(2, 240, 'atlantic-2', 'both', DETOUR, DIRECT, [61, 62, 298, 431, 571, 4300]),
  cut(3, 360, 'atlantic-1', 'b-to-a', DIRECT, DETOUR, [142, 143, 380, 511, 662, 5100]),
  cut(4, 480, 'new-york-chicago', 'both', DETOUR, DIRECT, [97, 99, 336, 466, 606, 3600]),
];

export function sampleReport(changes: Partial<RunReport> = {}): RunReport {
  return {
    scenario: 'fibre-cut-cern-caltech',
    title: 'Four fibre cuts between CERN and Caltech',
    description: 'A server at CERN sends 120 GB to Caltech while the line in use is cut four times.',
    seed: '45',
    version: '0.1.0+ad2f951',
    world: 'virtual',
    traceHash: '9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab',
    replay: 'npx lightbed run scenarios/fibre-cut-cern-caltech --seed 45',
    duration: seconds(660),
    recordCount: 6841,
    isPassed: true,
    topology: {
      sites: [
        { name: 'geneva', title: 'Geneva, CERN' },
        { name: 'new-york', title: 'New York, MAN LAN' },
        { name: 'chicago', title: 'Chicago, StarLight' },
        { name: 'pasadena', title: 'Pasadena, Caltech' },
      ],
      switches: [
        { name: 'gva', site: 'geneva', family: 'glimmerglass' },
        { name: 'nyc', site: 'new-york', family: 'glimmerglass' },
        { name: 'chi', site: 'chicago', family: 'calient' },
        { name: 'pas', site: 'pasadena', family: 'calient' },
      ],
      hosts: [
        { name: 'cern-fdt', site: 'geneva' },
        { name: 'caltech-fdt', site: 'pasadena' },
      ],
      fibres: [
        fibre('cern-access', ['cern-fdt', null], ['gva', '1'], 100),
        fibre('caltech-access', ['pas', '10.1a.1'], ['caltech-fdt', null], 100),
        fibre('atlantic-1', ['gva', '2'], ['chi', '10.1a.1'], 12240e3),
        fibre('atlantic-2', ['gva', '3'], ['nyc', '1'], 10812e3),
        fibre('new-york-chicago', ['nyc', '2'], ['chi', '10.1a.2'], 2040e3),
        fibre('chicago-pasadena', ['chi', '10.1a.3'], ['pas', '10.1a.2'], 4080e3),
      ],
    },
    paths: [
      { path: 'main', at: at(2.6), fibres: DIRECT },
      ...CUTS.map((c) => ({ path: 'main', at: (c.at + 450e6) as Instant, fibres: c.fibresAfter ?? [] })),
    ],
    cuts: CUTS,
    repairs: CUTS.map((c) => ({ at: (c.at + 60e9) as Instant, fibre: c.fibre, direction: c.direction })),
    circuits: [],
    spanChanges: [],
    transfers: [
      {
        name: 'dataset',
        from: 'cern-fdt',
        to: 'caltech-fdt',
        outcome: 'completed',
        reason: null,
        size: bytes(120e9),
        delivered: bytes(120e9),
        files: 4,
        verifiedFiles: 4,
        streams: 8,
        streamBreaks: 0,
        lost: bytes(0),
        doubled: bytes(0),
        duration: seconds(585.3),
        goodput: bytesPerSecond(205.02e6),
        series: samples(),
      },
    ],
    expectations: [
      expectation('path.setup', 'time', 'at-most', 1e9, '1 s', 0.412e9),
      expectation('reroute.light', 'time', 'at-most', 1e9, '1 s', 0.662e9),
      expectation('reroute.tcp', 'time', 'at-most', 20e9, '20 s', 5.1e9),
      expectation('reroute.count', 'count', 'equals', 4, '4', 4),
      expectation('transfer.goodput', 'byteRate', 'at-least', 190e6, '190 MB/s', 205.02e6),
      expectation('transfer.lost_bytes', 'size', 'equals', 0, '0 B', 0),
    ],
    violations: [],
    ...changes,
  };
}

function at(s: number): Instant {
  return instant(Math.round(s * 1e9));
}

function fibre(
  name: string,
  [a, aPort]: readonly [string, string | null],
  [b, bPort]: readonly [string, string | null],
  length: number,
): TopologyFibre {
  return {
    name,
    between: [
      { node: a, port: aPort },
      { node: b, port: bPort },
    ],
    length: metres(length),
  };
}

function cut(
  n: number,
  s: number,
  name: string,
  direction: string,
  fibresBefore: readonly string[],
  fibresAfter: readonly string[],
  stages: readonly [number, number, number, number, number, number],
): CutReport {
  const [detect, decide, lock, switched, light, tcp] = stages.map(
    (x): Duration => ms(x),
  ) as never as Duration[];
  return {
    cut: n,
    at: at(s),
    fibre: name,
    direction,
    path: 'main',
    fibresBefore,
    fibresAfter,
    lengthBefore: fibresBefore === DIRECT ? 16_320_200 : 16_932_200,
    extraLength: fibresBefore === DIRECT ? 612_000 : -612_000,
    reason: null,
    stages: {
      detect: detect ?? null,
      decide: decide ?? null,
      lock: lock ?? null,
      switch: switched ?? null,
      light: light ?? null,
      data: light ?? null,
      tcp: tcp ?? null,
    },
  };
}

function expectation(
  metric: string,
  dimension: RunReport['expectations'][number]['dimension'],
  kind: 'at-most' | 'at-least' | 'equals',
  value: number,
  text: string,
  measured: number,
): RunReport['expectations'][number] {
  const meaning = `what ${metric} means`;
  return {
    metric,
    meaning,
    dimension,
    of: null,
    bound: { kind, value, text },
    measured,
    isMet: true,
    reason: null,
  };
}

/** 205 MB/s with a little ripple; nothing from each cut until 0.9 s after, then a ramp of 3 s. */
function samples(): GoodputSeries {
  const times: Instant[] = [];
  const total: number[] = [];
  let sum = 0;
  for (let i = 0; i <= 6600 && sum < 120e9; i++) {
    const s = i / 10;
    const since = s - 120 * Math.floor(s / 120);
    const isAfterCut = s >= 120 && s < 600;
    const recovery = isAfterCut ? Math.max(0, Math.min(1, (since - 0.9) / 3)) : 1;
    const start = Math.max(0, Math.min(1, (s - 5.2) / 2));
    const ripple = 1 + 0.02 * Math.sin(i * 1.7) + 0.015 * Math.sin(i * 0.31);
    sum = Math.min(120e9, sum + (206e6 / 10) * recovery * start * ripple);
    if (s < 5) continue;
    times.push(at(s));
    total.push(Math.round(sum));
  }
  return { at: times, bytes: total };
}
