// What clients of an agent say to it, and hear from it: a host's program, its daemon, an operator.

import * as v from 'valibot';
import { NAME, WHOLE } from './message-fields.ts';
import { OPERATE, OPERATED } from './operator-order.ts';
import { PATH_TERMS } from './path-terms.ts';
import { REFUSAL_KINDS } from './refusal.ts';

export const CLIENT = [
  v.strictObject({
    type: v.literal('request'),
    path: NAME,
    from: NAME,
    to: NAME,
    terms: v.optional(PATH_TERMS),
  }),
  v.strictObject({
    type: v.literal('granted'),
    path: NAME,
    revision: WHOLE,
    fibres: v.array(NAME),
    crossConnects: v.array(v.tuple([NAME, NAME, NAME])),
    setup_ns: WHOLE,
  }),
  v.strictObject({
    type: v.literal('refused'),
    path: NAME,
    kind: v.picklist(REFUSAL_KINDS),
    reason: v.string(),
  }),
  v.strictObject({
    type: v.literal('reserved'),
    path: NAME,
    fibres: v.array(NAME),
    start: WHOLE,
    end: v.nullable(WHOLE),
    hold_ns: v.nullable(WHOLE),
  }),
  v.strictObject({ type: v.literal('confirm'), path: NAME }),
  v.strictObject({ type: v.literal('give-back'), path: NAME }),
  v.strictObject({ type: v.literal('mended'), fibres: v.array(NAME) }),
  /** An operator's word: whatever that switch has of the path is to go, without its coordinator. */
  v.strictObject({ type: v.literal('free'), path: NAME, by: NAME }),
  v.strictObject({ type: v.literal('freed'), path: NAME, ports: v.array(NAME) }),
  OPERATE,
  OPERATED,
  v.strictObject({ type: v.literal('given-back'), path: NAME }),
  v.strictObject({ type: v.literal('keep'), paths: v.array(NAME) }),
  v.strictObject({
    type: v.literal('path-state'),
    path: NAME,
    /** `setting-up`: an answer to being asked to keep what was asked for and is not there yet. */
    state: v.picklist(['setting-up', 'up', 'rerouting', 'down', 'gone']),
    reason: v.string(),
  }),
] as const;
