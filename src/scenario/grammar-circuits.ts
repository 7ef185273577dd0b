// The grammar of circuit nodes, of the spans between them, and of what the timeline does with circuits and spans.

import type { BitsPerSecond, Metres } from '../core/quantity.ts';
import type { Duration } from '../core/time.ts';
import { type Fields, optional, record, required } from './record.ts';
import {
  type CircuitNodeDescription,
  type CreateCircuitAction,
  type DeleteCircuitAction,
  OC_LEVELS,
  type SpanCut,
  type SpanDescription,
  type SpanEnd,
  type SpanFailure,
} from './schema-circuits.ts';
import {
  list,
  name,
  oneOf,
  type Place,
  pair,
  quantity,
  type Shape,
  show,
  text,
  wholeNumber,
} from './shape.ts';

const OC_AID = /^[0-9A-Z]+(-[0-9A-Z]+){3}$/;
const ETHERNET_AID = /^[0-9A-Z]+(-[0-9A-Z]+){4}$/;
const NODE_PORT = /^([a-z][a-z0-9-]{0,19})\/([0-9A-Z-]+)$/;
/** An OC-192. */
const SLOTS_MAX = 192;

/** ADC: a TID has up to 20 letters, digits and hyphens, and the node's name becomes its TID. */
export const CIRCUIT_NODE_NAME = /^[a-z][a-z0-9-]{0,19}$/;

/** It becomes the names of objects at the nodes, which leave less room than other names have. */
export const circuitName: Shape<string> = text(
  'a name of up to 32 lower-case letters, digits and hyphens',
  /^[a-z][a-z0-9-]{0,31}$/,
);

export const nodePort: Shape<SpanEnd> = {
  fallback: { node: '', port: '' },
  json: { type: 'string', pattern: NODE_PORT.source },
  read: (value, place) => {
    const [, node, port] = NODE_PORT.exec(typeof value === 'string' ? value : '') ?? [];
    if (node !== undefined && port !== undefined) return { node, port };
    place.complain({
      found: show(value),
      expected: 'a port of a circuit node as "node/port", for instance "gva/1-A-1-1"',
    });
    return { node: '', port: '' };
  },
};

/** A map from AIDs of ports, read as an array in the order of the file. */
function ports<K extends string, T>(aid: RegExp, example: string, key: K, item: Shape<T>) {
  type Port = { readonly aid: string } & { readonly [P in K]: T };
  const read = (value: unknown, place: Place): readonly Port[] => {
    if (!(value instanceof Map) || value.size === 0) {
      place.complain({ found: show(value), expected: `a map from AIDs of ports, as ${example}` });
      return [];
    }
    return [...value].map(([label, v]) => {
      const here = place.child(String(label));
      if (typeof label !== 'string' || !aid.test(label))
        here.complain({ found: show(label), expected: `the AID of a port, as ${example}`, isAboutKey: true });
      return { aid: String(label), [key]: item.read(v, here) } as Port;
    });
  };
  const json = { type: 'object', propertyNames: { pattern: aid.source }, additionalProperties: item.json };
  const shape: Shape<readonly Port[]> = { fallback: [], json, read };
  return shape;
}

export const circuitNodeFields: Fields<Omit<CircuitNodeDescription, 'name'>> = {
  site: required(name, 'where it stands'),
  ocPorts: required(
    ports(OC_AID, '1-A-1-1', 'level', oneOf(OC_LEVELS)),
    'ports for spans: their OC-n, by AID',
  ),
  ethernetPorts: required(
    ports(ETHERNET_AID, '1-A-3-1-1', 'rate', quantity<BitsPerSecond>('rate', { least: '1 Mb/s' })),
    'ports for hosts: their rates, by AID',
  ),
  commandTime: optional(quantity<Duration>('time'), 'from the arrival of a command until its execution'),
};

export const circuitNode = record(circuitNodeFields);

export const span = record<Omit<SpanDescription, 'name'>>({
  between: required(pair(nodePort), 'two OC-n ports, as "node/port"'),
  length: required(quantity<Metres>('length'), 'its delay follows from it, at 204,000 km/s'),
});

const spanFields: Fields<SpanFailure> = {
  span: required(name, 'a span between circuit nodes'),
  slots: optional(list(wholeNumber(1, SLOTS_MAX)), 'these STS-1 time slots alone; the whole span otherwise'),
};

export const spanRepair = record<SpanFailure>(spanFields);

/** `lasting`: how the timeline writes times after which something ends by itself. */
export const spanCut = (lasting: Shape<Duration>): Shape<SpanCut> =>
  record<SpanCut>({ ...spanFields, for: optional(lasting, 'until it is repaired; by default for good') });

/** What happens to a fibre, or else to a span. */
export function orSpan<T extends object, S extends SpanFailure>(
  ofFibre: Shape<T>,
  ofSpan: Shape<S>,
): Shape<T | S> {
  return {
    fallback: ofFibre.fallback,
    json: { anyOf: [ofFibre.json, ofSpan.json] },
    read: (value, place) => {
      if (!(value instanceof Map) || !value.has('span')) return ofFibre.read(value, place);
      if (!value.has('fibre')) return ofSpan.read(value, place);
      place.complain({
        found: 'a fibre and a span',
        expected: 'one of the two: each has an entry of its own',
      });
      return ofFibre.fallback;
    },
  };
}

type Written<A> = Omit<A, 'kind'>;

const creation = record<Written<CreateCircuitAction>>({
  circuit: required(circuitName, 'how it is called from here on, and at the nodes'),
  from: required(name, 'a host with an Ethernet port; its control machine provisions the circuit'),
  to: required(name, 'another host with an Ethernet port'),
  rate: optional(quantity<BitsPerSecond>('rate', { least: '1 kb/s' }), 'rounded up to whole STS-1s'),
  sts1: optional(wholeNumber(1, SLOTS_MAX), 'how many STS-1s, of about 50.11 Mb/s each'),
});

export const createCircuit: Shape<Written<CreateCircuitAction>> = {
  ...creation,
  read: (value, place) => {
    const read = creation.read(value, place);
    const given = [read.rate, read.sts1].filter((each) => each !== undefined).length;
    if (given !== 1 && !place.source.isSuspect(place.path))
      place.complain({ found: given === 0 ? 'no rate' : 'a rate twice', expected: 'either rate or sts1' });
    return read;
  },
};

export const deleteCircuit = record<Written<DeleteCircuitAction>>({
  circuit: required(circuitName, 'a circuit created before'),
});
