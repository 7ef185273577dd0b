// What agents say to each other, to clients and to hosts, and daemons of hosts to each other: one JSON object a line,
// checked on receipt. Every message names its path or transaction, so that a lost, late or repeated one is harmless.

import * as v from 'valibot';
import { type Fault, formatLine, parseLine } from '../platform/json-lines.ts';
import { BACKUP_RISKS } from './backup-risks.ts';
import { MessageError } from './errors.ts';
import { OPERATE, OPERATED } from './operator-order.ts';
import { PATH_TERMS } from './path-terms.ts';
import { REFUSAL_KINDS } from './refusal.ts';
import { LIMITS } from './timings.ts';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const power = v.nullable(v.pipe(v.number(), v.finite()));

/** The two ports of a cross-connect; `a` lies towards the path's `from`. Light goes both ways, or from `a` to `b` only. */
const pair = v.strictObject({ a: name, b: name, way: v.optional(v.literal('one')) });
const far = v.variant('kind', [
  v.strictObject({ kind: v.literal('switch'), switchName: name, port: name }),
  v.strictObject({ kind: v.literal('terminal'), terminal: name }),
]);
const announcedPort = v.strictObject({
  port: name,
  fibre: name,
  far,
  /** Weight in path computation: the operator's cost, else metres. */
  weight: v.pipe(v.number(), v.minValue(0)),
  length: v.pipe(v.number(), v.minValue(0)),
  /** Of the fibre from end to end, dB. */
  loss: v.optional(v.pipe(v.number(), v.minValue(0))),
  /** What the fibre shares its fate with. */
  srlg: v.optional(v.array(name)),
  /** What ports of one kind have in common. */
  portType: v.optional(name),
  /** At the terminal at its other end, dBm. */
  transceiver: v.optional(v.strictObject({ power: v.number(), sensitivity: v.number() })),
  state: v.picklist(['free', 'held', 'foreign', 'unread']),
  holder: v.nullable(name),
  /** Of the path that holds it: whom to ask for it, and who may. */
  keeper: v.exactOptional(v.strictObject({ coordinator: name, priority: whole })),
  /** In maintenance: no path is to come here, and those that are here are to leave. */
  isOut: v.exactOptional(v.literal(true)),
  /** Kept for no other path than these, each of which may come to need it. */
  backups: v.exactOptional(v.array(v.strictObject({ path: name, risks: BACKUP_RISKS }))),
});
/** What changes of a port while its agent lives. */
const portChange = v.strictObject({
  port: name,
  state: announcedPort.entries.state,
  holder: announcedPort.entries.holder,
  keeper: announcedPort.entries.keeper,
  isOut: announcedPort.entries.isOut,
  backups: announcedPort.entries.backups,
});
const address = v.strictObject({ machine: name, tcpPort: v.pipe(whole, v.minValue(1), v.maxValue(65_535)) });
/** Below its threshold the port counts as dark. */
const reading = v.strictObject({ port: name, power, threshold: v.number() });
/** Who goes first where two transactions want one port: more attempts behind it, then the smaller transaction id. */
const rank = v.strictObject({ attempt: whole, transaction: name });
const ofTransaction = { transaction: name, path: name };
const ofBooking = { path: name, number: whole };
const ofPath = { path: name, revision: whole };

const ANNOUNCE = v.strictObject({
  type: v.literal('announce'),
  switchName: name,
  boot: whole,
  sequence: whole,
  /** Of a cross-connect, dB. */
  insertionLoss: v.optional(v.pipe(v.number(), v.minValue(0))),
  ports: v.array(announcedPort),
});

/** What has become of ports since the announcement or change of that number; of none: all is as it was. */
const CHANGES = v.strictObject({
  type: v.literal('changes'),
  switchName: name,
  boot: whole,
  since: whole,
  sequence: whole,
  ports: v.array(portChange),
});

