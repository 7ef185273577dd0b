// Random loss of packets, each by itself with the same chance, drawn as the distance to the next loss: a geometric
// number costs one draw per lost packet, not one per packet.

export class PacketLoss {
  readonly #share: number;
  readonly #uniform: () => number;
  /** How many packets pass before the next one that is lost. */
  #distance: number;

  /** `share` in [0, 1); `uniform` draws from [0, 1). */
  constructor(share: number, uniform: () => number) {
    this.#share = share;
    this.#uniform = uniform;
    this.#distance = this.#draw();
  }

  /** Lets packets pass, `count` at most: gives the index of the first that is lost, or `count` when none is. */
  next(count: number): number {
    if (this.#distance >= count) {
      this.#distance -= count;
      return count;
    }
    const lost = this.#distance;
    this.#distance = this.#draw();
    return lost;
  }

  #draw(): number {
    if (this.#share === 0) return Infinity;
    return Math.floor(Math.log(1 - this.#uniform()) / Math.log(1 - this.#share));
  }
}
