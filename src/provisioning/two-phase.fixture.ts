// What the tests of both sides of two-phase commit begin with.

import { instant, ms, seconds } from '../core/time.ts';
import type { TransactionPlan } from './coordinator.ts';

export const limits = {
  lockWait: ms(800),
  decisionLimit: seconds(1),
  lease: seconds(30),
  heartbeat: seconds(10),
};
export const at = (s: number): ReturnType<typeof instant> => instant(s * 1e9);

export const plan = (
  transaction: string,
  path: string,
  coordinator: string,
  switches: readonly string[],
): TransactionPlan => ({
  transaction,
  path,
  revision: 0,
  coordinator,
  rank: { attempt: 1, transaction },
  voters: switches.map((switchName) => ({ switchName, remove: null, make: { a: '1', b: '2' } })),
});
