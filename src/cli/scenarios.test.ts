// The commands as a user meets them, on the scenarios of the repository: what they print, what they write,
// how they end.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { lightbed, lightbedProcess, workFolder, writeScenario } from './cli.fixture.ts';

const test = suite('the command');

const FILES = [
  'cuts.csv',
  'expectations.csv',
  'goodput.csv',
  'recovery.csv',
  'report.html',
  'scenario.yaml',
  'summary.json',
  'throughput.svg',
  'topology.svg',
  'trace.jsonl',
  'transfers.csv',
];

interface Summary {
  readonly trace_sha256: string;
  readonly is_passed: boolean;
  readonly expectations: readonly { readonly is_met: boolean }[];
}

const summaryOf = (folder: string): Summary =>
  JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as Summary;

const recordsOf = (folder: string): string =>
  readFileSync(join(folder, 'trace.jsonl'), 'utf8').split('\n').slice(1).join('\n');

test('the ring holds its expectations, writes every file, and repeats to the byte', async () => {
  const work = workFolder();
  const first = await lightbed(work.path, 'run', 'scenarios/ring');
  assert.is(first.code, 0, first.stdout + first.stderr);
  const results = join(work.path, 'results/ring');
  assert.equal(readdirSync(results).sort(), FILES);
  const again = await lightbedProcess(work.path, 'run', 'ring', '--out', 'again');
  assert.is(again.code, 0, again.stderr);
  assert.is(summaryOf(join(work.path, 'again')).trace_sha256, summaryOf(results).trace_sha256);
  const other = await lightbed(work.path, 'run', 'ring', '--seed', 'another', '--out', 'other');
  assert.is(other.code, 0, other.stdout + other.stderr);
  assert.is.not(summaryOf(join(work.path, 'other')).trace_sha256, summaryOf(results).trace_sha256);
  // Not only in the first record, which names the seed.
  assert.is.not(recordsOf(join(work.path, 'other')), recordsOf(results));
  work.remove();
});

