// One round against a driver, and so its session: between it and the device stands a relay that changes what passes,
// cuts it anew and hangs up. The driver may fail only as it says it may, and works again once the relay is honest.

import { CIENA_TCP_PORT } from '../../emulators/ciena.ts';
import { CienaCircuits } from '../../src/circuits/ciena.ts';
import type { CircuitRequest, CircuitService } from '../../src/circuits/circuit-service.ts';
import { NODES } from '../../src/circuits/conformance.fixture.ts';
import { CircuitError } from '../../src/circuits/errors.ts';
import { assert } from '../../src/core/assert.ts';
import { bitsPerSecond } from '../../src/core/quantity.ts';
import { ms, seconds } from '../../src/core/time.ts';
import { LOGIN } from '../../src/optical/conformance.fixture.ts';
import { SwitchError } from '../../src/optical/errors.ts';
import { openSwitch } from '../../src/optical/families.ts';
import type { OpticalSwitch } from '../../src/optical/switch.ts';
import { materialise } from '../../src/platform/chunk.ts';
import type { Address, Connection, Platform, Random } from '../../src/platform/platform.ts';
import { decodeLatin1 } from '../../src/tl1/latin1.ts';
import { mustBeOfTheNetwork } from './device-round.ts';
import { DEVICE, type Laboratory, laboratory, mustWaitForNoMore, SETTLING } from './laboratory.ts';
import { chance, mutated, pick, pieces } from './mutation.ts';

const ACTIONS = 12;
const RELAY_PORT = 4000;
/** Tries of an honest retrieve: a connection that was made before may still be silent. */
const RETRIES_MAX = 30;
/** An old Calient takes ten seconds for a listing of eight ports. */
const timings = { changeLimit: seconds(2), retrieveLimit: seconds(20) };
const sessionTimings = {
  connectLimit: ms(500),
  quiet: ms(20),
  reconnectFirst: ms(20),
  reconnectLongest: ms(100),
};

export async function driverRound(random: Random): Promise<void> {
  const lab = laboratory(random, ['agent', 'relay']);
  const { world, drive } = lab.small;
  const [agent, relay] = [world.machine('agent'), world.machine('relay')];
  const middle = new Middle(random.fork('relay'), lab.address);
  relay.boot((platform) => middle.serve(platform), 'relay');
  await drive(async () => {
    await agent.run(({ clock }) => clock.sleep(SETTLING));
    const before = world.waits.list();
    await agent.run(async (platform) => {
      const subject = lab.subject === null ? circuits(platform) : optical(lab, platform);
      await Promise.all([
        act(subject, platform, random.fork('acts')),
        disturb(lab, platform, random.fork('light')),
      ]);
      middle.becomeHonest();
      await mustRecover(subject);
      await subject.close();
      await platform.clock.sleep(SETTLING);
    });
    mustWaitForNoMore(lab, before);
  });
}

/** A driver as the round uses it: what may be asked of it, each failing only as its room says. */
interface Driver {
  /** One of the things it can do, at random. */
  act(random: Random): Promise<void>;
  /** Whether a retrieve is answered. */
  isAnswered(): Promise<boolean>;
  close(): Promise<void>;
}

async function act(driver: Driver, { clock }: Platform, random: Random): Promise<void> {
  const pending: Promise<void>[] = [];
  for (let left = ACTIONS; left > 0; left--) {
    const acting = driver.act(random);
    pending.push(acting);
    if (chance(random, 0.7)) await acting;
    if (chance(random, 0.3)) await clock.sleep(ms(random.integer(300)));
  }
  await Promise.all(pending);
}

async function disturb(lab: Laboratory, { clock }: Platform, random: Random): Promise<void> {
  for (let left = 4; left > 0; left--) {
    await clock.sleep(ms(random.integer(500)));
    lab.disturb(random);
    if (chance(random, 0.1)) lab.restarts.restart(ms(random.integer(100)));
  }
}

async function mustRecover(driver: Driver): Promise<void> {
  for (let left = RETRIES_MAX; left > 0; left--) if (await driver.isAnswered()) return;
  assert(false, 'the driver does not recover behind an honest relay');
}

