// The transceiver of a real host: a network interface, whose carrier is polled.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ms, seconds } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
import type { TransceiverMonitor } from '../provisioning/daemon-config.ts';

const pollPeriod = ms(100);

/** From light to a carrier: ours, above what auto-negotiation takes. Before that, its absence says nothing of light. */
export const CARRIER_SETTLING = seconds(3);

/** Where Linux tells the carrier of an interface. */
const SYSFS = '/sys/class/net';

/** An interface that is down, or not there, has no carrier. */
export function carrierMonitor(
  name: string,
  clock: Pick<Clock, 'timer'>,
  sysfs: string = SYSFS,
): TransceiverMonitor {
  const file = join(sysfs, name, 'carrier');
  const read = (): boolean => {
    try {
      return readFileSync(file, 'utf8').trim() === '1';
    } catch {
      return false;
    }
  };
  let isLit = read();
  return {
    isLit: () => isLit,
    hasLight: () => isLit,
    subscribe: (changed) => {
      let isOver = false;
      // Each has its own: what another has been told already is still news here.
      let told = isLit;
      const look = (): void => {
        if (isOver) return;
        isLit = read();
        const isNews = isLit !== told;
        told = isLit;
        if (isNews) changed();
        clock.timer(pollPeriod, look);
      };
      look();
      return () => {
        isOver = true;
      };
    },
  };
}
