// Circuit nodes of a scenario, the spans between them, and what the timeline does with circuits.

import type { BitsPerSecond, Metres } from '../core/quantity.ts';
import type { Duration } from '../core/time.ts';

/** A node that joins Ethernet ports by circuits (Ciena CD/CI). Where a property is absent, the family's default holds. */
export interface CircuitNodeDescription {
  readonly name: string;
  readonly site: string;
  readonly ocPorts: readonly OcPortDescription[];
  readonly ethernetPorts: readonly EthernetPortDescription[];
  /** From the arrival of a command until its execution. */
  readonly commandTime?: Duration;
}

export const OC_LEVELS = ['oc-3', 'oc-12', 'oc-48', 'oc-192'] as const;

export interface OcPortDescription {
  readonly aid: string;
  /** OC-n has n STS-1 time slots. */
  readonly level: (typeof OC_LEVELS)[number];
}

export const slotsOf = ({ level }: OcPortDescription): number => Number(level.slice('oc-'.length));

export interface EthernetPortDescription {
  readonly aid: string;
  readonly rate: BitsPerSecond;
}

/** A port of a circuit node. */
export interface SpanEnd {
  readonly node: string;
  readonly port: string;
}

/** Joins OC-n ports of two circuit nodes; the smaller one says how many time slots there are. */
export interface SpanDescription {
  readonly name: string;
  readonly between: readonly [SpanEnd, SpanEnd];
  readonly length: Metres;
}

/** A whole span, or the time slots that are named. */
export interface SpanFailure {
  readonly span: string;
  readonly slots?: readonly number[];
}

export interface SpanCut extends SpanFailure {
  /** Until it is repaired by itself. */
  readonly for?: Duration;
}

/** A host's control machine has a circuit provisioned between the Ethernet ports of two hosts. */
export interface CreateCircuitAction {
  readonly kind: 'create-circuit';
  readonly circuit: string;
  readonly from: string;
  readonly to: string;
  /** Either this, rounded up to STS-1s, or their number. */
  readonly rate?: BitsPerSecond;
  readonly sts1?: number;
}

export interface DeleteCircuitAction {
  readonly kind: 'delete-circuit';
  readonly circuit: string;
}
