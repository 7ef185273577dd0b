// The record of a run: one JSON line per domain event, in the order of the run, with a running SHA-256 over
// the lines. The same scenario, seed and version give the same lines and so the same hash on any machine.

import { sha256 } from '@noble/hashes/sha2.js';
import type { Instant } from '../core/time.ts';
import type { LogValue } from '../platform/platform.ts';
import { TraceOverflowError } from './errors.ts';

export interface TraceRecord {
  readonly at: Instant;
  /** The machine, or the part of the world, that it happened to. */
  readonly where: string;
  /** `noun.verb`, in the past tense. */
  readonly kind: string;
  readonly fields: { readonly [key: string]: LogValue };
}

const RECORDS_MAX = 5_000_000;
/** Characters gathered before they are hashed: one large update is much cheaper than many small ones. */
const HASH_BATCH_CHARACTERS = 1 << 16;

export class Trace {
  readonly #records: TraceRecord[] = [];
  readonly #sink: ((line: string) => void) | null;
  readonly #recordsMax: number;
  readonly #hash = sha256.create();
  readonly #encoder = new TextEncoder();
  #unhashed = '';

  /** `sink` gets each line, with its line end, when it is recorded. */
  constructor(sink?: (line: string) => void, options: { readonly recordsMax?: number } = {}) {
    this.#sink = sink ?? null;
    this.#recordsMax = options.recordsMax ?? RECORDS_MAX;
  }

  /** Adds a record; `fields` must not change afterwards. Throws `TraceOverflowError` at the bound. */
  record(at: Instant, where: string, kind: string, fields: { readonly [key: string]: LogValue }): void {
    if (this.#records.length >= this.#recordsMax) throw new TraceOverflowError(this.#recordsMax);
    const record = { at, where, kind, fields };
    this.#records.push(record);
    const line = formatRecord(record);
    this.#unhashed += line;
    if (this.#unhashed.length >= HASH_BATCH_CHARACTERS) this.#feedHash();
    this.#sink?.(line);
  }

  get records(): readonly TraceRecord[] {
    return this.#records;
  }

  /** SHA-256 over all lines so far, in hex. Recording can go on after it. */
  hash(): string {
    this.#feedHash();
    return Array.from(this.#hash.clone().digest(), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  /** The last `count` lines, without line ends. */
  tail(count: number): string[] {
    const from = Math.max(0, this.#records.length - count);
    return this.#records.slice(from).map((record) => formatRecord(record).trimEnd());
  }

  #feedHash(): void {
    this.#hash.update(this.#encoder.encode(this.#unhashed));
    this.#unhashed = '';
  }
}

/** Keys in the order written, with the line end. */
const formatRecord = (record: TraceRecord): string => `${JSON.stringify(record)}\n`;
