// The data network: machines and routers, and the links between them that packets take. Links change at once, as light
// and circuits do; forwarding tables follow only after the convergence delay, and until then packets meet a dead
// link and are lost. All routers converge at the same instant, so there are no transient loops here. A machine's own
// route to another comes before the tables, holds at once and by itself, whether its link is up or not.

import { assert, defined } from '../core/assert.ts';
import type { BitsPerSecond, Bytes } from '../core/quantity.ts';
import type { Duration, Instant } from '../core/time.ts';
import type { Clock, Timer } from '../platform/platform.ts';
import { Graph } from './graph.ts';
import { ShortestPaths } from './shortest-path.ts';

export interface DataLinkOptions {
  readonly id: string;
  readonly a: string;
  readonly b: string;
  /** What goes on the wire each way, with all headers. */
  readonly capacity: BitsPerSecond;
  /** Propagation one way. */
  readonly delay: Duration;
  /** Room for waiting packets in front of each direction; what does not fit is dropped from the tail. */
  readonly queue: Bytes;
  /** The share of packets lost at random, from 0 up to, not including, 1. */
  readonly loss: number;
  /** The largest IP packet. */
  readonly mtu: Bytes;
  readonly isUp: boolean;
  /** The tables leave it out: only what a machine has a route of its own for goes over it. */
  readonly isForHostRoutes?: boolean;
}

/** A link as it is now. Its state changes only through `DataNetwork.setLink`. */
export interface DataLink extends DataLinkOptions {
  /** When it last went down; null if it never did. Whatever was on it then is lost. */
  readonly wentDownAt: Instant | null;
}

/** One direction of a link. */
export interface DirectedLink {
  readonly link: DataLink;
  readonly from: string;
  readonly to: string;
  /** Counts directions from 0, two to a link: an index for whoever keeps state per direction. */
  readonly index: number;
}

export type DataNetworkChange =
  | { readonly kind: 'link'; readonly link: DataLink }
  | { readonly kind: 'tables' };

export type LinkChange = Partial<Pick<DataLinkOptions, 'isUp' | 'delay' | 'capacity'>>;

type MutableLink = { -readonly [K in keyof DataLink]: DataLink[K] };

export class DataNetwork {
  readonly #clock: Pick<Clock, 'now' | 'timer'>;
  readonly #convergence: Duration;
  readonly #nodes = new Set<string>();
  readonly #links = new Map<string, MutableLink>();
  readonly #directions: DirectedLink[] = [];
  /** Both of each link, by its name: they are asked for whenever light comes or goes. */
  readonly #directionsOf = new Map<string, readonly [DirectedLink, DirectedLink]>();
  /** By the machine that has it, then by the one it leads to. */
  readonly #hostRoutes = new Map<string, Map<string, readonly DirectedLink[]>>();
  readonly #listeners: ((change: DataNetworkChange) => void)[] = [];
  readonly #counters: ((direction: DirectedLink, octets: number) => void)[] = [];
  #tables: ForwardingTables | null = null;
  #converging: Timer | null = null;
  #lastDownAt = -Infinity;

  /** `convergence`: from a link's change to the new tables in force; changes meanwhile are taken along. */
  constructor(options: { clock: Pick<Clock, 'now' | 'timer'>; convergence: Duration }) {
    this.#clock = options.clock;
    this.#convergence = options.convergence;
  }

