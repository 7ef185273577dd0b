// What a timeline does to the packets between machines, and how the virtual world does it: each packet, or burst of them
// that travels as one, is judged by chance.

import { type Duration, ns } from '../../core/time.ts';
import type { Random } from '../../platform/platform.ts';
import { PASS, type PacketRule } from '../../sim/packet-rule.ts';

export interface Disturbance {
  /** Whether packets from one machine to the other are meant. */
  concerns(from: string, to: string): boolean;
  /** Share that is lost. */
  readonly loss: number;
  /** Share that arrives twice. */
  readonly duplicates: number;
  readonly delay: Duration;
  /** Up to so much more, evenly. */
  readonly jitter: Duration;
}

export function packetRule(d: Disturbance, random: Random): PacketRule {
  return ({ from, to }) => {
    if (from.machine === to.machine || !d.concerns(from.machine, to.machine)) return PASS;
    const chance = random.next();
    if (chance < d.loss) return { kind: 'drop' };
    if (chance < d.loss + d.duplicates) return { kind: 'duplicate' };
    const by = ns(d.delay + Math.round(random.next() * d.jitter));
    return by > 0 ? { kind: 'delay', by } : PASS;
  };
}
