// What a scenario's timeline does, action by action. Cuts and repairs touch the plant; requests and
// transfers run as tasks of a host; crashes and restarts are the world's.

import type { Plant } from '../../emulators/plant.ts';
import { unreachable } from '../core/assert.ts';
import { between, type Duration, EPOCH, type Instant, toMs, wallMs, ZERO } from '../core/time.ts';
import { PathClient } from '../provisioning/client.ts';
import { reportRepair } from '../provisioning/repair-report.ts';
import type { Step } from '../sim/step-watch.ts';
import { send } from '../transfer/sender.ts';
import { isFaultAction } from './check-faults.ts';
import { isOperatorAction } from './check-operator.ts';
import type { CircuitActions } from './circuit-actions.ts';
import { DaemonApplication } from './daemon-application.ts';
import { hasDaemon } from './daemons.ts';
import { termsOf } from './grammar-request.ts';
import { controlInterface } from './machines.ts';
import { OperatorActions } from './operator-actions.ts';
import { agentAddress, type PreparedTransfer } from './programs.ts';
import type { ProvisioningSettings, Scenario } from './schema.ts';
import type { Action, CrashAction, RequestAction } from './schema-timeline.ts';
import { FaultTimeline, type RunDevice } from './timeline-faults.ts';
import type { World } from './worlds/world.ts';

/** Who asked for a path, and may say more about it. */
interface Asker {
  confirm(path: string): Promise<unknown>;
  release(path: string): Promise<unknown>;
}

export class Timeline {
  readonly #world: World;
  readonly #plant: Plant;
  readonly #transfers: readonly PreparedTransfer[];
  readonly #circuits: CircuitActions;
  readonly #faults: FaultTimeline;
  readonly #clients = new Map<string, Asker>();
  readonly #requests = new Map<string, RequestAction>();
  #operator: OperatorActions | null = null;
  #switches: Scenario['switches'] = [];
  #startedAt: Instant = EPOCH;
  #fibres: Scenario['fibres'] = [];
  #hosts: Scenario['hosts'] = [];
  #settings: ProvisioningSettings = {};

  constructor(
    world: World,
    plant: Plant,
    devices: ReadonlyMap<string, RunDevice>,
    transfers: readonly PreparedTransfer[],
    circuits: CircuitActions,
  ) {
    this.#faults = new FaultTimeline(world, plant, devices);
    this.#world = world;
    this.#plant = plant;
    this.#transfers = transfers;
    this.#circuits = circuits;
  }

  /** Sets a timer for every entry, from the run's start. */
  start(scenario: Scenario): void {
    this.#switches = scenario.switches;
    this.#operator = new OperatorActions(this.#world, scenario);
    this.#startedAt = this.#world.clock.now();
    this.#fibres = scenario.fibres;
    this.#hosts = scenario.hosts;
    this.#settings = scenario.provisioning;
    for (const { at, action } of scenario.timeline) this.#world.clock.timer(at, () => this.act(action));
  }

  act(action: Action): void {
    if (isFaultAction(action)) return this.#faults.act(action);
    if (isOperatorAction(action)) return this.#operator?.act(action);
    switch (action.kind) {
      case 'cut':
        if ('span' in action) {
          this.#circuits.cut(action);
          return this.#later(action.for, () => this.#circuits.repair(action));
        }
        this.#plant.cut(action.fibre, { direction: action.direction, at: action.at });
        return this.#later(action.for, () => this.#plant.repair(action.fibre, action.direction));
      case 'repair':
        if ('span' in action) return this.#circuits.repair(action);
        this.#plant.repair(action.fibre, action.direction);
        return this.#later(action.reported, () => this.#report(action.fibre));
      case 'create-circuit':
        return this.#circuits.create(action);
      case 'delete-circuit':
        return this.#circuits.delete(action);
      case 'crash':
        return action.upon === undefined ? this.#crash(action) : this.#crashUpon(action.upon, action);
      case 'restart':
        return this.#restart(action.machine);
      case 'request':
        return this.#request(action);
      case 'confirm':
        return void this.#clients.get(action.path)?.confirm(action.path);
      case 'release':
        return this.#release(action.path);
      case 'transfer':
        return this.#transfer(action.name);
      default:
        return unreachable(action);
    }
  }

