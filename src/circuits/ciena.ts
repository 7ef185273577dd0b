// Driver of Ciena CD/CI nodes. A circuit is many objects at two nodes: they are entered in their order, and what a
// failed create has made is removed in the reverse of it. The nodes' own databases are the only memory: every call
// reads them, so a driver that was restarted, or another one, goes on where this one ended.

import { assert } from '../core/assert.ts';
import type { CienaAlarm } from './ciena-alarm.ts';
import { alarmsOf, parseStandingAlarm } from './ciena-alarm.ts';
import {
  bandwidthOf,
  choose,
  describe,
  type Inventories,
  isEnd,
  lockedObject,
  nameOf,
  nearName,
  objectsOf,
  refused,
} from './ciena-circuit.ts';
import { CienaNode, type CienaNodeOptions, type Inventory } from './ciena-node.ts';
import { OBJECT_KINDS, type ObjectKey, type PlannedEnd, plan, type Step, ttpOf } from './ciena-plan.ts';
import { isName, problemOf, upperPorts } from './ciena-request.ts';
import type {
  Circuit,
  CircuitAlarm,
  CircuitBandwidth,
  CircuitOutcome,
  CircuitPort,
  CircuitRequest,
  CircuitService,
} from './circuit-service.ts';
import { CircuitError } from './errors.ts';
import { firstSlot } from './sts.ts';

export interface CienaCircuitsOptions {
  readonly name: string;
  readonly nodes: readonly CienaNodeOptions[];
}

/** Null: the node did not say. */
export interface PortOctets {
  readonly received: number | null;
  readonly sent: number | null;
}

const DONE: CircuitOutcome = { kind: 'done' };
/** How often in all a create chooses time slots, where others took them first. */
const SLOT_ATTEMPTS_MAX = 5;

export class CienaCircuits implements CircuitService {
  readonly name: string;
  readonly #nodes = new Map<string, CienaNode>();
  /** Changes take turns: two at once would choose the same time slots. */
  #turn: Promise<unknown> = Promise.resolve();

  /** Begins to connect to all nodes at once. */
  constructor(options: CienaCircuitsOptions) {
    this.name = options.name;
    for (const node of options.nodes) this.#nodes.set(node.name, new CienaNode(node));
  }

