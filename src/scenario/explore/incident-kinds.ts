// What can befall a run, each kind with its share and how one is drawn. A new action of the timeline that is a
// fault becomes part of the search by a row here.

import { defined } from '../../core/assert.ts';
import type { Random } from '../../platform/platform.ts';
import { controlInterface } from '../machines.ts';
import { agentMachine } from '../schema.ts';
import { formatUs, type Incident } from './incident.ts';
import type { Demand, Subject } from './subject.ts';

export interface Draw {
  readonly subject: Subject;
  readonly random: Random;
  /** us. */
  readonly at: number;
  /** Between the two in us, small ones as likely as large ones, and not beyond the time when all is healed. */
  readonly span: (least: number, most: number) => number;
}

export interface IncidentKind {
  readonly weight: number;
  readonly draw: (draw: Draw) => Incident;
}

const shortest = 500;
const longest = 4e6;
/** Of agents' crashes, those that cost it its disk, too: rare, as that leaves much to be put right. */
const diskLostShare = 0.1;
/** Of steps before the one that an agent crashes at: about what a set-up takes of it. */
const skippedMax = 16;

export const INCIDENT_KINDS: readonly IncidentKind[] = [
  { weight: 6, draw: cut },
  { weight: 4, draw: agentCrash },
  { weight: 6, draw: (d) => crashUpon(d, agentMachine(switchName(d))) },
  { weight: 2, draw: (d) => crash(d, switchName(d)) },
  { weight: 1, draw: (d) => crash(d, host(d)) },
  { weight: 2, draw: release },
  { weight: 4, draw: packets },
  { weight: 2, draw: partition },
  { weight: 2, draw: reset },
  { weight: 5, draw: deviceFault },
  { weight: 1, draw: flap },
  { weight: 1, draw: (d) => lasting(d, 'dark', { host: host(d) }) },
  { weight: 1, draw: reboot },
  { weight: 2, draw: clock },
  { weight: 2, draw: foreign },
  { weight: 2, draw: (d) => order(d, 'move') },
  { weight: 1, draw: (d) => lasting(d, 'freeze', { path: demand(d).path }) },
  { weight: 2, draw: maintain },
];

function cut(d: Draw): Incident {
  const { name } = oneOf(d.random, d.subject.scenario.fibres);
  const direction = oneOf(d.random, ['both', 'both', 'a-to-b', 'b-to-a']);
  return lasting(d, 'cut', { fibre: name, ...(direction === 'both' ? {} : { direction }) });
}

function agentCrash(d: Draw): Incident {
  return crash(d, agentMachine(switchName(d)), diskOf(d));
}

function crash(d: Draw, machine: string, disk: Incident['fields'] = {}): Incident {
  const sockets = oneOf(d.random, ['silent', 'silent', 'reset']);
  return lasting(d, 'crash', { machine, ...(sockets === 'silent' ? {} : { sockets }), ...disk });
}

/** From a stream of its own: what a seed has drawn before there was this fault, it draws still. */
const diskOf = ({ random, at }: Draw): Incident['fields'] =>
  random.fork(`disk/${at}`).next() < diskLostShare ? { disk: 'lost' } : {};

/** In the midst of a sync, between two messages of one decision, on the way back from another crash. */
function crashUpon(d: Draw, machine: string): Incident {
  const left = d.subject.healedBy - d.at;
  const within = Math.min(d.span(1e4, 2e6), Math.round(left / 2));
  const skip = Math.floor(d.random.next() ** 2 * skippedMax);
  const later = d.random.next() < 0.6 ? 0 : d.span(20, 2e3);
  const fields = {
    machine,
    upon: oneOf(d.random, ['sync', 'sync', 'send', 'send', 'store']),
    ...(skip === 0 ? {} : { skip }),
    ...(later === 0 ? {} : { later: formatUs(later) }),
    within: formatUs(within),
    ...(d.random.next() < 0.7 ? {} : { sockets: 'reset' }),
    ...diskOf(d),
  };
  const lasts = Math.min(d.span(shortest, longest), left - within);
  return { at: d.at, lasts, action: 'crash', fields };
}

function release(d: Draw): Incident {
  const { path, at } = demand(d);
  const since = Math.max(at, d.at);
  return { at: since + d.span(shortest, longest), lasts: null, action: 'release', fields: { path } };
}

/** Some way in which packets fare badly, between two machines, at one of them, or everywhere. */
function packets(d: Draw): Incident {
  const [from, to] = twoOf(d.random, machines(d));
  const where = oneOf(d.random, [{ from, to }, { from, to }, { from }, { to }, {}]);
  const ways = oneOf(d.random, [{}, { ways: 'one' }]);
  const how = oneOf<Incident['fields']>(d.random, [
    { loss: '100 %' },
    { loss: percent(d) },
    { duplicates: percent(d) },
    { delay: formatUs(d.span(100, 2e6)) },
    { jitter: formatUs(d.span(100, 5e5)) },
    { loss: '10 %', duplicates: '10 %', jitter: formatUs(d.span(100, 1e5)) },
  ]);
  return lasting(d, 'packets', { ...where, ...ways, ...how });
}

