// Samples the goodput of every transfer under way at equal intervals, into the trace. It looks at the
// receivers' meters from outside; the programs do not know.

import { type Duration, ms } from '../core/time.ts';
import type { PreparedTransfer } from './programs.ts';
import type { World } from './worlds/world.ts';

export const samplePeriod: Duration = ms(100);

/** Samples a transfer from its first delivered byte until everything is delivered. */
export function startSampler(world: World, transfers: readonly PreparedTransfer[]): void {
  const last = new Map<PreparedTransfer, number>();
  const sample = (): void => {
    for (const transfer of transfers) {
      const { delivered, perStream } = transfer.meter;
      const isOver = last.get(transfer) === transfer.action.size;
      if (delivered === 0 || isOver) continue;
      last.set(transfer, delivered);
      world.record('goodput.sampled', {
        transfer: transfer.action.name,
        bytes: delivered,
        streams: [...perStream],
      });
    }
    world.clock.timer(samplePeriod, sample);
  };
  if (transfers.length > 0) world.clock.timer(samplePeriod, sample);
}
