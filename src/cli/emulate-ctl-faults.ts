// The verbs of `emulate ctl` about faults: put one in, list them, clear them. Which there are is the table that
// scenarios have, too (`emulators/device-fault.ts`).

import {
  FAULT_KINDS,
  FAULT_NAMES,
  type FaultName,
  type FaultParameter,
} from '../../emulators/device-fault.ts';
import { nearMiss } from '../scenario/suggest.ts';
import { ofDevice, verb } from './emulate-ctl-verb.ts';
import { faultOf } from './emulate-faults.ts';
import { UsageError } from './exit-code.ts';

const ON_FAULTS = ['list', 'clear'] as const;

export const fault = verb(
  'fault <device> <where> <fault> [value]',
  'put a fault into a device: for the commands to come, or at a port',
  (yargs) =>
    ofDevice(yargs)
      .positional('where', {
        type: 'string',
        demandOption: true,
        describe: `a command code, as RTRV-PORT-POWER, or '*' for every command; a port for ${ofPorts().join(' and ')}`,
      })
      .positional('fault', {
        type: 'string',
        demandOption: true,
        describe: FAULT_NAMES.map(usage).join(' | '),
      })
      .positional('value', { type: 'string', describe: 'where the fault has one: 5s, 10dB, SARB, RL' })
      .option('skip', { type: 'number', describe: 'spare so many commands first' })
      .option('times', { type: 'number', describe: 'only for so many commands' })
      .epilogue(`Faults:\n${table()}`),
  (given) => {
    const kind = faultName(given.fault);
    const words = { kind, ...(given.value !== undefined && { value: given.value }) };
    faultOf(words);
    return {
      verb: 'fault',
      device: given.device,
      command: FAULT_KINDS[kind].strikes === 'port' ? given.where : commandCode(given.where),
      fault: words,
      ...(given.skip !== undefined && { skip: positive(given.skip, '--skip') }),
      times: given.times === undefined ? null : positive(given.times, '--times'),
    };
  },
);

export const faults = verb(
  'faults [action] [which]',
  'list the faults, or clear them',
  (yargs) =>
    yargs
      .positional('action', { choices: ON_FAULTS, default: 'list' as const, describe: 'what to do' })
      .positional('which', {
        type: 'string',
        describe: 'to clear: the number of one, or a device (default: all)',
      }),
  ({ action, which }) => {
    if (action === 'list') return { verb: 'faults' };
    if (which === undefined) return { verb: 'clear' };
    return { verb: 'clear', ...(/^\d+$/.test(which) ? { number: Number(which) } : { device: which }) };
  },
);

function table(): string {
  const width = Math.max(...FAULT_NAMES.map((kind) => usage(kind).length));
  return FAULT_NAMES.map((kind) => `  ${usage(kind).padEnd(width)}  ${FAULT_KINDS[kind].meaning}`).join('\n');
}

/** `delay TIME`, `weak-mirror [LOSS]` */
function usage(kind: FaultName): string {
  const { parameter } = FAULT_KINDS[kind];
  return parameter === null ? kind : `${kind} ${placeholder(parameter)}`;
}

function placeholder(parameter: FaultParameter): string {
  if (parameter.name === 'code') return 'CODE';
  const what = parameter.dimension === 'time' ? 'TIME' : 'LOSS';
  return parameter.otherwise === undefined ? what : `[${what}]`;
}

function ofPorts(): readonly FaultName[] {
  return FAULT_NAMES.filter((kind) => FAULT_KINDS[kind].strikes === 'port');
}

function faultName(word: string): FaultName {
  const kind = FAULT_NAMES.find((each) => each === word);
  if (kind !== undefined) return kind;
  const meant = nearMiss(word, FAULT_NAMES);
  const suggestion = meant === null ? '' : `; did you mean ${meant}?`;
  throw new UsageError(`there is no fault ${word}, only ${FAULT_NAMES.join(', ')}${suggestion}`);
}

function commandCode(word: string): string {
  const code = word.toUpperCase();
  if (code === '*' || /^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$/.test(code)) return code;
  throw new UsageError(`${word} is no command code: expected one like RTRV-HDR, or '*' in quotes`);
}

function positive(count: number, option: string): number {
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new UsageError(`${option} must be a whole number from 1, got ${count}`);
}
