// What messages, and orders and terms within them, are made of.

import * as v from 'valibot';
import { LONGEST_SPAN } from '../core/time.ts';

export const NAME_LENGTH_MAX = 200;
export const NAME = v.pipe(v.string(), v.minLength(1), v.maxLength(NAME_LENGTH_MAX));
/** From 0 on. */
export const WHOLE = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Who adds such a span to his clock does not pass its end. */
export const SPAN = v.pipe(WHOLE, v.maxValue(LONGEST_SPAN));
export const AGENT_ADDRESS = v.strictObject({
  machine: NAME,
  tcpPort: v.pipe(WHOLE, v.minValue(1), v.maxValue(65_535)),
});
