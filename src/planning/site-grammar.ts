// The language of site files; the words that a scenario has, too, mean the same here.

import type { Db, Dbm } from '../core/quantity.ts';
import type { Duration } from '../core/time.ts';
import { SWITCH_FAMILIES, type SwitchFamily } from '../optical/families.ts';
import { DETECTIONS } from '../provisioning/agent-config.ts';
import { fibre, provisioning } from '../scenario/grammar.ts';
import { jsonSchema } from '../scenario/json-schema.ts';
import { defaulted, type Fields, optional, record, required } from '../scenario/record.ts';
import type { FibreDescription } from '../scenario/schema.ts';
import { list, name, named, oneOf, quantity, type Shape, show, text } from '../scenario/shape.ts';
import type { Position } from '../scenario/source.ts';
import { deviceEntry } from './device-entry.ts';
import type {
  RouteWish,
  Site,
  SiteChange,
  SiteCrossConnect,
  SiteDevice,
  SiteHost,
  SitePath,
} from './site.ts';

const families = Object.keys(SWITCH_FAMILIES) as unknown as readonly [SwitchFamily, ...SwitchFamily[]];
const time = quantity<Duration>('time');
const power = quantity<Dbm>('power', { isSigned: true });
const ratio = quantity<Db>('ratio');

/** A port as a file writes it: a Glimmerglass's `3` is a number to YAML. */
const port: Shape<string> = {
  fallback: '',
  json: { type: ['integer', 'string'] },
  read: (value, place) => {
    if ((typeof value === 'string' && value !== '') || Number.isSafeInteger(value)) return String(value);
    place.complain({ found: show(value), expected: 'a port' });
    return '';
  },
};

const device = record<Omit<SiteDevice, 'name'>>({
  family: required(oneOf(families), 'which language and manners it has'),
  ...deviceEntry,
  insertionLoss: optional(ratio, "of a cross-connect; the family's usual one if left off"),
  switchingTime: optional(time, 'how long its mirrors move, for the predicted times'),
  commandTime: optional(time, 'from the arrival of a command until the mirrors start'),
  agent: optional(
    text('HOST or HOST:PORT', /^\S+$/),
    'where other agents reach the agent of this switch; its port is 3400 if left off',
  ),
  detection: optional(oneOf(DETECTIONS), 'by alarms, by reading powers, or both: of its agent'),
});

const host = record<Omit<SiteHost, 'name'>>({
  power: required(power, 'launch power'),
  sensitivity: required(power, 'below this the receiver is dark'),
  powerOn: defaulted(time, '50 ms', "how long light must be steady before the receiver's link is up"),
  daemon: optional(
    text('an IP address', /^[\da-fA-F.:]+$/),
    "of the host's daemon: agents take nobody else's word about its receiver",
  ),
});

const wish: Fields<RouteWish> = {
  route: optional(list(name), 'all its fibres in order; by default it is computed, or where the light is'),
  via: optional(list(name), 'fibres and devices to pass'),
  avoid: optional(list(name), 'fibres and devices to leave out'),
};

const way = defaulted(oneOf(['two', 'one']), 'two', 'both ways, or one way only');

const pathFields: Fields<Omit<SitePath, 'name'>> = {
  from: required(name, 'a host'),
  to: required(name, 'a host'),
  way,
  ...wish,
};

const crossConnect = record<SiteCrossConnect>({
  device: required(name, 'a device'),
  input: required(port, 'where light enters'),
  output: required(port, 'where it leaves'),
  way,
});

type WrittenPath = Omit<SitePath, 'name'> & { readonly path: string };
type WrittenMove = RouteWish & { readonly path: string };

interface WrittenChange {
  readonly add?: WrittenPath;
  readonly remove?: { readonly path: string };
  readonly move?: WrittenMove;
  readonly connect?: SiteCrossConnect;
  readonly disconnect?: SiteCrossConnect;
}

const CHANGES: Fields<WrittenChange> = {
  add: optional(
    record<WrittenPath>({ path: required(name, 'a new name'), ...pathFields }),
    'a new light path',
  ),
  remove: optional(record({ path: required(name, 'a path') }), 'a light path goes'),
  move: optional(
    record<WrittenMove>({ path: required(name, 'a path'), ...wish }),
    'a light path takes another way',
  ),
  connect: optional(crossConnect, 'one cross-connect, whatever it is for'),
  disconnect: optional(crossConnect, 'one cross-connect goes'),
};

const KINDS = Object.keys(CHANGES) as readonly (keyof WrittenChange)[];
const writtenChange = record(CHANGES);

const change: Shape<SiteChange> = {
  fallback: { kind: 'remove', path: '', where: { line: 1, column: 1 } },
  json: { ...writtenChange.json, oneOf: KINDS.map((kind) => ({ required: [kind] })) },
  read: (value, place) => {
    const written = writtenChange.read(value, place);
    const where = place.source.position(place.path);
    const given = KINDS.filter((kind) => written[kind] !== undefined);
    if (given.length !== 1 && !place.source.isSuspect(place.path))
      place.complain({
        found: given.length === 0 ? 'no change' : given.join(' and '),
        expected: `one of ${KINDS.join(', ')}`,
      });
    return settled(written, where);
  },
};

function settled(written: WrittenChange, where: Position): SiteChange {
  const { add, remove, move, connect, disconnect } = written;
  if (add !== undefined) {
    const { path, ...rest } = add;
    return { where, kind: 'add', path: { name: path, ...rest } };
  }
  if (move !== undefined) {
    const { path, ...rest } = move;
    return { where, kind: 'move', path, wish: rest };
  }
  if (connect !== undefined) return { where, kind: 'connect', crossConnect: connect };
  if (disconnect !== undefined) return { where, kind: 'disconnect', crossConnect: disconnect };
  return { where, kind: 'remove', path: remove?.path ?? '' };
}

export const siteGrammar: Shape<Site> = record<Site>({
  devices: required(named<SiteDevice>(device), 'the optical switches, by name'),
  hosts: defaulted(named<SiteHost>(host), new Map(), 'transceivers at ends of fibres, by name'),
  fibres: defaulted(named<FibreDescription>(fibre), new Map(), 'duplex fibres, by name'),
  paths: defaulted(
    named<SitePath>(record(pathFields)),
    new Map(),
    'light paths that are meant to be there before the changes, by name',
  ),
  crossConnects: defaulted(list(crossConnect), [], "others that are meant to be there: somebody else's"),
  changes: defaulted(list(change), [], 'what to change, in order'),
  powerTolerance: defaulted(ratio, '3 dB', 'powers that differ by no more are the same'),
  provisioning: defaulted(
    provisioning,
    new Map(),
    'what the agents are told; seeds are devices, all others with an agent if left off',
  ),
  controlDelay: defaulted(time, '5 ms', 'one way to a device, for the predicted times'),
});

/** As `scenarios/site.schema.json` holds it. */
export const siteJsonSchema = (): string => jsonSchema('Lightbed site', siteGrammar);
