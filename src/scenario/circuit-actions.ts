// What a scenario's timeline does with circuits: control machines of hosts have them made and removed by the driver, over
// TL1; spans and single time slots of them fail and come back. What the driver hears of alarms is recorded, too.

import { CIENA_TCP_PORT } from '../../emulators/ciena.ts';
import type { CienaNetwork } from '../../emulators/ciena-network.ts';
import { CienaCircuits } from '../circuits/ciena.ts';
import type { CircuitOutcome, CircuitPort, CircuitRequest } from '../circuits/circuit-service.ts';
import { CircuitError } from '../circuits/errors.ts';
import { rateOf } from '../circuits/sts.ts';
import { defined } from '../core/assert.ts';
import { seconds } from '../core/time.ts';
import type { Platform } from '../platform/platform.ts';
import { circuitNodeSid } from './circuits.ts';
import { controlInterface } from './machines.ts';
import { deviceLogin } from './programs.ts';
import type { Scenario } from './schema.ts';
import type { CreateCircuitAction, DeleteCircuitAction, SpanFailure } from './schema-circuits.ts';
import type { World } from './worlds/world.ts';

const attemptsMax = 3;
/** Between two attempts: a session that was lost is mostly there again. */
const pause = seconds(2);

export class CircuitActions {
  readonly #world: World;
  readonly #scenario: Scenario;
  readonly #network: CienaNetwork;
  /** By the machine that they run on: each takes its changes in turn, and keeps its sessions. */
  readonly #services = new Map<string, CienaCircuits>();
  /** Where each circuit was created. */
  readonly #machines = new Map<string, string>();

  constructor(world: World, scenario: Scenario, network: CienaNetwork) {
    this.#world = world;
    this.#scenario = scenario;
    this.#network = network;
  }

  create(action: CreateCircuitAction): void {
    const { circuit, from, to } = action;
    const rate = action.rate ?? rateOf(action.sts1 ?? 1);
    const request: CircuitRequest = { name: circuit, ends: [this.#portOf(from), this.#portOf(to)], rate };
    const machine = controlInterface(from);
    this.#machines.set(circuit, machine);
    this.#world.start(machine, async (platform) => {
      platform.log.record('circuit.requested', { circuit, from, to, rate_bps: Math.round(rate) });
      const service = this.#service(machine, platform);
      const outcome = await insist(platform, () => service.create(request));
      record(platform, circuit, 'circuit.created', outcome);
    });
  }

  delete({ circuit }: DeleteCircuitAction): void {
    const machine = this.#machines.get(circuit);
    if (machine === undefined) return;
    this.#world.start(machine, async (platform) => {
      platform.log.record('circuit.released', { circuit });
      const service = this.#service(machine, platform);
      await this.#recordOctets(platform, service, circuit);
      const outcome = await insist(platform, () => service.delete(circuit));
      record(platform, circuit, 'circuit.deleted', outcome);
    });
  }

  cut(failure: SpanFailure): void {
    this.#world.record('span.cut', fieldsOf(failure));
    if (failure.slots === undefined) this.#network.cut(failure.span);
    else for (const slot of failure.slots) this.#network.failSlot(failure.span, slot);
  }

  repair(failure: SpanFailure): void {
    this.#world.record('span.repaired', fieldsOf(failure));
    if (failure.slots === undefined) this.#network.repair(failure.span);
    else for (const slot of failure.slots) this.#network.repairSlot(failure.span, slot);
  }

  /** What went through the ports of a circuit's hosts, as their nodes have counted. */
  async #recordOctets({ log }: Platform, service: CienaCircuits, circuit: string): Promise<void> {
    const created = this.#scenario.timeline.find(
      ({ action }) => action.kind === 'create-circuit' && action.circuit === circuit,
    )?.action;
    if (created?.kind !== 'create-circuit') return;
    for (const host of [created.from, created.to]) {
      const { node, port } = this.#portOf(host);
      try {
        const { received, sent } = await service.portOctets({ node, port });
        log.record('ettp.counted', { node, port, received_octets: received ?? -1, sent_octets: sent ?? -1 });
      } catch (error) {
        if (!(error instanceof CircuitError)) throw error;
        log.record('ettp.uncounted', { node, port, reason: error.message });
      }
    }
  }

  #portOf(host: string): CircuitPort {
    const found = this.#scenario.hosts.find(({ name }) => name === host)?.ethernetPort;
    const { node, port } = defined(found, `an Ethernet port of ${host}`);
    return { node: circuitNodeSid(node), port };
  }

  #service(machine: string, { clock, network, log }: Platform): CienaCircuits {
    const known = this.#services.get(machine);
    if (known !== undefined) return known;
    const nodes = this.#scenario.circuitNodes.map(({ name }) => ({
      name: circuitNodeSid(name),
      address: { machine: name, tcpPort: CIENA_TCP_PORT },
      login: deviceLogin,
      ...{ clock, network, log },
    }));
    const service = new CienaCircuits({ name: machine, nodes });
    service.subscribe(({ node, object, circuit, severity, condition }) =>
      log.record('circuit.alarm', { node, object, circuit: circuit ?? '', severity, condition }),
    );
    this.#services.set(machine, service);
    return service;
  }
}

/** A change whose outcome is not known is made again: it is repeatable. */
async function insist({ clock }: Platform, change: () => Promise<CircuitOutcome>): Promise<CircuitOutcome> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await change();
    if (outcome.kind !== 'unknown' || attempt === attemptsMax) return outcome;
    await clock.sleep(pause);
  }
}

function record({ log }: Platform, circuit: string, done: string, outcome: CircuitOutcome): void {
  if (outcome.kind === 'done') log.record(done, { circuit });
  else log.record('circuit.failed', { circuit, outcome: outcome.kind, reason: outcome.reason });
}

const fieldsOf = ({ span, slots }: SpanFailure) => ({
  span,
  slots: slots === undefined ? 'all' : [...slots],
});
