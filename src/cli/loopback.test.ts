// The ring in real time, over real sockets: the same stages are measured as in virtual time. What is asserted
// does not depend on how busy this machine is, unless it is too busy to run the scenario at all.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { lightbedProcess, workFolder } from './cli.fixture.ts';

const test = suite('the loopback world');

interface Summary {
  readonly world: string;
  readonly cuts: readonly Record<string, unknown>[];
  readonly transfers: readonly { readonly delivered_bytes: number; readonly lost_bytes: number | null }[];
}

interface Line {
  readonly at: number;
  readonly where: string;
  readonly kind: string;
}

test('the ring is set up, cut and rerouted on real sockets, stage by stage', async () => {
  const work = workFolder();
  const run = await lightbedProcess(work.path, 'run', 'ring', '--world', 'loopback');
  assert.ok(run.code === 0 || run.code === 1, run.stdout + run.stderr);
  const folder = join(work.path, 'results/ring-loopback');
  const summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as Summary;
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
  const trace = readFileSync(join(folder, 'trace.jsonl'), 'utf8').trimEnd().split('\n');
  const records = trace.map((line) => JSON.parse(line) as Line);
  const opened = records.filter((r) => r.kind === 'tl1-session.opened').map((r) => r.where);
  assert.equal(opened.sort(), ['e-agent', 'n-agent', 's-agent', 'w-agent']);
  assert.ok(
    records.every((r, i) => r.at >= (records[i - 1]?.at ?? 0)),
    'time never goes back',
  );
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
