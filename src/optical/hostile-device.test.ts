// What a driver, and the agent above it, make of a device that is broken in one of several ways, and then whole
// again: the emulated device stands behind a peer that lets nothing through until it is told to. Real TCP.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { families } from '../../emulators/families.ts';
import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { metres } from '../core/quantity.ts';
import { between, ms, seconds } from '../core/time.ts';
import { hostClock } from '../host/clock.ts';
import { hostPlatform } from '../host/platform.ts';
import type { Address, Clock, Platform } from '../platform/platform.ts';
import { agentProgram } from '../provisioning/agent.ts';
import { PathClient } from '../provisioning/client.ts';
import { HostilePeer, MANNERS, type Manner, passesOnTo } from '../tl1/hostile-peer.fixture.ts';
import { DEVICE, type Lamps, LOGIN, lamps } from './conformance.fixture.ts';
import { SwitchError } from './errors.ts';
import { openSwitch } from './families.ts';
import { HurriedClock } from './hurried-clock.fixture.ts';
import type { OpticalSwitch } from './switch.ts';

const test = suite('optical switch that misbehaves');

/** Addresses of this suite's own: of the device and its gate, and of the agent. */
const HOST = '127.34.18.1';
const AGENT_HOST = '127.34.18.2';
const AGENT_PORT = 3400;
const FAMILY = 'glimmerglass';

const LIMIT = ms(150);
/** A loaded machine may be late by so much. */
const SLACK = seconds(120);
/** Both ends have as many turns within a limit, however slow the machine is. */
const fairClock = new HurriedClock(hostClock, 1);
const timings = { changeLimit: LIMIT, retrieveLimit: LIMIT };
const sessionTimings = {
  connectLimit: ms(300),
  greetingLimit: ms(300),
  quiet: ms(20),
  loginSettling: ms(20),
  commandLimit: ms(120),
  reconnectFirst: ms(20),
  reconnectLongest: ms(40),
  closeLimit: ms(50),
};

interface Bench {
  readonly light: Lamps;
  readonly gate: HostilePeer;
  readonly device: OpticalSwitch;
  /** Lets everything through to the device. */
  readonly passesOn: Manner;
}

async function onBench(manner: Manner, body: (bench: Bench) => Promise<void>): Promise<void> {
  const platform = hostPlatform({ machine: HOST, bind: HOST, folder: '.' });
  const light = lamps(FAMILY, platform.clock);
  const stop = new AbortController();
  const address = await startDevice(platform, light, stop.signal);
  const gate = await HostilePeer.open(HOST, manner);
  const { network, log } = hostPlatform({ machine: 'driver', folder: '.' });
  const names = { name: DEVICE, tid: families[FAMILY].defaults(DEVICE).sid, login: LOGIN };
  const to = { address: gate.address, timings, sessionTimings };
  const device = openSwitch(FAMILY, { ...names, ...to, clock: fairClock, network, log });
  try {
    await body({ light, gate, device, passesOn: passesOnTo(network, address) });
  } finally {
    await device.close();
    await gate.close();
    stop.abort();
  }
}

function startDevice(platform: Platform, light: Lamps, until: AbortSignal): Promise<Address> {
  const { defaults, program } = families[FAMILY];
  const usual = defaults(DEVICE);
  const hasty = { loginSettling: ms(5), switchingTime: ms(4), commandTime: ms(1), users: [LOGIN] };
  const listeners = usual.listeners.map((listener) => ({ ...listener, tcpPort: 0 }));
  return new Promise((resolve, reject) => {
    const listening = (addresses: readonly Address[]): void => resolve(addresses[0] as Address);
    program(platform, light.optics, { ...usual, ...hasty, listeners, listening, until }).catch(reject);
  });
}

async function inTime<T>(operation: () => Promise<T>, changes = 1): Promise<T> {
  const from = hostClock.now();
  const result = await operation();
  const took = between(from, hostClock.now());
  assert.ok(took < changes * LIMIT + SLACK, `${took / 1e6} ms`);
  return result;
}

async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const from = hostClock.now();
  while (!(await isSo())) {
    if (between(from, hostClock.now()) > seconds(180)) throw new Error(`${what}: not within 3 min`);
    await hostClock.sleep(ms(10));
  }
}

const { isSane: _, ...BAD } = MANNERS;

