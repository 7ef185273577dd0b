// An OC-n span between two ports: a number of STS-1 time slots, slot n of one end joined to slot n of the other.
// A cut takes all of them; a single slot can fail, too. Both directions fail together.

import type { Metres } from '../src/core/quantity.ts';
import { slotAid } from './ciena-aid.ts';
import type { CienaNode } from './ciena-node.ts';

export interface SpanEnd {
  readonly node: CienaNode;
  readonly port: string;
}

export class Span {
  readonly name: string;
  readonly a: SpanEnd;
  readonly b: SpanEnd;
  readonly slots: number;
  readonly length: Metres;
  isCut = false;
  readonly failedSlots = new Set<number>();

  constructor(name: string, a: SpanEnd, b: SpanEnd, slots: number, length: Metres) {
    this.name = name;
    this.a = a;
    this.b = b;
    this.slots = slots;
    this.length = length;
  }

  carries(slot: number): boolean {
    return !this.isCut && !this.failedSlots.has(slot);
  }

  endAt(node: CienaNode): SpanEnd {
    return this.a.node === node ? this.a : this.b;
  }

  otherEnd(node: CienaNode): SpanEnd {
    return this.a.node === node ? this.b : this.a;
  }

  /** Slots that work and that no circuit has at either end, from the lowest. */
  freeSlots(): number[] {
    const free: number[] = [];
    for (let slot = 1; slot <= this.slots; slot++) {
      const isFree = [this.a, this.b].every(({ node, port }) => node.isFree(slotAid(port, slot)));
      if (isFree && this.carries(slot)) free.push(slot);
    }
    return free;
  }
}
