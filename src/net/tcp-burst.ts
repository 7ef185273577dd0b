// How much of a TCP stream leaves at once: bursts stand for packets that leave one by one, a window in about four of
// them, so that a transfer costs some hundreds of events a second whatever its rate. Pure, over what the sender knows.

import type { Duration } from '../core/time.ts';
import { INITIAL_WINDOW_SEGMENTS, pacingRate, type TcpState } from './tcp.ts';

/** Granularity of the model: a full window leaves in this many bursts. */
const BURSTS_PER_WINDOW = 4;

export interface SendView {
  readonly tcp: TcpState;
  /** Bytes on their way, and bytes to be sent again. */
  readonly flight: number;
  readonly lost: number;
  /** Bytes written and never sent. */
  readonly unsent: number;
  /** How many of them the buffers of both sides let go. */
  readonly granted: number;
  /** All that the buffers of both sides let be on its way. */
  readonly window: number;
}

/** The largest burst: ten segments for a flow that was idle (Linux's fq, initial_quantum), a part of the window else. */
export function burstMax({ tcp, flight, window }: SendView): number {
  if (flight === 0) return INITIAL_WINDOW_SEGMENTS * tcp.mss;
  const used = Math.min(tcp.cwnd, window);
  return wholeSegments(used / BURSTS_PER_WINDOW, tcp.mss);
}

/** What may leave next, in bytes, lost ones first; 0 when the windows are full or there is nothing. */
export function nextBurst(view: SendView): number {
  const { tcp, flight, lost, unsent, granted } = view;
  const { cwnd, mss } = tcp;
  if (flight >= cwnd) return 0;
  const most = burstMax(view);
  // A burst may pass the window's edge by its own length if others are in flight: its packets would leave one by one
  // as acknowledgements come in, and the round trip would seem longer by the length of a burst.
  const within = (room: number): number => (flight >= most ? most : Math.min(most, room));
  const room = within(Math.max(mss, cwnd - flight));
  if (lost > 0) return Math.min(lost, wholeSegments(room, mss));
  if (granted <= 0) return 0;
  const size = Math.min(unsent, room, within(granted));
  if (size === unsent) return size;
  // No silly windows: less than a segment leaves only as the last of what was written, or when nothing else is under way.
  return size >= mss ? wholeSegments(size, mss) : flight === 0 ? size : 0;
}

/**
 * How long after the last burst one of `size` should wait for company: in the middle of a bulk transfer small writes would
 * each be a burst of their own.
 */
export function corkTime(view: SendView, size: number): Duration {
  const { tcp, flight, lost } = view;
  const most = burstMax(view);
  const isBulk = flight >= tcp.cwnd / 8 && flight >= most;
  if (tcp.rtt.srtt === null || lost > 0 || size >= most || !isBulk) return 0 as Duration;
  return Math.ceil(tcp.rtt.srtt / BURSTS_PER_WINDOW) as Duration;
}

/** Over how long to spread a burst. A single segment is never spread. */
export function spreadTime(tcp: TcpState, size: number): Duration {
  const rate = pacingRate(tcp);
  return (rate === null || size <= tcp.mss ? 0 : Math.ceil(size / rate)) as Duration;
}

/** At least one segment of it. */
const wholeSegments = (bytes: number, mss: number): number => Math.max(1, Math.floor(bytes / mss)) * mss;
