// What agents say to each other, to clients and to hosts, and daemons of hosts to each other: one JSON object a line,
// checked on receipt. Every message names its path or transaction, so that a lost, late or repeated one is harmless.

import * as v from 'valibot';
import { type Fault, formatLine, parseLine } from '../platform/json-lines.ts';
import { BACKUP_RISKS } from './backup-risks.ts';
import { CLIENT } from './client-messages.ts';
import { MessageError } from './errors.ts';
import { AGENT_ADDRESS, NAME, SPAN, WHOLE } from './message-fields.ts';
import { NEWS } from './news-messages.ts';
import { PORT_PAIR } from './port-pair.ts';
import { LIMITS } from './timings.ts';

const power = v.nullable(v.pipe(v.number(), v.finite()));
/** Below its threshold the port counts as dark. */
const reading = v.strictObject({ port: NAME, power, threshold: v.number() });
/** Who goes first where two transactions want one port: more attempts behind it, then the smaller transaction id. */
const rank = v.strictObject({ attempt: WHOLE, transaction: NAME });
const ofTransaction = { transaction: NAME, path: NAME };
const ofBooking = { path: NAME, number: WHOLE };
const ofPath = { path: NAME, revision: WHOLE };

const AGENT = [
  ...NEWS,
  v.strictObject({
    type: v.literal('prepare'),
    ...ofTransaction,
    revision: WHOLE,
    coordinator: NAME,
    rank,
    remove: v.nullable(PORT_PAIR),
    make: PORT_PAIR,
    /** Of the path. */
    priority: v.exactOptional(WHOLE),
    /** When its time is over, in ms since 1970, if that is known. */
    until: v.optional(WHOLE),
    /** It is decided later, or never: what is prepared is kept under a lease, which answers to `ask` renew. */
    isToHold: v.exactOptional(v.literal(true)),
  }),
  v.strictObject({
    type: v.literal('vote'),
    ...ofTransaction,
    vote: v.picklist(['prepared', 'locked', 'busy', 'reserved', 'failed']),
    /** For a refusal: the port in the way, if it is one. */
    port: v.nullable(NAME),
    reason: v.string(),
  }),
  /** What it was asked or told again is under way there. */
  v.strictObject({ type: v.literal('working'), ...ofTransaction }),
  /** What it makes is named for an agent that has lost what it had prepared, and may have begun. */
  v.strictObject({ type: v.literal('commit'), ...ofTransaction, make: PORT_PAIR }),
  v.strictObject({ type: v.literal('abort'), ...ofTransaction }),
  v.strictObject({
    type: v.literal('committed'),
    ...ofTransaction,
    outcome: v.picklist(['done', 'failed']),
    reason: v.string(),
  }),
  v.strictObject({ type: v.literal('ask'), ...ofTransaction }),
  /** It is held further. */
  v.strictObject({ type: v.literal('undecided'), ...ofTransaction }),
  /** Enter it into the calendar, for `hold_ns` unless it is said again, or to its end where that is null. */
  v.strictObject({
    type: v.literal('book'),
    ...ofBooking,
    pair: PORT_PAIR,
    start: WHOLE,
    end: v.nullable(WHOLE),
    hold_ns: v.nullable(SPAN),
  }),
  v.strictObject({
    type: v.literal('booked'),
    ...ofBooking,
    isBooked: v.boolean(),
    port: v.nullable(NAME),
    reason: v.string(),
  }),
  v.strictObject({ type: v.literal('unbook'), ...ofBooking }),
  v.strictObject({ type: v.literal('unbooked'), ...ofBooking }),
  /** Keep these ports for a shared backup of the path: asked for and, under its lease, renewed. */
  v.strictObject({ type: v.literal('hold-backup'), ...ofTransaction, pair: PORT_PAIR, risks: BACKUP_RISKS }),
  /** Whether they are kept; without being asked when they no longer are. */
  v.strictObject({
    type: v.literal('held-backup'),
    ...ofTransaction,
    vote: v.picklist(['prepared', 'locked', 'busy', 'reserved', 'failed']),
    port: v.nullable(NAME),
    reason: v.string(),
  }),
  v.strictObject({ type: v.literal('drop-backup'), ...ofTransaction }),
  v.strictObject({ type: v.literal('renew'), ...ofPath, pair: PORT_PAIR }),
  v.strictObject({ type: v.literal('renewed'), ...ofPath, isHeld: v.boolean() }),
  /** The same for many paths at once. */
  v.strictObject({
    type: v.literal('renew-all'),
    paths: v.pipe(v.array(v.strictObject({ ...ofPath, pair: PORT_PAIR })), v.maxLength(LIMITS.renewalsMax)),
  }),
  v.strictObject({
    type: v.literal('renewed-all'),
    paths: v.pipe(
      v.array(v.strictObject({ ...ofPath, isHeld: v.boolean() })),
      v.maxLength(LIMITS.renewalsMax),
    ),
  }),
  v.strictObject({ type: v.literal('release'), ...ofPath }),
  v.strictObject({ type: v.literal('released'), ...ofPath }),
  v.strictObject({ type: v.literal('loss'), ...ofPath, port: NAME, power }),
  v.strictObject({ type: v.literal('lit'), ...ofPath }),
  v.strictObject({ type: v.literal('probe'), path: NAME, round: WHOLE }),
  v.strictObject({
    type: v.literal('readings'),
    path: NAME,
    round: WHOLE,
    readings: v.array(reading),
    /** What hosts at its fibres say that they receive of the path, where that counts. */
    receivers: v.exactOptional(v.array(v.strictObject({ fibre: NAME, isLit: v.boolean() }))),
  }),
  /** Light of the path reaches that switch, and leaves it for the host, whose receiver sees none of it. */
  v.strictObject({ type: v.literal('host-dark'), ...ofPath, host: NAME, fibre: NAME }),
  /** Another path of that priority wants these fibres of it. */
  v.strictObject({
    type: v.literal('preempt'),
    path: NAME,
    by: NAME,
    priority: WHOLE,
    fibres: v.array(NAME),
  }),
  /** To whoever has said that a path is to be freed. */
  v.strictObject({ type: v.literal('freed-path'), path: NAME, ports: v.array(NAME) }),
] as const;

