// A small scenario in memory, three switches in a triangle with a host at two of them, in which something goes wrong
// while a path is asked for or moved. Whatever came of the path meanwhile, afterwards all is as if nothing had been: it
// is given back, and another comes up.

import { tmpdir } from 'node:os';
import { assert } from '../../scripts/testing/suite.ts';
import { loadScenario } from './load.ts';
import { type RunResult, run } from './run.ts';
import type { WorldName } from './worlds/world.ts';

/** `families`: of s1, s2, s3. */
interface Triangle {
  readonly timeline: string;
  readonly duration?: string;
  readonly families?: readonly [string, string, string];
  readonly world?: WorldName;
  readonly provisioning?: string;
}

/** Ports 1 go to the hosts, 2 to the next switch, 3 to the one before. */
const text = ({
  timeline,
  duration,
  families = ['glimmerglass', 'glimmerglass', 'glimmerglass'],
  provisioning = '',
}: Triangle): string => {
  const label = (i: number, port: number): string =>
    (families[i] ?? '').startsWith('calient') ? `10.1a.${port}` : String(port);
  const end = (i: number, port: number): string => `s${i + 1}/${label(i, port)}`;
  return `scenario: triangle
title: Three switches and two hosts
duration: ${duration ?? '60 s'}
sites:
  here: { title: Here }
switches:
${families.map((family, i) => `  s${i + 1}: { site: here, family: ${family}, ports: 4 }`).join('\n')}
hosts:
  left: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: &t { power: 0 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 10 Gb/s } }
  right: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: *t }
fibres:
  l: { between: [left, ${end(0, 1)}], length: 1 km, loss: 1 dB }
  r: { between: [right, ${end(1, 1)}], length: 1 km, loss: 1 dB }
  direct: { between: [${end(0, 2)}, ${end(1, 3)}], length: 10 km, loss: 1 dB }
  onward: { between: [${end(0, 3)}, ${end(2, 2)}], length: 10 km, loss: 1 dB }
  back: { between: [${end(2, 3)}, ${end(1, 2)}], length: 10 km, loss: 1 dB }
data-links:
  lambda: { between: [left, right], queue: 1 MB, mtu: 9000 B }
${provisioning === '' ? '' : `provisioning: { ${provisioning} }\n`}timeline:
${timeline
  .trim()
  .split('\n')
  .map((line) => `  - { ${line.trim()} }`)
  .join('\n')}
`;
};

const runTriangle = (triangle: Triangle, seed = '1'): Promise<RunResult> =>
  run(loadScenario('triangle.yaml', text(triangle)), {
    world: triangle.world ?? 'virtual',
    seed,
    folder: tmpdir(),
    version: 'test',
    file: 'triangle.yaml',
  });

/** While the path is set up, or while it is moved off a fibre that is cut. */
export const MOMENTS = { 'set up': '500 ms', moved: '5500 ms' } as const;

const AFTERWARDS = `at: 38 s, release: { path: p }
at: 43 s, request: { path: q, from: left, to: right }`;

/** The trace's own view of the mirrors. */
function connectedAt(result: RunResult, until: number): number {
  const changes = result.records.filter(
    ({ at, kind }) => at <= until && /^switch\.(dis)?connected$/.test(kind),
  );
  return changes.reduce((n, { kind }) => n + (kind === 'switch.connected' ? 1 : -1), 0);
}

/** What became of the path by the time at which it is given back. */
export const endOf = ({ records }: RunResult): string | undefined =>
  records.findLast(
    ({ at, kind, fields }) => at < 38e9 && fields['path'] === 'p' && /^path\.(up|down|refused)$/.test(kind),
  )?.kind;

function assertSurvived(result: RunResult, what: string): void {
  assert.equal(result.violations, [], what);
  assert.is(connectedAt(result, 42e9), 0, `${what}: cross-connects left after the release`);
  const up = result.records.find(({ kind, fields }) => kind === 'path.up' && fields['path'] === 'q');
  assert.ok(up !== undefined, `${what}: no path afterwards`);
  const lit = result.records.filter(({ at, kind }) => at >= 43e9 && kind === 'light.restored');
  assert.is(lit.length, 2, `${what}: light afterwards`);
}

export const survives = async (action: string, more: Partial<Triangle> = {}): Promise<RunResult> => {
  const timeline = `at: 1 s, request: { path: p, from: left, to: right }
at: 6 s, cut: { fibre: direct, for: 15 s }
${action}
${AFTERWARDS}`;
  const result = await runTriangle({
    timeline,
    duration: '47 s',
    provisioning: 'power-poll: 250 ms',
    ...more,
  });
  assertSurvived(result, action);
  return result;
};
