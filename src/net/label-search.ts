// Cheapest walks under constraints, by labels: each stands for a way to a node with its cost, its loss and what it has
// passed of the nodes and edges that count. A label goes when another at the same node costs no more, loses no more, has passed the same of what must be passed and no more of what must not be
// passed twice. Costs and losses are never negative.

import type { LossBudget } from './constrained-path.ts';
import type { Graph } from './graph.ts';
import { Labels, NONE } from './labels.ts';
import { leastLoss } from './least-loss.ts';
import type { PathResult } from './path-result.ts';
import { ShortestPaths } from './shortest-path.ts';

export interface PassedBits {
  /** To be passed exactly once. */
  readonly nodes: readonly number[];
  readonly edges: readonly number[];
  /** Not to be passed twice. */
  readonly critical: readonly number[];
}

interface LabelSearchOptions {
  readonly bits: PassedBits;
  readonly isUsable: ((edge: number) => boolean) | undefined;
  readonly loss: LossBudget | undefined;
}

/** Labels of one search: some hundred megabytes, and seconds. */
const labelsMax = 2_000_000;

export class LabelSearch {
  readonly #graph: Graph;
  readonly #o: LabelSearchOptions;
  /** All bits that the target must have, and the bit of each node and edge. */
  readonly #required: number;
  readonly #bitOfNode: Int32Array;
  readonly #bitOfEdge: Int32Array;
  /** At least what is left to the target: by cost, by loss, and by cost from each thing to be passed. */
  readonly #costLeft: Float64Array;
  readonly #lossLeft: Float64Array | null;
  readonly #detours: { readonly bit: number; readonly costLeft: Float64Array }[] = [];
  readonly #labels: Labels;