const PROBES = [
  /**
   * First on a connection between agents, from both sides. `to`: who is meant, where that is known. `known`: the newest of
   * his lives that the sender has heard of, which he is not known to be past. `isNear`: news is to go this way, too; it may be
   * said anew.
   */
  v.strictObject({
    type: v.literal('hello'),
    from: NAME,
    boot: WHOLE,
    to: v.exactOptional(NAME),
    known: v.exactOptional(WHOLE),
    at: v.exactOptional(AGENT_ADDRESS),
    isNear: v.exactOptional(v.literal(true)),
  }),
  v.strictObject({ type: v.literal('ping'), number: WHOLE }),
  v.strictObject({ type: v.literal('pong'), number: WHOLE }),
] as const;

const HOST = [
  /** From a host to the agent at its fibre: whether light comes in there. */
  v.strictObject({
    type: v.literal('receiver'),
    host: NAME,
    fibre: NAME,
    isLit: v.boolean(),
    /** What the host takes from light to saying so. */
    settling_ns: SPAN,
    /** The question; null: said by itself. */
    answers: v.nullable(WHOLE),
  }),
  /** Asks a host the same, as it is now. */
  v.strictObject({ type: v.literal('look'), fibre: NAME, number: WHOLE }),
  /** Between the daemons of two hosts: what the sender's transceiver receives of a path, and what is agreed of that. */
  v.strictObject({
    type: v.literal('light'),
    path: NAME,
    /** The sender's terminal. */
    host: NAME,
    /** Whether the path was asked for at the sender's end: only such words tell of a path that is not known. */
    isAsker: v.boolean(),
    /** Words of an earlier life, or overtaken ones, do not count. */
    boot: WHOLE,
    number: WHOLE,
    /** `over`: the sender has nothing to do with the path any more. */
    state: v.picklist(['dark', 'lit', 'agreed', 'over']),
    /** End to end. */
    fibres: v.array(NAME),
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
export type Rank = v.InferOutput<typeof rank>;

export const messageFault: Fault = (expected, found) => new MessageError(expected, found);

/** One line, with its end. */
export const formatMessage = (message: Message): Uint8Array => formatLine(message);

/** Throws `MessageError` for anything that is not exactly a message. */
export const parseMessage = (line: string): Message => parseLine(KNOWN, line, messageFault);

/** Negative when `x` goes before `y`. */
export function compareRanks(x: Rank, y: Rank): number {
  if (x.attempt !== y.attempt) return y.attempt - x.attempt;
  return x.transaction < y.transaction ? -1 : x.transaction === y.transaction ? 0 : 1;
}
