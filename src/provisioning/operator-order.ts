// What an operator can tell the agents to do, and what they answer. A path is moved or frozen by its coordinator, a
// fibre is put into maintenance by the agent at one of its ends, a switch by its own, and anybody frees a path.

import * as v from 'valibot';
import { NAME } from './message-fields.ts';

const ORDER = v.variant('kind', [
  /** Over these fibres, access fibres included; without them to any other route. */
  v.strictObject({
    kind: v.literal('move'),
    path: NAME,
    along: v.optional(v.pipe(v.array(NAME), v.minLength(1), v.maxLength(64))),
  }),
  /** Nothing but an operator moves it from now on. */
  v.strictObject({ kind: v.literal('freeze'), path: NAME }),
  v.strictObject({ kind: v.literal('thaw'), path: NAME }),
  /** Without a fibre: the whole switch of the agent that is asked. */
  v.strictObject({ kind: v.literal('maintain'), fibre: v.optional(NAME) }),
  v.strictObject({ kind: v.literal('end-maintenance'), fibre: v.optional(NAME) }),
  /** Every switch lets go of what it has of the path, whatever its coordinator thinks. */
  v.strictObject({ kind: v.literal('free'), path: NAME }),
]);

export const OPERATE = v.strictObject({ type: v.literal('operate'), by: NAME, order: ORDER });

export const OPERATED = v.strictObject({
  type: v.literal('operated'),
  isDone: v.boolean(),
  /** Why not, or what has come of it. */
  reason: v.string(),
  /** Of maintenance: the paths that are still there. */
  paths: v.array(NAME),
  /** Of a path that is freed. */
  ports: v.array(v.strictObject({ switchName: NAME, port: NAME })),
});

export type OperatorOrder = v.InferOutput<typeof ORDER>;
export type OperatorAnswer = Omit<v.InferOutput<typeof OPERATED>, 'type'>;
