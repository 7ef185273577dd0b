// Runs one scenario for a command: progress on stderr or stdout, the trace streamed to its file, and at the
// end everything written under the results folder.

import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkWorld } from '../scenario/check-world.ts';
import { type RunResult, run } from '../scenario/run.ts';
import type { WorldName } from '../scenario/worlds/world.ts';
import { Progress } from './progress.ts';
import type { ReadScenario } from './scenario-file.ts';
import { lightbedVersion } from './version.ts';

export interface ExecuteOptions {
  readonly world: WorldName;
  readonly seed?: string;
  /** Where the results go; made if need be. Null writes nothing. */
  readonly out: string | null;
  /** Where the progress goes; null shows none. */
  readonly progress: NodeJS.WriteStream | null;
}

/**
 * Rejects with `ScenarioError` where the world cannot do what the scenario asks, with `RunError` when the run stops before
 * its end; what was traced until then stays in its file.
 */
export async function execute(read: ReadScenario, options: ExecuteOptions): Promise<RunResult> {
  const { scenario } = read;
  checkWorld(read.file, read.text, options.world);
  const trace = options.out === null ? null : new TraceFile(options.out);
  const folder = mkdtempSync(join(tmpdir(), 'lightbed-'));
  const { world, progress: out } = options;
  const progress = out === null ? null : new Progress({ world, duration: scenario.duration, out });
  try {
    return await run(scenario, {
      world,
      folder,
      file: read.file,
      version: lightbedVersion(),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(trace === null ? {} : { sink: (line: string) => trace.add(line) }),
      ...(progress === null ? {} : { progress }),
    });
  } finally {
    trace?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lines gathered before they are written. */
const batchCharacters = 1 << 18;

class TraceFile {
  readonly #file: number;
  #pending = '';

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#file = openSync(join(folder, 'trace.jsonl'), 'w');
  }

  add(line: string): void {
    this.#pending += line;
    if (this.#pending.length >= batchCharacters) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#pending);
    this.#pending = '';
  }
}