for (const [manner, serve] of Object.entries(BAD))
  test(`a device that ${manner}: retrieves fail and changes are unknown, in time; whole again, it works`, async () => {
    await onBench(serve, async ({ light, gate, device, passesOn }) => {
      await inTime(() => rejects(device.listPorts(), SwitchError));
      const [a = '', b = ''] = light.ports;
      const outcome = await inTime(() => device.connect(a, b, 'two'), 4);
      assert.is(outcome.kind, 'unknown');
      assert.equal(light.optics.crossConnects(), []);
      gate.turn(passesOn);
      await until(
        () =>
          device.listPorts().then(
            () => true,
            () => false,
          ),
        'a listing',
      );
      assert.is((await device.connect(a, b, 'two')).kind, 'done');
      assert.is(light.optics.crossConnects().length, 2);
    });
  });

/** A clock that can be stopped for good, as when a machine is switched off. */
function mortalClock(): { clock: Clock; stop(): void } {
  const timers = new Set<{ cancel(): void }>();
  let isStopped = false;
  const timer: Clock['timer'] = (d, fire) => {
    if (isStopped) return { cancel: () => {} };
    const inner = fairClock.timer(d, () => {
      timers.delete(inner);
      fire();
    });
    timers.add(inner);
    return inner;
  };
  const clock: Clock = {
    now: () => fairClock.now(),
    wall: () => fairClock.wall(),
    timer,
    sleep: (d) => new Promise((resolve) => void timer(d, resolve)),
  };
  const stop = (): void => {
    isStopped = true;
    for (const one of timers) one.cancel();
  };
  return { clock, stop };
}

async function withAgent(
  { light, device }: Bench,
  body: (request: (path: string) => ReturnType<PathClient['request']>) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lightbed-agent-'));
  const { clock, stop } = mortalClock();
  const host = hostPlatform({ machine: AGENT_HOST, bind: AGENT_HOST, folder });
  const listeners: { close(): Promise<void> }[] = [];
  const network: Platform['network'] = {
    connect: (to, signal) => host.network.connect(to, signal),
    datagrams: (port) => host.network.datagrams(port),
    listen: async (port, accept) => {
      const listener = await host.network.listen(port, accept);
      listeners.push(listener);
      return listener;
    },
  };
  const ports = light.ports.slice(0, 2).map((port) => ({
    port,
    fibre: `fibre ${port}`,
    far: { kind: 'terminal', terminal: `lamp ${port}` } as const,
    length: metres(20),
  }));
  const hasty = { deviceLimit: ms(200), deviceAgain: ms(50), acquaintLimit: ms(200), prepareLimit: ms(900) };
  const config = { switchName: DEVICE, tcpPort: AGENT_PORT, ports, peers: [], timings: hasty };
  let failure: unknown = null;
  agentProgram({ ...host, clock, network }, config, device).catch((error: unknown) => {
    failure = error;
  });
  await until(async () => listeners.length > 0, 'the agent listens');
  const client = new PathClient(hostPlatform({ machine: 'client', folder }), {
    machine: AGENT_HOST,
    tcpPort: AGENT_PORT,
  });
  const [from = '', to = ''] = light.ports.map((port) => `lamp ${port}`);
  try {
    await body((path) => client.request({ path, from, to }));
    assert.is(failure, null);
  } finally {
    await client.close();
    stop();
    for (const listener of listeners) await listener.close();
    rmSync(folder, { recursive: true });
  }
}

for (const manner of ['isMute', 'drips'] as const)
  test(`an agent whose device ${manner} refuses with the reason, and grants when the device is whole again`, async () => {
    await onBench(MANNERS[manner], async (bench) => {
      const { light, gate, passesOn } = bench;
      for (const port of light.ports) light.shine(port);
      await withAgent(bench, async (request) => {
        const first = await request('one');
        assert.match(first.kind === 'refused' ? first.reason : '', /the ports of switch have not been read/);
        gate.turn(passesOn);
        let tries = 0;
        await until(async () => (await request(`two ${tries++}`)).kind === 'granted', 'a path');
        assert.is(light.optics.crossConnects().length, 2);
      });
    });
  });

test('an agent whose device falls silent later refuses a request in time, with the reason', async () => {
  await onBench(MANNERS.isMute, async (bench) => {
    const { light, gate, passesOn } = bench;
    for (const port of light.ports) light.shine(port);
    gate.turn(passesOn);
    await until(
      () =>
        bench.device.listPorts().then(
          () => true,
          () => false,
        ),
      'a listing',
    );
    await withAgent(bench, async (request) => {
      await hostClock.sleep(ms(200));
      gate.turn(MANNERS.isMute);
      const from = hostClock.now();
      const answer = await request('one');
      const why = answer.kind === 'refused' ? answer.reason : '';
      assert.match(why, /switch: (SwitchError|TimeoutError)|did not vote in time|have not been read/);
      assert.ok(between(from, hostClock.now()) < SLACK);
    });
  });
});

test.run();