function partition(d: Draw): Incident {
  const all = machines(d);
  const first = oneOf(d.random, all);
  const group = all.filter((machine) => machine === first || d.random.next() < 0.3);
  const some = group.length === all.length ? [first] : group;
  return lasting(d, 'partition', { machines: some });
}

/** Connections of agents with each other, their switches and their clients: what is under way on them is lost. */
function reset(d: Draw): Incident {
  const [from, to] = twoOf(d.random, machines(d));
  const fields = oneOf(d.random, [{ from, to }, { from }, {}]);
  return { at: d.at, lasts: null, action: 'reset', fields };
}

/** A command is answered late, not, or with no; by chance only that of one kind, or only a few of them. */
function deviceFault(d: Draw): Incident {
  const how = oneOf<Incident['fields']>(d.random, [
    { kind: 'delay', by: formatUs(d.span(1e4, 3e6)) },
    { kind: 'late', by: formatUs(d.span(1e4, 6e6)) },
    { kind: 'deny', code: 'SROF' },
    { kind: 'lose-reply' },
    { kind: 'lose-reply' },
    { kind: 'no-answer' },
    { kind: 'hang-up' },
    { kind: 'restart', down: formatUs(d.span(1e5, 2e6)) },
  ]);
  const skip = d.random.next() < 0.5 ? 0 : d.random.integer(12);
  const fields = { device: switchName(d), ...how, ...(skip === 0 ? {} : { skip }) };
  const times = d.random.next() < 0.6 ? { times: 1 + d.random.integer(3) } : {};
  return lasting(d, 'fault', { ...fields, ...times });
}

function flap(d: Draw): Incident {
  const { between } = oneOf(d.random, d.subject.scenario.fibres);
  const end = oneOf(
    d.random,
    between.flatMap((each) => (each.kind === 'port' ? [each] : [])),
  );
  const every = formatUs(d.span(2e3, 5e5));
  return lasting(d, 'fault', { device: end.switchName, kind: 'flap', port: end.port, every });
}

function reboot(d: Draw): Incident {
  const down = formatUs(d.span(1e4, 2e6));
  return { at: d.at, lasts: null, action: 'reboot', fields: { device: switchName(d), down } };
}

function clock(d: Draw): Incident {
  const way = oneOf(d.random, ['ahead', 'back']);
  const step = formatUs(oneOf(d.random, [1e6, 10e6, 3600e6]));
  return lasting(d, 'clock', { machine: agentMachine(switchName(d)), [way]: step });
}

/** Somebody else at the device, who asks no agent: connects two of its ports for a while, or disconnects them. */
function foreign(d: Draw): Incident {
  const device = switchName(d);
  const ports = d.subject.scenario.fibres.flatMap(({ between }) =>
    between.flatMap((end) => (end.kind === 'port' && end.switchName === device ? [end.port] : [])),
  );
  const [input, output] = twoOf(d.random, ports);
  const fields = { device, input, output, ways: oneOf(d.random, ['one', 'two']) };
  if (d.random.next() < 0.5) return { at: d.at, lasts: null, action: 'disconnect', fields };
  return lasting(d, 'connect', fields);
}

function order(d: Draw, action: string): Incident {
  const { path, at } = demand(d);
  return { at: Math.max(at, d.at), lasts: null, action, fields: { path } };
}

function maintain(d: Draw): Incident {
  const fibre = oneOf(d.random, d.subject.scenario.fibres).name;
  return lasting(d, 'maintain', oneOf(d.random, [{ fibre }, { fibre }, { switch: switchName(d) }]));
}

const lasting = (d: Draw, action: string, fields: Incident['fields']): Incident => ({
  at: d.at,
  lasts: d.span(shortest, longest),
  action,
  fields,
});

const oneOf = <T>(random: Random, items: readonly T[]): T =>
  defined(items[random.integer(items.length)], 'one of several');

function twoOf(random: Random, items: readonly string[]): readonly [string, string] {
  const first = oneOf(random, items);
  return [
    first,
    oneOf(
      random,
      items.filter((item) => item !== first),
    ),
  ];
}

const percent = ({ random }: Draw): string => `${oneOf(random, [5, 20, 50])} %`;
const switchName = (d: Draw): string => oneOf(d.random, d.subject.scenario.switches).name;
const demand = (d: Draw): Demand => oneOf(d.random, d.subject.demands);
const host = (d: Draw): string => demand(d)[oneOf(d.random, ['from', 'to'] as const)];

/** Whoever sends on the control network. */
const machines = ({ subject: { scenario, demands } }: Draw): readonly string[] => [
  ...scenario.switches.map(({ name }) => agentMachine(name)),
  ...scenario.switches.map(({ name }) => name),
  ...new Set(demands.flatMap(({ from, to }) => [controlInterface(from), controlInterface(to)])),
];
