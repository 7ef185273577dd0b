// An operator's orders of a timeline, given from the first host there is. What comes of them is in the agents' records;
// an order that was refused, or that nobody answered, is in the operator's.

import type { Duration } from '../core/time.ts';
import { operate } from '../provisioning/operator-client.ts';
import type { OperatorOrder } from '../provisioning/operator-order.ts';
import { controlInterface } from './machines.ts';
import { agentAddress } from './programs.ts';
import type { Scenario } from './schema.ts';
import type { Maintained, OperatorAction } from './schema-operator.ts';
import type { World } from './worlds/world.ts';

const operator = 'operator';

export class OperatorActions {
  readonly #world: World;
  readonly #scenario: Scenario;
  /** The last order about a path, fibre or switch: who gives another no longer stands by it. */
  readonly #given = new Map<string, AbortController>();

  constructor(world: World, scenario: Scenario) {
    this.#world = world;
    this.#scenario = scenario;
  }

  act(action: OperatorAction): void {
    switch (action.kind) {
      case 'move': {
        const { path, along } = action;
        const route = along === undefined ? {} : { along: [...along] };
        return this.#give(this.#coordinator(path), { kind: 'move', path, ...route });
      }
      case 'freeze': {
        const { path } = action;
        this.#give(this.#coordinator(path), { kind: 'freeze', path });
        return this.#later(action, () => this.#give(this.#coordinator(path), { kind: 'thaw', path }));
      }
      case 'thaw':
        return this.#give(this.#coordinator(action.path), { kind: 'thaw', path: action.path });
      case 'maintain': {
        const of = fibreOf(action);
        this.#give(this.#keeper(action), { kind: 'maintain', ...of });
        return this.#later(action, () =>
          this.#give(this.#keeper(action), { kind: 'end-maintenance', ...of }),
        );
      }
      case 'end-maintenance':
        return this.#give(this.#keeper(action), { kind: 'end-maintenance', ...fibreOf(action) });
      case 'free': {
        const { path, agent } = action;
        return this.#give(agent ?? this.#coordinator(path), { kind: 'free', path });
      }
    }
  }

  #later(action: { readonly for?: Duration }, act: () => void): void {
    if (action.for !== undefined) this.#world.clock.timer(action.for, act);
  }

  #give(agent: string | undefined, order: OperatorOrder): void {
    const [host] = this.#scenario.hosts;
    if (agent === undefined || host === undefined) return;
    const thing = `${agent}: ${'path' in order ? order.path : order.fibre}`;
    this.#given.get(thing)?.abort();
    const given = new AbortController();
    this.#given.set(thing, given);
    this.#world.start(controlInterface(host.name), async (platform) => {
      const answer = await operate(platform, agentAddress(agent), operator, order, given.signal);
      if (!answer.isDone)
        platform.log.record('operator.failed', { order: order.kind, agent, reason: answer.reason });
    });
  }

  #coordinator(path: string): string | undefined {
    for (const { action } of this.#scenario.timeline)
      if (action.kind === 'request' && action.path === path) return action.agent;
    return undefined;
  }

  /** Of a fibre: the switch at its first end that has one. */
  #keeper(of: Maintained): string | undefined {
    if (of.switch !== undefined) return of.switch;
    const ends = this.#scenario.fibres.find(({ name }) => name === of.fibre)?.between ?? [];
    return ends.flatMap((end) => (end.kind === 'port' ? [end.switchName] : []))[0];
  }
}

const fibreOf = ({ fibre }: Maintained): { fibre?: string } => (fibre === undefined ? {} : { fibre });
