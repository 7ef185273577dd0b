// The faults in the devices of a running laboratory, by number. They are those of scenarios
// (`emulators/device-fault.ts`), in the words of the command line.

import { type DeviceFault, FAULT_KINDS, type FaultName, readFault } from '../../emulators/device-fault.ts';
import { type FaultyDevice, installFault, type StandingFault } from '../../emulators/install-fault.ts';
import { hostClock } from '../host/clock.ts';
import { nearMiss } from '../scenario/suggest.ts';
import { UsageError } from './exit-code.ts';

/** `delay`, `5 s` */
export interface FaultWords {
  readonly kind: FaultName;
  readonly value?: string | undefined;
}

export interface FaultState {
  readonly number: number;
  readonly device: string;
  /** A command code, or `*` for every command; for a fault of the optics a port, or `*` for all. */
  readonly command: string;
  readonly fault: DeviceFault;
  /** Null: every time. */
  readonly times: number | null;
  readonly struck: number;
}

interface Numbered extends Omit<FaultState, 'struck'> {
  readonly standing: StandingFault;
}

/** Far beyond a rehearsal; each is asked at each command. */
const FAULTS_MAX = 1000;

export class FaultBook {
  readonly #faults = new Map<number, Numbered>();
  #last = 0;

  add(
    device: FaultyDevice,
    order: {
      readonly command: string;
      readonly fault: FaultWords;
      readonly skip?: number | undefined;
      readonly times: number | null;
    },
  ): FaultState {
    if (this.#faults.size >= FAULTS_MAX)
      throw new UsageError(`there are ${FAULTS_MAX} faults already: clear some of them`);
    const { command, skip = 0, times } = order;
    const fault = faultOf(order.fault);
    const standing = installFault(hostClock, device, {
      fault,
      skip,
      ...placeOf(device, fault.kind, command),
      ...(times !== null && { times }),
    });
    const number = ++this.#last;
    const entry = { number, device: device.name, command, fault, times, standing };
    this.#faults.set(number, entry);
    return stateOf(entry);
  }

  list(): readonly FaultState[] {
    return [...this.#faults.values()].map(stateOf);
  }

  /** Takes out those that are meant. How many that were. */
  clear(which: (fault: FaultState) => boolean): number {
    const gone = this.list().filter(which);
    for (const { number } of gone) {
      this.#faults.get(number)?.standing.remove();
      this.#faults.delete(number);
    }
    return gone.length;
  }
}

const stateOf = ({ standing, ...rest }: Numbered): FaultState => ({ ...rest, struck: standing.struck });

/** What the words mean; `UsageError` where they mean nothing. */
export function faultOf({ kind, value }: FaultWords): DeviceFault {
  const read = readFault(kind, value);
  if (read.kind === 'ok') return read.fault;
  throw new UsageError(`${kind}${value === undefined ? '' : ` ${value}`}: expected ${read.expected}`);
}

function placeOf(
  { name, optics, rules }: FaultyDevice,
  kind: FaultName,
  where: string,
): { readonly command?: string; readonly port?: string } {
  const { strikes } = FAULT_KINDS[kind];
  if (strikes === 'commands') return where === '*' ? {} : { command: known(name, rules.commands, where) };
  if (optics === null) throw new UsageError(`${kind} is a fault of optics, and ${name} has none`);
  if (strikes === 'device' && where !== '*')
    throw new UsageError(`${kind} holds for all of ${name}: give '*', not ${where}`);
  if (strikes === 'port' && !optics.hasPort(where))
    throw new UsageError(`there is no port ${where} at ${name} for ${kind}`);
  return strikes === 'port' ? { port: where } : {};
}

function known(device: string, commands: readonly string[], code: string): string {
  if (commands.includes(code)) return code;
  const meant = nearMiss(code, commands);
  const suggestion = meant === null ? '' : `; did you mean ${meant}?`;
  throw new UsageError(
    `${device} has no command ${code}, only ${commands.join(', ')}, and '*' for all${suggestion}`,
  );
}
