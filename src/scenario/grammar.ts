// The scenario language, as the grammar of a file: which keys there are, what they hold and what they mean.
// What needs more than one part of the file to judge (references, ports, times) is in `check-*.ts`.

import type { BitsPerSecond, Bytes, BytesPerSecond, Db, Dbm, Metres } from '../core/quantity.ts';
import { type Duration, formatDuration } from '../core/time.ts';
import { DETECTIONS } from '../provisioning/agent-config.ts';
import { PATIENCE_MOST } from '../provisioning/patience.ts';
import { LIMITS } from '../provisioning/timings.ts';
import { circuitName, circuitNode, nodePort, span } from './grammar-circuits.ts';
import { daemonFields } from './grammar-daemon.ts';
import { expectation } from './grammar-expectation.ts';
import { timelineEntry } from './grammar-timeline.ts';
import { defaulted, type Fields, optional, record, required } from './record.ts';
import {
  CONGESTION_CONTROLS,
  type ControlLink,
  type DataLink,
  type DiskDescription,
  type FibreDescription,
  type FibreEnd,
  type FlappingSettings,
  type HostDescription,
  type NetworkSettings,
  type ProvisioningSettings,
  type Scenario,
  type Site,
  SWITCH_FAMILIES,
  type SwitchDescription,
  type TransceiverDescription,
} from './schema.ts';
import type { CircuitNodeDescription, SpanDescription } from './schema-circuits.ts';
import { seed } from './seed.ts';
import { SELECTION_TIME } from './selector.ts';
import { list, name, named, oneOf, pair, quantity, type Shape, show, text, wholeNumber } from './shape.ts';

/** The file's own words for two properties of a scenario. */
export type WrittenScenario = Omit<Scenario, 'name' | 'expectations'> & {
  readonly scenario: string;
  readonly expect: Scenario['expectations'];
};

const line = text('one line of text', /^[^\n]*\S[^\n]*$/);
const prose = text('text');
const time = quantity<Duration>('time');
/** Below these a single block would take longer than any run. */
const rate = quantity<BitsPerSecond>('rate', { least: '1 kb/s' });
const byteRate = quantity<BytesPerSecond>('byteRate', { least: '1 kB/s' });
const size = quantity<Bytes>('size', { isAboveZero: true });
/** An Internet host must take 576 B (RFC 791), and a length in an IP header has 16 bits. */
const mtu = quantity<Bytes>('size', { least: '576 B', most: '65535 B' });
const power = quantity<Dbm>('power', { isSigned: true });
const ratio = quantity<Db>('ratio');

const site = record<Omit<Site, 'name'>>({ title: required(line, 'the place, as pictures show it') });

export const switchFields: Fields<Omit<SwitchDescription, 'name'>> = {
  site: required(name, 'where it stands'),
  family: required(oneOf(SWITCH_FAMILIES), 'which language and manners it has'),
  ports: required(wholeNumber(2, 1024), "how many ports; their labels are the family's"),
  insertionLoss: optional(ratio, 'of a cross-connect'),
  switchingTime: optional(time, 'how long the mirrors move'),
  commandTime: optional(time, 'from the arrival of a command until the mirrors start'),
  detection: optional(oneOf(DETECTIONS), 'how its agent notices loss of light; by default as all do'),
};

const disk = record<DiskDescription>({
  read: required(byteRate, 'sequential read rate'),
  write: required(byteRate, 'sequential write rate'),
});

const transceiver = record<TransceiverDescription>({
  power: required(power, 'launch power'),
  sensitivity: required(power, 'below this the receiver is dark'),
  powerOn: required(time, "how long light must be steady before the receiver's link is up"),
  capacity: required(rate, 'in each direction'),
});

export const hostFields: Fields<Omit<HostDescription, 'name'>> = {
  site: required(name, 'where it stands'),
  disk: required(disk, 'a map with read and write rates'),
  transceiver: optional(
    transceiver,
    'what it has light by: a map with power, sensitivity, power-on, capacity',
  ),
  ethernetPort: optional(nodePort, 'what it is plugged into: "circuit-node/port"'),
  ...daemonFields,
};

const FIBRE_END = /^([a-z][a-z0-9-]*)(?:\/([0-9A-Za-z.]+))?$/;

const fibreEnd: Shape<FibreEnd> = {
  fallback: { kind: 'host', host: '', line: 1 },
  json: { type: 'string', pattern: FIBRE_END.source },
  read: (value, place) => {
    const match = FIBRE_END.exec(typeof value === 'string' ? value : '');
    const [, node, port] = match ?? [];
    if (node === undefined) {
      place.complain({ found: show(value), expected: 'a port as "switch/port", or the name of a host' });
      return { kind: 'host', host: '', line: 1 };
    }
    return port === undefined
      ? { kind: 'host', host: node, line: 1 }
      : { kind: 'port', switchName: node, port };
  },
};

export const fibre = record<Omit<FibreDescription, 'name'>>({
  between: required(
    pair(fibreEnd),
    'two ends: "switch/port", a host, or "host/2" for its second transceiver',
  ),
  length: required(quantity<Metres>('length'), 'its delay follows from it, at 204,000 km/s'),
  loss: required(ratio, 'from end to end, amplifiers included'),
  srlg: optional(list(name, LIMITS.srlgsMax), 'groups of fibres that it fails with: a duct, a bridge'),
  cost: optional(wholeNumber(0, 1e9), "the operator's weight in path computation, instead of the length"),
  portType: optional(name, 'what kind of ports it joins; a path may ask for one'),
});

