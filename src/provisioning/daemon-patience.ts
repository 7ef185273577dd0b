// How much longer than usual the daemon of a host waits for agents and for other daemons; see patience.ts.

import { DAEMON_TIMINGS, type DaemonTimings } from './daemon-config.ts';
import { patiently } from './patience.ts';

const DAEMON_WAITS = [
  ...(['probeLimit', 'requestLimit', 'agentLimit', 'agentGone'] as const),
  ...(['connectLimit', 'peerLimit', 'peerGone'] as const),
];

export const patientDaemon = (patience: number): Partial<DaemonTimings> =>
  patiently(DAEMON_TIMINGS, DAEMON_WAITS, patience);
