// Where the emulators of this user listen for control: a file for each, named after its process, in a folder
// of the machine's temporary folder that nobody else can write to.

import { lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { makeFolder } from '../host/make-folder.ts';
import { UsageError } from './exit-code.ts';
import { isRunning } from './running-process.ts';

const stateSchema = v.strictObject({
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  /** `HOST:PORT` */
  ctl: v.string(),
  devices: v.array(v.string()),
});

export type EmulatorState = v.InferOutput<typeof stateSchema>;

/** Returns the way to take it back. */
export function announce(state: EmulatorState): () => void {
  const file = join(stateFolder(), `${state.pid}.json`);
  writeFileSync(file, `${JSON.stringify(state)}\n`, { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** Those that run; what a killed one left behind is removed. */
export function runningEmulators(): readonly EmulatorState[] {
  const folder = stateFolder();
  return readdirSync(folder)
    .filter((name) => /^\d+\.json$/.test(name))
    .sort()
    .flatMap((name) => {
      const state = readState(join(folder, name));
      if (state !== null && isRunning(state.pid)) return [state];
      rmSync(join(folder, name), { force: true });
      return [];
    });
}

function readState(file: string): EmulatorState | null {
  try {
    return v.parse(stateSchema, JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Made if need be. Another user who made it first could send our commands to a place of theirs. */
function stateFolder(): string {
  const user = process.getuid?.();
  const folder = join(tmpdir(), `lightbed-emulate-${user ?? 'user'}`);
  makeFolder(folder, 0o700);
  const stat = lstatSync(folder);
  const isOurs =
    stat.isDirectory() && (user === undefined || (stat.uid === user && (stat.mode & 0o022) === 0));
  if (!isOurs) throw new UsageError(`${folder} is not a folder of this user alone: remove it`);
  return folder;
}
