// What the daemon of an end host is told, and what it asks of the host: where traffic goes, and whether light comes in.
// Both are satisfied by whoever runs it: a host's routing table and network card, or a model of them.

import { type Duration, ms, seconds } from '../core/time.ts';
import type { Address, Network } from '../platform/platform.ts';
import { CLIENT_TIMINGS, type ClientTimings } from './client.ts';
import { type HostReceiver, RECEIVER_TIMINGS, type ReceiverTimings } from './host-receivers.ts';

/** Where the host's traffic for a peer goes. Repeating a call does nothing. */
export interface TrafficSteering {
  /**
   * Over the light path of that name, which carries light both ways. Where that cannot be, traffic is routed, and `failed` is
   * called, though not before this returns.
   */
  usePath(path: string, peer: string, failed: (reason: string) => void): void;
  /** Over the routed network, as without light paths. */
  useRouted(peer: string): void;
}

/** The host's own transceivers. */
export interface TransceiverMonitor {
  /** Whether usable light comes in where one of these fibres ends at this host. */
  isLit(fibres: readonly string[]): boolean;
  /** Whether light comes in at all where that fibre ends, be it usable yet or not. */
  hasLight(fibre: string): boolean;
  /** Calls `changed` whenever an answer may be another, until the returned function is called. */
  subscribe(changed: () => void): () => void;
}

export interface DaemonDoors {
  readonly steering: TrafficSteering;
  readonly monitor: TransceiverMonitor;
  /** Where applications of this host come in; by default the platform's own network. */
  readonly applications?: Pick<Network, 'listen'>;
  /** Called once it listens. */
  readonly listening?: (applications: Address, peers: Address) => void;
}

export interface DaemonConfig {
  /** This host, as light paths name their ends. */
  readonly host: string;
  /** For applications; 0 for any free one. */
  readonly tcpPort: number;
  /** For the daemons of other hosts; 0 for any free one. */
  readonly peerTcpPort: number;
  /** Any of them may be asked; the nearest one that answers is. */
  readonly agents: readonly Address[];
  /** The daemons of hosts at the other ends of paths. Without one, light cannot be verified at both ends. */
  readonly peers: readonly { readonly host: string; readonly address: Address }[];
  /** Whom to tell of its receivers. Without any, agents see light at switches only. */
  readonly receivers?: readonly HostReceiver[];
  readonly timings?: Partial<DaemonTimings>;
}

export interface DaemonTimings extends ClientTimings, ReceiverTimings {
  /** How long an application may be away before its paths are released: ours, time to start again. */
  readonly grace: Duration;
  /** An agent that does not answer a probe within this is not the nearest: ours, above any round trip on Earth. */
  readonly probeLimit: Duration;
  /** Round trips are measured anew after this: ours. */
  readonly surveyLife: Duration;
  /** An agent that is out of touch so long while it is asked counts as gone: ours, above one that dials again. */
  readonly agentLimit: Duration;
  /** The same while it keeps a path: after its lease (30 s, MonALISA) the path's switches have let go of it. */
  readonly agentGone: Duration;
  /** A path that was lost is asked for again after this, then after pauses that double up to `askMost`: ours. */
  readonly askFirst: Duration;
  readonly askMost: Duration;
  /** What is received of a path is said to the peer when it changes, and again this often: ours. */
  readonly lightPeriod: Duration;
  /** A peer that has been silent so long does not verify anything any more: ours, five words. */
  readonly peerLimit: Duration;
  /** A path of a silent peer is forgotten after this: ours, two leases. */
  readonly peerGone: Duration;
  /** Traffic that could not be pointed at a path is tried again after this: ours. */
  readonly steerAgain: Duration;
  /** Silence is looked for this often: ours. */
  readonly tick: Duration;
}

export const DAEMON_TIMINGS: DaemonTimings = {
  ...CLIENT_TIMINGS,
  ...RECEIVER_TIMINGS,
  grace: seconds(10),
  probeLimit: seconds(2),
  surveyLife: seconds(60),
  agentLimit: seconds(5),
  agentGone: seconds(30),
  askFirst: seconds(1),
  askMost: seconds(60),
  lightPeriod: seconds(1),
  peerLimit: seconds(5),
  peerGone: seconds(60),
  steerAgain: seconds(10),
  tick: ms(500),
};

/** Bounds of memory and effort: ours. */
export const DAEMON_LIMITS = {
  connectionsMax: 256,
  /** Asked for by applications here, and as many by peers. */
  pathsMax: 1_000,
  /** Agents that are probed at once. */
  probesMax: 16,
} as const;

/** For applications, and for daemons: ours, after the agents' 3400. */
export const DEFAULT_DAEMON_TCP_PORT = 3410;
export const DEFAULT_DAEMON_PEER_TCP_PORT = 3411;
