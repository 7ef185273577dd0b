// The retransmission timer's arithmetic: RFC 6298 with Linux's bounds. A pure value: samples of the round-trip time and
// expiries go in, the time to wait comes out.

import { type Duration, ns, seconds } from '../core/time.ts';

export interface RttEstimate {
  /** Smoothed round-trip time; null before the first sample. */
  readonly srtt: Duration | null;
  readonly rttvar: Duration;
  /** Expiries since the last sample: each doubles the time-out. */
  readonly backoffs: number;
}

/** Before any sample the time-out is 1 s: RFC 6298, (2.1). */
export const RTO_INITIAL: Duration = seconds(1);
/** Linux TCP_RTO_MIN, HZ / 5: it bounds the term of the variation from below, not the sum (tcp_rtt_estimator). */
export const RTO_VARIATION_MIN: Duration = seconds(0.2);
/** Linux TCP_RTO_MAX, 120 HZ. RFC 6298, (2.5), allows any maximum of at least 60 s. */
export const RTO_MAX: Duration = seconds(120);

export const NO_RTT: RttEstimate = { srtt: null, rttvar: 0 as Duration, backoffs: 0 };

/** RFC 6298, (2.2) and (2.3), with alpha 1/8 and beta 1/4. A sample ends the back-off. */
export function withSample(estimate: RttEstimate, sample: Duration): RttEstimate {
  const { srtt, rttvar } = estimate;
  if (srtt === null) return { srtt: sample, rttvar: ns(Math.round(sample / 2)), backoffs: 0 };
  const variation = rttvar + (Math.abs(srtt - sample) - rttvar) / 4;
  return {
    srtt: ns(Math.round(srtt + (sample - srtt) / 8)),
    rttvar: ns(Math.round(variation)),
    backoffs: 0,
  };
}

/** RFC 6298, (5.5). */
export const withBackoff = (estimate: RttEstimate): RttEstimate => ({
  ...estimate,
  backoffs: estimate.backoffs + 1,
});

/** How long to wait for an acknowledgement before sending again. */
export function retransmissionTimeout({ srtt, rttvar, backoffs }: RttEstimate): Duration {
  const base = srtt === null ? RTO_INITIAL : srtt + Math.max(RTO_VARIATION_MIN, 4 * rttvar);
  return ns(Math.min(RTO_MAX, base * 2 ** backoffs));
}
