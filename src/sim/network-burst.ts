// Packets that travel together: ranges of a TCP stream cut into segments, or one datagram, or a packet without payload.
// On its way a burst only ever shrinks.

import type { Ranges } from '../net/byte-ranges.ts';
import { rangesLength } from '../net/byte-ranges.ts';
import type { PacketLoss } from '../net/packet-loss.ts';

/** Ethernet around an IP packet: preamble 8, header 14, check sequence 4, gap 12 (IEEE 802.3). */
export const ETHERNET_OVERHEAD_BYTES = 38;

export class Burst {
  /** Payload bytes of a full packet. */
  readonly packetBytes: number;
  /** All that a packet has around its payload, on the wire. */
  readonly headerBytes: number;
  #ranges: Ranges;
  #bytes: number;
  #packets: number;
  #isGone = false;

  /** Empty `ranges`: one packet without payload. */
  constructor(ranges: Ranges, packetBytes: number, headerBytes: number) {
    this.#ranges = ranges;
    this.#bytes = rangesLength(ranges);
    this.#packets = packetsOf(this.#bytes, packetBytes);
    this.packetBytes = packetBytes;
    this.headerBytes = headerBytes + ETHERNET_OVERHEAD_BYTES;
  }

  get ranges(): Ranges {
    return this.#ranges;
  }

  /** Payload. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Each range is cut by itself, so the last packet of each may be a small one; this counts them as if they were one. */
  get packets(): number {
    return this.#packets;
  }

  get wireBytes(): number {
    return this.#bytes + this.#packets * this.headerBytes;
  }

  /** A full packet of it on the wire. */
  get packetWireBytes(): number {
    return Math.min(this.packetBytes, this.bytes) + this.headerBytes;
  }

  /** Nothing of it is left. */
  get isGone(): boolean {
    return this.#isGone;
  }

  copy(): Burst {
    return new Burst(this.#ranges, this.packetBytes, this.headerBytes - ETHERNET_OVERHEAD_BYTES);
  }

  /** Drops all but the first packets. */
  keepPackets(count: number): void {
    const kept = Math.floor(count + 1e-9);
    if (kept >= this.packets) return;
    if (kept <= 0) this.#isGone = true;
    else this.#keep(between(this.#ranges, 0, kept * this.packetBytes));
  }

  /** Takes out the packets that the link loses. */
  losePackets(loss: PacketLoss): void {
    const packets = this.packets;
    let kept: number[] | null = null;
    let from = 0;
    for (let lost = loss.next(packets); lost < packets; lost = from + loss.next(packets - from)) {
      kept ??= [];
      kept.push(...between(this.#ranges, from * this.packetBytes, lost * this.packetBytes));
      from = lost + 1;
      if (from === packets) break;
    }
    if (kept === null || this.#isGone) return;
    if (from < packets) kept.push(...between(this.#ranges, from * this.packetBytes, Infinity));
    this.#isGone = kept.length === 0;
    this.#keep(kept);
  }

  #keep(ranges: Ranges): void {
    this.#ranges = ranges;
    this.#bytes = rangesLength(ranges);
    this.#packets = packetsOf(this.#bytes, this.packetBytes);
  }
}

const packetsOf = (bytes: number, packetBytes: number): number => Math.max(1, Math.ceil(bytes / packetBytes));

/** The bytes number `from` to `to`, counted through the ranges. */
function between(ranges: Ranges, from: number, to: number): number[] {
  const result: number[] = [];
  let passed = 0;
  for (let i = 0; i + 1 < ranges.length; i += 2) {
    const start = ranges[i] as number;
    const length = (ranges[i + 1] as number) - start;
    const a = Math.max(0, from - passed);
    const b = Math.min(length, to - passed);
    if (a < b) result.push(start + a, start + b);
    passed += length;
  }
  return result;
}
