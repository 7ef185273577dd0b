// One process at a time works in a store: a file that names the process which does. What a killed one left is taken over.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takingOver } from '../host/take-over.ts';
import { UsageError } from './exit-code.ts';

/** Resolves with the way to let go of it. Rejects with `UsageError` while another process has it. */
export async function holdFolder(folder: string, name: string): Promise<() => void> {
  const file = join(folder, `${name}.pid`);
  const release = await takingOver(file, () => hold(folder, file));
  if (release === null) throw new UsageError(`${file}: another process is taking it`);
  return release;
}

function hold(folder: string, file: string): () => void {
  for (let tries = 0; ; tries++) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!isThere(error)) throw new UsageError(`${file}: cannot be written`);
      const pid = Number(readFileSync(file, 'utf8'));
      if (tries > 0 || isRunning(pid)) throw new UsageError(`${folder}: process ${pid} works there`);
      rmSync(file, { force: true });
    }
  }
}

const isThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST';

/** EPERM: it runs, as another user. */
function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