  create(request: CircuitRequest): Promise<CircuitOutcome> {
    const problem = problemOf(request, (name) => this.#nodes.has(name));
    if (problem !== null) return Promise.resolve(refused(problem));
    return this.#inTurn(() => this.#create(upperPorts(request)));
  }

  delete(circuit: string): Promise<CircuitOutcome> {
    if (!isName(circuit)) return Promise.resolve(DONE); // nothing that this driver makes is called so
    return this.#inTurn(async () => {
      const inventories = await this.#inventories([...this.#nodes.keys()]);
      return this.#removeAll(objectsOf(circuit, inventories));
    });
  }

  async list(): Promise<readonly Circuit[]> {
    const inventories = await this.#inventories([...this.#nodes.keys()]);
    const names = new Set<string>();
    for (const [node, { vcgs }] of inventories)
      for (const { name } of vcgs) names.add(nameOf(name, node, inventories));
    return [...names].map((name) => describe(name, inventories));
  }

  async bandwidth(circuit: string): Promise<CircuitBandwidth | null> {
    const vcgs = await Promise.all(
      [...this.#nodes.values()].map(async (node) => ({ node: node.name, vcgs: await node.vcgs() })),
    );
    const ends = vcgs.flatMap(({ vcgs }) => vcgs.filter(({ name }) => isEnd(name, circuit, vcgs)));
    return ends.length === 2 ? bandwidthOf(ends) : null;
  }

  /** Octets in and out of an Ethernet port since the node began to count. Rejects with `CircuitError`. */
  async portOctets({ node, port }: CircuitPort): Promise<PortOctets> {
    const known = this.#nodes.get(node);
    assert(known !== undefined, () => `node ${node} is not known`);
    const lines = await known.retrieve({ verb: 'rtrv-mib-gige', aid: port });
    return { received: counter(lines, 'RMON_OCTETS_RX'), sent: counter(lines, 'RMON_OCTETS_TX') };
  }

  async listAlarms(): Promise<readonly CircuitAlarm[]> {
    const perNode = [...this.#nodes.values()].map(async (node) => {
      const lines = await node.retrieve({ verb: 'rtrv-alm-all' });
      return lines
        .map(parseStandingAlarm)
        .flatMap((alarm) => (alarm === null ? [] : [placed(node.name, alarm)]));
    });
    return (await Promise.all(perNode)).flat();
  }

  subscribe(listener: (alarm: CircuitAlarm) => void): () => void {
    const leave = [...this.#nodes.values()].map((node) =>
      node.subscribe((notification) => {
        for (const alarm of alarmsOf(notification)) listener(placed(node.name, alarm));
      }),
    );
    return () => {
      for (const leaveOne of leave) leaveOne();
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.close()));
  }

  async #create(request: CircuitRequest): Promise<CircuitOutcome> {
    for (let attempt = 1; ; attempt++) {
      const { outcome, areSlotsTaken } = await this.#attempt(request, firstSlot(request.name, attempt));
      if (!areSlotsTaken || outcome.kind !== 'refused' || attempt === SLOT_ATTEMPTS_MAX) return outcome;
    }
  }

  /** `first`: where to look for free time slots. `areSlotsTaken`: another client had them when it came to that. */
  async #attempt(
    request: CircuitRequest,
    first: number,
  ): Promise<{ outcome: CircuitOutcome; areSlotsTaken: boolean }> {
    const [a, b] = request.ends;
    const inventories = await this.#inventories([...new Set([a.node, b.node])]);
    const ends = choose(request, inventories, first);
    if ('kind' in ends) return { outcome: ends, areSlotsTaken: false };
    const locked = lockedObject(request.name, inventories);
    if (locked !== null) {
      const reason = `${locked} is out of service: a delete was not finished`;
      return { outcome: refused(reason, 'SNVS'), areSlotsTaken: false };
    }
    const steps = plan(request, ends);
    const there = new Set(objectsOf(request.name, inventories).map(keyText));
    const made: Step[] = [];
    const missing = steps.filter(
      (step) => !there.has(keyText(step)) && !(isDtl(step) && isConnected(steps, there)),
    );
    // A route that an earlier call left cannot be seen, so it goes in any case.
    for (const step of missing.filter(isDtl).reverse()) await this.#node(step).remove(step);
    for (const step of missing) {
      made.push(step);
      const outcome = await this.#node(step).enter(step);
      if (outcome.kind === 'done') continue;
      const areSlotsTaken = step.kind === 'vcg' && (await this.#areTaken(ends, step));
      return { outcome: await this.#undo(made, outcome), areSlotsTaken };
    }
    return { outcome: DONE, areSlotsTaken: false };
  }

  /** Whether another VCG has, by now, a time slot that one of these ends was to have; not where nobody says. */
  async #areTaken(ends: readonly PlannedEnd[], { node, name }: Step): Promise<boolean> {
    const end = ends.find((each) => each.node === node && each.vcg === name);
    if (end === undefined) return false;
    const vcgs = await this.#node(end).vcgs().catch(noneIfSilent);
    const others = vcgs.filter((vcg) => vcg.ttp === ttpOf(end.port) && vcg.name !== name);
    return others.some(({ slots }) => slots.some((slot) => end.slots.includes(slot)));
  }

  /** The outcome of a create whose last step failed: what it has made is removed. */
  async #undo(
    made: readonly Step[],
    failure: Exclude<CircuitOutcome, { kind: 'done' }>,
  ): Promise<CircuitOutcome> {
    // A step that was refused is not there; one without an answer may be.
    const outcome = await this.#removeAll(failure.kind === 'refused' ? made.slice(0, -1) : made);
    if (outcome.kind === 'done') return failure.kind === 'refused' ? failure : refused(failure.reason);
    return { kind: 'unknown', reason: `${failure.reason}; and then ${outcome.reason}` };
  }

  /** In the reverse order of creation. Goes on after a failure: every object that goes is one less. */
  async #removeAll(keys: readonly ObjectKey[]): Promise<CircuitOutcome> {
    let worst = DONE;
    const byKind = [...keys].sort((x, y) => OBJECT_KINDS.indexOf(y.kind) - OBJECT_KINDS.indexOf(x.kind));
    for (const key of byKind) {
      const outcome = await this.#node(key).remove(key);
      if (worst.kind === 'done') worst = outcome;
    }
    // A part that was refused stays, so the whole is not "not done".
    return worst.kind === 'refused' && keys.length > 1 ? { kind: 'unknown', reason: worst.reason } : worst;
  }

  async #inventories(names: readonly string[]): Promise<Inventories> {
    const nodes = names.map((name) => this.#node({ node: name }));
    const found = await Promise.all(nodes.map((node) => node.inventory()));
    return new Map(nodes.map((node, i) => [node.name, found[i] as Inventory]));
  }

  #node({ node }: { node: string }): CienaNode {
    return this.#nodes.get(node) as CienaNode;
  }

  #inTurn(change: () => Promise<CircuitOutcome>): Promise<CircuitOutcome> {
    const outcome = this.#turn.then(change).catch((error: unknown): CircuitOutcome => {
      if (error instanceof CircuitError) return { kind: 'unknown', reason: error.message };
      throw error;
    });
    this.#turn = outcome.catch(() => {});
    return outcome;
  }
}

/** `AID:RMON_OCTETS_RX,335688487788` (perfSONAR's CoreDirector.pm) */
function counter(lines: readonly string[], name: string): number | null {
  for (const line of lines) {
    const digits = new RegExp(`:${name},(\\d+)`).exec(line)?.[1];
    if (digits !== undefined) return Number(digits);
  }
  return null;
}

function noneIfSilent(error: unknown): [] {
  if (error instanceof CircuitError) return [];
  throw error;
}

const keyText = ({ node, kind, name }: ObjectKey): string => `${node} ${kind} ${name}`;
const isDtl = ({ kind }: ObjectKey): boolean => kind === 'dtl' || kind === 'dtl-set';
/** Whether every SNC of the plan is there: their route needs no list any more. */
const isConnected = (steps: readonly Step[], there: ReadonlySet<string>): boolean =>
  steps.every((step) => step.kind !== 'snc' || there.has(keyText(step)));

/** A VCG bears its circuit's name; ports and spans belong to many. */
const placed = (node: string, alarm: CienaAlarm): CircuitAlarm => ({
  node,
  circuit: isName(alarm.object) && !/^\d+-\w+-\d+/.test(alarm.object) ? nearName(alarm.object) : null,
  ...alarm,
});
