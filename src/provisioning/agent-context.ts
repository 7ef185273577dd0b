// What the parts of one agent share: its platform, configuration, view of the topology, and its voice.

import type { Db, Dbm } from '../core/quantity.ts';
import type { Instant } from '../core/time.ts';
import type { Platform } from '../platform/platform.ts';
import type { AgentConfig } from './agent-config.ts';
import type { FailedFibres } from './failed-fibres.ts';
import type { AgentMessage } from './messages.ts';
import type { Said } from './news-messages.ts';
import type { AgentTimings } from './timings.ts';
import type { TopologyView } from './topology-view.ts';
import type { TurnQueue } from './turn-queue.ts';

export interface AgentContext {
  readonly platform: Platform;
  readonly config: AgentConfig;
  readonly timings: AgentTimings;
  readonly threshold: Dbm;
  readonly hysteresis: Db;
  readonly view: TopologyView;
  readonly failed: FailedFibres;
  /** Whether an operator wants that path to stay where it is. */
  isFrozen(path: string): boolean;
  /** The protected path is over: what an operator said of it is, too. */
  ended(path: string): void;
  /** Paths are, or may be, over what is in maintenance. */
  drainSoon(): void;
  /** Of the paths that are moved by this agent. */
  readonly turns: TurnQueue;
  /** Of the new paths that it is setting up. */
  readonly setUpTurns: TurnQueue;
  /** To the agent of that switch, which may be this one; delivered later, perhaps never. */
  send(to: string, message: AgentMessage): void;
  /** To all other agents that can be reached, from neighbour to neighbour. */
  sendAll(said: Said): void;
  announceSoon(): void;
  /** Light is seen on these fibres, or somebody says that they are mended: everybody hears so. */
  whole(fibres: readonly string[]): void;
  /** These fibres came free, or something came back (null): paths without light may have another way now. */
  news(fibres: readonly string[] | null): void;
  /**
   * Until these peers, or all, are in touch: for a while just after a start, and until `until`. False when nobody had
   * to be waited for.
   */
  meet(peers?: readonly string[], until?: Instant): Promise<boolean>;
  /** For a task that nobody awaits: what it throws is a bug and stops the program. */
  watch(task: Promise<unknown>): void;
}
