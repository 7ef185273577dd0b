// The machine's randomness: one seed from the operating system, then the same streams as anywhere.

import { randomBytes } from 'node:crypto';
import type { Random } from '../platform/platform.ts';
import { seededRandom } from '../platform/seeded-random.ts';

export const hostRandom = (): Random => seededRandom(randomBytes(16).toString('hex'));
