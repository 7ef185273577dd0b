// What a person who watches a run wants to know now: the state of each light path and how far each transfer
// is. Read off the records as they come.

import { bitsPerSecond, bytes, formatBytes, formatRate } from '../core/quantity.ts';
import type { Instant } from '../core/time.ts';
import type { TraceRecord } from '../engine/trace.ts';
import { numberOf, textOf } from './checkers/checker.ts';

const PATH_STATES: Readonly<Record<string, string>> = {
  'path.requested': 'asked for',
  'path.up': 'up',
  'path.down': 'DOWN',
  'path.released': 'released',
  'path.refused': 'REFUSED',
  'loss.detected': 'no light',
  'reroute.decided': 'moving',
};

interface TransferState {
  readonly total: number;
  bytes: number;
  rate: number;
  at: Instant;
  end: string | null;
}

export class RunStatus {
  readonly #paths = new Map<string, string>();
  readonly #transfers = new Map<string, TransferState>();
  #seen = 0;

  /** Takes in what has been recorded since the last call. */
  follow(records: readonly TraceRecord[]): void {
    for (; this.#seen < records.length; this.#seen++) {
      const record = records[this.#seen];
      if (record !== undefined) this.#observe(record);
    }
  }

  /** `path main up · transfer dataset 41 % (52 of 126 GB, 1.68 Gb/s)` */
  format(): string {
    const paths = [...this.#paths].map(([path, state]) => `path ${path} ${state}`);
    const transfers = [...this.#transfers].map(
      ([name, t]) => `transfer ${name} ${t.end ?? formatProgress(t)}`,
    );
    return [...paths, ...transfers].join(' · ');
  }

  #observe(record: TraceRecord): void {
    const state = PATH_STATES[record.kind];
    if (state !== undefined) this.#paths.set(textOf(record, 'path'), state);
    if (record.kind === 'transfer.started') {
      const total = numberOf(record, 'bytes');
      this.#transfers.set(textOf(record, 'transfer'), { total, bytes: 0, rate: 0, at: record.at, end: null });
    }
    const transfer =
      record.kind === 'goodput.sampled' || record.kind.startsWith('transfer.')
        ? this.#transfers.get(textOf(record, 'transfer'))
        : undefined;
    if (transfer === undefined) return;
    if (record.kind === 'goodput.sampled') sample(transfer, record);
    if (record.kind === 'transfer.completed') transfer.end = 'complete, verified';
    if (record.kind === 'transfer.failed') transfer.end = 'FAILED';
  }
}

function sample(transfer: TransferState, record: TraceRecord): void {
  const total = numberOf(record, 'bytes');
  const span = (record.at - transfer.at) / 1e9;
  if (span > 0) transfer.rate = (total - transfer.bytes) / span;
  transfer.bytes = total;
  transfer.at = record.at;
}

function formatProgress(t: TransferState): string {
  const share = Math.floor((100 * t.bytes) / t.total);
  return `${share} % of ${formatBytes(bytes(t.total))}, ${formatRate(bitsPerSecond(t.rate * 8))}`;
}
