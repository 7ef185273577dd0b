// What happens in a scenario and when: the entries of its timeline, each with its action. Actions of circuits, daemons,
// operators and faults have files of their own beside this one.

import type { Bytes, BytesPerSecond, Db, Metres } from '../core/quantity.ts';
import type { Duration } from '../core/time.ts';
import type { Protection } from '../provisioning/protection.ts';
import type { Step } from '../sim/step-watch.ts';
import type { CreateCircuitAction, DeleteCircuitAction, SpanCut, SpanFailure } from './schema-circuits.ts';
import type { FaultActions } from './schema-faults.ts';
import type { OperatorAction } from './schema-operator.ts';
import type { Position } from './source.ts';

export interface TimelineEntry {
  /** Since the start of the run. */
  readonly at: Duration;
  readonly action: Action;
  readonly where: Position;
}

export type Action =
  | RequestAction
  | ReleaseAction
  | ConfirmAction
  | TransferAction
  | CutAction
  | RepairAction
  | CreateCircuitAction
  | DeleteCircuitAction
  | CrashAction
  | RestartAction
  | OperatorAction
  | FaultActions;

/** A host asks for a light path. */
export interface RequestAction {
  readonly kind: 'request';
  readonly path: string;
  readonly from: string;
  readonly to: string;
  /** The switch whose agent is asked; by default the one that the first host's fibre ends at. */
  readonly agent: string;
  readonly mode: 'duplex' | 'simplex';
  /** 0 goes first; by default 7. */
  readonly priority?: number;
  readonly pinned: boolean;
  readonly preempt: boolean;
  /** Fibres and switches. */
  readonly via?: readonly string[];
  readonly avoid?: readonly string[];
  /** Fibres: all and only these. */
  readonly along?: readonly string[];
  /** Since the start of the run. */
  readonly start?: Duration;
  readonly end?: Duration;
  readonly hold?: Duration;
  readonly maxLength?: Metres;
  readonly powerBudget?: Db;
  readonly least?: 'length' | 'hops';
  readonly protection?: Protection;
  /** Its host's daemon keeps it when who asked for it has gone. */
  readonly detached?: boolean;
  /** It goes back to its working route when that has been whole for so long; absent: it stays where it is. */
  readonly revert?: { readonly waitToRestore: Duration };
}

/** What is on hold for a path is connected. */
export interface ConfirmAction {
  readonly kind: 'confirm';
  readonly path: string;
}

export interface ReleaseAction {
  readonly kind: 'release';
  readonly path: string;
}

/** Files of equal size are made on the sender's disk and sent. */
export interface TransferAction {
  readonly kind: 'transfer';
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Of all files together; the last takes the remainder. */
  readonly size: Bytes;
  readonly files: number;
  readonly streams: number;
  readonly block: Bytes;
  readonly rateLimit?: BytesPerSecond;
}

export const FIBRE_DIRECTIONS = ['both', 'a-to-b', 'b-to-a'] as const;
export type FibreDirection = (typeof FIBRE_DIRECTIONS)[number];

export type CutAction = { readonly kind: 'cut' } & (FibreCut | SpanCut);
export type RepairAction = { readonly kind: 'repair' } & (FibreRepair | SpanFailure);

export interface FibreRepair {
  readonly fibre: string;
  readonly direction: FibreDirection;
  /** How long after it the agents are told; absent: never, they see light or nothing. */
  readonly reported?: Duration;
}

export interface FibreCut extends FibreRepair {
  /** Where: the share of the length from the first end. */
  readonly at: number;
  /** Until it is repaired by itself. */
  readonly for?: Duration;
}

export interface CrashAction {
  readonly kind: 'crash';
  readonly machine: string;
  /** Whether the other side of its connections hears of it. */
  readonly sockets: 'silent' | 'reset';
  /** Whether it comes back with what its disk had, or with an empty one. */
  readonly disk: 'kept' | 'lost';
  /** Not at its time, but then at the next step of its programs of this kind. */
  readonly upon?: Step;
  /** So many such steps are spared first. */
  readonly skip?: number;
  /** So long after the step; by default at its instant. */
  readonly later?: Duration;
  /** The step is waited for so long; by default to the end. */
  readonly within?: Duration;
  /** Until it restarts by itself. */
  readonly for?: Duration;
}

export interface RestartAction {
  readonly kind: 'restart';
  readonly machine: string;
}
