// Why a light path cannot be had, or had to end: a kind that programs can act on, and words for people.

import type { Log } from '../platform/platform.ts';

export const REFUSAL_KINDS = [
  /** No fibres lead there, whoever has them, within what was asked for. */
  'no-path',
  /** Fibres lead there, but others have them. */
  'port-busy',
  /** They lead there, but others have reserved them for a time that is asked for. */
  'port-reserved',
  /** All ways lose more light than the receiver can do without. */
  'power-budget',
  /** The agent of a switch that is needed does not answer. */
  'participant-unreachable',
  /** A switch did not do what it was told. */
  'switch-failed',
  /** Everything was connected, and no light came. */
  'no-light',
  /** Others were faster, each time. */
  'contention',
  /** The path's name is in use. */
  'name-taken',
  /** A bound of the agent. */
  'limit',
  /** What was asked for cannot be: a window in the past, an unknown switch. */
  'bad-request',
  /** The time to confirm it has passed. */
  'hold-expired',
  /** It was given back, or its client has gone, before it was there. */
  'withdrawn',
  /** A path with a higher priority has taken its fibres. */
  'pre-empted',
  /** A bug of the agent has ended it. */
  'agent-error',
  /** The agent that was asked did not answer. */
  'no-answer',
] as const;

export type RefusalKind = (typeof REFUSAL_KINDS)[number];

export interface PathFailure {
  readonly kind: RefusalKind;
  readonly reason: string;
}

/** How a path ended: as its client wanted (null), after it was up, or before it ever was. */
export function recordEnd(log: Log, path: string, wasUp: boolean, failure: PathFailure | null): void {
  if (failure === null) log.record('path.released', { path });
  else log.record(wasUp ? 'path.down' : 'path.refused', { path, ...failure });
}
