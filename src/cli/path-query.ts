// What `lightbed paths` is asked, put into the terms of the path computation: words into nodes, links and SRLGs, and
// the budget into losses of links and nodes.

import { isWithin, type LossBudget, type PathConstraints } from '../net/constrained-path.ts';
import { disjointPair } from '../net/disjoint-pair.ts';
import { disjointPaths } from '../net/disjoint-paths.ts';
import { explicitRoute, type RouteStep } from '../net/explicit-route.ts';
import type { Graph } from '../net/graph.ts';
import { kConstrainedPaths } from '../net/k-shortest-paths.ts';
import type { NetworkMap } from '../net/maps/network-map.ts';
import { Risks } from '../net/risks.ts';
import type { ShortestPath } from '../net/shortest-path.ts';
import { UsageError } from './exit-code.ts';
import { findNode } from './map-file.ts';

export interface PathOptions {
  readonly k: number | undefined;
  readonly disjoint: 'edge' | 'node' | 'srlg' | undefined;
  readonly count: number | undefined;
  readonly include: string | undefined;
  readonly exclude: string | undefined;
  readonly route: string | undefined;
  readonly budget: number | undefined;
  /** dB/km, where the map does not say. */
  readonly fibreLoss: number;
  /** dB, where the map does not say. */
  readonly switchLoss: number;
}

export class PathQuery {
  readonly #map: NetworkMap;
  readonly #graph: Graph;
  readonly #o: PathOptions;
  readonly #include: readonly RouteStep[];
  readonly #isBarred: Uint8Array;
  readonly #loss: LossBudget | null;

  /** Throws `UsageError` for words that the map does not have. */
  constructor(map: NetworkMap, graph: Graph, options: PathOptions) {
    this.#map = map;
    this.#graph = graph;
    this.#o = options;
    this.#include = words(options.include).map((word) => this.#step(word));
    this.#isBarred = this.#barred(words(options.exclude));
    this.#loss = options.budget === undefined ? null : this.#budget(options.budget);
  }

  /** No paths where there are none. Throws `UsageError` where the search was given up. */
  paths(from: number, to: number): readonly ShortestPath[] {
    const { disjoint, count = 2, k = 1, route } = this.#o;
    const ends = `${this.#graph.nodeName(from)} to ${this.#graph.nodeName(to)}`;
    if (this.#isWithout(from) || this.#isWithout(to)) return [];
    if (route !== undefined) return this.#explicit(from, to, route);
    const constraints = this.#constraints();
    if (disjoint === undefined) {
      const found = kConstrainedPaths(this.#graph, from, to, k, constraints);
      if (found.kind === 'gave-up') throw new UsageError(`${ends} is undecided: ${found.reason}`);
      return found.paths;
    }
    if (disjoint !== 'srlg' && this.#loss === null)
      return disjointPaths(this.#graph, from, to, disjoint, count, constraints.isUsable) ?? [];
    const found = disjointPair(this.#graph, from, to, this.#risks(disjoint, from, to), constraints);
    if (found.kind === 'gave-up') throw new UsageError(`${ends} is undecided: ${found.reason}`);
    return found.kind === 'found' ? found.paths : [];
  }

  #constraints(): PathConstraints & { readonly isUsable: (edge: number) => boolean } {
    const of = (kind: RouteStep['kind']): number[] =>
      this.#include.filter((step) => step.kind === kind).map(({ index }) => index);
    return {
      isUsable: (edge) => this.#isBarred[edge] === 0,
      nodes: of('node'),
      edges: of('link'),
      ...(this.#loss && { loss: this.#loss }),
    };
  }

  #risks(disjoint: 'edge' | 'node' | 'srlg', from: number, to: number): Risks {
    if (disjoint === 'edge') return Risks.ofEdges(this.#graph);
    if (disjoint === 'node') return Risks.ofNodes(this.#graph, [from, to]);
    return Risks.ofGroups(
      this.#graph,
      this.#map.links.map(({ srlg }) => srlg ?? []),
    );
  }

  #explicit(from: number, to: number, route: string): readonly ShortestPath[] {
    const named = words(route);
    const steps = named.map((word) => this.#step(word));
    const isUsable = (edge: number): boolean => this.#isBarred[edge] === 0;
    const found = explicitRoute(this.#graph, from, [...steps, { kind: 'node', index: to }], isUsable);
    if (found.kind === 'found') {
      const isTooLossy = this.#loss !== null && !isWithin(found.path, this.#loss);
      return isTooLossy ? [] : [found.path];
    }
    const word = named[found.step] ?? this.#graph.nodeName(to);
    const before = found.step === 0 ? this.#graph.nodeName(from) : named[found.step - 1];
    throw new UsageError(`--route cannot be followed: ${word} does not come next to ${before}`);
  }

  /** A node, or a link where no node is named so; `link:` before it for the other. */
  #step(word: string): RouteStep {
    const [, kind, plain = word] = /^(node|link):(.*)$/.exec(word) ?? [];
    if (kind === 'link' || (kind === undefined && !this.#graph.hasNode(word) && this.#graph.hasEdge(word))) {
      if (this.#graph.hasEdge(plain)) return { kind: 'link', index: this.#graph.edgeIndex(plain) };
      throw new UsageError(`the map has no link ${plain}`);
    }
    return { kind: 'node', index: this.#graph.nodeIndex(findNode(this.#map, plain)) };
  }

  #barred(excluded: readonly string[]): Uint8Array {
    const { edgeCount, edgeA, edgeB } = this.#graph;
    const groups = new Set(this.#map.links.flatMap(({ srlg }) => srlg ?? []));
    const barred = new Uint8Array(edgeCount);
    for (const word of excluded) {
      const group = word.replace(/^srlg:/, '');
      const isNode = this.#map.nodes.some(({ id, name }) => id === word || name === word);
      if (groups.has(group) && (group !== word || (!isNode && !this.#graph.hasEdge(word)))) {
        for (const [edge, { srlg }] of this.#map.links.entries()) if (srlg?.includes(group)) barred[edge] = 1;
        continue;
      }
      const { kind, index } = this.#step(word);
      if (kind === 'link') barred[index] = 1;
      else for (let e = 0; e < edgeCount; e++) if (edgeA[e] === index || edgeB[e] === index) barred[e] = 1;
    }
    return barred;
  }

  /** All links of the node are left out, so it is no end either. */
  #isWithout(node: number): boolean {
    const { firstArc, arcEdge } = this.#graph;
    const arcs = arcEdge.subarray(firstArc[node] as number, firstArc[node + 1] as number);
    return arcs.every((edge) => this.#isBarred[edge] === 1);
  }

  #budget(most: number): LossBudget {
    const { fibreLoss, switchLoss } = this.#o;
    return {
      most,
      ofEdge: Float64Array.from(this.#map.links, ({ loss, weight }) => loss ?? (weight / 1000) * fibreLoss),
      ofNode: Float64Array.from(this.#map.nodes, ({ loss }) => loss ?? switchLoss),
    };
  }
}

const words = (list: string | undefined): string[] =>
  (list ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