function optical(lab: Laboratory, { clock, network, log }: Platform): Driver {
  const { subject } = lab;
  assert(subject !== null, 'an optical switch');
  const address = { machine: 'relay', tcpPort: RELAY_PORT };
  const options = { name: DEVICE, clock, network, log, address, login: LOGIN, timings, sessionTimings };
  const device = openSwitch(subject.family, options);
  const stop = device.subscribe(({ port }) => assert(port !== '', 'a notification names its port'));
  return {
    act: (random) => actOnSwitch(device, lab, random),
    isAnswered: () => retrieved(device.listCrossConnects(), SwitchError),
    close: () => {
      stop();
      return device.close();
    },
  };
}

async function actOnSwitch(device: OpticalSwitch, lab: Laboratory, random: Random): Promise<void> {
  const [input, output] = [pick(random, lab.ports), pick(random, lab.ports)];
  const way = chance(random, 0.5) ? 'two' : 'one';
  switch (random.integer(5)) {
    case 0:
      await retrieved(device.listPorts(), SwitchError);
      return;
    case 1:
      await retrieved(device.listCrossConnects(), SwitchError);
      return;
    case 2: {
      const reading = device.readPower(chance(random, 0.5) ? [input] : undefined).then((readings) => {
        for (const { power } of readings) assert(!Number.isNaN(power), 'a power is a number');
      });
      await retrieved(reading, SwitchError);
      return;
    }
    case 3:
      await device.connect(input, output, way);
      return;
    default:
      await device.disconnect(input, output, way);
  }
}

function circuits({ clock, network, log }: Platform): Driver {
  const tcpPortOf = (node: string): Address =>
    node === DEVICE ? { machine: 'relay', tcpPort: RELAY_PORT } : { machine: node, tcpPort: CIENA_TCP_PORT };
  const nodes = NODES.map((name) => ({
    ...{ name, address: tcpPortOf(name), clock, network, log, login: LOGIN },
    ...{ timings, sessionTimings },
  }));
  const service: CircuitService = new CienaCircuits({ name: 'lab', nodes });
  const stop = service.subscribe(() => {});
  return {
    act: (random) => actOnCircuits(service, random),
    isAnswered: () => retrieved(service.list(), CircuitError),
    close: () => {
      stop();
      return service.close();
    },
  };
}

async function actOnCircuits(service: CircuitService, random: Random): Promise<void> {
  const name = pick(random, ['c1', 'c2']);
  const port = pick(random, ['1-A-3-1-1', '1-A-3-1-2']);
  const ends: CircuitRequest['ends'] = [
    { node: NODES[0], port },
    { node: NODES[1], port },
  ];
  switch (random.integer(4)) {
    case 0:
      await service.create({ name, ends, rate: bitsPerSecond(1e9) });
      return;
    case 1:
      await service.delete(name);
      return;
    case 2:
      await retrieved(service.list(), CircuitError);
      return;
    default:
      await retrieved(service.listAlarms(), CircuitError);
  }
}

/** False when it failed as a retrieve may; any other failure is passed on. */
async function retrieved(
  retrieving: Promise<unknown>,
  own: typeof SwitchError | typeof CircuitError,
): Promise<boolean> {
  try {
    await retrieving;
    return true;
  } catch (error) {
    if (error instanceof own) return false;
    throw error;
  }
}

/** The relay. */
class Middle {
  readonly #random: Random;
  readonly #onward: Address;
  readonly #open = new Set<Connection>();
  #isHonest = false;

  constructor(random: Random, onward: Address) {
    this.#random = random;
    this.#onward = onward;
  }

  async serve({ network }: Platform): Promise<void> {
    await network.listen(RELAY_PORT, (near) => {
      network.connect(this.#onward).then(
        (far) => {
          void this.#pump(near, far, 0.05);
          void this.#pump(far, near, 0.3);
        },
        () => near.abort(),
      );
    });
  }

  /** What is connected comes again. */
  becomeHonest(): void {
    this.#isHonest = true;
    for (const connection of this.#open) connection.abort();
  }

  async #pump(from: Connection, to: Connection, share: number): Promise<void> {
    this.#open.add(from);
    try {
      for (let chunk = await from.read(); chunk !== null; chunk = await from.read()) {
        const text = decodeLatin1(materialise(chunk));
        if (!this.#isHonest && chance(this.#random, 0.03)) break;
        const passed = !this.#isHonest && chance(this.#random, share) ? mutated(this.#random, text) : text;
        for (const piece of pieces(this.#random, passed)) await to.write(piece);
      }
    } catch (error) {
      mustBeOfTheNetwork(error);
    }
    from.abort();
    to.abort();
    this.#open.delete(from);
  }
}
