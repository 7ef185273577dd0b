// A binary heap of (key, node) on typed arrays made once; equal keys give the lower node first. A node may be in it several
// times: the caller skips those it has settled. The place of a root that was taken waits for a push to fill it: most nodes
// of a sparse graph reach one new node.

/** No node: the heap is empty. */
export const NO_NODE = -1;

export class NodeHeap {
  readonly #keys: Float64Array;
  readonly #nodes: Int32Array;
  #size = 0;
  /** The root has been returned; what stands in its place does not count. */
  #isRootTaken = false;

  constructor(pushesMax: number) {
    this.#keys = new Float64Array(pushesMax);
    this.#nodes = new Int32Array(pushesMax);
  }

  clear(): void {
    this.#size = 0;
    this.#isRootTaken = false;
  }

  push(key: number, node: number): void {
    if (this.#isRootTaken) {
      this.#isRootTaken = false;
      this.#sinkFromRoot(key, node);
      return;
    }
    const keys = this.#keys;
    const nodes = this.#nodes;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const parentKey = keys[parent] as number;
      if (parentKey < key || (parentKey === key && (nodes[parent] as number) <= node)) break;
      keys[at] = parentKey;
      nodes[at] = nodes[parent] as number;
      at = parent;
    }
    keys[at] = key;
    nodes[at] = node;
  }

  /** Takes the node of the least key, or `NO_NODE` when there is none. */
  pop(): number {
    if (this.#isRootTaken) {
      const last = --this.#size;
      this.#isRootTaken = false;
      if (last > 0) this.#sinkFromRoot(this.#keys[last] as number, this.#nodes[last] as number);
    }
    if (this.#size === 0) return NO_NODE;
    this.#isRootTaken = true;
    return this.#nodes[0] as number;
  }

  #sinkFromRoot(key: number, node: number): void {
    const keys = this.#keys;
    const nodes = this.#nodes;
    const size = this.#size;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      const right = child + 1;
      if (right < size && precedes(keys, nodes, right, child)) child = right;
      const childKey = keys[child] as number;
      if (key < childKey || (key === childKey && node <= (nodes[child] as number))) break;
      keys[at] = childKey;
      nodes[at] = nodes[child] as number;
      at = child;
    }
    keys[at] = key;
    nodes[at] = node;
  }
}

function precedes(keys: Float64Array, nodes: Int32Array, one: number, other: number): boolean {
  const a = keys[one] as number;
  const b = keys[other] as number;
  return a < b || (a === b && (nodes[one] as number) < (nodes[other] as number));
}
