// What a machine's TCP is set to. One set for the whole network: hosts as tuned for long fat pipes.

import { type Bytes, bytes } from '../core/quantity.ts';
import { type Duration, seconds } from '../core/time.ts';
import type { CongestionAlgorithm } from '../net/congestion-algorithms.ts';

export interface TcpOptions {
  readonly congestion: CongestionAlgorithm;
  /** Unacknowledged and unsent bytes that a connection keeps before a write has to wait. */
  readonly sendBuffer: Bytes;
  /** Unread bytes that it keeps, and so the largest window that it grants. */
  readonly receiveBuffer: Bytes;
  /** How often a connection is tried before it counts as timed out. */
  readonly connectAttemptsMax: number;
  /** How often data is sent again without an answer before the connection counts as timed out. */
  readonly retransmitMax: number;
}

export const TCP_DEFAULTS: TcpOptions = {
  /** Linux's default since 2.6.19. */
  congestion: 'cubic',
  /** Assumed: of the order that tuning guides for 10 Gb/s hosts set as maximum of tcp_wmem and tcp_rmem (tens of MiB). */
  sendBuffer: bytes(64 * 2 ** 20),
  receiveBuffer: bytes(64 * 2 ** 20),
  /** The first SYN and Linux's tcp_syn_retries 6: 1, 2, 4, … s apart, 127 s in all. */
  connectAttemptsMax: 7,
  /** Linux tcp_retries2. */
  retransmitMax: 15,
};

/** Linux TCP_TIMEOUT_INIT, 1 s, doubled with each attempt (RFC 6298, section 2). */
export const SYN_TIMEOUT: Duration = seconds(1);
/** The first SYN-ACK and Linux's tcp_synack_retries 5. */
export const SYN_ACK_ATTEMPTS_MAX = 6;
