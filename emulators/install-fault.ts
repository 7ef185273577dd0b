// Puts a named fault into an emulated device, counts how often it has struck, and takes it out again. A rule for a
// command that nobody sends is seen to do nothing.

import { after, type Duration, EPOCH, type Instant, ms } from '../src/core/time.ts';
import type { Clock } from '../src/platform/platform.ts';
import type { CommandRule, CommandRules, CommandVerdict } from './command-rules.ts';
import { DENIAL_CODES } from './device/profile.ts';
import { type CommandFault, type DeviceFault, isOfOptics, type OpticsFault } from './device-fault.ts';
import { asOtherRelease, type Fault, flapPort, stickReadings, weakenMirror } from './device-faults.ts';
import { PlantError } from './errors.ts';
import type { PlantSwitch } from './plant-switch.ts';

export interface FaultyDevice {
  readonly name: string;
  readonly sid: string;
  readonly rules: CommandRules;
  /** None of a device that has no mirrors. */
  readonly optics: PlantSwitch | null;
}

/** A fault, and which commands or which port it is meant for. */
export interface FaultOrder {
  readonly fault: DeviceFault;
  /** In capitals; absent: every command. */
  readonly command?: string;
  /** Of a fault that strikes a port. */
  readonly port?: string;
  /** So many of the commands are spared first. */
  readonly skip?: number;
  /** Absent: every one. */
  readonly times?: number;
}

export interface StandingFault extends Fault {
  /** How many commands it has met. */
  readonly struck: number;
}

/** Sooner than any device answers: it goes down while it acts. */
const MID_COMMAND = ms(1);

/** Throws `PlantError` for a port or for optics that the device does not have. */
export function installFault(
  clock: Pick<Clock, 'now' | 'timer'>,
  device: FaultyDevice,
  order: FaultOrder,
): StandingFault {
  const { fault } = order;
  if (isOfOptics(fault)) return { struck: 0, remove: upset(clock, device, order.port ?? '', fault).remove };
  const count = { struck: 0 };
  const judge = ruleOf(clock, device, fault);
  let { skip = 0, times = Infinity } = order;
  const { remove } = device.rules.add((command) => {
    if (order.command !== undefined && command.verb.toUpperCase() !== order.command) return PASS;
    if (times === 0 || skip-- > 0) return PASS;
    const verdict = judge(command);
    if (verdict.kind === 'pass') return PASS;
    times--;
    count.struck++;
    return verdict;
  });
  return {
    get struck() {
      return count.struck;
    },
    remove,
  };
}

const PASS: CommandVerdict = { kind: 'pass' };

function upset(
  clock: Pick<Clock, 'timer'>,
  { name, optics }: FaultyDevice,
  port: string,
  fault: OpticsFault,
): Fault {
  if (optics === null) throw new PlantError(name, `no optics for ${fault.kind}`);
  if (fault.kind === 'stuck-power') return stickReadings(optics);
  if (!optics.hasPort(port)) throw new PlantError(`${optics.name}:${port}`, 'no such port');
  if (fault.kind === 'weak-mirror') return weakenMirror(optics, port, fault.loss);
  return flapPort(clock, optics, port, { dark: fault.every, lit: fault.every });
}

function ruleOf(clock: Pick<Clock, 'now'>, { sid }: FaultyDevice, fault: CommandFault): CommandRule {
  if (fault.kind === 'login-settling') return unsettledLogin(clock, fault.by);
  const verdict = verdictOf(fault, sid);
  return () => verdict;
}

/** Whatever the session, as the race after the login of an old Calient (Pynt). */
function unsettledLogin(clock: Pick<Clock, 'now'>, by: Duration): CommandRule {
  let settledAt: Instant = EPOCH;
  return ({ verb }) => {
    if (verb.toUpperCase() === 'ACT-USER') settledAt = after(clock.now(), by);
    else if (clock.now() < settledAt)
      return { kind: 'deny', errorCode: DENIAL_CODES.loginNotActive, reason: 'Login Not Active' };
    return PASS;
  };
}

function verdictOf(
  fault: Exclude<CommandFault, { readonly kind: 'login-settling' }>,
  sid: string,
): CommandVerdict {
  switch (fault.kind) {
    case 'delay':
    case 'late':
      return { kind: fault.kind, by: fault.by };
    case 'slow-listing':
      return { kind: 'slow', perLine: fault.by };
    case 'deny':
      return { kind: 'deny', errorCode: fault.code, reason: 'Fault put in by the operator' };
    case 'lose-reply':
      return { kind: 'act-but-lose-reply' };
    case 'no-answer':
      return { kind: 'never-answer' };
    case 'acknowledge':
      return { kind: 'acknowledge', code: fault.code };
    case 'hang-up':
      return { kind: 'hang-up' };
    case 'restart':
      return { kind: 'restart', after: MID_COMMAND, down: fault.down };
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
