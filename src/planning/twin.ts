// The twin of a site: the emulated devices of its families in virtual time, with its ports, its fibres and the state
// that was read, and the real drivers to talk to them. What is dark in the state is dark here: a host whose light
// does not come is switched off, a fibre into which light goes and from which none comes is cut.

import type { CommandRules } from '../../emulators/command-rules.ts';
import type { SwitchProfile } from '../../emulators/device/profile.ts';
import { families } from '../../emulators/families.ts';
import { Plant, type PlantObserver, type PlantPoint } from '../../emulators/plant.ts';
import { type BitsPerSecond, bytes } from '../core/quantity.ts';
import { type Duration, type Instant, instant, ms, seconds } from '../core/time.ts';
import { Engine } from '../engine/engine.ts';
import { guardAmbient } from '../engine/guard.ts';
import { Trace } from '../engine/trace.ts';
import { hostTurn } from '../host/turn.ts';
import { DataNetwork } from '../net/data-network.ts';
import { openSession } from '../optical/device.ts';
import { openSwitch } from '../optical/families.ts';
import type { Clock, Platform } from '../platform/platform.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import type { FibreDescription, FibreEnd } from '../scenario/schema.ts';
import { worldClock } from '../sim/clock.ts';
import { VirtualWorld } from '../sim/world.ts';
import { DARK_BELOW_DBM, type DeviceState, type NetworkState, powerOf } from './network-state.ts';
import type { DeviceDoor } from './read-state.ts';
import { RecordedSession } from './recorded-session.ts';
import { seedConnections } from './seed-connections.ts';
import type { Site, SiteDevice } from './site.ts';
import { endName } from './topology.ts';

/** Device names begin with a small letter. */
const PLANNER = 'Planner';
const LOGIN = { user: 'planner', password: 'planner' };
const SEED = '1';
/** No plan takes a day. */
const HORIZON: Instant = instant(seconds(86_400));
/** Until light has gone through everything and receivers have come up. */
const SETTLED: Duration = seconds(5);

export interface TwinDoor extends DeviceDoor {
  readonly session: RecordedSession;
}

export interface TwinRun {
  readonly doors: readonly TwinDoor[];
  readonly clock: Clock;
  readonly plant: Plant;
  /** The plant's own time: the planner's clock has another origin. */
  worldNow(): Instant;
  /** Resolves when light has come to rest. */
  settle(): Promise<void>;
}

/** Runs `body` on a new twin in the state given. Rejects with `PlanError` where the twin cannot be brought to it. */
export async function onTwin<T>(
  site: Site,
  state: NetworkState,
  body: (run: TwinRun) => Promise<T>,
  options: TwinOptions = {},
): Promise<T> {
  return new Twin(site, state, options).run(body);
}

export interface TwinOptions {
  /** What happens to light; told with the plant's clock. */
  readonly observer?: (clock: Pick<Clock, 'now'>) => Partial<PlantObserver>;
  /** Faults of its devices, by name, to see what a plan comes to with them. */
  readonly rules?: ReadonlyMap<string, CommandRules>;
}

class Twin {
  readonly #site: Site;
  readonly #state: NetworkState;
  readonly #engine: Engine;
  readonly #world: VirtualWorld;
  readonly #plant: Plant;
  readonly #rules: ReadonlyMap<string, CommandRules>;

