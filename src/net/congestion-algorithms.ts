// The congestion controls there are, and the choice among them by the state they keep.

import type { Instant } from '../core/time.ts';
import type { Window } from './congestion.ts';
import { CUBIC, type CubicState } from './congestion-cubic.ts';
import { RENO, type RenoState } from './congestion-reno.ts';

export type CongestionState = RenoState | CubicState;
export type CongestionAlgorithm = CongestionState['algorithm'];

export function initialCongestion(algorithm: CongestionAlgorithm): CongestionState {
  return algorithm === 'cubic' ? CUBIC.initial() : RENO.initial();
}

export function grow(
  state: CongestionState,
  window: Window,
  acked: number,
  now: Instant,
): { state: CongestionState; cwnd: number } {
  return state.algorithm === 'cubic'
    ? CUBIC.grow(state, window, acked, now)
    : RENO.grow(state, window, acked, now);
}

export function hold(state: CongestionState, now: Instant): CongestionState {
  return state.algorithm === 'cubic' ? CUBIC.hold(state, now) : RENO.hold(state, now);
}

export function reduce(
  state: CongestionState,
  window: Window,
  loss: 'hole' | 'timeout',
): { state: CongestionState; ssthresh: number } {
  return state.algorithm === 'cubic' ? CUBIC.reduce(state, window, loss) : RENO.reduce(state, window, loss);
}
