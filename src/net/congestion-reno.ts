// Reno: one segment more per round trip, half the window at a loss. RFC 5681, section 3.1.

import { type CongestionControl, SSTHRESH_SEGMENTS_MIN } from './congestion.ts';

export interface RenoState {
  readonly algorithm: 'reno';
}

const STATE: RenoState = { algorithm: 'reno' };

export const RENO: CongestionControl<RenoState> = {
  initial: () => STATE,
  /** RFC 5681, equation (3): a full window of acknowledged bytes adds one segment. */
  grow: (state, { cwnd, mss }, acked) => ({ state, cwnd: cwnd + (mss * acked) / cwnd }),
  hold: (state) => state,
  reduce: (state, { cwnd, mss }) => ({ state, ssthresh: Math.max(cwnd / 2, SSTHRESH_SEGMENTS_MIN * mss) }),
};
