// What edges have in common that two paths must not share: the edge itself, its nodes, or the groups of edges
// that fail together (SRLGs: a duct, a bridge). Two paths are disjoint where no risk is in both.

import { assert } from '../core/assert.ts';
import type { Graph } from './graph.ts';

export class Risks {
  /** Per edge its risks, the edge itself first: risk numbers below the count of edges are the edges. */
  readonly #ofEdge: readonly (readonly number[])[];
  readonly count: number;

  private constructor(ofEdge: readonly (readonly number[])[], count: number) {
    this.#ofEdge = ofEdge;
    this.count = count;
  }

  static ofEdges({ edgeCount }: Graph): Risks {
    return new Risks(
      Array.from({ length: edgeCount }, (_, edge) => [edge]),
      edgeCount,
    );
  }

  /** Every node but those named, which all paths share. */
  static ofNodes({ edgeCount, nodeCount, edgeA, edgeB }: Graph, shared: readonly number[]): Risks {
    const ofEdge = Array.from({ length: edgeCount }, (_, edge) => [
      edge,
      ...[edgeA[edge] as number, edgeB[edge] as number]
        .filter((node) => !shared.includes(node))
        .map((node) => edgeCount + node),
    ]);
    return new Risks(ofEdge, edgeCount + nodeCount);
  }

  /** Per edge the names of its groups; an edge in none shares its fate with nobody. */
  static ofGroups({ edgeCount }: Graph, groups: readonly (readonly string[])[]): Risks {
    assert(groups.length === edgeCount, 'groups for every edge');
    const numbers = new Map<string, number>();
    const numberOf = (name: string): number => {
      const known = numbers.get(name) ?? edgeCount + numbers.size;
      numbers.set(name, known);
      return known;
    };
    const ofEdge = groups.map((names, edge) => [edge, ...[...new Set(names)].map(numberOf)]);
    return new Risks(ofEdge, edgeCount + numbers.size);
  }

  /** The same, but edges that all paths may share carry none. */
  without(isShared: (edge: number) => boolean): Risks {
    return new Risks(
      this.#ofEdge.map((risks, edge) => (isShared(edge) ? [] : risks)),
      this.count,
    );
  }

  ofEdge(edge: number): readonly number[] {
    return this.#ofEdge[edge] as readonly number[];
  }

  ofPath(edges: readonly number[]): number[] {
    return [...new Set(edges.flatMap((edge) => this.ofEdge(edge)))];
  }

  /** Marks every edge that has one of the risks. */
  mark(risks: readonly number[]): Uint8Array {
    const isAtRisk = new Uint8Array(this.count);
    for (const risk of risks) isAtRisk[risk] = 1;
    return Uint8Array.from(this.#ofEdge, (mine) => (mine.some((risk) => isAtRisk[risk] === 1) ? 1 : 0));
  }
}
