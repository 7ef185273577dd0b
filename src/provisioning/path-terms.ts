// What a light path is asked for with, beside its ends. Whoever keeps the path keeps its terms, through restarts.

import * as v from 'valibot';

export const PATH_TERMS = v.strictObject({
  /** One way only, from `from` to `to`; otherwise both ways over the same fibres. */
  isSimplex: v.optional(v.literal(true)),
});

export type PathTerms = v.InferOutput<typeof PATH_TERMS>;
