// The grammar of what goes wrong in a timeline, beyond cuts and crashes: devices that misbehave, packets that fare
// badly, clocks that jump, transmitters that go out.

import {
  type DeviceFault,
  FAULT_KINDS,
  FAULT_NAMES,
  type FaultKind,
  type FaultName,
  readFault,
} from '../../emulators/device-fault.ts';
import type { Duration } from '../core/time.ts';
import { defaulted, type Fields, optional, record, required } from './record.ts';
import type {
  ClockAction,
  ConnectAction,
  DarkAction,
  DisconnectAction,
  FaultAction,
  LightAction,
  PacketsAction,
  PartitionAction,
  RebootAction,
  ResetAction,
} from './schema-faults.ts';
import { list, name, oneOf, type Place, quantity, type Shape, show, text, wholeNumber } from './shape.ts';

type Written<A extends { readonly kind: string }> = Omit<A, 'kind'>;

export interface WrittenFaultActions {
  readonly fault?: Written<FaultAction>;
  readonly packets?: Written<PacketsAction>;
  readonly partition?: Written<PartitionAction>;
  readonly reset?: Written<ResetAction>;
  readonly clock?: Written<ClockAction>;
  readonly dark?: Written<DarkAction>;
  readonly light?: Written<LightAction>;
  readonly reboot?: Written<RebootAction>;
  readonly connect?: Written<ConnectAction>;
  readonly disconnect?: Written<DisconnectAction>;
}

const time = quantity<Duration>('time');
const share = quantity<number>('share');
const lasting = {
  for: optional(quantity<Duration>('time', { isAboveZero: true }), 'until when, from `at` on'),
};
const ways = oneOf(['one', 'two']);

const PORT = /^[0-9A-Za-z][0-9A-Za-z.]*$/;

/** A label that may look like a number. */
const port: Shape<string> = {
  fallback: '',
  json: { type: ['integer', 'string'], pattern: PORT.source },
  read: (value, place) => {
    const label = Number.isInteger(value) ? String(value) : value;
    if (typeof label === 'string' && PORT.test(label)) return label;
    place.complain({ found: show(value), expected: 'the label of a port' });
    return '';
  },
};

interface WrittenFault extends Omit<Written<FaultAction>, 'fault'> {
  readonly kind: FaultName;
  readonly by?: string;
  readonly down?: string;
  readonly every?: string;
  readonly loss?: string;
  readonly code?: string;
}

/** Read by the fault's kind. */
const figure = text('a figure with its unit');
const COMMAND = /^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$/;
const TIMES_MAX = 1_000_000;

const kindsWith = (parameter: string): string =>
  FAULT_NAMES.filter((kind) => FAULT_KINDS[kind].parameter?.name === parameter).join(', ');

const FAULT_FIELDS: Fields<WrittenFault> = {
  device: required(name, 'a switch or a circuit node'),
  kind: required(oneOf(FAULT_NAMES), 'how it misbehaves'),
  command: optional(
    text('a command code in capitals, as RTRV-HDR', COMMAND),
    'of a fault at commands: only at this one',
  ),
  port: optional(port, 'of a fault at a port: which'),
  by: optional(figure, `how long, for ${kindsWith('by')}`),
  down: optional(figure, `how long it is down, for ${kindsWith('down')}`),
  every: optional(figure, `how long each time, for ${kindsWith('every')}`),
  loss: optional(figure, `how much, for ${kindsWith('loss')}`),
  code: optional(text('a code'), `for ${kindsWith('code')}`),
  skip: defaulted(wholeNumber(0, TIMES_MAX), 0, 'how many of the commands are spared first'),
  times: optional(wholeNumber(1, TIMES_MAX), 'how many of the commands it strikes; by default all'),
  ...lasting,
};

const PARAMETERS = ['by', 'down', 'every', 'loss', 'code'] as const;
const NONE: DeviceFault = { kind: 'stuck-power' };
const writtenFault = record(FAULT_FIELDS);

const fault: Shape<Written<FaultAction>> = {
  fallback: { device: '', fault: NONE, skip: 0 },
  json: writtenFault.json,
  read: (value, place) => {
    const { kind, by, down, every, loss, code, ...rest } = writtenFault.read(value, place);
    const written = { by, down, every, loss, code };
    if (place.source.isSuspect([...place.path, 'kind'])) return { ...rest, fault: NONE };
    complainOfStrays(kind, rest, written, place);
    const { parameter } = FAULT_KINDS[kind];
    const given = parameter === null ? undefined : written[parameter.name];
    const read = readFault(kind, given);
    if (read.kind === 'ok') return { ...rest, fault: read.fault };
    const key = parameter?.name ?? '';
    if (given !== undefined) place.child(key).complain({ found: show(given), expected: read.expected });
    else if (!place.source.isUnread(place.path))
      place.complain({ found: `no "${key}"`, expected: `${key}: ${read.expected}` });
    return { ...rest, fault: NONE };
  },
};

