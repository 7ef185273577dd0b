// What applications say to the daemon of their host, and what it answers: one JSON object a line, checked on receipt.
// A line that says nothing known is answered with an error; the connection stays.

import * as v from 'valibot';
import { parseLine } from '../platform/json-lines.ts';
import { MessageError } from './errors.ts';
import { NAME, WHOLE } from './message-fields.ts';
import { PATH_TERMS } from './path-terms.ts';
import { REFUSAL_KINDS } from './refusal.ts';

/** Anybody on the host may ask, and names end in terminals, logs and words of commands. */
const ASKED = v.pipe(NAME, v.regex(/^\P{Cc}+$/u, 'Expected a name without control characters'));

const REQUEST = v.variant('type', [
  v.strictObject({
    type: v.literal('request'),
    path: ASKED,
    /** A host; by default this one. */
    from: v.optional(ASKED),
    to: ASKED,
    terms: v.optional(PATH_TERMS),
    /** It outlives the connection that asks for it. */
    detached: v.optional(v.boolean()),
  }),
  v.strictObject({ type: v.literal('confirm'), path: ASKED }),
  v.strictObject({ type: v.literal('release'), path: ASKED }),
  v.strictObject({ type: v.literal('list') }),
  /** From now on, each change is news. */
  v.strictObject({ type: v.literal('watch') }),
]);

export const DAEMON_PATH_STATES = [
  'asking',
  'reserved',
  'up',
  'rerouting',
  'down',
  'leaving',
  'ended',
] as const;

const STATUS = {
  path: NAME,
  from: NAME,
  to: NAME,
  /** `theirs`: asked for at the other end. */
  state: v.picklist([...DAEMON_PATH_STATES, 'theirs']),
  /** What this host's traffic for the other end goes over. */
  traffic: v.picklist(['path', 'routed']),
  /** `machine:port` of the one that keeps it. */
  agent: v.nullable(v.string()),
  detached: v.boolean(),
  fibres: v.array(NAME),
  /** Why it is not up. */
  reason: v.string(),
};

const ANSWER = v.variant('type', [
  v.strictObject({ type: v.literal('granted'), path: NAME, fibres: v.array(NAME), setup_ns: WHOLE }),
  v.strictObject({
    type: v.literal('reserved'),
    path: NAME,
    fibres: v.array(NAME),
    start: WHOLE,
    end: v.nullable(WHOLE),
  }),
  v.strictObject({
    type: v.literal('refused'),
    path: NAME,
    kind: v.picklist(REFUSAL_KINDS),
    reason: v.string(),
  }),
  v.strictObject({ type: v.literal('released'), path: NAME }),
  v.strictObject({ type: v.literal('paths'), paths: v.array(v.strictObject(STATUS)) }),
  v.strictObject({ type: v.literal('news'), ...STATUS }),
  v.strictObject({ type: v.literal('error'), reason: v.string() }),
]);

export type DaemonRequest = v.InferOutput<typeof REQUEST>;
export type DaemonAnswer = v.InferOutput<typeof ANSWER>;
export type DaemonAnswerOf<T extends DaemonAnswer['type']> = Extract<DaemonAnswer, { type: T }>;
export type DaemonPathState = (typeof DAEMON_PATH_STATES)[number];
export type PathStatus = DaemonAnswerOf<'paths'>['paths'][number];

/** What a line that is no request is read as. */
export interface BadRequest {
  readonly type: 'bad';
  readonly reason: string;
}

const fault = (expected: string, found: string): MessageError => new MessageError(expected, found);

export function parseDaemonRequest(line: string): DaemonRequest | BadRequest {
  try {
    return parseLine(REQUEST, line, fault);
  } catch (error) {
    if (!(error instanceof MessageError)) throw error;
    return { type: 'bad', reason: error.message };
  }
}

/** Throws `MessageError` for anything that is not exactly an answer. */
export const parseDaemonAnswer = (line: string): DaemonAnswer => parseLine(ANSWER, line, fault);
