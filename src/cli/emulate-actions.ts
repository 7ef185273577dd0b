// What a running laboratory can be told: the requests of its control connection, and what comes of each, as
// text for people and as data for programs.

import * as v from 'valibot';
import { FAULT_KINDS, FAULT_NAMES, formatFault } from '../../emulators/device-fault.ts';
import { unreachable } from '../core/assert.ts';
import { dbm } from '../core/quantity.ts';
import { formatDuration, ns } from '../core/time.ts';
import type { SwitchOutcome } from '../optical/switch.ts';
import { left, right, textTable } from '../report/text-table.ts';
import { circuitData, circuitSections, ofSpan } from './emulate-circuit-actions.ts';
import type { FaultState } from './emulate-faults.ts';
import type { EmulatedDevice, Lab } from './emulate-lab.ts';
import { CUT_DIRECTIONS, type FibreState, type TransmitterState } from './emulate-plant.ts';
import { UsageError } from './exit-code.ts';

/** Far beyond any name, so that an error message stays readable. */
const NAME_LENGTH_MAX = 100;
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(NAME_LENGTH_MAX));
const direction = v.optional(v.picklist(CUT_DIRECTIONS), 'both');
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** In the words of the command line; `readFault` says which mean something. */
const faultWords = v.strictObject({ kind: v.picklist(FAULT_NAMES), value: v.optional(text) });

/** Of an OC-192. */
const SLOTS_MAX = 192;

/** dBm that a transmitter may have: far beyond any, and finite. */
/** Far beyond what transmitters have: ours. */
export const LAUNCH_POWER_MOST = 100;

const launchPower = v.pipe(v.number(), v.minValue(-LAUNCH_POWER_MOST), v.maxValue(LAUNCH_POWER_MOST));

export const controlRequest = v.variant('verb', [
  v.strictObject({ verb: v.literal('list') }),
  v.strictObject({
    verb: v.picklist(['cut', 'repair']),
    name: text,
    direction,
    /** Of a span: these time slots alone. */
    slots: v.optional(v.pipe(v.array(count), v.minLength(1), v.maxLength(SLOTS_MAX))),
  }),
  v.strictObject({ verb: v.literal('light'), name: text, power_dbm: v.optional(launchPower) }),
  v.strictObject({ verb: v.literal('dark'), name: text }),
  v.strictObject({ verb: v.literal('power'), name: v.optional(text) }),
  v.strictObject({
    verb: v.literal('fault'),
    device: text,
    /** A command code, a port, or `*`. */
    command: v.pipe(text, v.regex(/^(\*|[A-Z0-9][A-Za-z0-9.]*(-[A-Z0-9]+)*)$/)),
    fault: faultWords,
    /** So many of the commands are spared first. */
    skip: v.optional(count),
    times: v.nullable(count),
  }),
  v.strictObject({
    verb: v.literal('restart'),
    device: text,
    down_ns: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  }),
  v.strictObject({
    verb: v.picklist(['connect', 'disconnect']),
    device: text,
    input: text,
    output: text,
    way: v.picklist(['one', 'two']),
  }),
  v.strictObject({ verb: v.literal('faults') }),
  v.strictObject({ verb: v.literal('clear'), number: v.optional(count), device: v.optional(text) }),
]);

export type ControlRequest = v.InferOutput<typeof controlRequest>;

export interface Outcome {
  readonly text: string;
  readonly data: unknown;
}

/** Throws `UsageError` for a name that the laboratory does not have. */
export async function act(lab: Lab, request: ControlRequest): Promise<Outcome> {
  const { plant } = lab;
  switch (request.verb) {
    case 'list':
      return list(lab);
    case 'cut':
    case 'repair':
      if (lab.circuits.hasSpan(request.name)) return ofSpan(lab, request);
      if (request.slots !== undefined) throw new UsageError(`there is no span ${request.name}`);
      return ofFibre(plant[request.verb](request.name, request.direction));
    case 'light': {
      const { name, power_dbm: power } = request;
      return ofTransmitter(plant.light(name, power === undefined ? undefined : dbm(power)));
    }
    case 'dark':
      return ofTransmitter(plant.dark(request.name));
    case 'power':
      return powers(lab, request.name);
    case 'fault': {
      const added = lab.faults.add(lab.device(request.device), request);
      return { text: `fault ${added.number}: ${describe(added)}`, data: faultData(added) };
    }
    case 'restart': {
      const device = lab.device(request.device);
      device.restarts.restart(ns(request.down_ns));
      const down = formatDuration(ns(request.down_ns));
      return { text: `${device.name} restarts and is down for ${down}`, data: { device: device.name } };
    }
    case 'connect':
    case 'disconnect':
      return ofOutcome(request, await lab.asSomeoneElse(request));
    case 'faults':
      return faults(lab.faults.list());
    case 'clear':
      return clear(lab, request);
    default:
      return unreachable(request);
  }
}