/** What another kind of fault would have, and what one that strikes a port must have. */
function complainOfStrays(
  kind: FaultName,
  rest: Omit<WrittenFault, 'kind' | (typeof PARAMETERS)[number]>,
  written: Readonly<Record<(typeof PARAMETERS)[number], string | undefined>>,
  place: Place,
): void {
  const { strikes, parameter } = FAULT_KINDS[kind];
  const stray = (key: string, expected: string): void =>
    place.child(key).complain({ found: `"${key}" for ${kind}`, expected, isAboutKey: true });
  for (const key of PARAMETERS)
    if (written[key] !== undefined && parameter?.name !== key)
      stray(key, parameter === null ? 'no figure' : parameter.name);
  if (strikes !== 'commands')
    for (const key of ['command', 'times'] as const)
      if (rest[key] !== undefined) stray(key, `no command: it strikes ${STRIKES[strikes]}`);
  if (strikes !== 'port' && rest.port !== undefined) stray('port', `no port: it strikes ${STRIKES[strikes]}`);
  if (strikes === 'port' && rest.port === undefined && !place.source.isUnread(place.path))
    place.complain({ found: 'no "port"', expected: `port: where the device has the ${kind}` });
}

const STRIKES: Readonly<Record<FaultKind['strikes'], string>> = {
  commands: 'commands',
  device: 'the whole device',
  port: 'a port',
};

interface WrittenClock extends Omit<Written<ClockAction>, 'step'> {
  readonly ahead?: Duration;
  readonly back?: Duration;
}

const CLOCK_FIELDS: Fields<WrittenClock> = {
  machine: required(name, 'whose calendar jumps'),
  ahead: optional(time, 'how far ahead'),
  back: optional(time, 'or how far back'),
  ...lasting,
};
const writtenClock = record(CLOCK_FIELDS);

const clock: Shape<Written<ClockAction>> = {
  fallback: { machine: '', step: 0 },
  json: writtenClock.json,
  read: (value, place) => {
    const { ahead, back, ...rest } = writtenClock.read(value, place);
    if ((ahead === undefined) === (back === undefined) && !place.source.isSuspect(place.path)) {
      const found = ahead === undefined ? 'neither "ahead" nor "back"' : 'both "ahead" and "back"';
      place.complain({ found, expected: 'exactly one of ahead, back' });
    }
    return { ...rest, step: (ahead ?? 0) - (back ?? 0) };
  },
};

const byOthers: Fields<Written<DisconnectAction>> = {
  device: required(name, 'a switch'),
  input: required(port, 'one of its ports'),
  output: required(port, 'another'),
  ways: defaulted(ways, 'one', 'one way, or two'),
};

export const FAULT_ACTIONS: Fields<WrittenFaultActions> = {
  fault: optional(fault, 'a device misbehaves'),
  packets: optional(
    record<Written<PacketsAction>>({
      from: optional(name, 'a machine; by default all'),
      to: optional(name, 'another; by default all'),
      ways: defaulted(ways, 'two', 'whether packets of the answers fare alike'),
      loss: defaulted(share, '0 %', 'share of packets that is lost'),
      duplicates: defaulted(share, '0 %', 'share of packets that arrives twice'),
      delay: defaulted(time, '0 s', 'added to each packet'),
      jitter: defaulted(time, '0 s', 'up to so much more, by chance: packets overtake each other'),
      ...lasting,
    }),
    'packets between machines fare badly',
  ),
  partition: optional(
    record<Written<PartitionAction>>({
      machines: required(list(name), 'machines that no packet of the others reaches, nor the reverse'),
      ...lasting,
    }),
    'no packet passes between these machines and all others',
  ),
  reset: optional(
    record<Written<ResetAction>>({
      from: optional(name, 'a machine; by default all'),
      to: optional(name, 'another; by default all'),
    }),
    'connections between machines, whoever opened them, are reset by something on the way',
  ),
  clock: optional(clock, "a machine's calendar jumps, and with `for` jumps back"),
  dark: optional(
    record<Written<DarkAction>>({ host: required(name, 'a host'), ...lasting }),
    "a host's transmitter goes out",
  ),
  light: optional(
    record({ host: required(name, 'a host that went dark') }),
    "a host's transmitter is on again",
  ),
  reboot: optional(
    record<Written<RebootAction>>({
      device: required(name, 'a switch or a circuit node'),
      down: defaulted(time, '5 s', 'how long its ports refuse connections'),
    }),
    "a device's controller restarts; its mirrors and circuits stay",
  ),
  connect: optional(
    record<Written<ConnectAction>>({ ...byOthers, ...lasting }),
    'somebody else, over TL1, connects two ports',
  ),
  disconnect: optional(record<Written<DisconnectAction>>(byOthers), 'somebody else disconnects two ports'),
};