test('a replay says that the trace is the same, and shows the first difference where it is not', async () => {
  const work = workFolder();
  await lightbed(work.path, 'run', 'ring');
  const same = await lightbed(work.path, 'replay', 'results/ring');
  assert.is(same.code, 0, same.stderr);
  assert.match(same.stdout, /the same trace: \d+ records/);
  const trace = join(work.path, 'results/ring/trace.jsonl');
  const lines = readFileSync(trace, 'utf8').split('\n');
  lines[4] = '{"forged":true}';
  writeFileSync(trace, lines.join('\n'));
  const summary = join(work.path, 'results/ring/summary.json');
  writeFileSync(summary, readFileSync(summary, 'utf8').replace(/"trace_sha256": "../, '"trace_sha256": "zz'));
  const differs = await lightbed(work.path, 'replay', 'results/ring');
  assert.is(differs.code, 1);
  assert.match(differs.stdout, /first difference at record 5:\n {2}before: {"forged":true}/);
  work.remove();
});

test('a bound that does not hold fails the run, and says what was measured', async () => {
  const work = workFolder();
  const run = await lightbed(work.path, 'run', 'scenarios/expected-failure');
  assert.is(run.code, 1, run.stdout + run.stderr);
  const summary = summaryOf(join(work.path, 'results/expected-failure'));
  assert.is(summary.is_passed, false);
  assert.ok(summary.expectations.some((e) => !e.is_met));
  assert.ok(summary.expectations.some((e) => e.is_met));
  work.remove();
});

test('check runs every scenario, writes JUnit, and fails when one fails', async () => {
  const work = workFolder();
  const good = await lightbed(
    work.path,
    'check',
    'ring',
    'virtual-circuit',
    'daemon',
    'protected-ring',
    'shared-backup',
  );
  assert.is(good.code, 0, good.stdout);
  const both = await lightbed(work.path, 'check', 'expected-failure', 'ring', '--junit', 'ci.xml');
  assert.is(both.code, 1);
  assert.match(both.stdout, /1 passed, 1 failed/);
  const xml = readFileSync(join(work.path, 'ci.xml'), 'utf8');
  assert.match(xml, /<testsuite name="ring"/);
  assert.match(xml, /<failure message=/);
  work.remove();
});

test('a folder with a file for each scenario is run whole: one table, JUnit, and each has results of its own', async () => {
  const work = workFolder();
  for (const name of readdirSync(join(work.path, 'scenarios/recovery')))
    if (!['pinned-path.yaml', 'second-cut.yaml'].includes(name))
      rmSync(join(work.path, 'scenarios/recovery', name));
  const run = await lightbed(work.path, 'run', 'scenarios/recovery');
  assert.is(run.code, 0, run.stdout + run.stderr);
  assert.match(run.stdout, /^pass {2}pinned-path .*\npass {2}second-cut /m);
  assert.match(run.stdout, /2 passed, 0 failed; results\/recovery\/junit\.xml/);
  assert.equal(readdirSync(join(work.path, 'results/recovery')).sort(), [
    'junit.xml',
    'pinned-path',
    'second-cut',
  ]);
  const one = await lightbed(work.path, 'run', 'recovery/second-cut', '--seed', '1');
  assert.is(one.code, 0, one.stderr);
  const replayed = await lightbed(work.path, 'replay', 'results/recovery/second-cut');
  assert.is(replayed.code, 0, replayed.stderr);
  const moved = join(work.path, 'scenarios/recovery/pinned-path.yaml');
  writeFileSync(moved, readFileSync(moved, 'utf8').replace(', pinned: true', ''));
  const failed = await lightbed(work.path, 'run', 'recovery', '--out', 'elsewhere');
  assert.is(failed.code, 1);
  assert.match(failed.stdout, /^FAIL {2}pinned-path .*\npass {2}second-cut /m);
  assert.ok(existsSync(join(work.path, 'elsewhere/pinned-path/summary.json')));
  const faults = await lightbed(work.path, 'run', 'recovery', '--faults', 'faults.yaml');
  assert.is(faults.code, 2);
  work.remove();
});

test('a scenario that cannot be read is one error at its place, and nothing is written', async () => {
  const work = workFolder();
  const ring = readFileSync(join(work.path, 'scenarios/ring/scenario.yaml'), 'utf8');
  writeScenario(work.path, 'broken', ring.replace(/^scenario: .*$/m, 'scenario: broken\ncolour: blue'));
  const run = await lightbed(work.path, 'run', 'broken');
  assert.is(run.code, 2);
  assert.match(run.stderr, /^scenarios\/broken\/scenario\.yaml:\d+:1: found unknown key "colour"/m);
  assert.not(existsSync(join(work.path, 'results')));
  work.remove();
});

test('wrong arguments end with code 2 and a word on what is there', async () => {
  const work = workFolder();
  const missing = await lightbed(work.path, 'run', 'nowhere');
  assert.is(missing.code, 2);
  assert.match(missing.stderr, /there is no scenario nowhere/);
  writeFileSync(join(work.path, 'map.json'), '{}');
  const map = await lightbed(work.path, 'run', 'map.json');
  assert.is(map.code, 2);
  assert.match(
    map.stderr,
    /map\.json is no scenario, which is a \.yaml file: if it is a map, lightbed import/,
  );
  const unknown = await lightbed(work.path, 'fly');
  assert.is(unknown.code, 2);
  const option = await lightbed(work.path, 'run', 'ring', '--sead', '4');
  assert.is(option.code, 2);
  assert.match(option.stderr, /sead/);
  const world = await lightbed(work.path, 'run', 'ring', '--world', 'flat');
  assert.is(world.code, 2);
  assert.not(existsSync(join(work.path, 'results')));
  work.remove();
});

test('metrics lists what an expectation may name', async () => {
  const work = workFolder();
  const list = await lightbed(work.path, 'metrics');
  assert.is(list.code, 0);
  assert.match(list.stdout, /^reroute\.light +time +/m);
  const json = await lightbed(work.path, 'metrics', '--json');
  assert.ok((JSON.parse(json.stdout) as { name: string }[]).some((m) => m.name === 'path.setup'));
  work.remove();
});

test.run();
