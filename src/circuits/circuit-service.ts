// What a network that carries Ethernet in circuits of a rate of their own can do, whatever its equipment. A circuit
// joins two Ethernet ports; its operational bandwidth may be less than what was provisioned, and change.

import type { BitsPerSecond } from '../core/quantity.ts';

/** An Ethernet port at a node; its AID as the node names it. */
export interface CircuitPort {
  readonly node: string;
  readonly port: string;
}

/** `route` steps: the link by which a circuit leaves a node, as the equipment numbers its links. */
export interface RouteStep {
  readonly node: string;
  readonly link: string;
}

export interface CircuitRequest {
  /** Letters, digits, `_`, `.` and `-`; the same circuit for ever. */
  readonly name: string;
  readonly ends: readonly [CircuitPort, CircuitPort];
  /** Rounded up to what the equipment can provision. */
  readonly rate: BitsPerSecond;
  /** Frames with these VLAN ids, both included, at both ends; all frames of the ports otherwise. */
  readonly vlans?: { readonly first: number; readonly last: number };
  /** From the first end to the second; found by the equipment otherwise. */
  readonly route?: readonly RouteStep[];
}

export interface CircuitBandwidth {
  readonly provisioned: BitsPerSecond;
  /** What carries traffic now, at the end that has less. */
  readonly operational: BitsPerSecond;
}

export interface Circuit extends CircuitBandwidth {
  readonly name: string;
  /** Two, or one where only a part of the circuit is there. */
  readonly ends: readonly CircuitPort[];
  /** Whether everything that it needs is there; a part is removed by `delete`, or completed by the same `create`. */
  readonly isWhole: boolean;
}

export type CircuitOutcome =
  /** It is so now, whether this call did it or it was so before. */
  | { readonly kind: 'done' }
  /** It is not so, and what this call had made for it is gone again. */
  | { readonly kind: 'refused'; readonly errorCode: string; readonly reason: string }
  /** It may be so, or so in part. Find out by `list`; `delete` removes what is there. */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface CircuitAlarm {
  readonly node: string;
  /** What has the condition: a port or a group, by its name at the node. */
  readonly object: string;
  /** The circuit that it belongs to; null where it is not the circuit's alone. */
  readonly circuit: string | null;
  /** CL: the condition is over. */
  readonly severity: 'CR' | 'MJ' | 'MN' | 'CL';
  readonly condition: string;
  readonly text: string;
}

export interface CircuitService {
  readonly name: string;
  /** Repeatable: already so = done. Never rejects for what the equipment or the network did. */
  create(request: CircuitRequest): Promise<CircuitOutcome>;
  /** Repeatable: already gone = done. Removes parts, too. */
  delete(circuit: string): Promise<CircuitOutcome>;
  /** Rejects with `CircuitError`, like every retrieve here. */
  list(): Promise<readonly Circuit[]>;
  /** Null for a circuit that is not there, or only in part. */
  bandwidth(circuit: string): Promise<CircuitBandwidth | null>;
  /** The conditions that stand now. */
  listAlarms(): Promise<readonly CircuitAlarm[]>;
  /** Calls `listener` with each condition that comes or goes until the returned function is called. */
  subscribe(listener: (alarm: CircuitAlarm) => void): () => void;
  close(): Promise<void>;
}
