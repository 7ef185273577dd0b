// Why a demand has no light after a cut, computed on the plain graph of the scenario's fibres, independently of what
// the agents say: so that what they did not find can be told from what there was not.
//
//   bridge       the cut leaves no fibres between the two hosts
//   constraints  none that the demand itself would allow
//   budget       none over which the light would be strong enough
//   ports        none but over fibres, and so ports, that demands which the cut did not touch have had all along
//   contention   none but over fibres that other demands which were cut have taken since
//   agents       there is a route, and the agents did not take it in time: a finding

import { families } from '../../../emulators/families.ts';
import { defined } from '../../core/assert.ts';
import { constrainedPath, type LossBudget } from '../../net/constrained-path.ts';
import { Graph } from '../../net/graph.ts';
import type { Cause } from '../../report/study-report.ts';
import type { Scenario } from '../schema.ts';
import type { RequestAction } from '../schema-timeline.ts';

export interface WhyNot {
  readonly cause: Cause;
  /** Demands that are in the way: those whose fibres would each, or together, open a route. */
  readonly others: readonly string[];
}

export interface Holdings {
  readonly cut: ReadonlySet<string>;
  /** The demand that has the fibre now, if one has; and whether it had it before the cut, which it was not hit by. */
  readonly holderOf: (fibre: string) => { readonly demand: string; readonly isUntouched: boolean } | null;
  /** The demand's own fibres before the cut: all that a pinned one may have. */
  readonly before: readonly string[];
}

type Usable = (edge: number) => boolean;

export class RouteOracle {
  readonly #scenario: Scenario;
  readonly #graph: Graph;
  readonly #nodeLoss: Float64Array;
  readonly #fibreLoss: Float64Array;

  constructor(scenario: Scenario) {
    const { switches, hosts, fibres } = scenario;
    this.#scenario = scenario;
    const nodes = [...switches.map(({ name }) => name), ...hosts.map(({ name }) => `host ${name}`)];
    const edges = fibres.map(({ name, between, length }) => {
      const [a, b] = between.map((end) => (end.kind === 'port' ? end.switchName : `host ${end.host}`));
      return { id: name, a: a ?? '', b: b ?? '', weight: Math.max(1, Math.round(length)) };
    });
    this.#graph = Graph.build(nodes, edges);
    this.#fibreLoss = Float64Array.from(fibres, ({ loss }) => loss);
    const losses = switches.map(
      ({ insertionLoss, family }) => insertionLoss ?? families[family].insertionLoss,
    );
    this.#nodeLoss = Float64Array.from([...losses, ...hosts.map(() => 0)]);
  }

  whyNot(request: RequestAction, { cut, holderOf, before }: Holdings): WhyNot {
    const demand = request.pinned && request.along === undefined ? { ...request, along: before } : request;
    const isWhole: Usable = (edge) => !cut.has(this.#graph.edgeId(edge));
    const holder = (edge: number) => {
      const found = holderOf(this.#graph.edgeId(edge));
      return found === null || found.demand === demand.path ? null : found;
    };
    const none = (cause: Cause, others: readonly string[] = []): WhyNot => ({ cause, others });
    if (!this.#hasRoute(demand, isWhole, { terms: false, budget: false })) return none('bridge');
    if (!this.#hasRoute(demand, isWhole, { terms: true, budget: false })) return none('constraints');
    if (!this.#hasRoute(demand, isWhole, all)) return none('budget');
    const isSpared: Usable = (edge) => isWhole(edge) && holder(edge)?.isUntouched !== true;
    if (!this.#hasRoute(demand, isSpared, all)) return none('ports', this.#inTheWay(demand, isWhole, holder));
    const isFree: Usable = (edge) => isWhole(edge) && holder(edge) === null;
    if (!this.#hasRoute(demand, isFree, all))
      return none('contention', this.#inTheWay(demand, isWhole, holder));
    return none('agents');
  }

  /** Who holds fibres of the best route there would be without anybody else. */
  #inTheWay(
    demand: RequestAction,
    isUsable: Usable,
    holder: (edge: number) => { readonly demand: string } | null,
  ): string[] {
    const route = this.#route(demand, isUsable, all);
    return [...new Set((route ?? []).flatMap((edge) => holder(edge)?.demand ?? []))];
  }

  #hasRoute(demand: RequestAction, isUsable: Usable, what: Considered): boolean {
    return this.#route(demand, isUsable, what) !== null;
  }

  /** Edges; null where there is none. A search that gives up has found none to be sure of. */
  #route(demand: RequestAction, isUsable: Usable, { terms, budget }: Considered): readonly number[] | null {
    const graph = this.#graph;
    const [from, to] = [graph.nodeIndex(`host ${demand.from}`), graph.nodeIndex(`host ${demand.to}`)];
    const isOthers = (edge: number): boolean =>
      [graph.edgeA[edge], graph.edgeB[edge]].some(
        (node) => node !== from && node !== to && graph.nodeName(node as number).startsWith('host '),
      );
    const allowed = terms ? this.#allowed(demand) : () => true;
    const found = constrainedPath(graph, from, to, {
      isUsable: (edge) => isUsable(edge) && !isOthers(edge) && allowed(edge),
      ...(terms ? this.#via(demand) : {}),
      ...(budget ? { loss: this.#budget(demand) } : {}),
    });
    if (found.kind !== 'found') return null;
    const isShort = demand.maxLength === undefined || found.path.cost <= demand.maxLength;
    return !terms || isShort ? found.path.edges : null;
  }

  #allowed({ avoid = [], along }: RequestAction): Usable {
    const graph = this.#graph;
    return (edge) => {
      const id = graph.edgeId(edge);
      if (along?.includes(id) === false) return false;
      const ends = [graph.edgeA[edge], graph.edgeB[edge]].map((node) => graph.nodeName(node as number));
      return !avoid.includes(id) && !ends.some((end) => avoid.includes(end));
    };
  }

  #via({ via = [] }: RequestAction): { nodes: number[]; edges: number[] } {
    const { switches } = this.#scenario;
    const isSwitch = (name: string): boolean => switches.some((device) => device.name === name);
    return {
      nodes: via.filter(isSwitch).map((name) => this.#graph.nodeIndex(name)),
      edges: via.filter((name) => !isSwitch(name)).map((name) => this.#graph.edgeIndex(name)),
    };
  }

  /** Of the weaker direction, where both are asked for. */
  #budget({ from, to, mode, powerBudget }: RequestAction): LossBudget {
    const transceiver = (host: string) =>
      defined(this.#scenario.hosts.find(({ name }) => name === host)?.transceiver, `light of ${host}`);
    const [near, far] = [transceiver(from), transceiver(to)];
    const there = near.power - far.sensitivity;
    const back = mode === 'simplex' ? Infinity : far.power - near.sensitivity;
    return {
      ofEdge: this.#fibreLoss,
      ofNode: this.#nodeLoss,
      most: Math.min(there, back, powerBudget ?? Infinity),
    };
  }
}

interface Considered {
  readonly terms: boolean;
  readonly budget: boolean;
}

const all: Considered = { terms: true, budget: true };
