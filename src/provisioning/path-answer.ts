// What a request for a light path comes to.

import type { Duration } from '../core/time.ts';
import type { RefusalKind } from './refusal.ts';

export interface PathGrant {
  readonly kind: 'granted';
  readonly path: string;
  /** 0 for the first route. */
  readonly revision: number;
  /** End to end, access fibres included. */
  readonly fibres: readonly string[];
  /** (switch, input, output), every way. */
  readonly crossConnects: readonly (readonly [string, string, string])[];
  readonly setup: Duration;
}

export interface PathRefusal {
  readonly kind: 'refused';
  readonly path: string;
  readonly why: RefusalKind;
  readonly reason: string;
}

/** Ports are booked for it. Without an end it is on hold, and `confirm` has it connected. */
export interface PathReservation {
  readonly kind: 'reserved';
  readonly path: string;
  readonly fibres: readonly string[];
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number | null;
}

export type PathAnswer = PathGrant | PathReservation | PathRefusal;

export const refusal = (path: string, why: RefusalKind, reason: string): PathRefusal => ({
  kind: 'refused',
  path,
  why,
  reason,
});
