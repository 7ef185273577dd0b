// A binary heap of (key, node) on typed arrays made once; equal keys give the lower node first. A node may be
// in it several times: the caller skips those it has settled.

const EMPTY = -1;

export class NodeHeap {
  readonly #keys: Float64Array;
  readonly #nodes: Int32Array;
  #size = 0;

  constructor(pushesMax: number) {
    this.#keys = new Float64Array(pushesMax);
    this.#nodes = new Int32Array(pushesMax);
  }

  clear(): void {
    this.#size = 0;
  }

  push(key: number, node: number): void {
    const [keys, nodes] = [this.#keys, this.#nodes];
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!precedes(key, node, keys[parent] as number, nodes[parent] as number)) break;
      keys[at] = keys[parent] as number;
      nodes[at] = nodes[parent] as number;
      at = parent;
    }
    keys[at] = key;
    nodes[at] = node;
  }

  /** The node of the least key, or -1. */
  pop(): number {
    if (this.#size === 0) return EMPTY;
    const root = this.#nodes[0] as number;
    const size = --this.#size;
    if (size > 0) this.#sink(this.#keys[size] as number, this.#nodes[size] as number, size);
    return root;
  }

  #sink(key: number, node: number, size: number): void {
    const [keys, nodes] = [this.#keys, this.#nodes];
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      const right = child + 1;
      const isRight =
        right < size &&
        precedes(
          keys[right] as number,
          nodes[right] as number,
          keys[child] as number,
          nodes[child] as number,
        );
      if (isRight) child = right;
      if (precedes(key, node, keys[child] as number, nodes[child] as number)) break;
      keys[at] = keys[child] as number;
      nodes[at] = nodes[child] as number;
      at = child;
    }
    keys[at] = key;
    nodes[at] = node;
  }
}

const precedes = (key: number, node: number, otherKey: number, otherNode: number): boolean =>
  key < otherKey || (key === otherKey && node < otherNode);