  #crash({ machine, sockets, disk, for: time }: CrashAction): void {
    for (const each of this.#together(machine)) this.#world.crash(each, { sockets, disk });
    for (const [path, { from }] of this.#requests)
      if (from === machine && !hasDaemon({ hosts: this.#hosts }, from)) this.#clients.delete(path);
    this.#later(time, () => this.#restart(machine));
  }

  /** In an event of its own, so that what the programs do next at the same instant is done, in part or as a whole. */
  #crashUpon(step: Step, action: CrashAction): void {
    const { machine, skip = 0, later = ZERO, within } = action;
    const watch = this.#world.watch(machine, step, skip, () => this.#later(later, () => this.#crash(action)));
    this.#later(within, () => watch.cancel());
  }

  /** What a host runs at its control interface goes and comes with it. */
  #together(machine: string): readonly string[] {
    const isHost = this.#hosts.some((host) => host.name === machine);
    return isHost ? [machine, controlInterface(machine)] : [machine];
  }

  #restart(machine: string): void {
    for (const each of this.#together(machine)) this.#world.restart(each);
  }

  #later(time: Duration | undefined, act: () => void): void {
    if (time !== undefined) this.#world.clock.timer(time, act);
  }

  /** Whoever mended the fibre tells the agent at one of its ends, from the first host there is. */
  #report(fibre: string): void {
    const ends = this.#fibres.find(({ name }) => name === fibre)?.between ?? [];
    const [agent] = ends.flatMap((end) => (end.kind === 'port' ? [end.switchName] : []));
    const [host] = this.#hosts;
    if (agent === undefined || host === undefined) return;
    this.#world.record('fibre.reported', { fibre, agent });
    this.#world.start(controlInterface(host.name), (platform) =>
      reportRepair(platform, agentAddress(agent), [fibre]).catch((error: unknown) =>
        platform.log.record('report.failed', { fibre, reason: String(error) }),
      ),
    );
  }

  #request(action: RequestAction): void {
    const { path, from, to } = action;
    this.#requests.set(path, action);
    this.#world.start(controlInterface(from), async (platform) => {
      const elapsed = between(this.#startedAt, this.#world.clock.now());
      const startOfRun = wallMs(platform.clock.wall()) - Math.round(toMs(elapsed));
      const terms = termsOf(action, this.#switches, startOfRun);
      const request = { path, from, to, terms };
      if (hasDaemon({ hosts: this.#hosts }, from)) {
        const detached = action.detached ?? false;
        const application = new DaemonApplication(platform, { ...request, detached });
        this.#clients.set(path, application);
        return await application.run();
      }
      const { heartbeat } = this.#settings;
      const timings = heartbeat === undefined ? {} : { heartbeat };
      const client = new PathClient(platform, agentAddress(action.agent), timings);
      this.#clients.set(path, client);
      const answer = await (terms.reserve === undefined ? client.request(request) : client.reserve(request));
      // The agent records its own refusals; this one also covers an agent that never answered.
      if (answer.kind === 'refused')
        platform.log.record('request.refused', { path, kind: answer.why, reason: answer.reason });
    });
  }

  /** A host that has restarted since it asked gives back what it may still have. */
  #release(path: string): void {
    const asker = this.#clients.get(path);
    if (asker !== undefined) return void asker.release(path);
    const request = this.#requests.get(path);
    if (request === undefined) return;
    this.#world.start(controlInterface(request.from), async (platform) => {
      const client = new PathClient(platform, agentAddress(request.agent));
      await client.release(path);
      await client.close();
    });
  }

  #transfer(name: string): void {
    const transfer = this.#transfers.find((t) => t.action.name === name);
    if (transfer === undefined) return;
    const { action, to, files } = transfer;
    this.#world.start(action.from, async (platform) => {
      await send(platform, {
        transfer: action.name,
        to,
        files,
        streams: action.streams,
        blockSize: action.block,
        sha256: this.#world.sha256,
        ...(action.rateLimit === undefined ? {} : { rateLimit: action.rateLimit }),
      });
    });
  }
}
