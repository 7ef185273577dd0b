// Every wait and every number of attempts of a transfer, with its default. A network may stall for some 20 s without an
// error while a path is moved (slide 45 of the MonALISA thesis has TCP back after about 20 s), hence the idle limits.

import { type Duration, ms, seconds } from '../core/time.ts';

export interface TransferTimings {
  /** For a connection to be set up. */
  readonly connectLimit: Duration;
  /** A control connection that says nothing, or a stream that brings nothing on, for so long is taken for dead. */
  readonly idleLimit: Duration;
  /** Wait before the first new attempt; it doubles with each further one, up to `backoffMax`. */
  readonly backoff: Duration;
  readonly backoffMax: Duration;
  /** Attempts in a row without a byte of progress, for a stream and for a session. */
  readonly streamAttemptsMax: number;
  readonly sessionAttemptsMax: number;
  /** The same for sessions before the first that brings anything on: a receiver that was never there is not one that starts again. */
  readonly firstAttemptsMax: number;
  /** An acknowledgement goes out once so many bytes were stored, or so long after the first of them. */
  readonly acknowledgeBytes: number;
  readonly acknowledgeAfter: Duration;
  /** The partial file is synced and its journal written every so many bytes: what a crash can cost. */
  readonly journalBytes: number;
}

export const DEFAULT_TIMINGS: TransferTimings = {
  connectLimit: seconds(30),
  idleLimit: seconds(60),
  backoff: ms(500),
  backoffMax: seconds(10),
  streamAttemptsMax: 6,
  sessionAttemptsMax: 10,
  firstAttemptsMax: 10,
  acknowledgeBytes: 64 * 2 ** 20,
  acknowledgeAfter: ms(250),
  journalBytes: 256 * 2 ** 20,
};

/** The wait before attempt `attempt`, from 1. */
export const backoffBefore = (attempt: number, timings: TransferTimings): Duration =>
  Math.min(timings.backoff * 2 ** (attempt - 1), timings.backoffMax) as Duration;

/** Each side says something this often at least, and looks for silence this often. */
export const aliveInterval = (timings: TransferTimings): Duration =>
  Math.ceil(timings.idleLimit / 4) as Duration;