  addNode(name: string): void {
    assert(!this.#nodes.has(name), () => `two nodes of the data network are named ${name}`);
    this.#nodes.add(name);
    this.#tables = null;
  }

  hasNode(name: string): boolean {
    return this.#nodes.has(name);
  }

  /** Laying a link belongs to building the network: tables know it at once. */
  addLink(options: DataLinkOptions): void {
    checkLink(options, this.#nodes);
    assert(!this.#links.has(options.id), () => `two links of the data network are named ${options.id}`);
    const link: MutableLink = { ...options, wentDownAt: null };
    this.#links.set(link.id, link);
    const index = this.#directions.length;
    const there = { link, from: link.a, to: link.b, index };
    const back = { link, from: link.b, to: link.a, index: index + 1 };
    this.#directions.push(there, back);
    this.#directionsOf.set(link.id, [there, back]);
    this.#tables = null;
  }

  link(id: string): DataLink {
    return this.#mutableLink(id);
  }

  /** One direction of a link. Asserts that its ends are these. */
  direction(id: string, from: string, to: string): DirectedLink {
    const direction = this.#directionsOf.get(id)?.find((d) => d.from === from && d.to === to);
    return defined(direction, `a direction of link ${id} from ${from} to ${to}`);
  }

  /** When a link last went down, whichever it was; -Infinity before the first. */
  get lastDownAt(): number {
    return this.#lastDownAt;
  }

  /** All links, in the order they were added. */
  links(): readonly DataLink[] {
    return [...this.#links.values()];
  }

  /** Changes the link now and the forwarding tables after the convergence delay. Repeating what is so does nothing. */
  setLink(id: string, change: LinkChange): void {
    const link = this.#mutableLink(id);
    const { isUp = link.isUp, delay = link.delay, capacity = link.capacity } = change;
    if (isUp === link.isUp && delay === link.delay && capacity === link.capacity) return;
    // What is in force until convergence is what the links were before this change.
    const tables = this.#currentTables();
    if (link.isUp && !isUp) {
      link.wentDownAt = this.#clock.now();
      this.#lastDownAt = link.wentDownAt;
    }
    Object.assign(link, { isUp, delay, capacity });
    checkLink(link, this.#nodes);
    this.#tables = tables;
    this.#converging ??= this.#clock.timer(this.#convergence, () => this.#converge());
    this.#tell({ kind: 'link', link });
  }

  /** The links that packets take by the tables in force, none for a machine to itself; null when the tables know no way. */
  route(from: string, to: string): readonly DirectedLink[] | null {
    assert(this.#nodes.has(from), () => `${from} is not a node of the data network`);
    if (!this.#nodes.has(to)) return null;
    const own = this.#hostRoutes.get(from)?.get(to);
    if (own !== undefined) return own;
    return this.#currentTables().route(from, to);
  }

  /**
   * From now on what `from` sends to `to` takes this link between them, until null gives it back to the tables. What is
   * on its way stays there.
   */
  setHostRoute(from: string, to: string, link: string | null): void {
    const own = this.#hostRoutes.get(from) ?? new Map<string, readonly DirectedLink[]>();
    this.#hostRoutes.set(from, own);
    if (link === null) own.delete(to);
    else own.set(to, [this.direction(link, from, to)]);
    this.#tell({ kind: 'tables' });
  }

  onChange(listener: (change: DataNetworkChange) => void): () => void {
    this.#listeners.push(listener);
    return () => {
      const at = this.#listeners.indexOf(listener);
      if (at >= 0) this.#listeners.splice(at, 1);
    };
  }

  /** Called by whoever moves packets: so many octets of frames, check sequence included, have come out of a link's far end. */
  carried(direction: DirectedLink, octets: number): void {
    for (const count of this.#counters) count(direction, octets);
  }

  /** Calls `count` with whatever is carried from now on. */
  onCarried(count: (direction: DirectedLink, octets: number) => void): void {
    this.#counters.push(count);
  }

  #mutableLink(id: string): MutableLink {
    return defined(this.#links.get(id), `link ${id} of the data network`);
  }

  #currentTables(): ForwardingTables {
    this.#tables ??= new ForwardingTables([...this.#nodes], this.#directions);
    return this.#tables;
  }

  #converge(): void {
    this.#converging = null;
    this.#tables = null;
    this.#currentTables();
    this.#tell({ kind: 'tables' });
  }

  #tell(change: DataNetworkChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}

/** Shortest delay over the links that were up when this was made; routes are searched when first asked for. */
class ForwardingTables {
  readonly #graph: Graph;
  readonly #search: ShortestPaths;
  readonly #ways: readonly (readonly [DirectedLink, DirectedLink])[];
  readonly #routes = new Map<string, Map<string, readonly DirectedLink[] | null>>();
  /** Per source, the last edge of the way to each node. */
  readonly #lastEdges = new Map<number, Int32Array>();

  constructor(nodes: readonly string[], directions: readonly DirectedLink[]) {
    const ways: (readonly [DirectedLink, DirectedLink])[] = [];
    for (let i = 0; i + 1 < directions.length; i += 2) {
      const there = directions[i] as DirectedLink;
      if (there.link.isUp && there.link.isForHostRoutes !== true)
        ways.push([there, directions[i + 1] as DirectedLink]);
    }
    this.#ways = ways;
    this.#graph = Graph.build(
      nodes,
      ways.map(([{ link }]) => ({ id: link.id, a: link.a, b: link.b, weight: link.delay })),
    );
    this.#search = new ShortestPaths(this.#graph);
  }

  route(from: string, to: string): readonly DirectedLink[] | null {
    let known = this.#routes.get(from);
    if (known === undefined) {
      known = new Map();
      this.#routes.set(from, known);
    }
    let route = known.get(to);
    if (route === undefined) {
      route = this.#compute(from, to);
      known.set(to, route);
    }
    return route;
  }

  #compute(from: string, to: string): readonly DirectedLink[] | null {
    const [source, target] = [this.#graph.nodeIndex(from), this.#graph.nodeIndex(to)];
    const onlyEdge = this.#onlyEdgeOf(source);
    // Ways from a machine with one link are those from its other end: of thousands of hosts each would have a tree of its own.
    const root = onlyEdge === null || source === target ? source : this.#graph.otherEnd(onlyEdge, source);
    const lastEdge = this.#lastEdgesFrom(root);
    const links: DirectedLink[] = [];
    for (let node = target; node !== root; ) {
      const edge = lastEdge[node] as number;
      if (edge < 0) return null;
      node = this.#graph.otherEnd(edge, node);
      links.push(this.#wayOut(edge, node));
    }
    if (root !== source && onlyEdge !== null) links.push(this.#wayOut(onlyEdge, source));
    return links.reverse();
  }

  /** All ways from one node are searched at once, when the first is asked for: most nodes talk to many. */
  #lastEdgesFrom(root: number): Int32Array {
    const lastEdge = this.#lastEdges.get(root) ?? this.#search.from(root).viaEdge.slice();
    this.#lastEdges.set(root, lastEdge);
    return lastEdge;
  }

  #onlyEdgeOf(node: number): number | null {
    const { firstArc, arcEdge } = this.#graph;
    const first = firstArc[node] as number;
    return firstArc[node + 1] === first + 1 ? (arcEdge[first] as number) : null;
  }

  #wayOut(edge: number, node: number): DirectedLink {
    const [there, back] = this.#ways[edge] as readonly [DirectedLink, DirectedLink];
    return there.from === this.#graph.nodeName(node) ? there : back;
  }
}

function checkLink(link: DataLinkOptions, nodes: ReadonlySet<string>): void {
  assert(
    nodes.has(link.a) && nodes.has(link.b),
    () => `link ${link.id} ends at unknown nodes: ${link.a}, ${link.b}`,
  );
  assert(link.a !== link.b, () => `link ${link.id} has both ends at ${link.a}`);
  assert(link.capacity > 0, () => `link ${link.id} has no capacity: ${link.capacity} b/s`);
  assert(link.queue >= 0, () => `link ${link.id} has a negative queue: ${link.queue} B`);
  assert(link.loss >= 0 && link.loss < 1, () => `link ${link.id} loses a share outside [0, 1): ${link.loss}`);
  assert(link.mtu >= IP_MTU_MIN, () => `link ${link.id} has an MTU below ${IP_MTU_MIN}: ${link.mtu} B`);
}

/** The smallest MTU that IPv4 hosts must take whole: RFC 791, section 3.1. */
const IP_MTU_MIN = 576;
