// Runs the lightbed command as a user does, and returns its output and exit code: within the test, which spares the start of
// a process, or as a process of its own where that is what is tested.

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { obey } from './command-line.ts';

export const main = fileURLToPath(new URL('./main.js', import.meta.url));
export const repository = fileURLToPath(new URL('../../..', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** An empty folder with the scenarios in it, so that results do not land in the repository. */
export function workFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'lightbed-cli-'));
  cpSync(join(repository, 'scenarios'), join(path, 'scenarios'), { recursive: true });
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Writes `scenarios/<name>/scenario.yaml` under the folder. */
export function writeScenario(folder: string, name: string, text: string): void {
  mkdirSync(join(folder, 'scenarios', name), { recursive: true });
  writeFileSync(join(folder, 'scenarios', name, 'scenario.yaml'), text);
}

/** Runs the command in that folder, within this process; those asked for meanwhile wait for it. */
export function lightbed(cwd: string, ...args: readonly string[]): Promise<Finished> {
  return lightbedIn({ cwd, env: { ...process.env } }, args);
}

/** The same in another environment. */
export function lightbedIn(place: Place, args: readonly string[]): Promise<Finished> {
  const finished = before.then(() => runHere(place, args));
  before = finished.catch(() => {});
  return finished;
}

/** Runs the command in a process of its own; a run in the machine's time needs one, since its programs keep their sockets. */
export function lightbedProcess(cwd: string, ...args: readonly string[]): Promise<Finished> {
  const child = spawn(process.execPath, [main, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    said.stdout += data;
  });
  child.stderr.on('data', (data) => {
    said.stderr += data;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })));
}

interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The command before: folder, environment and output are the whole process's, so there is one at a time. */
let before: Promise<unknown> = Promise.resolve();

async function runHere({ cwd, env }: Place, args: readonly string[]): Promise<Finished> {
  const said = { stdout: '', stderr: '' };
  const usual = { cwd: process.cwd(), env: { ...process.env }, code: process.exitCode };
  const back = (['stdout', 'stderr'] as const).map((name) =>
    listen(process[name], (text) => {
      said[name] += text;
    }),
  );
  process.chdir(cwd);
  setEnvironment(env);
  process.exitCode = undefined;
  try {
    await obey(args);
    return { code: Number(process.exitCode ?? 0), ...said };
  } finally {
    process.chdir(usual.cwd);
    setEnvironment(usual.env);
    process.exitCode = usual.code;
    for (const giveBack of back) giveBack();
  }
}

/** Name by name: where the temporary folder is, Node asks the process and not the object `process.env`. */
function setEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}

/** What is written to the stream goes to `heard` instead, until the returned function is called. */
function listen(stream: NodeJS.WriteStream, heard: (text: string) => void): () => void {
  const write = stream.write;
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    heard(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    const written = rest.at(-1);
    if (typeof written === 'function') process.nextTick(written);
    return true;
  };
  return () => {
    stream.write = write;
  };
}
