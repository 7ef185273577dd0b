// What agents pass on from neighbour to neighbour, and how neighbours find out what the other lacks.

import * as v from 'valibot';
import { NAME, WHOLE } from './message-fields.ts';
import { ANNOUNCEMENT, CHANGES } from './topology-messages.ts';

/** What is said to all, once. About fibres, neighbours that meet again tell each other what was said of late. */
const said = v.variant('type', [
  v.strictObject({ type: v.literal('failed'), fibres: v.array(NAME), wasLit: v.boolean() }),
  /** Light is seen on them again, or somebody says that they are mended. */
  v.strictObject({ type: v.literal('whole'), fibres: v.array(NAME) }),
  /** An operator's word, by way of its sender: whatever that switch has of the path is to go. */
  v.strictObject({ type: v.literal('free-path'), path: NAME, by: NAME }),
]);
const bulletin = v.strictObject({
  switchName: NAME,
  boot: WHOLE,
  number: WHOLE,
  /** How long ago it was said, where it is told again, ns. */
  age: v.exactOptional(WHOLE),
  said,
});

export const NEWS = [
  /** Of the sender and passed on. `told`: who else has had from the sender what is its own. */
  v.strictObject({
    type: v.literal('news'),
    bulletins: v.exactOptional(v.array(bulletin)),
    announcements: v.exactOptional(v.array(ANNOUNCEMENT)),
    changes: v.exactOptional(v.array(CHANGES)),
    told: v.exactOptional(v.array(NAME)),
  }),
  /** What the sender knows, for whoever knows less: switch, boot and sequence of each. */
  v.strictObject({ type: v.literal('offer'), known: v.array(v.tuple([NAME, WHOLE, WHOLE])) }),
  /** The receiver is to announce all that it knows of these switches. */
  v.strictObject({ type: v.literal('want'), switches: v.array(NAME) }),
] as const;

export type Bulletin = v.InferOutput<typeof bulletin>;
export type Said = v.InferOutput<typeof said>;
