// All that a report shows of one run, as plain data. Whoever ran the scenario fills it; every table, plot
// and picture is a function of it. Quantities are in base units: ns, bytes, metres, bytes per second.

import type { BitsPerSecond, Bytes, BytesPerSecond, Metres } from '../core/quantity.ts';
import type { Duration, Instant } from '../core/time.ts';

export interface RunReport {
  readonly scenario: string;
  readonly title: string;
  readonly description: string;
  readonly seed: string;
  readonly version: string;
  readonly world: string;
  /** Hex; the same for the same scenario, seed and version. */
  readonly traceHash: string;
  /** The command that makes this run again. */
  readonly replay: string;
  /** How long the run lasted by its own clock. */
  readonly duration: Duration;
  /** Domain events in the trace. */
  readonly recordCount: number;
  readonly isPassed: boolean;
  readonly topology: Topology;
  /** In order of time; one for each time a light path came up, was moved, or went down (no fibres then). */
  readonly paths: readonly PathPhase[];
  readonly cuts: readonly CutReport[];
  readonly repairs: readonly RepairReport[];
  readonly circuits: readonly CircuitReport[];
  /** In order of time. */
  readonly spanChanges: readonly SpanChange[];
  readonly transfers: readonly TransferReport[];
  readonly expectations: readonly ExpectationReport[];
  readonly violations: readonly ViolationReport[];
}

export interface Topology {
  readonly sites: readonly { readonly name: string; readonly title: string }[];
  readonly switches: readonly { readonly name: string; readonly site: string; readonly family: string }[];
  readonly hosts: readonly { readonly name: string; readonly site: string }[];
  readonly fibres: readonly TopologyFibre[];
}

export interface TopologyFibre {
  readonly name: string;
  readonly between: readonly [TopologyEnd, TopologyEnd];
  readonly length: Metres;
}

/** A switch and its port, or a host (port null). */
export interface TopologyEnd {
  readonly node: string;
  readonly port: string | null;
}

export interface PathPhase {
  readonly path: string;
  readonly at: Instant;
  /** From end to end. */
  readonly fibres: readonly string[];
}

export const STAGES = ['detect', 'decide', 'lock', 'switch', 'light', 'data', 'tcp'] as const;
export type Stage = (typeof STAGES)[number];

/** What a cut did to one light path; a cut that hit none has `path` null. */
export interface CutReport {
  /** Counted from 1. */
  readonly cut: number;
  readonly at: Instant;
  readonly fibre: string;
  readonly direction: string;
  readonly path: string | null;
  readonly fibresBefore: readonly string[];
  /** Null when the path was not moved. */
  readonly fibresAfter: readonly string[] | null;
  /** Metres: of the route before, and what the next one is longer. */
  readonly lengthBefore: number;
  readonly extraLength: number | null;
  /** Why light did not come back, or null. */
  readonly reason: string | null;
  /** Since the cut; null for what did not happen. */
  readonly stages: Readonly<Record<Stage, Duration | null>>;
}

export interface RepairReport {
  readonly at: Instant;
  readonly fibre: string;
  readonly direction: string;
}

export interface CircuitReport {
  readonly name: string;
  /** In order of time: what it can carry from then on. */
  readonly steps: readonly { readonly at: Instant; readonly bandwidth: BitsPerSecond }[];
}

/** A span was cut or repaired; `slots`: only these time slots of it. */
export interface SpanChange {
  readonly kind: 'cut' | 'repaired';
  readonly at: Instant;
  readonly span: string;
  readonly slots: readonly number[] | null;
}

export interface TransferReport {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly outcome: 'completed' | 'failed' | 'unfinished';
  /** Why, where it failed. */
  readonly reason: string | null;
  readonly size: Bytes;
  readonly delivered: Bytes;
  readonly files: number;
  readonly verifiedFiles: number;
  readonly streams: number;
  readonly streamBreaks: number;
  readonly lost: Bytes | null;
  readonly doubled: Bytes | null;
  readonly duration: Duration | null;
  readonly goodput: BytesPerSecond | null;
  readonly series: GoodputSeries;
}

/** Samples in order of time; `bytes` is the running total of useful bytes. */
export interface GoodputSeries {
  readonly at: readonly Instant[];
  readonly bytes: readonly number[];
}

export type MeasureDimension =
  | 'time'
  | 'rate'
  | 'byteRate'
  | 'size'
  | 'length'
  | 'power'
  | 'ratio'
  | 'share'
  | 'count';

export interface ExpectationReport {
  readonly metric: string;
  readonly meaning: string;
  readonly dimension: MeasureDimension;
  /** The path or transfer, or null for all. */
  readonly of: string | null;
  readonly bound: {
    readonly kind: 'at-most' | 'at-least' | 'equals';
    /** In the base unit. */
    readonly value: number;
    /** As the scenario gives it: `1 s`. */
    readonly text: string;
  };
  /** The value that decides, in the metric's base unit; null when nothing was measured. */
  readonly measured: number | null;
  readonly isMet: boolean;
  /** Why not, where the value does not say it. */
  readonly reason: string | null;
}

interface ViolationReport {
  readonly at: Instant;
  readonly checker: string;
  readonly text: string;
}
