// What a light path is asked for with, beside its ends. Whoever keeps the path keeps its terms, through restarts.

import * as v from 'valibot';
import { NAME, SPAN, WHOLE } from './message-fields.ts';
import { PROTECTION } from './protection.ts';

/** More than a person would name, fewer than a computation can take: ours. */
const names = v.optional(v.pipe(v.array(NAME), v.maxLength(64)));
const notNegative = v.pipe(v.number(), v.finite(), v.minValue(0));

/** What the route must keep, at set-up and after every move. */
const ROUTE_TERMS = v.strictObject({
  /** The fibres, all and only these, in any order. */
  along: names,
  viaFibres: names,
  viaSwitches: names,
  avoidFibres: names,
  avoidSwitches: names,
  avoidSrlgs: names,
  portType: v.optional(NAME),
  /** Metres, from end to end. */
  maxLength: v.optional(notNegative),
  /** What light may lose, in dB; otherwise what the transceivers allow, where that is known. */
  powerBudget: v.optional(notNegative),
  /** What is to be least; otherwise the fibres' weights. */
  measure: v.optional(v.picklist(['weight', 'length', 'hops'])),
});

/** Ports are booked for a time; calendar times in milliseconds since 1970. */
const RESERVE = v.strictObject({
  /** Absent: from now on. */
  start: v.optional(WHOLE),
  /** Absent: until it is given back, as other paths. */
  end: v.optional(WHOLE),
  /** Nothing is connected before its client confirms it, within this many ns. */
  hold: v.optional(v.pipe(SPAN, v.minValue(1))),
});

/** 0 goes first, as setup and holding priorities of RSVP-TE do (RFC 3209, 4.7). */
export const LOWEST_PRIORITY = 7;

export const PATH_TERMS = v.strictObject({
  /** One way only, from `from` to `to`; otherwise both ways over the same fibres. */
  isSimplex: v.optional(v.literal(true)),
  /** Who goes first where several paths want one thing: 0 before 7, which is the default. */
  priority: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(LOWEST_PRIORITY))),
  /** It stays on its first route: without light it is DOWN until that is whole again. */
  isPinned: v.optional(v.boolean()),
  /** Without a route it may take the fibres of paths with a lower priority. */
  mayPreempt: v.optional(v.boolean()),
  protection: v.optional(PROTECTION),
  /** It goes back to its working route when that has been whole for so long; absent: it stays where it is. */
  waitToRestore_ns: v.optional(SPAN),
  reserve: v.optional(RESERVE),
  route: v.optional(ROUTE_TERMS),
});

export type Reserve = v.InferOutput<typeof RESERVE>;
export type RouteTerms = v.InferOutput<typeof ROUTE_TERMS>;
export type PathTerms = v.InferOutput<typeof PATH_TERMS>;

export const priorityOf = (terms: PathTerms): number => terms.priority ?? LOWEST_PRIORITY;

/** What the trace shows of terms: only what is there. */
export const recordOf = ({ isSimplex, priority, isPinned, mayPreempt, protection }: PathTerms) => ({
  ...(isSimplex ? { simplex: true } : {}),
  ...(priority === undefined ? {} : { priority }),
  ...(isPinned ? { pinned: true } : {}),
  ...(mayPreempt ? { preempt: true } : {}),
  ...(protection === undefined ? {} : { protection: protection.kind }),
});
