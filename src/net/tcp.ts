// TCP's window as pure functions over (state, what happened, now): slow start, congestion avoidance, fast recovery,
// time-outs and pacing of one direction of a connection. It knows neither bytes nor links; whoever calls it says what
// was delivered, that a hole was seen, or that the timer ran out. Windows are bytes, positions are stream offsets.
// It leaves out HyStart, proportional rate reduction (the window falls at once) and the undo of a false loss.

import { assert } from '../core/assert.ts';
import type { Duration, Instant } from '../core/time.ts';
import {
  type CongestionAlgorithm,
  type CongestionState,
  grow,
  hold,
  initialCongestion,
  reduce,
} from './congestion-algorithms.ts';
import { NO_RTT, type RttEstimate, withBackoff, withSample } from './rto.ts';

/** `recovering`: after a hole, until all that was in flight then is delivered. `retrying`: the same after a time-out. */
export type TcpPhase = 'slow-start' | 'avoidance' | 'recovering' | 'retrying';

const ALLOWED: Readonly<Record<TcpPhase, readonly TcpPhase[]>> = {
  'slow-start': ['avoidance', 'recovering', 'retrying'],
  avoidance: ['recovering', 'retrying'],
  recovering: ['avoidance', 'retrying'],
  retrying: ['slow-start', 'avoidance', 'retrying'],
};

export interface TcpState {
  readonly phase: TcpPhase;
  readonly mss: number;
  readonly cwnd: number;
  /** Infinity until the first loss. */
  readonly ssthresh: number;
  /** Where the stream's sent part ended at the last loss; the phase ends when all before it is acknowledged. */
  readonly recoveryPoint: number;
  readonly congestion: CongestionState;
  readonly rtt: RttEstimate;
}

/** RFC 6928: the initial window is ten segments. */
export const INITIAL_WINDOW_SEGMENTS = 10;
/** RFC 5681, section 3.1: the loss window. */
const LOSS_WINDOW_SEGMENTS = 1;
/** IPv4 20, TCP 20, and 12 of timestamps (RFC 7323): 1,448 bytes of payload in an MTU of 1,500. */
export const HEADER_BYTES = 52;

/** Linux net.ipv4.tcp_pacing_ss_ratio 200 below half of ssthresh, tcp_pacing_ca_ratio 120 above (tcp_update_pacing_rate). */
const PACING_GAIN_SLOW_START = 2;
const PACING_GAIN_AVOIDANCE = 1.2;

export const segmentBytes = (mtu: number): number => mtu - HEADER_BYTES;

export function openTcp(mss: number, algorithm: CongestionAlgorithm): TcpState {
  return {
    phase: 'slow-start',
    mss,
    cwnd: INITIAL_WINDOW_SEGMENTS * mss,
    ssthresh: Infinity,
    recoveryPoint: 0,
    congestion: initialCongestion(algorithm),
    rtt: NO_RTT,
  };
}

export interface Delivery {
  /** Bytes now known to have arrived, in order or not, that were not known before. */
  readonly bytes: number;
  /** Everything before this offset has arrived. */
  readonly cumulative: number;
  /** Bytes that were in flight before this acknowledgement. */
  readonly flight: number;
  /** By timestamps, so from retransmitted segments, too (RFC 7323); null when the acknowledgement brought nothing new. */
  readonly rtt: Duration | null;
}

export function onDelivery(state: TcpState, delivery: Delivery, now: Instant): TcpState {
  const rtt = delivery.rtt === null ? state.rtt : withSample(state.rtt, delivery.rtt);
  const timed = rtt === state.rtt ? state : renewed(state, state.cwnd, state.congestion, rtt);
  const settled = leaveRecovery(timed, delivery.cumulative);
  if (delivery.bytes <= 0 || settled.phase === 'recovering') return settled;
  if (isWindowFull(settled, delivery.flight)) return widen(settled, delivery.bytes, now);
  const held = hold(settled.congestion, now);
  return held === settled.congestion ? settled : renewed(settled, settled.cwnd, held, rtt);
}

