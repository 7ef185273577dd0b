// What an agent is told of its switch and its peers. Each agent knows the fibres at its own ports only.

import type { Db, Dbm, Metres } from '../core/quantity.ts';
import type { Address } from '../platform/platform.ts';
import type { FlapLimits } from './flap-damping.ts';
import type { NeighbourLimits } from './neighbourhood.ts';
import type { AgentTimings } from './timings.ts';
import type { Far } from './topology-messages.ts';

export interface PortConfig {
  readonly port: string;
  readonly fibre: string;
  readonly far: Far;
  readonly length: Metres;
  /** Overrides the length as the fibre's weight in path computation; not negative. */
  readonly cost?: number;
  readonly loss?: Db;
  readonly srlg?: readonly string[];
  readonly portType?: string;
  /** Of the terminal at the other end. */
  readonly transceiver?: { readonly power: Dbm; readonly sensitivity: Dbm };
  /** The machine that speaks for that terminal's receiver; absent: nobody's word is asked for its address. */
  readonly speaker?: string;
}

export const DETECTIONS = ['both', 'alarm', 'poll'] as const;
export type Detection = (typeof DETECTIONS)[number];

export interface AgentConfig {
  readonly switchName: string;
  readonly tcpPort: number;
  readonly ports: readonly PortConfig[];
  /** Of a cross-connect; absent: none worth counting. */
  readonly insertionLoss?: Db;
  /** It changes nothing on its switch: no path goes there. */
  readonly isWatchOnly?: boolean;
  /** Known from the start. */
  readonly peers: readonly { readonly switchName: string; readonly address: Address }[];
  /** Where to ask for the others; then this agent's own address must be given, too. */
  readonly seeds?: readonly Address[];
  /** Where others can dial this agent. It is told to whoever it dials, and announced. */
  readonly address?: Address;
  /** With how many it keeps connections. */
  readonly neighbours?: Partial<NeighbourLimits>;
  readonly timings?: Partial<AgentTimings>;
  readonly losThreshold?: Dbm;
  readonly hysteresis?: Db;
  /** What counts as dark at a port that had light: so much less than it had when it came up; absent: the threshold alone. */
  readonly losDrop?: Db;
  /** `alarm`: what the switch reports by itself, where it does; `poll`: what power readings show; by default both. */
  readonly detection?: Detection;
  readonly flapping?: FlapLimits;
  /** How many reroutes this agent has under way at once. */
  readonly reroutesMax?: number;
}

/** Port for agents and their clients: ours. */
export const DEFAULT_AGENT_TCP_PORT = 3400;
