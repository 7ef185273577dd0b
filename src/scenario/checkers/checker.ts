// An invariant, checked at every record of a run. A checker sees only what the run recorded, never the
// inside of a program, so that the same checkers judge every world.

import type { Instant } from '../../core/time.ts';
import type { TraceRecord } from '../../engine/trace.ts';

export interface Violation {
  readonly checker: string;
  readonly at: Instant;
  readonly message: string;
}

export interface Checker {
  readonly name: string;
  /** One sentence: what must hold. */
  readonly invariant: string;
  /** What is wrong now that `record` has happened; usually nothing. Records come in the order of time. */
  observe(record: TraceRecord): readonly string[];
  /** What is wrong at the end of the run. */
  settle(at: Instant): readonly string[];
}

/** A field that must be text: a record without it is a bug of whoever wrote it. */
export function textOf(record: TraceRecord, field: string): string {
  const value = record.fields[field];
  if (typeof value === 'string') return value;
  throw new TypeError(`record ${record.kind} has no text "${field}": ${JSON.stringify(record.fields)}`);
}

export function numberOf(record: TraceRecord, field: string): number {
  const value = record.fields[field];
  if (typeof value === 'number') return value;
  throw new TypeError(`record ${record.kind} has no number "${field}": ${JSON.stringify(record.fields)}`);
}

export function textsOf(record: TraceRecord, field: string): readonly string[] {
  const value = record.fields[field];
  if (Array.isArray(value)) return value.map(String);
  throw new TypeError(`record ${record.kind} has no list "${field}": ${JSON.stringify(record.fields)}`);
}
