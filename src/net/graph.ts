// A labelled multigraph on typed arrays in compressed-row form: nodes and edges have names outside and small
// indices inside, parallel edges stay distinct, and the arcs that leave a node lie side by side in memory.
// Immutable once built; what is in use or down is told to the search as a filter over edges.

import { assert, defined } from '../core/assert.ts';

export interface GraphEdge {
  readonly id: string;
  readonly a: string;
  readonly b: string;
  /** Cost of the edge, finite and not negative, the same in both directions. */
  readonly weight: number;
}

export class Graph {
  readonly nodeCount: number;
  readonly edgeCount: number;
  readonly isDirected: boolean;
  /** The arcs that leave node n are those from `firstArc[n]` up to, not including, `firstArc[n + 1]`. */
  readonly firstArc: Int32Array;
  readonly arcTo: Int32Array;
  readonly arcEdge: Int32Array;
  readonly arcWeight: Float64Array;
  /** Per edge: the node indices of its ends, and its cost. */
  readonly edgeA: Int32Array;
  readonly edgeB: Int32Array;
  readonly edgeWeight: Float64Array;
  readonly #nodeNames: readonly string[];
  readonly #edgeIds: readonly string[];
  readonly #nodeIndices: ReadonlyMap<string, number>;
  readonly #edgeIndices: ReadonlyMap<string, number>;

  private constructor(nodes: readonly string[], edges: readonly GraphEdge[], isDirected: boolean) {
    this.nodeCount = nodes.length;
    this.edgeCount = edges.length;
    this.isDirected = isDirected;
    this.#nodeNames = [...nodes];
    this.#edgeIds = edges.map((edge) => edge.id);
    this.#nodeIndices = indexByName('node', this.#nodeNames);
    this.#edgeIndices = indexByName('edge', this.#edgeIds);
    this.edgeA = Int32Array.from(edges, (edge) => this.nodeIndex(edge.a));
    this.edgeB = Int32Array.from(edges, (edge) => this.nodeIndex(edge.b));
    this.edgeWeight = Float64Array.from(edges, checkedWeight);
    const arcCount = isDirected ? edges.length : 2 * edges.length;
    this.firstArc = new Int32Array(nodes.length + 1);
    this.arcTo = new Int32Array(arcCount);
    this.arcEdge = new Int32Array(arcCount);
    this.arcWeight = new Float64Array(arcCount);
    this.#layOutArcs();
  }

  /** `a` to `b` is one arc when directed, and both ways otherwise. Asserts unique names and known ends. */
  static build(
    nodes: readonly string[],
    edges: readonly GraphEdge[],
    options?: { directed?: boolean },
  ): Graph {
    return new Graph(nodes, edges, options?.directed ?? false);
  }

  hasNode(name: string): boolean {
    return this.#nodeIndices.has(name);
  }

  hasEdge(id: string): boolean {
    return this.#edgeIndices.has(id);
  }

  nodeIndex(name: string): number {
    return defined(this.#nodeIndices.get(name), `node ${name} of the graph`);
  }

  edgeIndex(id: string): number {
    return defined(this.#edgeIndices.get(id), `edge ${id} of the graph`);
  }

  nodeName(index: number): string {
    return defined(this.#nodeNames[index], `node number ${index} of the graph`);
  }

  edgeId(index: number): string {
    return defined(this.#edgeIds[index], `edge number ${index} of the graph`);
  }

  /** The end of `edge` that is not `node`. */
  otherEnd(edge: number, node: number): number {
    const a = this.edgeA[edge] as number;
    return a === node ? (this.edgeB[edge] as number) : a;
  }

  /** Counting sort of the arcs by the node they leave: within a node they keep the order of the edges. */
  #layOutArcs(): void {
    const { firstArc, edgeA, edgeB, isDirected } = this;
    for (let edge = 0; edge < this.edgeCount; edge++) {
      add(firstArc, (edgeA[edge] as number) + 1, 1);
      if (!isDirected) add(firstArc, (edgeB[edge] as number) + 1, 1);
    }
    for (let node = 0; node < this.nodeCount; node++) add(firstArc, node + 1, firstArc[node] as number);
    const next = firstArc.slice();
    for (let edge = 0; edge < this.edgeCount; edge++) {
      const a = edgeA[edge] as number;
      const b = edgeB[edge] as number;
      this.#setArc(add(next, a, 1), b, edge);
      if (!isDirected) this.#setArc(add(next, b, 1), a, edge);
    }
  }

  #setArc(arc: number, to: number, edge: number): void {
    this.arcTo[arc] = to;
    this.arcEdge[arc] = edge;
    this.arcWeight[arc] = this.edgeWeight[edge] as number;
  }
}

/** Adds to one cell, and gives what it held before. */
function add(cells: Int32Array, at: number, amount: number): number {
  const before = cells[at] as number;
  cells[at] = before + amount;
  return before;
}

function indexByName(what: string, names: readonly string[]): Map<string, number> {
  const indices = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    assert(!indices.has(name), () => `two ${what}s of a graph are named ${name}`);
    indices.set(name, index);
  }
  return indices;
}

function checkedWeight({ id, weight }: GraphEdge): number {
  assert(
    Number.isFinite(weight) && weight >= 0,
    () => `edge ${id} has no finite cost of 0 or more: ${weight}`,
  );
  return weight;
}
