// A scenario as the rest of the program sees it: what exists and what is expected; what happens when is in `schema-timeline.ts`.
// Every quantity is in its base unit, every reference is known to hold (`load.ts` makes sure), and named
// things are arrays in the order of the file. `grammar.ts` says how this is written down.

import type { BitsPerSecond, Bytes, BytesPerSecond, Db, Dbm, Metres } from '../core/quantity.ts';
import type { Duration } from '../core/time.ts';
import type { Detection } from '../provisioning/agent-config.ts';
import type { MetricName } from './metric-names.ts';
import type { CircuitNodeDescription, SpanDescription, SpanEnd } from './schema-circuits.ts';
import type { DaemonHost } from './schema-daemon.ts';
import type { TimelineEntry } from './schema-timeline.ts';
import type { Position } from './source.ts';

export interface Scenario {
  /** The same as its folder's. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly seed: string;
  readonly duration: Duration;
  readonly sites: readonly Site[];
  readonly switches: readonly SwitchDescription[];
  readonly hosts: readonly HostDescription[];
  readonly fibres: readonly FibreDescription[];
  readonly circuitNodes: readonly CircuitNodeDescription[];
  readonly spans: readonly SpanDescription[];
  readonly dataLinks: readonly DataLink[];
  readonly controlLinks: readonly ControlLink[];
  readonly network: NetworkSettings;
  readonly provisioning: ProvisioningSettings;
  /** In order of time; entries of the same time in the order of the file. */
  readonly timeline: readonly TimelineEntry[];
  readonly expectations: readonly Expectation[];
}

export interface Site {
  readonly name: string;
  readonly title: string;
}

export const SWITCH_FAMILIES = ['glimmerglass', 'calient', 'calient-s', 'polatis'] as const;
export type SwitchFamily = (typeof SWITCH_FAMILIES)[number];

/** An optical switch. Where a property is absent, its family's default holds. */
export interface SwitchDescription {
  readonly name: string;
  readonly site: string;
  readonly family: SwitchFamily;
  /** How many ports it has; their labels are the family's. */
  readonly ports: number;
  readonly insertionLoss?: Db;
  /** How its agent notices loss of light; by default as all do. */
  readonly detection?: Detection;
  /** From the command's execution until light passes. */
  readonly switchingTime?: Duration;
  /** From the arrival of a command until its execution. */
  readonly commandTime?: Duration;
}

export interface HostDescription extends DaemonHost {
  readonly name: string;
  readonly site: string;
  readonly disk: DiskDescription;
  /** What it has light by; none where it is on circuits alone. */
  readonly transceiver?: TransceiverDescription;
  /** The Ethernet port of a circuit node that it is plugged into. */
  readonly ethernetPort?: SpanEnd;
}

export interface DiskDescription {
  readonly read: BytesPerSecond;
  readonly write: BytesPerSecond;
}

export interface TransceiverDescription {
  /** Launch power of the transmitter. */
  readonly power: Dbm;
  readonly sensitivity: Dbm;
  /** How long light must be steady before the receiver's link is up. */
  readonly powerOn: Duration;
  readonly capacity: BitsPerSecond;
}

/** One end of a fibre: a port of a switch, or a host's transceiver, counted from 1. */
export type FibreEnd =
  | { readonly kind: 'port'; readonly switchName: string; readonly port: string }
  | { readonly kind: 'host'; readonly host: string; readonly line: number };

/** A duplex pair of fibres; each direction can be cut by itself. */
export interface FibreDescription {
  readonly name: string;
  /** Direction `a-to-b` leads from the first to the second. */
  readonly between: readonly [FibreEnd, FibreEnd];
  readonly length: Metres;
  readonly loss: Db;
  /** Shared-risk link groups: fibres that fail together. */
  readonly srlg?: readonly string[];
  /** The operator's weight in path computation, instead of the length. */
  readonly cost?: number;
  /** What kind of ports it joins. */
  readonly portType?: string;
}

/**
 * An IP link that rides on light between two hosts' transceivers: up while each host receives light of the other at a
 * transceiver that it has selected, with the delay of that light's fibres. Or on a circuit between their Ethernet ports:
 * with the bandwidth that is operational, and the delay of the spans.
 */
