// A device under test: a switch of the plant with light at its first ports, its emulator on a machine in
// memory, and clients that speak raw TL1 to it.

import { db, dbm, metres } from '../../src/core/quantity.ts';
import { type Duration, ms, ZERO } from '../../src/core/time.ts';
import type { Platform } from '../../src/platform/platform.ts';
import { seededRandom } from '../../src/platform/seeded-random.ts';
import type { SwitchProfile } from '../device/profile.ts';
import { type FamilyName, families } from '../families.ts';
import { Plant } from '../plant.ts';
import type { PlantSwitch } from '../plant-switch.ts';
import { type BenchClient, BenchNetwork } from './bench-network.fixture.ts';
import { StepClock } from './step-clock.fixture.ts';

export interface DeviceBench {
  readonly clock: StepClock;
  readonly plant: Plant;
  readonly optics: PlantSwitch;
  readonly network: BenchNetwork;
  /** Ends the emulator's program and starts it anew: what is not in the optics is forgotten. */
  restart(): Promise<void>;
  /** A client at a TCP port, past the greeting, logged in unless told otherwise. */
  open(tcpPort: number, o?: { isLoggedIn: boolean }): Promise<BenchClient>;
  /** Sends, waits, and gives what came. */
  ask(client: BenchClient, command: string, wait?: Duration): Promise<string>;
}

const LOGIN = 'ACT-USER::admin:LOGIN::admin;';

/**
 * Terminals t1, t2, … send -11.42 dBm, -11.42 dBm, … to the first `lit` ports without loss; the switch loses 1.58 dB.
 * The emulator is listening, and its times are exact.
 */
export async function deviceBench<P extends SwitchProfile>(o: {
  family: FamilyName;
  ports: number;
  lit: number;
  profile?: Partial<P>;
}): Promise<DeviceBench> {
  const clock = new StepClock();
  const network = new BenchNetwork();
  const plant = new Plant({ clock });
  const family = families[o.family];
  const optics = plant.addSwitch('s', { ports: family.portLabels(o.ports), insertionLoss: db(1.58) });
  for (const [i, port] of optics.ports.slice(0, o.lit).entries()) {
    const name = `t${i + 1}`;
    plant.addTerminal(name, { launchPower: dbm(-11.42), sensitivity: dbm(-20), powerOnDelay: ms(1) });
    const a = { node: name, port: 'line' };
    plant.addFibre(`f${i + 1}`, { a, b: { node: 's', port }, length: metres(0), loss: db(0) });
  }
  const random = seededRandom('device bench');
  const platform = { machine: 'o01gva', clock, network, random } as unknown as Platform;
  let stop = new AbortController();
  let ended: Promise<void> = Promise.resolve();
  const restart = async (): Promise<void> => {
    stop.abort();
    await clock.run(ZERO);
    await ended;
    stop = new AbortController();
    ended = family.program(platform, optics, {
      until: stop.signal,
      sid: 'BD0472',
      timeSpread: 0,
      ...o.profile,
    });
    await clock.run(ZERO);
  };
  await restart();

  const ask = async (client: BenchClient, command: string, wait: Duration = ms(100)): Promise<string> => {
    client.send(command);
    await clock.run(wait);
    return client.take();
  };
  const open = async (tcpPort: number, { isLoggedIn } = { isLoggedIn: true }): Promise<BenchClient> => {
    const client = network.client(tcpPort);
    await clock.run(ZERO);
    client.take();
    if (isLoggedIn) await ask(client, LOGIN);
    return client;
  };
  return { clock, plant, optics, network, restart, open, ask };
}
