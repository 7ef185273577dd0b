// The ring in real time, over real sockets: the same stages are measured as in virtual time. What is asserted
// does not depend on how busy this machine is.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { lightbedProcess, workFolder, writeScenario } from './cli.fixture.ts';
import { conducted, DURATION, NEVER } from './conducted.fixture.ts';

const test = suite('the loopback world');

interface Summary {
  readonly world: string;
  readonly cuts: readonly Record<string, unknown>[];
  readonly transfers: readonly { readonly delivered_bytes: number; readonly lost_bytes: number | null }[];
}

/** The ring's own, to be gone through as soon as the machine gets there; repaired it is not. */
const TIMELINE = `timeline:
  - { at: ${NEVER}, request: { path: ring, from: alice, to: bob } }
  - { at: ${NEVER}, transfer: { name: photos, from: alice, to: bob, size: 12 MB, files: 3, streams: 2, rate-limit: 4 MB/s } }
  - { at: ${NEVER}, cut: { fibre: n-e } }
`;
const [REQUEST, TRANSFER, CUT] = [0, 1, 2] as const;

const STEPS = [
  {
    after: ['w', 'n', 'e', 's'].map((s) => ({ kind: 'tl1-session.opened', where: `${s}-agent` })),
    acts: [REQUEST],
  },
  { after: [{ kind: 'path.up' }], acts: [TRANSFER] },
  { after: [{ kind: 'stream.opened', times: 2 }], acts: [CUT] },
  { after: [{ kind: 'path.up', times: 2 }, { kind: 'transfer.completed' }], acts: [] },
];

test('the ring is set up, cut and rerouted on real sockets, stage by stage', async () => {
  const work = workFolder();
  const file = join(work.path, 'scenarios/ring/scenario.yaml');
  const text = readFileSync(file, 'utf8')
    .replace(/^duration: .*$/m, `duration: ${DURATION}`)
    .replace('power-poll: 100 ms', 'power-poll: 100 ms, patience: 60, lease: 10 min')
    .replace(/timeline:\n[^]*(?=expect:)/, TIMELINE);
  writeFileSync(file, text);
  const run = await conducted(work.path, 'ring', STEPS);
  // How long it took depends on the machine, and is what some expectations are about.
  assert.ok(run.code === 0 || run.code === 1, run.stdout + run.stderr);
  assert.not.match(run.stdout, /never came/);
  const summary = JSON.parse(readFileSync(join(work.path, 'out/summary.json'), 'utf8')) as Summary;
  assert.is(summary.world, 'loopback');
  const [cut] = summary.cuts;
  const at = (stage: string): number => Number(cut?.[`${stage}_ms`]);
  // Light may be back before the coordinator has heard that every switch is done, so these are two orders.
  for (const order of [
    ['detect', 'decide', 'lock', 'switch'],
    ['lock', 'light'],
  ]) {
    const times = order.map(at);
    assert.ok(
      times.every((ms, i) => ms > 0 && (i === 0 || ms >= (times[i - 1] ?? 0))),
      `${order.join(', ')} are measured, in order: ${times.join(', ')}`,
    );
  }
  assert.ok((summary.transfers[0]?.delivered_bytes ?? 0) > 0, 'the transfer moved real bytes');
  const records = run.lines;
  const opened = records.filter((r) => r.kind === 'tl1-session.opened').map((r) => r.where);
  assert.equal(opened.sort(), ['e-agent', 'n-agent', 's-agent', 'w-agent']);
  assert.ok(
    records.every((r, i) => r.at >= (records[i - 1]?.at ?? 0)),
    'time never goes back',
  );
  work.remove();
});

test('the command runs a scenario there to its end, and writes its results beside those of the virtual world', async () => {
  const work = workFolder();
  const bare = `scenario: bare\ntitle: A place\nduration: 300 ms\nsites:\n  here: { title: Here }\n`;
  writeScenario(work.path, 'bare', bare);
  const run = await lightbedProcess(work.path, 'run', 'bare', '--world', 'loopback');
  assert.is(run.code, 0, run.stdout + run.stderr);
  assert.match(run.stdout, /world loopback/);
  const summary = readFileSync(join(work.path, 'results/bare-loopback/summary.json'), 'utf8');
  assert.is((JSON.parse(summary) as Summary).world, 'loopback');
  work.remove();
});

test('a scenario that crashes machines says that this world cannot', async () => {
  const work = workFolder();
  const file = join(work.path, 'scenarios/ring/scenario.yaml');
  const text = readFileSync(file, 'utf8').replace(
    'timeline:\n',
    'timeline:\n  - { at: 0.1 s, crash: { machine: w-agent } }\n',
  );
  writeFileSync(file, text);
  const run = await lightbedProcess(work.path, 'run', 'ring', '--world', 'loopback');
  assert.is(run.code, 2, run.stdout);
  assert.match(
    run.stderr,
    /scenario\.yaml:\d+:\d+: found a crash, but machines cannot crash in the loopback world/,
  );
  assert.not(existsSync(join(work.path, 'results')));
  work.remove();
});

test.run();
