// CUBIC: RFC 9438. The window is a cubic function of the time since the last loss, flat around the window where
// that loss was (W_max); where Reno would be faster, it follows Reno's pace. Windows inside are in segments and times in
// seconds, as in the RFC. cwnd stands for flight_size at a loss, as in Linux: the window does not grow unless it is full.

import type { Instant } from '../core/time.ts';
import { type CongestionControl, SSTHRESH_SEGMENTS_MIN, type Window } from './congestion.ts';

export interface CubicState {
  readonly algorithm: 'cubic';
  /** W_max, in segments; null before a loss and after a time-out, when growth starts from where it is. */
  readonly windowMax: number | null;
  /** cwnd_prior: the window at the last loss, in segments. */
  readonly windowPrior: number;
  /** The current stage of congestion avoidance; null until its first acknowledgement. */
  readonly epoch: CubicEpoch | null;
}

export interface CubicEpoch {
  readonly start: Instant;
  /** Seconds from the start of the stage until the window is back at `origin`. */
  readonly k: number;
  /** W_max of this stage, in segments. */
  readonly origin: number;
  /** W_est: where Reno would be, in segments. */
  readonly estimate: number;
  readonly lastAckAt: Instant;
}

/** Section 5.1: the aggressiveness C, in segments per second cubed. */
export const CUBIC_C = 0.4;
/** Section 4.6: the multiplicative decrease factor. */
export const CUBIC_BETA = 0.7;
/** Section 4.3: the additive increase that gives Reno's average with CUBIC's decrease. */
const RENO_FRIENDLY_ALPHA = (3 * (1 - CUBIC_BETA)) / (1 + CUBIC_BETA);

export const CUBIC: CongestionControl<CubicState> = {
  initial: () => ({ algorithm: 'cubic', windowMax: null, windowPrior: 0, epoch: null }),

  grow(state, window, acked, now) {
    const cwnd = window.cwnd / window.mss;
    const epoch = withEstimate(state, state.epoch ?? startEpoch(state, cwnd, now), acked / window.cwnd, now);
    const grown = windowAfter(epoch, window, acked / window.mss, now);
    return { state: inEpoch(state, epoch), cwnd: grown * window.mss };
  },

  /** Section 5.8: times at which the window was not what limited the sender are not counted. */
  hold(state, now) {
    if (state.epoch === null) return state;
    const { start, k, origin, estimate, lastAckAt } = state.epoch;
    const later = (start + (now - lastAckAt)) as Instant;
    return inEpoch(state, { start: later, k, origin, estimate, lastAckAt: now });
  },

  reduce(state, { cwnd, mss }, loss) {
    const segments = cwnd / mss;
    const ssthresh = Math.max(segments * CUBIC_BETA, SSTHRESH_SEGMENTS_MIN) * mss;
    // Section 4.8: after a time-out, the first stage of avoidance has K = 0 and W_max = where it begins.
    const windowMax = loss === 'timeout' ? null : maximumAfterLoss(state.windowMax, segments);
    return { state: { algorithm: 'cubic', windowMax, windowPrior: segments, epoch: null }, ssthresh };
  },
};

/** Written out, as all that happens at each acknowledgement: a spread costs several times as much. */
const inEpoch = ({ windowMax, windowPrior }: CubicState, epoch: CubicEpoch): CubicState => ({
  algorithm: 'cubic',
  windowMax,
  windowPrior,
  epoch,
});

/** Section 4.2, equation (2). */
export const cubicK = (windowMax: number, windowAtEpoch: number): number =>
  Math.cbrt((windowMax - windowAtEpoch) / CUBIC_C);

/** Section 4.2, equation (1): the window, in segments, `t` seconds into a stage. */
export const cubicWindow = (t: number, k: number, windowMax: number): number =>
  CUBIC_C * (t - k) ** 3 + windowMax;

function startEpoch({ windowMax }: CubicState, cwnd: number, now: Instant): CubicEpoch {
  const isBelowMax = windowMax !== null && cwnd < windowMax;
  return {
    start: now,
    k: isBelowMax ? cubicK(windowMax, cwnd) : 0,
    origin: isBelowMax ? windowMax : cwnd,
    estimate: cwnd,
    lastAckAt: now,
  };
}

/** Section 4.3, equation (4), with `rounds` = acknowledged segments / cwnd. */
function withEstimate(
  { windowPrior }: CubicState,
  epoch: CubicEpoch,
  rounds: number,
  now: Instant,
): CubicEpoch {
  const { start, k, origin, estimate } = epoch;
  const alpha = estimate >= windowPrior ? 1 : RENO_FRIENDLY_ALPHA;
  return { start, k, origin, estimate: estimate + alpha * rounds, lastAckAt: now };
}

function windowAfter(epoch: CubicEpoch, window: Window, acked: number, now: Instant): number {
  const cwnd = window.cwnd / window.mss;
  const t = (now - epoch.start) / 1e9;
  if (cubicWindow(t, epoch.k, epoch.origin) < epoch.estimate) return Math.max(cwnd, epoch.estimate);
  const ahead = cubicWindow(t + (window.srtt ?? 0) / 1e9, epoch.k, epoch.origin);
  const target = Math.min(Math.max(ahead, cwnd), 1.5 * cwnd);
  // A burst of acknowledgements at once must not overshoot the target that each of them would have stopped at.
  return Math.min(target, cwnd + ((target - cwnd) / cwnd) * acked);
}

/** Section 4.7, fast convergence: a flow that lost before it was back at W_max makes room for a newer one. */
function maximumAfterLoss(windowMax: number | null, cwnd: number): number {
  return windowMax !== null && cwnd < windowMax ? (cwnd * (1 + CUBIC_BETA)) / 2 : cwnd;
}
