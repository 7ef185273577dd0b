// The faults that an emulated device can be given, by name: what each strikes, and the one figure or code that some
// take. Scenarios and `emulate ctl` know the same; install-fault.ts puts them in.

import { type Db, type Dimension, db, parseQuantity, unitsOf } from '../src/core/quantity.ts';
import { type Duration, formatDuration, ms, ns, ZERO } from '../src/core/time.ts';

/** On commands: they strike when one comes. */
export type CommandFault =
  | { readonly kind: 'delay' | 'late' | 'slow-listing'; readonly by: Duration }
  | { readonly kind: 'login-settling'; readonly by: Duration }
  | { readonly kind: 'deny'; readonly code: string }
  | { readonly kind: 'acknowledge'; readonly code: Acknowledgement }
  | { readonly kind: 'restart'; readonly down: Duration }
  | {
      readonly kind:
        | 'lose-reply'
        | 'no-answer'
        | 'hang-up'
        | 'other-release'
        | 'interleave'
        | 'interleave-parts';
    };

/** Of the optics: they stand from when they are put in until they are taken out. */
export type OpticsFault =
  | { readonly kind: 'stuck-power' }
  | { readonly kind: 'weak-mirror'; readonly loss: Db }
  /** Dark for so long, and lit for so long. */
  | { readonly kind: 'flap'; readonly every: Duration };

export type DeviceFault = CommandFault | OpticsFault;

/** Only a device with mirrors can have it. */
export const isOfOptics = (fault: DeviceFault): fault is OpticsFault =>
  fault.kind === 'stuck-power' || fault.kind === 'weak-mirror' || fault.kind === 'flap';
export type FaultName = DeviceFault['kind'];

/** The acknowledgements after which no answer comes (GR-831). */
export const ACKNOWLEDGEMENTS = ['NA', 'NG', 'RL'] as const;
export type Acknowledgement = (typeof ACKNOWLEDGEMENTS)[number];

export type FaultParameter =
  | {
      readonly name: 'by' | 'down' | 'every' | 'loss';
      readonly dimension: Extract<Dimension, 'time' | 'ratio'>;
      readonly least: number;
      readonly most: number;
      /** As it would be written, where it is not. */
      readonly otherwise?: string;
    }
  | { readonly name: 'code'; readonly pattern: RegExp; readonly expected: string };

export interface FaultKind {
  /** `device`: all of it, so that nothing more can be said. */
  readonly strikes: 'commands' | 'device' | 'port';
  readonly parameter: FaultParameter | null;
  readonly meaning: string;
}

const time = (name: 'by' | 'down' | 'every', least: Duration = ZERO): FaultParameter => ({
  name,
  dimension: 'time',
  least,
  most: Number.MAX_SAFE_INTEGER,
});

const onCommands = (meaning: string, parameter: FaultParameter | null = null): FaultKind => ({
  strikes: 'commands',
  parameter,
  meaning,
});

/** A connector that is loose takes longer; whoever runs the device is held no busier. */
const FLAP_SHORTEST = ms(1);

/** GR-831's codes have four letters. */
const ERROR_CODE: FaultParameter = {
  name: 'code',
  pattern: /^[A-Z]{4}$/,
  expected: 'an error code of four letters, as SARB',
};
const ACKNOWLEDGEMENT: FaultParameter = {
  name: 'code',
  pattern: /^(NA|NG|RL)$/,
  expected: `one of ${ACKNOWLEDGEMENTS.join(', ')}`,
};

export const FAULT_KINDS: Readonly<Record<FaultName, FaultKind>> = {
  delay: onCommands(
    'acts and answers this much later, with IP meanwhile where the device says that',
    time('by'),
  ),
  late: onCommands('acts at once and answers this much later, without a word meanwhile', time('by')),
  'slow-listing': onCommands('takes this long for each line of an answer', time('by')),
  deny: onCommands('refuses with this code, and does nothing', ERROR_CODE),
  'lose-reply': onCommands('acts, and the answer is lost'),
  'no-answer': onCommands('takes the command, and neither acts nor answers'),
  acknowledge: onCommands('says no more than NA (and acts), NG or RL (and does not)', ACKNOWLEDGEMENT),
  'hang-up': onCommands('acts, answers, and closes the connection'),
  restart: onCommands('restarts while it acts, and is down for so long', time('down')),
  interleave: onCommands('says something of its own before the answer'),
  'interleave-parts': onCommands('says something of its own before each part of the answer'),
  'other-release': onCommands('has the fields of an answer in another order, and one more'),
  'login-settling': {
    strikes: 'device',
    parameter: time('by'),
    meaning: 'denies every command with "Login Not Active" for so long after a login',
  },
  'stuck-power': {
    strikes: 'device',
    parameter: null,
    meaning: 'all power monitors show what they showed last, and no alarm comes or goes',
  },
  'weak-mirror': {
    strikes: 'port',
    parameter: { name: 'loss', dimension: 'ratio', least: 0, most: 100, otherwise: '10 dB' },
    meaning: 'the mirrors of an input lose so much more',
  },
  flap: {
    strikes: 'port',
    parameter: time('every', FLAP_SHORTEST),
    meaning: 'the light at an input goes and comes, each for so long',
  },
};

export const FAULT_NAMES = Object.keys(FAULT_KINDS) as [FaultName, ...FaultName[]];

/** Of the named kind with what its parameter is given; what else there is to say about that is `expected`. */
export function readFault(
  kind: FaultName,
  given: string | undefined,
):
  | { readonly kind: 'ok'; readonly fault: DeviceFault }
  | { readonly kind: 'bad'; readonly expected: string } {
  const { parameter } = FAULT_KINDS[kind];
  if (parameter === null)
    return given === undefined ? ok({ kind }) : { kind: 'bad', expected: `no value for ${kind}` };
  if (parameter.name === 'code') {
    const code = (given ?? '').toUpperCase();
    return parameter.pattern.test(code) ? ok({ kind, code }) : { kind: 'bad', expected: parameter.expected };
  }
  const { name, dimension, least, most, otherwise } = parameter;
  const value = parseQuantity(given ?? otherwise ?? '', dimension);
  if (value.kind === 'bad')
    return { kind: 'bad', expected: `a number with one of the units ${unitsOf(dimension).join(', ')}` };
  if (value.value < least) return { kind: 'bad', expected: `at least ${formatFigure(dimension, least)}` };
  if (value.value > most) return { kind: 'bad', expected: `at most ${formatFigure(dimension, most)}` };
  return ok({ kind, [name]: value.value });
}

/** The table of kinds says which property each has. */
const ok = (fault: { readonly kind: FaultName; readonly [parameter: string]: unknown }) => ({
  kind: 'ok' as const,
  fault: fault as unknown as DeviceFault,
});

/** `delay 5 s` */
export function formatFault(fault: DeviceFault): string {
  const { parameter } = FAULT_KINDS[fault.kind];
  if (parameter === null) return fault.kind;
  const value = (fault as unknown as Readonly<Record<string, unknown>>)[parameter.name];
  return `${fault.kind} ${parameter.name === 'code' ? String(value) : formatFigure(parameter.dimension, Number(value))}`;
}

const formatFigure = (dimension: 'time' | 'ratio', value: number): string =>
  dimension === 'time' ? formatDuration(ns(value)) : `${db(value)} dB`;