const AGENT = [
  ANNOUNCE,
  CHANGES,
  /** Changes have come that follow what the sender does not have: announce all. */
  v.strictObject({ type: v.literal('tell') }),
  v.strictObject({
    type: v.literal('prepare'),
    ...ofTransaction,
    revision: whole,
    coordinator: name,
    rank,
    remove: v.nullable(pair),
    make: pair,
    /** Of the path. */
    priority: v.exactOptional(whole),
    /** When its time is over, in ms since 1970, if that is known. */
    until: v.optional(whole),
  }),
  v.strictObject({
    type: v.literal('vote'),
    ...ofTransaction,
    vote: v.picklist(['prepared', 'locked', 'busy', 'reserved', 'failed']),
    /** For a refusal: the port in the way, if it is one. */
    port: v.nullable(name),
    reason: v.string(),
  }),
  v.strictObject({ type: v.literal('commit'), ...ofTransaction }),
  v.strictObject({ type: v.literal('abort'), ...ofTransaction }),
  v.strictObject({
    type: v.literal('committed'),
    ...ofTransaction,
    outcome: v.picklist(['done', 'failed']),
    reason: v.string(),
  }),
  v.strictObject({ type: v.literal('ask'), ...ofTransaction }),
  /** Enter it into the calendar, for `hold_ns` unless it is said again, or to its end where that is null. */
  v.strictObject({
    type: v.literal('book'),
    ...ofBooking,
    pair,
    start: whole,
    end: v.nullable(whole),
    hold_ns: v.nullable(whole),
  }),
  v.strictObject({
    type: v.literal('booked'),
    ...ofBooking,
    isBooked: v.boolean(),
    port: v.nullable(name),
    reason: v.string(),
  }),
  v.strictObject({ type: v.literal('unbook'), ...ofBooking }),
  v.strictObject({ type: v.literal('unbooked'), ...ofBooking }),
  /** Keep these ports for a shared backup of the path: asked for and, under its lease, renewed. */
  v.strictObject({ type: v.literal('hold-backup'), ...ofTransaction, pair, risks: BACKUP_RISKS }),
  /** Whether they are kept; without being asked when they no longer are. */
  v.strictObject({
    type: v.literal('held-backup'),
    ...ofTransaction,
    vote: v.picklist(['prepared', 'locked', 'busy', 'reserved', 'failed']),
    port: v.nullable(name),
    reason: v.string(),
  }),
  v.strictObject({ type: v.literal('drop-backup'), ...ofTransaction }),
  v.strictObject({ type: v.literal('renew'), ...ofPath, pair }),
  v.strictObject({ type: v.literal('renewed'), ...ofPath, isHeld: v.boolean() }),
  v.strictObject({ type: v.literal('release'), ...ofPath }),
  v.strictObject({ type: v.literal('released'), ...ofPath }),
  v.strictObject({ type: v.literal('loss'), ...ofPath, port: name, power }),
  v.strictObject({ type: v.literal('lit'), ...ofPath }),
  v.strictObject({ type: v.literal('probe'), path: name, round: whole }),
  v.strictObject({
    type: v.literal('readings'),
    path: name,
    round: whole,
    readings: v.array(reading),
    /** What hosts at its fibres say that they receive of the path, where that counts. */
    receivers: v.exactOptional(v.array(v.strictObject({ fibre: name, isLit: v.boolean() }))),
  }),
  /** Light of the path reaches that switch, and leaves it for the host, whose receiver sees none of it. */
  v.strictObject({ type: v.literal('host-dark'), ...ofPath, host: name, fibre: name }),
  /** Another path of that priority wants these fibres of it. */
  v.strictObject({
    type: v.literal('preempt'),
    path: name,
    by: name,
    priority: whole,
    fibres: v.array(name),
  }),
  v.strictObject({ type: v.literal('failed'), fibres: v.array(name), wasLit: v.boolean() }),
  /** An operator's word, by way of the sender: whatever that switch has of the path is to go. */
  v.strictObject({ type: v.literal('free-path'), path: name, by: name }),
  v.strictObject({ type: v.literal('freed-path'), path: name, ports: v.array(name) }),
  /** Light is seen on them again, or somebody says that they are mended. */
  v.strictObject({ type: v.literal('whole'), fibres: v.array(name) }),
  /** Other agents that the sender knows. */
  v.strictObject({
    type: v.literal('peers'),
    peers: v.pipe(
      v.array(v.strictObject({ switchName: name, ...address.entries })),
      v.maxLength(LIMITS.peersMax),
    ),
  }),
] as const;

const PROBES = [
  v.strictObject({ type: v.literal('hello'), from: name, at: v.optional(address) }),
  v.strictObject({ type: v.literal('ping'), number: whole }),
  v.strictObject({ type: v.literal('pong'), number: whole }),
] as const;

const CLIENT = [
  v.strictObject({
    type: v.literal('request'),
    path: name,
    from: name,
    to: name,
    terms: v.optional(PATH_TERMS),
  }),
  v.strictObject({
    type: v.literal('granted'),
    path: name,
    revision: whole,
    fibres: v.array(name),
    crossConnects: v.array(v.tuple([name, name, name])),
    setup_ns: whole,
  }),
  v.strictObject({
    type: v.literal('refused'),
    path: name,
    kind: v.picklist(REFUSAL_KINDS),
    reason: v.string(),
  }),
  v.strictObject({
    type: v.literal('reserved'),
    path: name,
    fibres: v.array(name),
    start: whole,
    end: v.nullable(whole),
    hold_ns: v.nullable(whole),
  }),
  v.strictObject({ type: v.literal('confirm'), path: name }),
  v.strictObject({ type: v.literal('give-back'), path: name }),
  v.strictObject({ type: v.literal('mended'), fibres: v.array(name) }),
  /** An operator's word: whatever that switch has of the path is to go, without its coordinator. */
  v.strictObject({ type: v.literal('free'), path: name, by: name }),
  v.strictObject({ type: v.literal('freed'), path: name, ports: v.array(name) }),
  OPERATE,
  OPERATED,
  v.strictObject({ type: v.literal('given-back'), path: name }),
  v.strictObject({ type: v.literal('keep'), paths: v.array(name) }),
  v.strictObject({
    type: v.literal('path-state'),
    path: name,
    /** `setting-up`: an answer to being asked to keep what was asked for and is not there yet. */
    state: v.picklist(['setting-up', 'up', 'rerouting', 'down', 'gone']),
    reason: v.string(),
  }),
] as const;

