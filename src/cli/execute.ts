// Runs one scenario for a command: progress on stderr or stdout, the trace streamed to its file, and at the
// end everything written under the results folder.

import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkWorld } from '../scenario/check-world.ts';
import { type RunResult, run } from '../scenario/run.ts';
import type { WorldName } from '../scenario/worlds/world.ts';
import { EXIT_INTERRUPTED, UsageError } from './exit-code.ts';
import { Progress } from './progress.ts';
import { makeResultsFolder } from './results-folder.ts';
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
  const { duration } = read.faults?.schedule ?? scenario;
  const progress = out === null ? null : new Progress({ world, duration, out });
  const clear = (): void => {
    trace?.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const forget = onInterrupt(() => {
    clear();
    progress?.interrupt();
  });
  try {
    return await run(scenario, {
      world,
      folder,
      file: read.file,
      version: lightbedVersion(),
      ...(read.faults === undefined ? {} : { faults: read.faults }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(trace === null ? {} : { sink: (line: string) => trace.add(line) }),
      ...(progress === null ? {} : { progress }),
    });
  } finally {
    forget();
    clear();
  }
}

/** Ends the process on Ctrl-C after `clear`; the returned function takes that back. */
function onInterrupt(clear: () => void): () => void {
  const end = (): void => {
    clear();
    process.exit(EXIT_INTERRUPTED);
  };
  process.once('SIGINT', end);
  return () => void process.removeListener('SIGINT', end);
}

/** Lines gathered before they are written. */
const batchCharacters = 1 << 18;

class TraceFile {
  readonly #file: number;
  #pending = '';

  constructor(folder: string) {
    const file = join(folder, 'trace.jsonl');
    makeResultsFolder(folder);
    try {
      // A run that still writes there keeps its own file, and this one is not mixed with it.
      rmSync(file, { force: true });
      this.#file = openSync(file, 'w');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UsageError(`results cannot be written to "${folder}": ${reason}`);
    }
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
