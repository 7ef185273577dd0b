// A run that could not go on: a program failed, or nothing could happen any more. It says where in time, what
// was recorded last, and how to see it again.

import { between, EPOCH, formatDuration, type Instant } from '../core/time.ts';
import type { Trace } from '../engine/trace.ts';
import { replayCommandOf } from './replay-command.ts';

const tailLines = 8;

export class RunError extends Error {
  override readonly name = 'RunError';
  readonly at: Instant;

  constructor(o: {
    file: string;
    seed: string;
    world: string;
    at: Instant;
    trace: Trace;
    cause: unknown;
    /** The file of a schedule that was played. */
    faults?: string | undefined;
  }) {
    const reason = o.cause instanceof Error ? `${o.cause.name}: ${o.cause.message}` : String(o.cause);
    const tail = o.trace.tail(tailLines).map((line) => `  ${line}`);
    const lines = [
      `the run of ${o.file} stopped at ${formatDuration(between(EPOCH, o.at))}: ${reason}`,
      ...(tail.length > 0 ? ['the last records before that:', ...tail] : []),
      `again: ${replayCommandOf(o.file, o.world, o.seed, o.faults)}`,
    ];
    super(lines.join('\n'), { cause: o.cause });
    this.at = o.at;
  }
}
