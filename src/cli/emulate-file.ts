// The file of a laboratory to emulate: the switches, hosts and fibres of a scenario, in the scenario's own words,
// with what only an emulated device has (TCP port, SID, login, lamps). Any scenario file will do as well.

import { families } from '../../emulators/families.ts';
import { checkCircuits } from '../scenario/check-circuits.ts';
import { checkFibres } from '../scenario/check-fibres.ts';
import { checkNames } from '../scenario/check-names.ts';
import { fibre, grammar, hostFields, switchFields, type WrittenScenario } from '../scenario/grammar.ts';
import { circuitNodeFields, span } from '../scenario/grammar-circuits.ts';
import { jsonSchema } from '../scenario/json-schema.ts';
import { loadScenario } from '../scenario/load.ts';
import { defaulted, optional, record } from '../scenario/record.ts';
import type { FibreDescription, HostDescription, SwitchDescription } from '../scenario/schema.ts';
import type { SpanDescription } from '../scenario/schema-circuits.ts';
import { list, name, named, oneOf, Place, type Shape, show, text, wholeNumber } from '../scenario/shape.ts';
import { ScenarioSource } from '../scenario/source.ts';
import { nearMiss } from '../scenario/suggest.ts';
import type { LabCircuitNode } from './emulate-circuits.ts';

export interface LabSwitch extends SwitchDescription {
  /** Of its first listener; 0 for any free one. Absent: the next in turn. */
  readonly tcpPort?: number;
  readonly sid?: string;
  /** One of the family's releases or manners. */
  readonly profile?: string;
  /** `user:password`. */
  readonly login?: string;
  /** Ports that a lamp shines into from the start. */
  readonly lit?: readonly string[];
  /** Whether it tells loss of light by itself; the family's habit otherwise. */
  readonly alarms?: 'on' | 'off';
}

export interface LabDescription {
  readonly switches: readonly LabSwitch[];
  readonly hosts: readonly HostDescription[];
  readonly fibres: readonly FibreDescription[];
  readonly circuitNodes: readonly LabCircuitNode[];
  readonly spans: readonly SpanDescription[];
}

/** ADC: a TID has up to 20 letters, digits and hyphens. */
export const SID = /^[A-Za-z0-9-]{1,20}$/;
export const LOGIN = /^[^\s:;,"]+:[^\s:;,"]+$/;

/** A port as a file writes it: a Glimmerglass's `3` is a number to YAML. */
const portLabel: Shape<string> = {
  fallback: '',
  json: { type: ['integer', 'string'] },
  read: (value, place) => {
    if (typeof value === 'string' || Number.isSafeInteger(value)) return String(value);
    place.complain({ found: show(value), expected: 'a port' });
    return '';
  },
};

const labSwitch = record<Omit<LabSwitch, 'name'>>({
  ...switchFields,
  site: defaulted(name, 'lab', 'where it stands; of no consequence here'),
  tcpPort: optional(wholeNumber(0, 65_535), 'of its first listener; 0 for any free one'),
  sid: optional(text('up to 20 letters, digits and hyphens', SID), 'in the header of each message'),
  profile: optional(text('a profile of the family'), 'a release or manner of the family'),
  login: optional(text('"user:password"', LOGIN), 'the only one that it knows'),
  lit: optional(list(portLabel), 'ports that a lamp shines into from the start'),
  alarms: optional(oneOf(['on', 'off']), 'whether it tells loss of light by itself'),
});

const labCircuitNode = record<Omit<LabCircuitNode, 'name'>>({
  ...circuitNodeFields,
  site: defaulted(name, 'lab', 'where it stands; of no consequence here'),
  tcpPort: optional(wholeNumber(0, 65_535), 'where it listens; 0 for any free one'),
  login: optional(text('"user:password"', LOGIN), 'the only one that it knows'),
  alarms: optional(oneOf(['on', 'off']), 'whether it tells its alarms by itself'),
});

