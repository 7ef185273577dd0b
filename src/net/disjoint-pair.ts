// Two paths of least total that share no risk, exact under any constraints on each: for SRLGs and for loss
// budgets, where no flow can find them. Branch and bound over the cheaper path: with the best pair known, the
// least set of its risks is found that no partner cheap enough can live with; any better pair has a first path
// that avoids one of those risks, so there is one branch for each. The problem is NP-hard (Hu 2003): beyond a
// bound on branches the answer is that nobody knows.

import { constrainedPath, type LossBudget } from './constrained-path.ts';
import type { Graph } from './graph.ts';
import { comparePaths } from './k-shortest-paths.ts';
import type { GaveUp } from './path-result.ts';
import type { Risks } from './risks.ts';
import { type ShortestPath, ShortestPaths } from './shortest-path.ts';

export interface PairConstraints {
  readonly isUsable?: (edge: number) => boolean;
  /** For each of the two paths by itself. */
  readonly loss?: LossBudget;
}

export type PairResult =
  | { readonly kind: 'found'; readonly paths: readonly [ShortestPath, ShortestPath] }
  | { readonly kind: 'none' }
  /** Undecided; `best` is the best pair met until then. */
  | (GaveUp & { readonly best: readonly [ShortestPath, ShortestPath] | null });

/** Subproblems of one search: a few seconds on maps of some hundred nodes. */
const branchesMax = 5_000;

export function disjointPair(
  graph: Graph,
  from: number,
  to: number,
  risks: Risks,
  constraints: PairConstraints = {},
): PairResult {
  return new PairSearch(graph, from, to, risks, constraints).search();
}

interface Branch {
  readonly avoided: readonly number[];
  readonly first: ShortestPath;
}

class PairSearch {
  readonly #graph: Graph;
  readonly #from: number;
  readonly #to: number;
  readonly #risks: Risks;
  readonly #o: PairConstraints;
  readonly #search: ShortestPaths;
  readonly #open: Branch[] = [];
  readonly #known = new Set<string>();
  #best: readonly [ShortestPath, ShortestPath] | null = null;
  #total = Infinity;
  #gaveUp: string | null = null;

  constructor(graph: Graph, from: number, to: number, risks: Risks, constraints: PairConstraints) {
    this.#graph = graph;
    this.#from = from;
    this.#to = to;
    this.#risks = risks;
    this.#o = constraints;
    this.#search = new ShortestPaths(graph);
  }

  search(): PairResult {
    this.#add([]);
    for (let branches = 0; this.#gaveUp === null; branches++) {
      const branch = this.#open.shift();
      // The first path is the cheaper one.
      if (branch === undefined || 2 * branch.first.cost >= this.#total) return this.#result();
      if (branches === branchesMax) this.#gaveUp = `more than ${branchesMax} cases have to be told apart`;
      else this.#divide(branch);
    }
    return { kind: 'gave-up', reason: this.#gaveUp, best: this.#best };
  }

  #result(): PairResult {
    if (this.#gaveUp !== null) return { kind: 'gave-up', reason: this.#gaveUp, best: this.#best };
    return this.#best === null ? { kind: 'none' } : { kind: 'found', paths: this.#best };
  }

  #divide({ avoided, first }: Branch): void {
    const mine = this.#risks.ofPath(first.edges);
    const second = this.#without(mine);
    if (second !== null && first.cost + second.cost < this.#total) {
      this.#total = first.cost + second.cost;
      this.#best = comparePaths(first, second) <= 0 ? [first, second] : [second, first];
    }
    for (const risk of this.#conflict(first.cost, mine)) this.#add([...avoided, risk]);
  }

  /** The least part of `risks`, as far as leaving out one at a time finds it, beside which no partner is cheap enough. */
  #conflict(cost: number, risks: readonly number[]): readonly number[] {
    let conflict = risks;
    for (const risk of risks) {
      const fewer = conflict.filter((other) => other !== risk);
      const partner = this.#without(fewer);
      if (cost + (partner?.cost ?? Infinity) >= this.#total) conflict = fewer;
    }
    return conflict;
  }

  #add(avoided: readonly number[]): void {
    const sorted = avoided.toSorted((a, b) => a - b);
    const key = sorted.join(' ');
    if (this.#known.has(key)) return;
    this.#known.add(key);
    const first = this.#without(sorted);
    if (first === null) return;
    const at = this.#open.findIndex((open) => comparePaths(first, open.first) < 0);
    this.#open.splice(at < 0 ? this.#open.length : at, 0, { avoided: sorted, first });
  }

  /** The cheapest path without any of the risks that keeps the constraints. */
  #without(risks: readonly number[]): ShortestPath | null {
    const { isUsable, loss } = this.#o;
    const isBarred = this.#risks.mark(risks);
    const mayUse = (edge: number): boolean => isBarred[edge] === 0 && isUsable?.(edge) !== false;
    if (loss === undefined) return this.#search.to(this.#from, this.#to, mayUse);
    const found = constrainedPath(this.#graph, this.#from, this.#to, { isUsable: mayUse, loss });
    if (found.kind === 'gave-up') this.#gaveUp = found.reason;
    return found.kind === 'found' ? found.path : null;
  }
}
