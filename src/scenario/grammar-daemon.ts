// The grammar of a host that is on the routed network, too, and of the daemon that moves its traffic.

import type { BitsPerSecond, Bytes } from '../core/quantity.ts';
import type { Duration } from '../core/time.ts';
import { defaulted, type Fields, optional, record, required } from './record.ts';
import type { DaemonDescription, DaemonHost, RoutedDescription } from './schema-daemon.ts';
import { list, name, quantity, type Shape } from './shape.ts';

const period = quantity<Duration>('time', { least: '1 ms' });

const routed = record<RoutedDescription>({
  capacity: required(quantity<BitsPerSecond>('rate', { least: '1 kb/s' }), 'in each direction'),
  delay: defaulted(quantity<Duration>('time'), '0.1 ms', "to the site's router, one way"),
  queue: defaulted(quantity<Bytes>('size', { isAboveZero: true }), '16 MB', 'at each end; drop-tail'),
  mtu: defaulted(
    quantity<Bytes>('size', { least: '576 B', most: '65535 B' }),
    '1500 B',
    'the largest IP packet',
  ),
});

const daemonMap = record<DaemonDescription>({
  agents: optional(list(name), 'the switches whose agents it may ask, the nearest first; by default all'),
  grace: optional(period, 'how long an application may be away before its paths are given back'),
  lightPeriod: optional(period, 'how often two daemons tell each other what light they receive'),
  peerLimit: optional(period, 'a daemon that is silent for so long verifies nothing'),
});

/** `true` is a map with nothing in it. */
const daemon: Shape<DaemonDescription> = {
  fallback: daemonMap.fallback,
  json: { anyOf: [{ enum: [true] }, daemonMap.json] },
  read: (value, place) => daemonMap.read(value === true ? new Map() : value, place),
};

export const daemonFields: Fields<DaemonHost> = {
  routed: optional(routed, "the link of its data into its site's router; needs a daemon"),
  daemon: optional(
    daemon,
    'asks for light paths for its applications, and moves its traffic onto them: true, or a map',
  ),
};