const HOST = [
  /** From a host to the agent at its fibre: whether light comes in there. */
  v.strictObject({
    type: v.literal('receiver'),
    host: name,
    fibre: name,
    isLit: v.boolean(),
    /** What the host takes from light to saying so. */
    settling_ns: whole,
    /** The question; null: said by itself. */
    answers: v.nullable(whole),
  }),
  /** Asks a host the same, as it is now. */
  v.strictObject({ type: v.literal('look'), fibre: name, number: whole }),
  /** Between the daemons of two hosts: what the sender's transceiver receives of a path, and what is agreed of that. */
  v.strictObject({
    type: v.literal('light'),
    path: name,
    /** The sender's terminal. */
    host: name,
    /** Whether the path was asked for at the sender's end: only such words tell of a path that is not known. */
    isAsker: v.boolean(),
    /** Words of an earlier life, or overtaken ones, do not count. */
    boot: whole,
    number: whole,
    /** `over`: the sender has nothing to do with the path any more. */
    state: v.picklist(['dark', 'lit', 'agreed', 'over']),
    /** End to end. */
    fibres: v.array(name),
  }),
] as const;

const ALL = [...AGENT, ...PROBES, ...CLIENT, ...HOST] as const;
const MESSAGE = v.variant('type', ALL);

/** By type: to look through all of them for each message takes longer than to check it. */
const OF_TYPE = new Map(ALL.map((schema) => [schema.entries.type.literal as string, schema]));
const KNOWN = v.lazy((input): v.GenericSchema<unknown, Message> => {
  const type: unknown = typeof input === 'object' && input !== null && 'type' in input ? input.type : null;
  const known = typeof type === 'string' ? OF_TYPE.get(type) : undefined;
  return (known ?? MESSAGE) as v.GenericSchema<unknown, Message>;
});

export type Message = v.InferOutput<typeof MESSAGE>;
export type AgentMessage = v.InferOutput<(typeof AGENT)[number]>;
export type ClientMessage = v.InferOutput<(typeof CLIENT)[number]>;
export type MessageOf<T extends Message['type']> = Extract<Message, { type: T }>;
export type PortPair = v.InferOutput<typeof pair>;
export type Far = v.InferOutput<typeof far>;
export type Rank = v.InferOutput<typeof rank>;
export type AnnouncedPort = v.InferOutput<typeof announcedPort>;
export type Announcement = v.InferOutput<typeof ANNOUNCE>;
export type PortChange = v.InferOutput<typeof portChange>;
export type PortChanges = v.InferOutput<typeof CHANGES>;

export const messageFault: Fault = (expected, found) => new MessageError(expected, found);

/** One line, with its end. */
export const formatMessage = (message: Message): Uint8Array => formatLine(message);

/** Throws `MessageError` for anything that is not exactly a message. */
export const parseMessage = (line: string): Message => parseLine(KNOWN, line, messageFault);

export const isSamePair = (x: PortPair | null, y: PortPair | null): boolean =>
  x === y || (x !== null && y !== null && x.way === y.way && isWayOf(y.a, y.b, x));

/** Whether the pair connects that input to that output. */
export const isWayOf = (input: string, output: string, { a, b, way }: PortPair): boolean =>
  (input === a && output === b) || (way !== 'one' && input === b && output === a);

/** The ports at which its light comes in. */
export const inputsOf = ({ a, b, way }: PortPair): string[] => (way === 'one' ? [a] : [a, b]);

/** Whether it sends light out there. */
export const isOutput = ({ a, b, way }: PortPair, port: string): boolean =>
  b === port || (way !== 'one' && a === port);

export const hasPort = (pair: PortPair | null, port: string): boolean =>
  pair !== null && (pair.a === port || pair.b === port);

/** Negative when `x` goes before `y`. */
export function compareRanks(x: Rank, y: Rank): number {
  if (x.attempt !== y.attempt) return y.attempt - x.attempt;
  return x.transaction < y.transaction ? -1 : x.transaction === y.transaction ? 0 : 1;
}
