// Runs the lightbed command as a user does: a process of its own, its output, its exit code.

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

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

export function lightbed(cwd: string, ...args: readonly string[]): Promise<Finished> {
  const child = spawn(process.execPath, [main, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}
