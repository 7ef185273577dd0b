// Faults put into emulated devices while they run, with how often each has struck: a rule for a command that
// nobody sends is seen to do nothing.

import type { CommandRules, CommandVerdict } from '../../emulators/command-rules.ts';
import { asOtherRelease, flapPort, stickReadings, weakenMirror } from '../../emulators/device-faults.ts';
import type { PlantSwitch } from '../../emulators/plant-switch.ts';
import { db } from '../core/quantity.ts';
import { formatDuration, ms, ns } from '../core/time.ts';
import { hostClock } from '../host/clock.ts';
import { UsageError } from './exit-code.ts';

/** Of the optics: they stand from when they are put in until they are cleared. */
export type OpticsFaultKind =
  | { readonly kind: 'stuck-power' }
  | { readonly kind: 'weak-mirror'; readonly loss_db: number }
  /** Dark for so long, and lit for so long. */
  | { readonly kind: 'flap'; readonly every_ns: number };

/** On commands: they strike when one comes. */
export type CommandFaultKind =
  | { readonly kind: 'delay'; readonly by_ns: number }
  | { readonly kind: 'deny'; readonly error_code: string }
  | { readonly kind: 'lose-reply' }
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'acknowledge'; readonly code: 'NA' | 'NG' | 'RL' }
  | { readonly kind: 'restart'; readonly down_ns: number }
  | { readonly kind: 'hang-up' }
  | { readonly kind: 'other-release' }
  | { readonly kind: 'interleave' }
  | { readonly kind: 'interleave-parts' };

export type FaultKind = CommandFaultKind | OpticsFaultKind;

export interface FaultState {
  readonly number: number;
  readonly device: string;
  /** A command code, or `*` for every command; for a fault of the optics a port, or `*` for all. */
  readonly command: string;
  readonly fault: FaultKind;
  /** Null: every time. */
  readonly times: number | null;
  readonly struck: number;
}

interface Fault extends Omit<FaultState, 'struck'> {
  struck: number;
  readonly rule: { remove(): void };
}

/** Far beyond a rehearsal; each is asked at each command. */
const FAULTS_MAX = 1000;
/** Sooner than any device answers: it goes down while it acts. */
const MID_COMMAND = ms(1);

interface FaultyDevice {
  readonly name: string;
  readonly sid: string;
  readonly rules: CommandRules;
  readonly optics: PlantSwitch;
}

export class FaultBook {
  readonly #faults = new Map<number, Fault>();
  #last = 0;

  add(device: FaultyDevice, fault: Omit<FaultState, 'number' | 'device' | 'struck'>): FaultState {
    if (this.#faults.size >= FAULTS_MAX)
      throw new UsageError(`there are ${FAULTS_MAX} faults already: clear some of them`);
    const number = ++this.#last;
    const { fault: what, command: where } = fault;
    const rule = isOfOptics(what)
      ? upset(device, where, what)
      : this.#addRule(device, where, verdictOf(what, device.sid), number);
    this.#faults.set(number, { ...fault, number, device: device.name, struck: 0, rule });
    return this.#state(number);
  }

  #addRule(
    { rules }: FaultyDevice,
    code: string,
    verdict: CommandVerdict,
    number: number,
  ): { remove(): void } {
    return rules.add((command) => {
      const isMeant = code === '*' || command.verb.toUpperCase() === code;
      return isMeant && this.#strike(number) ? verdict : { kind: 'pass' };
    });
  }

  list(): readonly FaultState[] {
    return [...this.#faults.keys()].map((number) => this.#state(number));
  }

  /** Takes out one by its number, those of a device, or all. How many that were. */
  clear(which: (fault: FaultState) => boolean): number {
    const gone = this.list().filter(which);
    for (const { number } of gone) {
      this.#faults.get(number)?.rule.remove();
      this.#faults.delete(number);
    }
    return gone.length;
  }

  /** Counts, and says whether it still strikes. */
  #strike(number: number): boolean {
    const fault = this.#faults.get(number);
    if (fault === undefined || (fault.times !== null && fault.struck >= fault.times)) return false;
    fault.struck++;
    return true;
  }

  #state(number: number): FaultState {
    const fault = this.#faults.get(number);
    if (fault === undefined) throw new UsageError(`there is no fault ${number}`);
    const { rule: _, ...state } = fault;
    return state;
  }
}

/** As the command line has it: `delay 5 s`. */
export function formatFault(fault: FaultKind): string {
  switch (fault.kind) {
    case 'delay':
      return `delay ${formatDuration(ns(fault.by_ns))}`;
    case 'deny':
      return `deny ${fault.error_code}`;
    case 'acknowledge':
      return `acknowledge ${fault.code}`;
    case 'restart':
      return `restart ${formatDuration(ns(fault.down_ns))}`;
    case 'weak-mirror':
      return `weak-mirror ${fault.loss_db} dB`;
    case 'flap':
      return `flap ${formatDuration(ns(fault.every_ns))}`;
    default:
      return fault.kind;
  }
}

function verdictOf(fault: CommandFaultKind, sid: string): CommandVerdict {
  switch (fault.kind) {
    case 'delay':
      return { kind: 'delay', by: ns(fault.by_ns) };
    case 'deny':
      return { kind: 'deny', errorCode: fault.error_code, reason: 'Fault put in by the operator' };
    case 'lose-reply':
      return { kind: 'act-but-lose-reply' };
    case 'no-answer':
      return { kind: 'never-answer' };
    case 'acknowledge':
    case 'hang-up':
      return fault;
    case 'restart':
      return { kind: 'restart', after: MID_COMMAND, down: ns(fault.down_ns) };
    case 'other-release':
      return { kind: 'alter', line: asOtherRelease };
    case 'interleave':
    case 'interleave-parts':
      // A session event as a CoreDirector tells it (DRAGON's Emulator::Server::CoreDirectorTL1): of no consequence to any driver.
      return {
        kind: 'interleave',
        announcement: { alarmCode: 'A', verb: 'REPT EVT SESSION', lines: [`${sid}:NO,`] },
        before: fault.kind === 'interleave' ? 'the answer' : 'each part',
      };
  }
}

const isOfOptics = (fault: FaultKind): fault is OpticsFaultKind =>
  fault.kind === 'stuck-power' || fault.kind === 'weak-mirror' || fault.kind === 'flap';

function upset({ name, optics }: FaultyDevice, port: string, fault: OpticsFaultKind): { remove(): void } {
  if (fault.kind === 'stuck-power') {
    if (port !== '*') throw new UsageError(`stuck-power holds for every port of ${name}: give '*'`);
    return stickReadings(optics);
  }
  if (!optics.hasPort(port)) throw new UsageError(`there is no port ${port} at ${name} for ${fault.kind}`);
  if (fault.kind === 'weak-mirror') return weakenMirror(optics, port, db(fault.loss_db));
  const every = ns(fault.every_ns);
  return flapPort(hostClock, optics, port, { dark: every, lit: every });
}
