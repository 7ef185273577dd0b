// Runs in the machine's own time that go on when something has come about, not when a second is over: on a slow machine
// everything comes later, and nothing in another order. In a process of their own, since programs keep their sockets.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finished } from './cli.fixture.ts';

/** Records that are waited for: so many, of that machine, with these fields; one of any, if nothing else is said. */
export interface Wish {
  readonly kind: string;
  readonly times?: number;
  readonly where?: string;
  readonly fields?: { readonly [key: string]: string };
}

/** Once all of this has been recorded, that is done, in order; when the last step is done, the run is over. */
export interface Step {
  readonly after: readonly Wish[];
  /** Entries of the scenario's timeline, counted from 0, which has them at times that never come. */
  readonly acts: readonly number[];
}

/** Long past the end of any test. */
export const NEVER = '1 h';
export const DURATION = '2 h';

export interface Line {
  readonly at: number;
  readonly where: string;
  readonly kind: string;
  readonly fields: { readonly [key: string]: unknown };
}

export interface Conducted extends Finished {
  /** As it was recorded. */
  readonly lines: readonly Line[];
}

/** `scenario` is a name under the folder's scenarios; its results are in `out`. */
export async function conducted(cwd: string, scenario: string, steps: readonly Step[]): Promise<Conducted> {
  const program = fileURLToPath(new URL('./conducted-run.fixture.js', import.meta.url));
  const child = spawn(process.execPath, [program, scenario, 'out', JSON.stringify(steps)], { cwd });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    said.stdout += data;
  });
  child.stderr.on('data', (data) => {
    said.stderr += data;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const trace = code === null || code > 1 ? '' : readFileSync(join(cwd, 'out/trace.jsonl'), 'utf8');
  const lines = trace.split('\n').filter((line) => line !== '');
  return { code, ...said, lines: lines.map((line) => JSON.parse(line) as Line) };
}
