// The ring of `scenarios/ring` with another timeline, run in the virtual world.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defined } from '../core/assert.ts';
import type { TraceRecord } from '../engine/trace.ts';
import { loadScenario } from './load.ts';
import { type RunResult, run } from './run.ts';

/** Seen from the source and from what is compiled of it. */
const file = ['../../scenarios/ring/scenario.yaml', '../../../scenarios/ring/scenario.yaml']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));
export const ringText = readFileSync(defined(file, 'the file of the ring'), 'utf8');

export interface RingRun extends RunResult {
  of(kind: string): readonly TraceRecord[];
}

/** Lines of the timeline without their `- `, and how long the run lasts. */
export async function runRing(
  timeline: readonly string[],
  duration = '12 s',
  provisioning = '',
): Promise<RingRun> {
  const text = ringText
    .replace(/^duration: .*$/m, `duration: ${duration}`)
    .replace(/^provisioning: \{/m, `provisioning: { ${provisioning}`)
    .replace(/^timeline:[^]*$/m, `timeline:\n${timeline.map((line) => `  - { ${line} }\n`).join('')}`);
  const folder = mkdtempSync(join(tmpdir(), 'lightbed-'));
  try {
    const file = 'scenarios/ring/scenario.yaml';
    const result = await run(loadScenario(file, text), { world: 'virtual', folder, version: 'test', file });
    return { ...result, of: (kind) => result.records.filter((r) => r.kind === kind) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