export interface DataLink {
  readonly name: string;
  readonly between: readonly [string, string];
  /** Before each transmitter; drop-tail. */
  readonly queue: Bytes;
  readonly mtu: Bytes;
  /** Share of packets lost at random. */
  readonly loss: number;
  /** Added to the propagation delay, each way. */
  readonly equipmentDelay: Duration;
  /** The circuit of the timeline that it rides on; on light where absent. */
  readonly circuit?: string;
}

/** A plain IP link between the routers of two sites; it carries the agents' messages, whatever happens to the fibres. */
export interface ControlLink {
  readonly name: string;
  readonly between: readonly [string, string];
  /** One way. */
  readonly delay: Duration;
  readonly capacity: BitsPerSecond;
  readonly queue: Bytes;
  readonly mtu: Bytes;
}

export const CONGESTION_CONTROLS = ['cubic', 'reno'] as const;
type CongestionControlName = (typeof CONGESTION_CONTROLS)[number];

export interface NetworkSettings {
  /** From a change of a link until the forwarding tables follow. */
  readonly convergence: Duration;
  readonly congestionControl: CongestionControlName;
  /** Per TCP connection. */
  readonly sendBuffer: Bytes;
  readonly receiveBuffer: Bytes;
  /** Of the link between each machine and its site's router, one way. */
  readonly accessDelay: Duration;
  readonly accessCapacity: BitsPerSecond;
  /** Of a host with several transceivers: from the loss of the light it uses until it uses another's. */
  readonly selectionTime: Duration;
}

/** What the agents are told. Where a property is absent, the agent's default holds. */
export interface ProvisioningSettings {
  readonly powerPoll?: Duration;
  /** Below this power a port in use counts as dark. */
  readonly losThreshold?: Dbm;
  readonly losDrop?: Db;
  readonly detection?: Detection;
  readonly holdOff?: Duration;
  readonly flapping?: FlappingSettings;
  readonly reroutesAtOnce?: number;
  /** How far above the threshold the power must come to count as light again. */
  readonly losHysteresis?: Db;
  /** How long an agent waits for other agents and for its switch. */
  readonly replyLimit?: Duration;
  /** So many times as long as usual agents and daemons wait for each other, for switches and for light. */
  readonly patience?: number;
  readonly lease?: Duration;
  readonly heartbeat?: Duration;
  /** Switches: agents know these only, and find the others through them. */
  readonly seeds?: readonly string[];
  /** Between two announcements of an agent's part of the topology. */
  readonly announcement?: Duration;
  /** How long a fibre found failed is not used again, unless light is seen on it. */
  readonly failedFibreHold?: Duration;
}

/** RFC 2439; where a property is absent, the agent's default holds. */
export interface FlappingSettings {
  readonly suppress?: number;
  readonly reuse?: number;
  readonly halfLife?: Duration;
  readonly longest?: Duration;
}

export const STATISTICS = ['min', 'mean', 'p50', 'p95', 'p99', 'max'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** Every value of the metric must hold the bound, and there must be one. */
export interface Expectation {
  readonly metric: MetricName;
  /** Of this path or transfer only. */
  readonly of?: string;
  /** The bound is on this of all values that came, not on every value. */
  readonly statistic?: Statistic;
  readonly bound: Bound;
  readonly where: Position;
}

/** `value` is in the metric's base unit: ns, B/s, B, or a count; `text` is how the file gives it. */
export interface Bound {
  readonly kind: 'at-most' | 'at-least' | 'equals';
  readonly value: number;
  readonly text: string;
}

/** The machine on which a switch's agent runs. */
export const agentMachine = (switchName: string): string => `${switchName}-agent`;

/** Every machine of a scenario: hosts, switches, the switches' agents, and circuit nodes. */
export const machinesOf = (s: Pick<Scenario, 'hosts' | 'switches' | 'circuitNodes'>): readonly string[] => [
  ...s.hosts.map((h) => h.name),
  ...s.switches.map((w) => w.name),
  ...s.switches.map((w) => agentMachine(w.name)),
  ...s.circuitNodes.map((n) => n.name),
];