/** Written out: spreading so many numbers costs more than all the rest of an acknowledgement. */
function renewed(s: TcpState, cwnd: number, congestion: CongestionState, rtt: RttEstimate): TcpState {
  const { phase, mss, ssthresh, recoveryPoint } = s;
  return { phase, mss, cwnd, ssthresh, recoveryPoint, congestion, rtt };
}

/** A hole: something sent later has arrived. One reduction per round: what was lost in the same flight counts once. */
export function onHole(state: TcpState, sentUpTo: number): TcpState {
  if (state.phase === 'recovering' || state.phase === 'retrying') return state;
  const { state: congestion, ssthresh } = reduce(state.congestion, windowOf(state, state.cwnd), 'hole');
  return enter('recovering', { ...state, congestion, ssthresh, cwnd: ssthresh, recoveryPoint: sentUpTo });
}

/** The timer ran out. RFC 5681, section 3.1: ssthresh falls only if this data has not been retried by time-out before. */
export function onTimeout(state: TcpState, sentUpTo: number): TcpState {
  const rtt = withBackoff(state.rtt);
  const cwnd = LOSS_WINDOW_SEGMENTS * state.mss;
  if (state.phase === 'retrying') return { ...state, rtt, cwnd };
  if (state.phase === 'recovering') {
    return enter('retrying', { ...state, rtt, cwnd, recoveryPoint: sentUpTo });
  }
  const { state: congestion, ssthresh } = reduce(state.congestion, windowOf(state, state.cwnd), 'timeout');
  return enter('retrying', { ...state, congestion, ssthresh, rtt, cwnd, recoveryPoint: sentUpTo });
}

/** A probe of a closed window went unanswered, or is about to be repeated: only the timer backs off. */
export const onProbe = (state: TcpState): TcpState => ({ ...state, rtt: withBackoff(state.rtt) });

/** Bytes per ns at which to spread the window over the round trip; null before the first sample: at once. */
export function pacingRate({ cwnd, ssthresh, rtt }: TcpState): number | null {
  if (rtt.srtt === null || rtt.srtt === 0) return null;
  const gain = cwnd < ssthresh / 2 ? PACING_GAIN_SLOW_START : PACING_GAIN_AVOIDANCE;
  return (gain * cwnd) / rtt.srtt;
}

/**
 * A window grows only when it was used: in slow start at least half, later all but the granularity of bursts (Linux
 * tcp_is_cwnd_limited; RFC 9438, section 5.8).
 */
function isWindowFull({ cwnd, ssthresh }: TcpState, flight: number): boolean {
  return flight >= (cwnd < ssthresh ? 0.5 : 0.875) * cwnd;
}

function widen(state: TcpState, acked: number, now: Instant): TcpState {
  const inSlowStart = Math.min(acked, state.cwnd, Math.max(0, state.ssthresh - state.cwnd));
  const cwnd = state.cwnd + inSlowStart;
  if (cwnd < state.ssthresh) return renewed(state, cwnd, state.congestion, state.rtt);
  const rest = Math.min(acked, state.cwnd) - inSlowStart;
  const grown = grow(state.congestion, windowOf(state, cwnd), rest, now);
  const next = renewed(state, grown.cwnd, grown.state, state.rtt);
  return state.phase === 'slow-start' ? enter('avoidance', next) : next;
}

function leaveRecovery(state: TcpState, cumulative: number): TcpState {
  if (state.phase !== 'recovering' && state.phase !== 'retrying') return state;
  if (cumulative < state.recoveryPoint) return state;
  return enter(state.cwnd < state.ssthresh ? 'slow-start' : 'avoidance', state);
}

const windowOf = (
  { mss, rtt }: TcpState,
  cwnd: number,
): { cwnd: number; mss: number; srtt: Duration | null } => ({ cwnd, mss, srtt: rtt.srtt });

function enter(phase: TcpPhase, state: TcpState): TcpState {
  assert(ALLOWED[state.phase].includes(phase), () => `TCP cannot go from ${state.phase} to ${phase}`);
  return { ...state, phase };
}
