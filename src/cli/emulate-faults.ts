// Faults put into emulated devices while they run, with how often each has struck: a rule for a command that
// nobody sends is seen to do nothing.

import type { CommandRules, CommandVerdict } from '../../emulators/command-rules.ts';
import { asOtherRelease } from '../../emulators/device-faults.ts';
import { formatDuration, ms, ns } from '../core/time.ts';
import { UsageError } from './exit-code.ts';

export type FaultKind =
  | { readonly kind: 'delay'; readonly by_ns: number }
  | { readonly kind: 'deny'; readonly error_code: string }
  | { readonly kind: 'lose-reply' }
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'acknowledge'; readonly code: 'NA' | 'NG' | 'RL' }
  | { readonly kind: 'restart'; readonly down_ns: number }
  | { readonly kind: 'hang-up' }
  | { readonly kind: 'other-release' }
  | { readonly kind: 'interleave' };

export interface FaultState {
  readonly number: number;
  readonly device: string;
  /** A command code, or `*` for every command. */
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

export class FaultBook {
  readonly #faults = new Map<number, Fault>();
  #last = 0;

  add(
    device: { name: string; sid: string; rules: CommandRules },
    fault: Omit<FaultState, 'number' | 'device' | 'struck'>,
  ): FaultState {
    if (this.#faults.size >= FAULTS_MAX)
      throw new UsageError(`there are ${FAULTS_MAX} faults already: clear some of them`);
    const number = ++this.#last;
    const verdict = verdictOf(fault.fault, device.sid);
    const rule = device.rules.add((command) => {
      const isMeant = fault.command === '*' || command.verb.toUpperCase() === fault.command;
      return isMeant && this.#strike(number) ? verdict : { kind: 'pass' };
    });
    this.#faults.set(number, { ...fault, number, device: device.name, struck: 0, rule });
    return this.#state(number);
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
    default:
      return fault.kind;
  }
}

function verdictOf(fault: FaultKind, sid: string): CommandVerdict {
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
      // A session event as a CoreDirector tells it (DRAGON's Emulator::Server::CoreDirectorTL1): of no consequence to any driver.
      return {
        kind: 'interleave',
        announcement: { alarmCode: 'A', verb: 'REPT EVT SESSION', lines: [`${sid}:NO,`] },
      };
  }
}