  constructor(site: Site, state: NetworkState, { observer = () => ({}), rules = new Map() }: TwinOptions) {
    this.#rules = rules;
    this.#site = site;
    this.#state = state;
    const random = seededRandom(SEED);
    this.#engine = new Engine({ turn: hostTurn, waits: () => this.#world.waits.list() });
    const clock = worldClock(this.#engine);
    const network = new DataNetwork({ clock, convergence: ms(50) });
    network.addNode(PLANNER);
    for (const { name } of site.devices) {
      network.addNode(name);
      network.addLink(controlLink(name, site.controlDelay));
    }
    this.#world = new VirtualWorld({ engine: this.#engine, network, random, trace: new Trace() });
    this.#plant = new Plant({ clock, observer: observer(clock) });
    this.#build();
  }

  async run<T>(body: (run: TwinRun) => Promise<T>): Promise<T> {
    const release = guardAmbient();
    let result: { readonly value: T } | null = null;
    const task = async (platform: Platform): Promise<T> => this.#withDoors(platform, body);
    this.#world
      .machine(PLANNER)
      .run(task)
      .then(
        (value) => {
          result = { value };
        },
        (error: unknown) => this.#engine.stop(error instanceof Error ? error : new Error(String(error))),
      );
    try {
      await this.#engine.run({ finished: () => result !== null, horizon: HORIZON });
    } finally {
      release();
    }
    const ended = result as { readonly value: T } | null;
    if (ended === null) throw new Error('the twin came to its horizon');
    return ended.value;
  }

  #build(): void {
    for (const device of this.#site.devices) {
      const state = this.#stateOf(device.name);
      const { insertionLoss } = families[device.family];
      this.#plant.addSwitch(device.name, {
        ports: state.ports,
        insertionLoss: device.insertionLoss ?? insertionLoss,
      });
    }
    for (const { name, power, sensitivity, powerOn } of this.#site.hosts)
      this.#plant.addTerminal(name, { launchPower: power, sensitivity, powerOnDelay: powerOn });
    for (const fibre of this.#site.fibres) this.#addFibre(fibre);
    for (const device of this.#site.devices) this.#boot(device);
  }

  #addFibre({ name, between, length, loss }: FibreDescription): void {
    const [a, b] = between;
    this.#plant.addFibre(name, { a: pointOf(a), b: pointOf(b), length, loss });
    this.#darken(name, 'a-to-b', a, b);
    this.#darken(name, 'b-to-a', b, a);
  }

  #darken(fibre: string, direction: 'a-to-b' | 'b-to-a', from: FibreEnd, to: FibreEnd): void {
    if (to.kind === 'host' || !isDark(powerOf(this.#state, endName(to), 'in_dbm'))) return;
    if (from.kind === 'host') return this.#plant.setTransmitter(from.host, false);
    const sent = powerOf(this.#state, endName(from), 'out_dbm');
    if (sent !== null && !isDark(sent)) this.#plant.cut(fibre, { direction });
  }

  #boot({ name, family, tid, switchingTime, commandTime }: SiteDevice): void {
    const rules = this.#rules.get(name);
    const profile: Partial<SwitchProfile> = {
      users: [LOGIN],
      ...(rules !== undefined && { rules }),
      ...(tid !== undefined && { sid: tid }),
      ...(switchingTime !== undefined && { switchingTime }),
      ...(commandTime !== undefined && { commandTime }),
    };
    const { program } = families[family];
    this.#world
      .machine(name)
      .boot((platform) => program(platform, this.#plant.switch(name), profile), family);
  }

  async #withDoors<T>(platform: Platform, body: (run: TwinRun) => Promise<T>): Promise<T> {
    const { clock } = platform;
    const doors = this.#site.devices.map((device) => openDoor(device, platform));
    try {
      for (const door of doors) {
        await seedConnections(door, this.#stateOf(door.name));
        door.session.take();
      }
      const settle = (): Promise<void> => clock.sleep(SETTLED);
      await settle();
      return await body({ doors, clock, plant: this.#plant, worldNow: () => this.#engine.now(), settle });
    } finally {
      for (const { driver } of doors) await driver.close();
    }
  }

  #stateOf(name: string): DeviceState {
    const state = this.#state.devices.find(({ device }) => device === name);
    if (state === undefined) throw new Error(`no state of ${name}`);
    return state;
  }
}

function openDoor(device: SiteDevice, { clock, network, log }: Platform): TwinDoor {
  const { name, family, address, tid } = device;
  const options = {
    ...{ name, clock, network, log, login: LOGIN },
    address: { machine: name, tcpPort: families[family].tcpPort },
    ...(tid !== undefined && { tid }),
  };
  const session = new RecordedSession(openSession(options), tid ?? '', clock);
  return { name, family, address, session, driver: openSwitch(family, { ...options, session }) };
}

const controlLink = (device: string, delay: Duration) => ({
  id: `control-${device}`,
  a: PLANNER,
  b: device,
  capacity: 1e9 as BitsPerSecond,
  delay,
  queue: bytes(2_000_000),
  loss: 0,
  mtu: bytes(1500),
  isUp: true,
});

const isDark = (power: number | null): boolean => power !== null && power < DARK_BELOW_DBM;

const pointOf = (end: FibreEnd): PlantPoint =>
  end.kind === 'host' ? { node: end.host, port: 'line' } : { node: end.switchName, port: end.port };
