// What makes one TL1 device differ from another, apart from what it can be asked: where it listens and how it
// behaves on a line. Marks: [K] known from a source, [I] inferred, [U] unknown, so chosen.

import { type Duration, ms, seconds, ZERO } from '../../src/core/time.ts';
import type { Address } from '../../src/platform/platform.ts';
import { CommandRules } from '../command-rules.ts';
import { Restarts } from './restarts.ts';

export interface DeviceListener {
  readonly tcpPort: number;
  /** Whether each command comes back as it was taken. */
  readonly hasEcho: boolean;
  /** Stands after the greeting and after each message; empty on a raw port. */
  readonly prompt: string;
  /** Sent on connect, before the first prompt. */
  readonly greeting: string;
}

export interface DeviceProfile {
  /** Stands in the header of each message. */
  readonly sid: string;
  readonly users: readonly { readonly user: string; readonly password: string }[];
  readonly listeners: readonly DeviceListener[];
  /** Further connections are closed at once. */
  readonly sessionsMax: number;
  /** From a command to the device's acting on it. */
  readonly commandTime: Duration;
  /** Command and switching times vary by up to this share, either way, evenly and by the machine's random stream. */
  readonly timeSpread: number;
  /** Time to produce one line of an answer. */
  readonly lineTime: Duration;
  /** Bytes of one part of an answer; null for a device that sends any answer in one. */
  readonly partBytesMax: number | null;
  /** Between the parts of an answer. */
  readonly partGap: Duration;
  /** An answer that takes longer is announced with IP. */
  readonly acknowledgeAfter: Duration;
  /** How long after the answer to ACT-USER the login is not active yet. */
  readonly loginSettling: Duration;
  /** What the answer to a login says besides COMPLD. */
  readonly greetUser: (user: string) => {
    readonly lines: readonly string[];
    readonly comments: readonly string[];
  };
  /** A user who is logged in already, in another session: is let in beside it, refused, or takes its place. */
  readonly secondLogin: 'beside' | 'refused' | 'instead';
  /** Retrieves of which only the verb is known, with the text lines that they answer: none by default. */
  readonly listingsByName: Readonly<Record<string, readonly string[]>>;
  /** A session without a command for this long is closed. */
  readonly idleLimit: Duration;
  /** A client that leaves more than this unread is dropped. */
  readonly unsentBytesMax: number;
  readonly codes: DenialCodes;
  readonly rules: CommandRules;
  readonly restarts: Restarts;
  /** Called once all listeners are open, with their addresses in order. */
  readonly listening: (addresses: readonly Address[]) => void;
  /** Once aborted, the device closes all that it has open, and its program ends. */
  readonly until: AbortSignal;
}

/** What every optical switch has besides. */
export interface SwitchProfile extends DeviceProfile {
  /** From a make until its mirrors stand. */
  readonly switchingTime: Duration;
  /** Whether loss of light is told by itself. */
  readonly sendsAlarms: boolean;
  /** From the fall of light to the alarm, and from its return to the clearing. */
  readonly alarmLatency: Duration;
}

/** Which code a Glimmerglass or Calient gives for which mistake is [U]; these are the usual readings of GR-831's list. */
export interface DenialCodes {
  readonly invalidCommand: string;
  readonly invalidTid: string;
  readonly invalidAid: string;
  readonly invalidParameter: string;
  readonly invalidGrouping: string;
  readonly loginNotActive: string;
  readonly invalidUser: string;
  readonly userBusy: string;
  readonly busyPort: string;
  readonly noConnection: string;
}

export const DENIAL_CODES: DenialCodes = {
  invalidCommand: 'IICM', // [K] for a CoreDirector (DRAGON's Emulator::Server::CoreDirectorTL1)
  invalidTid: 'IITA',
  invalidAid: 'IIAC',
  invalidParameter: 'IPNV',
  invalidGrouping: 'IIPG',
  loginNotActive: 'PLNA', // [K] as a code; with the text "Login Not Active" from a Calient (Pynt)
  invalidUser: 'PIUI',
  userBusy: 'SARB', // [U] the code for a second login that is refused
  busyPort: 'SNVS',
  noConnection: 'SNVS',
};

/** For what a family does not say otherwise. */
export const deviceDefaults = (machine: string): Omit<DeviceProfile, 'listeners'> => ({
  sid: machine,
  users: [{ user: 'admin', password: 'admin' }], // ours
  sessionsMax: 8, // [U]
  commandTime: ms(5), // [U]
  timeSpread: 0.2, // [I] sources give ranges (10 to 20 ms, 10 to 50 ms); no distribution is published
  lineTime: ZERO,
  partBytesMax: null,
  partGap: ms(1), // [U]; above zero, so that a notification can fall between two parts
  acknowledgeAfter: seconds(2), // [K] GR-831, ADC ADCP-61-471
  loginSettling: ZERO,
  greetUser: () => ({ lines: [], comments: [] }),
  secondLogin: 'beside', // [U]
  listingsByName: {},
  idleLimit: seconds(1800), // [U]; far above the 60 s of MonALISA's keep-alive
  unsentBytesMax: 256 * 1024, // a bound of ours
  codes: DENIAL_CODES,
  rules: new CommandRules(),
  restarts: new Restarts(),
  listening: () => {},
  until: new AbortController().signal,
});
