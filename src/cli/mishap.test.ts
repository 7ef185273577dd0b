// What goes wrong around a run, not in it: a reader that leaves, a key pressed, a folder that cannot be written.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { lightbed, main, repository, workFolder, writeScenario } from './cli.fixture.ts';

const test = suite('mishaps around a run');

/** The ring with nothing but its light path: what goes wrong here is around a run, so that one should cost little. */
function bareRing(duration: string): string {
  const ring = readFileSync(join(repository, 'scenarios/ring/scenario.yaml'), 'utf8');
  const bare = ring
    .replace(/^scenario: .*$/m, 'scenario: bare')
    .replace(/^duration: .*$/m, `duration: ${duration}`)
    .replace(/^ {2}- \{ (?!at: 0\.5 s|metric: (path\.setup|invariants)).*$\n/gm, '');
  assert.is(bare.match(/^ {2}- /gm)?.length, 3, bare);
  return bare;
}

function bareFolder(duration = '2 s'): ReturnType<typeof workFolder> {
  const work = workFolder();
  writeScenario(work.path, 'bare', bareRing(duration));
  return work;
}

test('results that cannot be written are one error, and code 2', async () => {
  const work = bareFolder();
  writeFileSync(join(work.path, 'taken'), 'a file');
  const places = ['taken', 'taken/below', '', '/proc/none'];
  const runs = await Promise.all(places.map((out) => lightbed(work.path, 'run', 'bare', `--out=${out}`)));
  for (const [i, run] of runs.entries()) {
    assert.is(run.code, 2, run.stderr);
    assert.match(run.stderr, new RegExp(`^lightbed: results cannot be written to "${places[i]}": `));
    assert.not.match(run.stderr, /\n {4}at /);
  }
  assert.is(readFileSync(join(work.path, 'taken'), 'utf8'), 'a file');
  work.remove();
});

test('a seed of nothing is one error, and code 2', async () => {
  const work = bareFolder();
  for (const words of [
    ['run', 'bare'],
    ['check', 'bare'],
    ['whatif', 'bare'],
    ['import', 'x.json'],
  ]) {
    const { code, stderr } = await lightbed(work.path, ...words, '--seed=');
    assert.is(code, 2, stderr);
    assert.match(stderr, /^lightbed: --seed: expected a number or a word, got nothing\n/);
  }
  work.remove();
});

test('a folder in the place of a scenario file is one error, and code 2', async () => {
  const work = workFolder();
  mkdirSync(join(work.path, 'folder.yaml'));
  const run = await lightbed(work.path, 'run', 'folder.yaml');
  assert.is(run.code, 2);
  assert.match(run.stderr, /^lightbed: folder\.yaml cannot be read: EISDIR/);
  work.remove();
});

test('a command there is none of, one with too little, and a JUnit file without a place are one message each', async () => {
  const work = bareFolder();
  writeFileSync(join(work.path, 'taken'), 'a file');
  const said = async (...words: string[]) => (await lightbed(work.path, ...words)).stderr;
  assert.match(await said('chek', 'bare'), /^lightbed: there is no command chek; did you mean check\?\n/);
  assert.match(await said('run'), /^lightbed: something is missing: 0 given, 1 needed\nlightbed run --help/);
  const unplaced = await lightbed(work.path, 'check', 'bare', '--junit', 'taken/x.xml');
  assert.is(unplaced.code, 2);
  assert.match(unplaced.stderr, /^lightbed: results cannot be written to "taken": EEXIST: .*\n/);
  assert.is(unplaced.stdout, '');
  work.remove();
});

/** One run for two tests: options given twice, and a reader that leaves after the first line. */
let leaving: Promise<{ work: ReturnType<typeof workFolder>; code: number | null; stderr: string }> | null =
  null;

function runWithoutReader(): NonNullable<typeof leaving> {
  const work = bareFolder();
  const options = ['--out', 'a', '--seed=1', '--out', 'b b', '--seed=-7'];
  const child = spawn(process.execPath, [main, 'run', 'bare', ...options], {
    cwd: work.path,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.once('data', () => child.stdout.destroy());
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ work, code, stderr })));
}

test('a reader that leaves after one line, as head does, costs nothing but its own lines', async () => {
  leaving ??= runWithoutReader();
  const { work, code, stderr } = await leaving;
  assert.is(stderr, '');
  assert.is(code, 0);
  assert.ok(existsSync(join(work.path, 'b b', 'report.html')));
});

test('an option given twice counts as given last', async () => {
  leaving ??= runWithoutReader();
  const { work } = await leaving;
  assert.not(existsSync(join(work.path, 'a')));
  assert.match(
    readFileSync(join(work.path, 'b b', 'summary.json'), 'utf8'),
    /npx lightbed run scenarios\/bare\/scenario\.yaml --world virtual --seed=-7"/,
  );
  work.remove();
});

test('Ctrl-C ends a run with code 130, and keeps what was traced', async () => {
  const work = bareFolder('100000 s');
  const temporary = join(work.path, 'tmp');
  mkdirSync(temporary);
  const child = spawn(process.execPath, [main, 'run', 'bare'], {
    cwd: work.path,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  child.stdout.on('data', (data) => {
    stdout += data;
    if (/ of 100000 s/.test(stdout)) child.kill('SIGINT');
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on('close', (c, s) => resolve([c, s])),
  );
  assert.equal([code, signal], [130, null]);
  const lines = readFileSync(join(work.path, 'results/bare/trace.jsonl'), 'utf8').split('\n');
  assert.ok(lines.length > 1 && lines.at(-1) === '');
  for (const line of lines.slice(0, -1)) assert.type(JSON.parse(line), 'object');
  assert.equal(readdirSync(temporary), []);
  work.remove();
});

test.run();
