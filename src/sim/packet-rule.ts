// Faults of the network are rules, not branches in its code: each packet that is about to leave is judged,
// and the first rule that does not let it pass decides. A rule is installed for a while and then removed.

import type { Duration } from '../core/time.ts';
import type { Address } from '../platform/platform.ts';

/** What a rule sees of a TCP segment (or a burst of them that travels as one) or a datagram. */
export interface Packet {
  readonly protocol: 'tcp' | 'udp';
  readonly from: Address;
  readonly to: Address;
  /** Payload; 0 for one that only opens, acknowledges or closes. */
  readonly bytes: number;
}

export type Verdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'drop' }
  /** Arrives later by this much. */
  | { readonly kind: 'delay'; readonly by: Duration }
  /** Arrives twice. */
  | { readonly kind: 'duplicate' };

export type PacketRule = (packet: Packet) => Verdict;

export const PASS: Verdict = { kind: 'pass' };

export class PacketRules {
  #rules: readonly PacketRule[] = [];

  add(rule: PacketRule): { remove(): void } {
    this.#rules = [...this.#rules, rule];
    return {
      remove: () => {
        this.#rules = this.#rules.filter((other) => other !== rule);
      },
    };
  }

  /** Whether there is no rule: then nothing needs to be judged. */
  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  judge(packet: Packet): Verdict {
    for (const rule of this.#rules) {
      const verdict = rule(packet);
      if (verdict.kind !== 'pass') return verdict;
    }
    return PASS;
  }
}
