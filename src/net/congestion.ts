// What a congestion control decides, apart from slow start, recovery and time-outs, which are the same for all: how the
// window grows in congestion avoidance, and how far it falls at a loss. Windows are in bytes, and may be fractional.

import type { Duration, Instant } from '../core/time.ts';

export interface Window {
  readonly cwnd: number;
  readonly mss: number;
  /** Null before the first sample; growth does not happen then. */
  readonly srtt: Duration | null;
}

export interface CongestionControl<State> {
  initial(): State;
  /** The window after `acked` bytes arrived in congestion avoidance, sent while the window was full. */
  grow(state: State, window: Window, acked: number, now: Instant): { state: State; cwnd: number };
  /** Bytes arrived that had been sent with room to spare: the window stays, and time does not count as growth. */
  hold(state: State, now: Instant): State;
  /** The new slow-start threshold after a loss. */
  reduce(state: State, window: Window, loss: 'hole' | 'timeout'): { state: State; ssthresh: number };
}

/** ssthresh is never below two segments: RFC 5681, equation (4); RFC 9438, section 4.6. */
export const SSTHRESH_SEGMENTS_MIN = 2;
