// What a light path is asked for with, beside its ends. Whoever keeps the path keeps its terms, through restarts.

import * as v from 'valibot';
import { PROTECTION } from './protection.ts';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
/** More than a person would name, fewer than a computation can take: ours. */
const names = v.optional(v.pipe(v.array(name), v.maxLength(64)));
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
  portType: v.optional(name),
  /** Metres, from end to end. */
  maxLength: v.optional(notNegative),
  /** What light may lose, in dB; otherwise what the transceivers allow, where that is known. */
  powerBudget: v.optional(notNegative),
  /** What is to be least; otherwise the fibres' weights. */
  measure: v.optional(v.picklist(['weight', 'length', 'hops'])),
});

export const PATH_TERMS = v.strictObject({
  /** One way only, from `from` to `to`; otherwise both ways over the same fibres. */
  isSimplex: v.optional(v.literal(true)),
  protection: v.optional(PROTECTION),
  route: v.optional(ROUTE_TERMS),
});

export type RouteTerms = v.InferOutput<typeof ROUTE_TERMS>;
export type PathTerms = v.InferOutput<typeof PATH_TERMS>;

/** What the trace shows of terms: only what is there. */
export const recordOf = ({ isSimplex, protection }: PathTerms): { simplex?: true; protection?: string } => ({
  ...(isSimplex ? { simplex: true } : {}),
  ...(protection === undefined ? {} : { protection: protection.kind }),
});