// What a host is like matters only to its light here.
const labHost = record<Omit<HostDescription, 'name'>>({
  ...hostFields,
  site: defaulted(name, 'lab', 'where it stands; of no consequence here'),
  disk: defaulted(
    hostFields.disk.shape,
    mapOf({ read: '1 GB/s', write: '1 GB/s' }),
    'of no consequence here',
  ),
  transceiver: defaulted(
    hostFields.transceiver.shape,
    mapOf({ power: '0 dBm', sensitivity: '-24 dBm', 'power-on': '50 ms', capacity: '10 Gb/s' }),
    'a map with power, sensitivity, power-on, capacity',
  ),
});

const labGrammar = record<LabDescription>({
  switches: defaulted(named<LabSwitch>(labSwitch), new Map(), 'optical switches, by name'),
  hosts: defaulted(named<HostDescription>(labHost), new Map(), 'transceivers at ends of fibres, by name'),
  fibres: defaulted(named<FibreDescription>(fibre), new Map(), 'duplex fibres, by name'),
  circuitNodes: defaulted(named<LabCircuitNode>(labCircuitNode), new Map(), 'circuit nodes, by name'),
  spans: defaulted(named<SpanDescription>(span), new Map(), 'OC-n spans between circuit nodes, by name'),
});

/** As `scenarios/lab.schema.json` holds it. */
export const labJsonSchema = (): string => jsonSchema('Lightbed laboratory to emulate', labGrammar);

/** Throws a `ScenarioError` with everything that is wrong with the file. */
export function loadLab(file: string, content: string): LabDescription {
  const source = new ScenarioSource(file, content);
  source.throwIfBad();
  if (source.value instanceof Map && source.value.has('scenario')) return loadScenario(file, content);
  const lab = labGrammar.read(source.value, new Place(source));
  const whole: WrittenScenario = { ...grammar.fallback, ...lab };
  checkNames(whole, source, null);
  checkFibres(whole, source);
  checkCircuits(whole, source);
  if (lab.switches.length + lab.circuitNodes.length === 0)
    source.complain([], { found: 'no device', expected: 'switches or circuit-nodes' });
  for (const device of lab.switches) {
    checkProfile(device, source);
    checkLit(device, lab, source);
  }
  source.throwIfBad();
  return lab;
}

function checkProfile({ name, family, profile }: LabSwitch, source: ScenarioSource): void {
  const known = Object.keys(families[family].profiles);
  const path = ['switches', name, 'profile'];
  if (profile === undefined || known.includes(profile) || source.isSuspect(['switches', name])) return;
  source.complain(path, {
    found: `${show(profile)}, which is not a profile of ${family}`,
    expected: `one of ${known.join(', ')}`,
    suggestion: nearMiss(profile, known),
  });
}

/** A lamp stands at a port that exists and has no fibre of the file. */
function checkLit(device: LabSwitch, lab: LabDescription, source: ScenarioSource): void {
  const labels = families[device.family].portLabels(device.ports);
  for (const [i, port] of (device.lit ?? []).entries()) {
    const path = ['switches', device.name, 'lit', i];
    if (port === '' || source.isSuspect(path)) continue;
    const fibreThere = lab.fibres.find(({ between }) =>
      between.some((end) => end.kind === 'port' && end.switchName === device.name && end.port === port),
    );
    if (!labels.includes(port))
      source.complain(path, {
        found: `${show(port)}, a port that ${device.name} does not have`,
        expected: `a port from ${labels[0]} to ${labels.at(-1)}`,
        suggestion: nearMiss(port, labels),
      });
    else if (fibreThere !== undefined)
      source.complain(path, {
        found: `${show(port)}, where fibre "${fibreThere.name}" ends`,
        expected: 'a port without a fibre: a lamp brings its own',
      });
  }
}

function mapOf(values: Readonly<Record<string, string>>): Map<string, string> {
  return new Map(Object.entries(values));
}