  constructor(graph: Graph, options: LabelSearchOptions) {
    this.#graph = graph;
    this.#o = options;
    const { nodes, edges, critical } = options.bits;
    this.#bitOfNode = new Int32Array(graph.nodeCount);
    this.#bitOfEdge = new Int32Array(graph.edgeCount);
    let bit = 1;
    for (const node of nodes) {
      this.#bitOfNode[node] = bit;
      bit <<= 1;
    }
    for (const edge of edges) {
      this.#bitOfEdge[edge] = bit;
      bit <<= 1;
    }
    this.#required = bit - 1;
    for (const node of critical) {
      if (this.#bitOfNode[node] !== 0) continue;
      this.#bitOfNode[node] = bit;
      bit <<= 1;
    }
    this.#labels = new Labels(graph.nodeCount);
    this.#costLeft = new Float64Array(graph.nodeCount);
    this.#lossLeft = options.loss === undefined ? null : new Float64Array(graph.nodeCount);
  }

  search(from: number, to: number): PathResult {
    this.#lookBack(to);
    const labels = this.#labels;
    const { loss } = this.#o;
    this.#offer(from, NONE, NONE, 0, loss?.ofNode[from] ?? 0, this.#bitOfNode[from] as number);
    for (let label = labels.pop(); label !== NONE; label = labels.pop()) {
      if (labels.isGone[label] === 1) continue;
      const node = labels.node[label] as number;
      if (node === to) {
        const has = (labels.passed[label] as number) & this.#required;
        if (has === this.#required) return { kind: 'found', path: labels.pathOf(label) };
        continue;
      }
      this.#extend(label, node, from);
      if (labels.count > labelsMax)
        return { kind: 'gave-up', reason: `more than ${labelsMax} partial paths have to be weighed` };
    }
    return { kind: 'none' };
  }

  #extend(label: number, node: number, from: number): void {
    const { firstArc, arcTo, arcEdge, arcWeight } = this.#graph;
    const { isUsable, loss } = this.#o;
    const passed = this.#labels.passed[label] as number;
    const [cost, lost] = [this.#labels.cost[label] as number, this.#labels.loss[label] as number];
    const end = firstArc[node + 1] as number;
    for (let arc = firstArc[node] as number; arc < end; arc++) {
      const [next, edge] = [arcTo[arc] as number, arcEdge[arc] as number];
      const bitOfNext = this.#bitOfNode[next] as number;
      if (next === from || (passed & bitOfNext) !== 0) continue;
      if (isUsable !== undefined && !isUsable(edge)) continue;
      const bits = passed | bitOfNext | (this.#bitOfEdge[edge] as number);
      const lostThen = loss ? lost + (loss.ofEdge[edge] as number) + (loss.ofNode[next] as number) : 0;
      this.#offer(next, edge, label, cost + (arcWeight[arc] as number), lostThen, bits);
    }
  }

  /** Makes a label, unless it cannot reach the target as asked or another is as good. */
  #offer(node: number, via: number, parent: number, cost: number, loss: number, passed: number): void {
    const left = this.#leftAtLeast(node, passed);
    if (left === Infinity) return;
    if (this.#lossLeft && loss + (this.#lossLeft[node] as number) > (this.#o.loss?.most ?? Infinity)) return;
    const labels = this.#labels;
    for (
      let other = labels.firstAtNode[node] as number;
      other !== NONE;
      other = labels.nextAtNode[other] as number
    ) {
      if (labels.isGone[other] === 1) continue;
      if (this.#isAsGood(other, cost, loss, passed)) return;
      if (this.#isDominatedBy(other, cost, loss, passed)) labels.isGone[other] = 1;
    }
    labels.add(node, via, parent, cost, loss, passed, cost + left);
  }

  #isAsGood(other: number, cost: number, loss: number, passed: number): boolean {
    const has = this.#labels.passed[other] as number;
    return (
      (this.#labels.cost[other] as number) <= cost &&
      (this.#labels.loss[other] as number) <= loss &&
      (has & this.#required) === (passed & this.#required) &&
      (has & ~passed) === 0
    );
  }

  #isDominatedBy(other: number, cost: number, loss: number, passed: number): boolean {
    const has = this.#labels.passed[other] as number;
    return (
      cost <= (this.#labels.cost[other] as number) &&
      loss <= (this.#labels.loss[other] as number) &&
      (has & this.#required) === (passed & this.#required) &&
      (passed & ~has) === 0
    );
  }

  #leftAtLeast(node: number, passed: number): number {
    let left = this.#costLeft[node] as number;
    for (const { bit, costLeft } of this.#detours)
      if ((passed & bit) === 0) left = Math.max(left, costLeft[node] as number);
    return left;
  }

  /** Distances from the target backwards, straight and by way of each thing to be passed. */
  #lookBack(to: number): void {
    const { bits, isUsable, loss } = this.#o;
    const graph = this.#graph;
    const search = new ShortestPaths(graph);
    this.#costLeft.set(search.from(to, isUsable).distance);
    const by = (bit: number, ends: readonly (readonly [number, number])[]): void => {
      const costLeft = new Float64Array(graph.nodeCount).fill(Infinity);
      for (const [node, onwards] of ends) {
        const { distance } = search.from(node, isUsable);
        for (let i = 0; i < costLeft.length; i++)
          costLeft[i] = Math.min(costLeft[i] as number, (distance[i] as number) + onwards);
      }
      this.#detours.push({ bit, costLeft });
    };
    for (const node of bits.nodes)
      by(this.#bitOfNode[node] as number, [[node, this.#costLeft[node] as number]]);
    for (const edge of bits.edges) {
      const [a, b] = [graph.edgeA[edge] as number, graph.edgeB[edge] as number];
      const weight = graph.edgeWeight[edge] as number;
      by(this.#bitOfEdge[edge] as number, [
        [a, weight + (this.#costLeft[b] as number)],
        [b, weight + (this.#costLeft[a] as number)],
      ]);
    }
    if (loss && this.#lossLeft) leastLoss(graph, to, loss, isUsable, this.#lossLeft);
  }
}
