// The two ports of a cross-connect, as agents speak of them.

import * as v from 'valibot';
import { NAME } from './message-fields.ts';

/** The two ports of a cross-connect; `a` lies towards the path's `from`. Light goes both ways, or from `a` to `b` only. */
export const PORT_PAIR = v.strictObject({ a: NAME, b: NAME, way: v.optional(v.literal('one')) });

export type PortPair = v.InferOutput<typeof PORT_PAIR>;

export const isSamePair = (x: PortPair | null, y: PortPair | null): boolean =>
  x === y || (x !== null && y !== null && x.way === y.way && isWayOf(y.a, y.b, x));

/** Whether the pair connects that input to that output. */
export const isWayOf = (input: string, output: string, { a, b, way }: PortPair): boolean =>
  (input === a && output === b) || (way !== 'one' && input === b && output === a);

/** The ports at which its light comes in. */
export const inputsOf = ({ a, b, way }: PortPair): string[] => (way === 'one' ? [a] : [a, b]);

/** Whether it sends light out there. */
export const isOutput = ({ a, b, way }: PortPair, port: string): boolean =>
  b === port || (way !== 'one' && a === port);

export const hasPort = (pair: PortPair | null, port: string): boolean =>
  pair !== null && (pair.a === port || pair.b === port);
