// What a host has when it is on the routed network, too, and a daemon moves its traffic between that and light.

import type { BitsPerSecond, Bytes } from '../core/quantity.ts';
import type { Duration } from '../core/time.ts';

/** The link of the host's data interface into its site's router. */
export interface RoutedDescription {
  readonly capacity: BitsPerSecond;
  /** One way. */
  readonly delay: Duration;
  readonly queue: Bytes;
  readonly mtu: Bytes;
}

/** Where a property is absent, the daemon's default holds. */
export interface DaemonDescription {
  /** The switches whose agents it may ask; absent: all. */
  readonly agents?: readonly string[];
  readonly grace?: Duration;
  readonly lightPeriod?: Duration;
  readonly peerLimit?: Duration;
}

/** A part of a host's description. */
export interface DaemonHost {
  readonly routed?: RoutedDescription;
  readonly daemon?: DaemonDescription;
}
