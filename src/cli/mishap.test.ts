// What goes wrong around a run, not in it: a reader that leaves, a key pressed, a folder that cannot be written.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { lightbed, main, workFolder } from './cli.fixture.ts';

const test = suite('mishaps around a run');

test('results that cannot be written are one error, and code 2', async () => {
  const work = workFolder();
  writeFileSync(join(work.path, 'taken'), 'a file');
  for (const out of ['taken', 'taken/below', '']) {
    const run = await lightbed(work.path, 'run', 'ring', `--out=${out}`);
    assert.is(run.code, 2, run.stderr);
    assert.match(run.stderr, new RegExp(`^lightbed: results cannot be written to "${out}": `));
    assert.not.match(run.stderr, /\n {4}at /);
  }
  assert.is(readFileSync(join(work.path, 'taken'), 'utf8'), 'a file');
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

test('an option given twice counts as given last', async () => {
  const work = workFolder();
  const run = await lightbed(work.path, 'run', 'ring', '--out', 'a', '--seed=1', '--out', 'b b', '--seed=-7');
  assert.is(run.code, 0, run.stderr);
  assert.not(existsSync(join(work.path, 'a')));
  assert.ok(existsSync(join(work.path, 'b b', 'report.html')));
  assert.match(
    run.stdout,
    /^replay: npx lightbed run scenarios\/ring\/scenario\.yaml --world virtual --seed=-7$/m,
  );
  work.remove();
});

test('a reader that leaves after one line, as head does, costs nothing but its own lines', async () => {
  const work = workFolder();
  const child = spawn(process.execPath, [main, 'run', 'ring'], {
    cwd: work.path,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.once('data', () => child.stdout.destroy());
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  assert.is(stderr, '');
  assert.is(code, 0);
  assert.ok(existsSync(join(work.path, 'results/ring/report.html')));
  work.remove();
});

test('Ctrl-C ends a run with code 130, and keeps what was traced', async () => {
  const work = workFolder();
  const temporary = join(work.path, 'tmp');
  mkdirSync(temporary);
  const child = spawn(process.execPath, [main, 'run', 'fibre-cut-cern-caltech'], {
    cwd: work.path,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  child.stdout.on('data', (data) => {
    stdout += data;
    if (/ of 660 s/.test(stdout)) child.kill('SIGINT');
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on('close', (c, s) => resolve([c, s])),
  );
  assert.equal([code, signal], [130, null]);
  const lines = readFileSync(join(work.path, 'results/fibre-cut-cern-caltech/trace.jsonl'), 'utf8').split(
    '\n',
  );
  assert.ok(lines.length > 1 && lines.at(-1) === '');
  for (const line of lines.slice(0, -1)) assert.type(JSON.parse(line), 'object');
  assert.equal(readdirSync(temporary), []);
  work.remove();
});

test.run();