const dataLink = record<Omit<DataLink, 'name'>>({
  between: required(
    pair(name),
    'two hosts, whose transceivers light it, or whose Ethernet ports its circuit joins',
  ),
  queue: required(size, 'before each transmitter; drop-tail'),
  mtu: required(mtu, 'the largest IP packet'),
  loss: defaulted(quantity<number>('share', { most: '99 %' }), '0 %', 'share of packets lost at random'),
  equipmentDelay: defaulted(time, '0 ms', 'added to the propagation delay, each way'),
  circuit: optional(circuitName, 'the circuit of the timeline that it rides on; light otherwise'),
});

const controlLink = record<Omit<ControlLink, 'name'>>({
  between: required(pair(name), 'two sites'),
  delay: required(time, 'one way'),
  capacity: defaulted(rate, '1 Gb/s', 'in each direction'),
  queue: defaulted(size, '16 MB', 'at each end; drop-tail'),
  mtu: defaulted(mtu, '1500 B', 'the largest IP packet'),
});

// Defaults of ours: they stand for a tuned host of the time on an otherwise idle network.
const network = record<NetworkSettings>({
  convergence: defaulted(time, '1 s', 'from a change of a link until the forwarding tables follow'),
  // CUBIC is the default of Linux since 2.6.19.
  congestionControl: defaulted(oneOf(CONGESTION_CONTROLS), 'cubic', 'of every TCP connection'),
  sendBuffer: defaulted(size, '16 MiB', 'of each TCP connection'),
  receiveBuffer: defaulted(size, '16 MiB', 'of each TCP connection'),
  accessDelay: defaulted(time, '0.1 ms', "between a machine and its site's router, one way"),
  accessCapacity: defaulted(rate, '1 Gb/s', "of the link between a machine and its site's router"),
  selectionTime: defaulted(
    time,
    formatDuration(SELECTION_TIME),
    'from the loss of light at one transceiver of a host until it takes that of another',
  ),
});

/** An agent that looks more often than this does nothing else. */
const period = quantity<Duration>('time', { least: '1 ms' });

const flapping = record<FlappingSettings>({
  suppress: optional(
    wholeNumber(1, 100_000),
    'the penalty above which it is left out; each failure adds 1000',
  ),
  reuse: optional(wholeNumber(1, 100_000), 'the penalty below which it is used again'),
  halfLife: optional(period, 'in which the penalty decays to a half'),
  longest: optional(period, 'the longest that it is left out'),
});

/** What agents are told; `seeds` are switches. */
export const provisioning = record<ProvisioningSettings>({
  powerPoll: optional(period, "between two readings of a switch's powers"),
  losThreshold: optional(power, 'below this a port in use counts as dark'),
  losDrop: optional(
    ratio,
    'a port that has lost so much of the power that it came up with is dark; by default only the threshold counts',
  ),
  detection: optional(oneOf(DETECTIONS), 'by alarms, by reading powers, or both, which is the default'),
  holdOff: optional(quantity<Duration>('time'), 'how long light must be gone before it counts as lost'),
  flapping: optional(flapping, 'when a fibre that fails again and again is left out for a while'),
  reroutesAtOnce: optional(
    wholeNumber(1, 1_000),
    'how many paths an agent moves at the same time; by default 16',
  ),
  losHysteresis: optional(ratio, 'how far above the threshold power counts as light again'),
  replyLimit: optional(period, 'how long an agent waits for another, or for its switch'),
  patience: optional(
    wholeNumber(1, PATIENCE_MOST),
    'so many times as long as usual agents wait for each other, for switches and for light; the same for all',
  ),
  lease: optional(period, 'how long a cross-connect outlives the last heartbeat'),
  heartbeat: optional(period, 'between two renewals of a lease'),
  seeds: optional(
    list(name),
    'switches whose agents all others ask for the rest; otherwise all are told of all',
  ),
  announcement: optional(period, "between two announcements of an agent's ports"),
  failedFibreHold: optional(period, 'how long a fibre found failed is not used, unless light is seen on it'),
});

export const grammar: Shape<WrittenScenario> = record<WrittenScenario>({
  scenario: required(name, "the same as the folder's name"),
  title: required(line, 'what it shows, in one line'),
  description: defaulted(prose, '-', 'what it is about'),
  seed: defaulted(seed, 1, 'of every random stream'),
  duration: required(quantity<Duration>('time', { isAboveZero: true }), 'how long it runs'),
  sites: required(named<Site>(site), 'places, by name'),
  switches: defaulted(named<SwitchDescription>(record(switchFields)), new Map(), 'optical switches, by name'),
  hosts: defaulted(named<HostDescription>(record(hostFields)), new Map(), 'end hosts, by name'),
  fibres: defaulted(named<FibreDescription>(fibre), new Map(), 'duplex fibres, by name'),
  circuitNodes: defaulted(
    named<CircuitNodeDescription>(circuitNode),
    new Map(),
    'nodes that join Ethernet ports by circuits (Ciena CD/CI), by name',
  ),
  spans: defaulted(named<SpanDescription>(span), new Map(), 'OC-n spans between circuit nodes, by name'),
  dataLinks: defaulted(
    named<DataLink>(dataLink),
    new Map(),
    'IP links that ride on light or on circuits, by name',
  ),
  controlLinks: defaulted(
    named<ControlLink>(controlLink),
    new Map(),
    'plain IP links between sites, by name',
  ),
  network: defaulted(network, new Map(), 'what TCP and the routers are like'),
  provisioning: defaulted(provisioning, new Map(), 'what the agents are told'),
  timeline: defaulted(list(timelineEntry), [], 'what happens, and when'),
  expect: defaulted(list(expectation), [], 'what must be measured for the run to pass'),
});
