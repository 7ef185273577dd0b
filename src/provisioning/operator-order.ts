// What an operator can tell the agents to do, and what they answer. A path is moved or frozen by its coordinator, a
// fibre is put into maintenance by the agent at one of its ends, a switch by its own, and anybody frees a path.

import * as v from 'valibot';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

const ORDER = v.variant('kind', [
  /** Over these fibres, access fibres included; without them to any other route. */
  v.strictObject({
    kind: v.literal('move'),
    path: name,
    along: v.optional(v.pipe(v.array(name), v.minLength(1), v.maxLength(64))),
  }),
  /** Nothing but an operator moves it from now on. */
  v.strictObject({ kind: v.literal('freeze'), path: name }),
  v.strictObject({ kind: v.literal('thaw'), path: name }),
  /** Without a fibre: the whole switch of the agent that is asked. */
  v.strictObject({ kind: v.literal('maintain'), fibre: v.optional(name) }),
  v.strictObject({ kind: v.literal('end-maintenance'), fibre: v.optional(name) }),
  /** Every switch lets go of what it has of the path, whatever its coordinator thinks. */
  v.strictObject({ kind: v.literal('free'), path: name }),
]);

export const OPERATE = v.strictObject({ type: v.literal('operate'), by: name, order: ORDER });

export const OPERATED = v.strictObject({
  type: v.literal('operated'),
  isDone: v.boolean(),
  /** Why not, or what has come of it. */
  reason: v.string(),
  /** Of maintenance: the paths that are still there. */
  paths: v.array(name),
  /** Of a path that is freed. */
  ports: v.array(v.strictObject({ switchName: name, port: name })),
});

export type OperatorOrder = v.InferOutput<typeof ORDER>;
export type OperatorAnswer = Omit<v.InferOutput<typeof OPERATED>, 'type'>;
