// What one Glimmerglass has that another has not: releases differ in their lines, units in their ports.

import { type Db, type Dbm, db, dbm } from '../src/core/quantity.ts';
import { type Duration, ms, seconds, ZERO } from '../src/core/time.ts';
import { deviceDefaults, type SwitchProfile } from './device/profile.ts';
import type { GlimmerglassLayout } from './glimmerglass-lines.ts';

export interface GlimmerglassProfile extends SwitchProfile {
  readonly layout: GlimmerglassLayout;
  /** Below this an input has lost its light. */
  readonly lossThreshold: Dbm;
  readonly lossHysteresis: Db;
  /** How long a new connection may be dark before its cause reads `initial_connection_timer_expired`; until then it reads `none`. */
  readonly initialConnectionTime: Duration;
  /** How many of the ports, the last ones, are multicast ports; the others are licensed. */
  readonly multicastPorts: number;
  /** How old a power reading can be; zero: it is of this instant. */
  readonly powerRefreshPeriod: Duration;
  /** What VAL=1 of ED-PARAM's PowerMonitoringPeriod stands for. */
  readonly powerPeriodUnit: Duration;
}

/** The 10033 port sends terminal escapes just after connect (Pynt); which ones is ours. */
const TERMINAL_SETUP = '\x1b[2J\x1b[1;24r\x1b[?7h\x1b[24;1H\x1b(B';

export const glimmerglassDefaults = (machine: string): GlimmerglassProfile => ({
  ...deviceDefaults(machine),
  // MonALISA OSTelnet: 10033, with echo and prompt (Pynt, cloudshell-L1-glimmerglass); 10034 raw.
  listeners: [
    { tcpPort: 10033, hasEcho: true, prompt: '\r\n<', greeting: TERMINAL_SETUP },
    { tcpPort: 10034, hasEcho: false, prompt: '', greeting: '' },
  ],
  partBytesMax: 4000, // [I] measured in the 2016 transcript: parts have 3,776 to 3,999 bytes, one more line would make 4,021
  layout: 18,
  switchingTime: ms(20), // [U] commonly quoted; Electronic Design (October 2003) says within 10 ms for a Reflexion
  lossThreshold: dbm(-20), // [U]; MonALISA's own trigger is used, as the switch's is not known
  lossHysteresis: db(1), // [U]
  sendsAlarms: false, // [U] no source shows an alarm of a Glimmerglass
  alarmLatency: ms(10), // [I]
  initialConnectionTime: ZERO, // [U] how long, and what stands before it has expired: no sample shows another cause in the dark
  multicastPorts: 0,
  powerRefreshPeriod: ZERO, // [U]
  powerPeriodUnit: seconds(1), // [U] no source gives the unit
});
