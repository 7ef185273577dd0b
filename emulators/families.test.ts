import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, suite } from '../scripts/testing/suite.ts';
import { bitsPerSecond, bytes, db, dbm, metres } from '../src/core/quantity.ts';
import { ms } from '../src/core/time.ts';
import { hostClock } from '../src/host/clock.ts';
import { hostPlatform } from '../src/host/platform.ts';
import { DataNetwork } from '../src/net/data-network.ts';
import { materialise } from '../src/platform/chunk.ts';
import type { Address, Connection, Platform } from '../src/platform/platform.ts';
import { decodeLatin1, encodeLatin1 } from '../src/tl1/latin1.ts';
import { type FamilyName, families } from './families.ts';
import { Plant } from './plant.ts';
import { relayProgram } from './relay.ts';

const test = suite('device families on real sockets');

const names = Object.keys(families) as FamilyName[];

/** Sends, and reads until `until` has come. */
async function ask(connection: Connection, command: string, until: RegExp): Promise<string> {
  if (command !== '') await connection.write(encodeLatin1(command));
  let text = '';
  while (!until.test(text)) {
    const chunk = await connection.read();
    if (chunk === null) throw new Error(`ended after ${text}`);
    text += decodeLatin1(materialise(chunk));
  }
  return text;
}

/** A switch with light at its first port, its emulator on TCP ports of the system's choice, and their addresses. */
async function start(family: FamilyName, platform: Platform, until: AbortSignal) {
  const { program, portLabels, insertionLoss, defaults } = families[family];
  const plant = new Plant({ clock: hostClock });
  const optics = plant.addSwitch('s', { ports: portLabels(4), insertionLoss });
  plant.addTerminal('t', { launchPower: dbm(0), sensitivity: dbm(-14), powerOnDelay: ms(1) });
  const [first = ''] = optics.ports;
  plant.addFibre('f', {
    a: { node: 't', port: 'line' },
    b: { node: 's', port: first },
    length: metres(10),
    loss: db(1),
  });
  const listeners = defaults('s').listeners.map((listener) => ({ ...listener, tcpPort: 0 }));
  let ended: Promise<void> = Promise.resolve();
  const addresses = await new Promise<readonly Address[]>((listening, failed) => {
    ended = program(platform, optics, { listeners, listening, until });
    ended.catch(failed);
  });
  return { addresses, ended };
}

async function withPlatform(
  body: (platform: Platform, stop: AbortController) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lightbed-'));
  const stop = new AbortController();
  try {
    const resolve = (to: Address) => ({ host: '127.0.0.1', port: to.tcpPort });
    await body(hostPlatform({ machine: 's', folder, resolve, bind: '127.0.0.1' }), stop);
  } finally {
    stop.abort();
    await rm(folder, { recursive: true });
  }
}

test('every family listens where its clients expect it, with ports of distinct names', () => {
  for (const name of names) {
    const { tcpPort, portLabels, defaults } = families[name];
    assert.ok(defaults('s').listeners.some((listener) => listener.tcpPort === tcpPort));
    assert.is(new Set(portLabels(128)).size, 128);
  }
});

test('every family logs in, answers and ends over TCP', async () => {
  for (const name of names) {
    await withPlatform(async (platform, stop) => {
      const { addresses, ended } = await start(name, platform, stop.signal);
      for (const address of addresses) {
        const client = await platform.network.connect(address);
        await ask(client, 'act-user::admin:a::admin;', /M {2}a COMPLD\r\n[^;]*;/);
        await ask(client, 'rtrv-hdr:::h;', /M {2}h COMPLD\r\n;/);
        client.abort();
      }
      stop.abort();
      await ended;
    });
  }
});

test('a relay carries a TL1 session with its delay, over TCP', async () => {
  await withPlatform(async (platform, stop) => {
    const { addresses, ended } = await start('calient', platform, stop.signal);
    const [, raw] = addresses;
    assert.ok(raw);
    const data = new DataNetwork({ clock: hostClock, convergence: ms(10) });
    for (const node of ['agent', 's']) data.addNode(node);
    const capacity = bitsPerSecond(1e9);
    const [queue, mtu] = [bytes(1e6), bytes(1500)];
    data.addLink({ id: 'lan', a: 'agent', b: 's', capacity, delay: ms(20), queue, loss: 0, mtu, isUp: true });
    const relay = await new Promise<Address>((listening, failed) => {
      const ways = { onward: raw, from: 'agent', to: 's', data };
      relayProgram(platform, { tcpPort: 0, ...ways, listening, until: stop.signal }).catch(failed);
    });
    const client = await platform.network.connect(relay);
    await ask(client, 'act-user::admin:a::admin;', /M {2}a COMPLD\r\n;/);
    const asked = hostClock.now();
    await ask(client, 'rtrv-hdr:::h;', /M {2}h COMPLD\r\n;/);
    const took = (hostClock.now() - asked) / 1e6;
    assert.ok(took >= 50, `${took} ms: 20 ms each way and 10 ms of the device`);
    stop.abort();
    await ended;
    client.abort();
  });
});

test.run();
