// Runs every compiled test file in a process of its own, two at a time, and counts what really ran. A file
// that runs no test, hangs, or ends without a word is a failure that names the file and the test.

import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SuiteReport } from './suite.ts';

/** A file takes at most half a minute of a core; machines that give it a tenth of one are waited for. */
const fileLimitMs = 1_200_000;

interface FileResult {
  readonly file: string;
  passed: number;
  readonly failed: string[];
  readonly skipped: string[];
  output: string;
  readonly seconds: number;
}

const dist = fileURLToPath(new URL('../..', import.meta.url));
const root = join(dist, '..');
const filters = process.argv.slice(2);
const files = testFiles(dist).filter((file) => filters.every((f) => relative(dist, file).includes(f)));
if (files.length === 0) fail(`no test file has ${filters.join(' and ')} in its name`);

const results = await runAll(files, Math.max(1, Math.min(4, availableParallelism())));
summarise(results);

function testFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .sort()
    .map((name) => join(folder, name));
}

async function runAll(queue: readonly string[], parallel: number): Promise<FileResult[]> {
  const waiting = [...queue];
  const done: FileResult[] = [];
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const result = await runFile(file);
      done.push(result);
      report(result, done.length, queue.length);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return done;
}

function runFile(path: string): Promise<FileResult> {
  const started = performance.now();
  const file = relative(dist, path).replace(/\.js$/, '.ts');
  const tally = { file, passed: 0, failed: [] as string[], skipped: [] as string[], output: '' };
  let running: string | null = null;
  let suites = 0;
  const child = fork(path, [], { cwd: root, silent: true, execArgv: ['--enable-source-maps'] });
  child.stdout?.on('data', (data) => (tally.output += data));
  child.stderr?.on('data', (data) => (tally.output += data));
  child.on('message', (message) => {
    const report = message as SuiteReport;
    if (report.kind === 'suite') suites += 1;
    if (report.kind === 'run') suites -= 1;
    if (report.kind === 'start') running = report.name;
    if (report.kind === 'passed' || report.kind === 'failed') running = null;
    if (report.kind === 'passed') tally.passed += 1;
    if (report.kind === 'failed') tally.failed.push(report.name);
    if (report.kind === 'skipped') tally.skipped.push(`${report.name} (${report.reason})`);
  });
  return new Promise((resolve) => {
    const limit = setTimeout(() => end(child), fileLimitMs);
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      const complaint = complain(code, signal, running, suites, tally);
      if (complaint !== null) tally.failed.push(`${file}: ${complaint}`);
      resolve({ ...tally, seconds: (performance.now() - started) / 1000 });
    });
  });
}

/** What is wrong with how a file ended, apart from failed tests; null when nothing is. */
function complain(
  code: number | null,
  signal: string | null,
  running: string | null,
  suitesNotRun: number,
  tally: { passed: number; failed: readonly string[]; skipped: readonly string[] },
): string | null {
  if (running !== null) return `stopped inside "${running}" (${signal ?? `exit code ${code}`})`;
  if (suitesNotRun > 0) return 'a suite was never run: its file forgets .run()';
  if (tally.passed + tally.failed.length + tally.skipped.length === 0) return 'ran no test';
  if (code !== 0 && tally.failed.length === 0) return `ended with ${signal ?? `exit code ${code}`}`;
  return null;
}

function end(child: ChildProcess): void {
  child.kill('SIGKILL');
}

function report(result: FileResult, done: number, total: number): void {
  const word = result.failed.length > 0 ? 'FAIL' : 'ok';
  console.log(
    `[${done}/${total}] ${word.padEnd(4)} ${result.file}  ${result.passed} tests, ${result.seconds.toFixed(1)} s`,
  );
  if (result.failed.length === 0) return;
  console.log(result.output.trimEnd());
  for (const name of result.failed) console.log(`  failed: ${name}`);
  console.log(`  again:  npm test -- ${result.file.replace(/\.ts$/, '')}`);
}

function summarise(all: readonly FileResult[]): void {
  const sum = (count: (r: FileResult) => number): number => all.reduce((total, r) => total + count(r), 0);
  for (const skipped of all.flatMap((r) => r.skipped).sort()) console.log(`skipped: ${skipped}`);
  const failed = sum((r) => r.failed.length);
  console.log(`${sum((r) => r.passed)} passed, ${failed} failed, ${sum((r) => r.skipped.length)} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
