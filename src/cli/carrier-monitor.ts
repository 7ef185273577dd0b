// The transceiver of a real host: a network interface, whose carrier is polled.

import { readFileSync } from 'node:fs';
import { ms, seconds } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
import type { TransceiverMonitor } from '../provisioning/daemon-config.ts';

const pollPeriod = ms(100);

/** From light to a carrier: ours, above what auto-negotiation takes. Before that, its absence says nothing of light. */
export const CARRIER_SETTLING = seconds(3);

/** Linux tells the carrier of an interface in sysfs; an interface that is down, or not there, has none. */
export function carrierMonitor(name: string, clock: Pick<Clock, 'timer'>): TransceiverMonitor {
  const file = `/sys/class/net/${name}/carrier`;
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
      const look = (): void => {
        if (isOver) return;
        const before = isLit;
        isLit = read();
        if (isLit !== before) changed();
        clock.timer(pollPeriod, look);
      };
      look();
      return () => {
        isOver = true;
      };
    },
  };
}