function list(lab: Lab): Outcome {
  const devices = lab.devices.map((device) => ({
    device: device.name,
    family: device.family,
    sid: device.sid,
    ports: device.ports.length,
    listens_at: addressesOf(device, lab.address),
  }));
  const [fibres, transmitters] = [lab.plant.fibres(), lab.plant.transmitters()];
  const [spans, circuits] = [lab.circuits.spans(), lab.circuits.circuits()];
  const sections = [
    textTable(
      [left('device'), left('family'), left('SID'), right('ports'), left('listens at')],
      devices.map((d) => [d.device, d.family, d.sid, String(d.ports), d.listens_at.join(', ')]),
    ),
    fibres.length > 0 &&
      textTable(
        [left('fibre'), left('a'), left('b'), left('state')],
        fibres.map(({ fibre, ends, cut }) => [fibre, ...ends, cut === null ? 'whole' : `cut ${cut}`]),
      ),
    transmitters.length > 0 &&
      textTable(
        [left('transmitter'), left('is'), right('receives')],
        transmitters.map((t) => [t.transmitter, t.isOn ? 'on' : 'off', decibels(t.received)]),
      ),
    ...circuitSections(spans, circuits),
  ];
  const data = {
    ...{ devices, fibres, transmitters: transmitters.map(transmitterData) },
    ...(spans.length + circuits.length === 0 ? {} : circuitData(spans, circuits)),
  };
  return { text: sections.filter((section) => section !== false).join('\n\n'), data };
}

export const addressesOf = (device: EmulatedDevice, address: string): readonly string[] =>
  device.listeners.map(({ tcpPort }) => `${address}:${tcpPort}`);

function ofFibre(state: FibreState): Outcome {
  const { fibre, ends, cut } = state;
  const what = cut === null ? 'whole' : `cut${cut === 'both' ? ' both ways' : ` ${cut}`}`;
  return { text: `${fibre} (${ends.join(' – ')}) is ${what}`, data: state };
}

const ofTransmitter = (state: TransmitterState): Outcome => ({
  text: `the transmitter at ${state.transmitter} is ${state.isOn ? 'on' : 'off'}`,
  data: transmitterData(state),
});

const transmitterData = ({ transmitter, isOn, received }: TransmitterState) => ({
  transmitter,
  is_on: isOn,
  received_dbm: received,
});

function ofOutcome(
  { verb, device, input, output }: Extract<ControlRequest, { input: string }>,
  outcome: SwitchOutcome,
): Outcome {
  if (outcome.kind !== 'done')
    throw new UsageError(`${device}, ${verb} ${input} ${output}: ${outcome.reason}`);
  return { text: `somebody else did ${verb} ${input} ${output} at ${device}`, data: outcome };
}

function powers(lab: Lab, name: string | undefined): Outcome {
  const rows = lab.plant.power(name);
  if (rows.length === 0) return { text: 'no port has light; light turns on the lamp at a port', data: [] };
  return {
    text: textTable(
      [left('port'), right('in'), right('out')],
      rows.map((row) => [row.port, decibels(row.in), decibels(row.out)]),
    ),
    data: rows.map((row) => ({ port: row.port, in_dbm: row.in, out_dbm: row.out })),
  };
}

function faults(standing: readonly FaultState[]): Outcome {
  if (standing.length === 0) return { text: 'no faults', data: [] };
  const rows = standing.map((f) => [
    String(f.number),
    f.device,
    f.command,
    formatFault(f.fault),
    f.times === null ? 'always' : String(f.times),
    String(f.struck),
  ]);
  const columns = [
    right('no.'),
    left('device'),
    left('command'),
    left('fault'),
    right('times'),
    right('struck'),
  ];
  return { text: textTable(columns, rows), data: standing.map(faultData) };
}

/** The fault as the command line has it: `delay 5 s`. */
const faultData = (state: FaultState) => ({ ...state, fault: formatFault(state.fault) });

function clear(
  lab: Lab,
  { number, device }: { number?: number | undefined; device?: string | undefined },
): Outcome {
  const name = device === undefined ? undefined : lab.device(device).name;
  const isMeant = (f: FaultState): boolean =>
    (number === undefined || f.number === number) && (name === undefined || f.device === name);
  const cleared = lab.faults.clear(isMeant);
  return { text: `${cleared} fault${cleared === 1 ? '' : 's'} cleared`, data: { cleared } };
}

function describe({ device, command, fault, times }: FaultState): string {
  const isOfCommands = FAULT_KINDS[fault.kind].strikes === 'commands';
  const what = command !== '*' ? command : isOfCommands ? 'every command' : 'all of it';
  const howOften = times === null ? '' : `, ${times === 1 ? 'once' : `${times} times`}`;
  return `${device}, ${what}: ${formatFault(fault)}${howOften}`;
}

const decibels = (power: number | null): string => (power === null ? '' : `${power.toFixed(2)} dBm`);
