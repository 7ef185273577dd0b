// What a light path is asked for with, beside its ends. Whoever keeps the path keeps its terms, through restarts.

import * as v from 'valibot';
import { PROTECTION } from './protection.ts';

export const PATH_TERMS = v.strictObject({
  /** One way only, from `from` to `to`; otherwise both ways over the same fibres. */
  isSimplex: v.optional(v.literal(true)),
  protection: v.optional(PROTECTION),
});

export type PathTerms = v.InferOutput<typeof PATH_TERMS>;

/** What the trace shows of terms: only what is there. */
export const recordOf = ({ isSimplex, protection }: PathTerms): { simplex?: true; protection?: string } => ({
  ...(isSimplex ? { simplex: true } : {}),
  ...(protection === undefined ? {} : { protection: protection.kind }),
});
