import { assert, rejects, suite } from '../scripts/testing/suite.ts';
import { bitsPerSecond, bytes } from '../src/core/quantity.ts';
import { type Duration, ms, seconds, ZERO } from '../src/core/time.ts';
import { DataNetwork } from '../src/net/data-network.ts';
import { materialise } from '../src/platform/chunk.ts';
import { NetworkError } from '../src/platform/errors.ts';
import type { Connection, Platform } from '../src/platform/platform.ts';
import { relayProgram } from './relay.ts';
import { type BenchClient, BenchNetwork } from './testing/bench-network.fixture.ts';
import { StepClock } from './testing/step-clock.fixture.ts';

const test = suite('relay');

const RELAY = 7001;
const SERVER = 7002;
const CONVERGENCE = ms(100);

interface Bench {
  readonly clock: StepClock;
  readonly network: BenchNetwork;
  readonly data: DataNetwork;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
  /** What the server got, with the time of its last piece in ms. */
  readonly server: {
    text: string;
    at: number;
    bytes: number;
    isEnded: boolean;
    connection: Connection | null;
  };
  connect(): Promise<BenchClient>;
}

/** west ── 20 ms ── middle ── 30 ms ── east, 8 Mb/s with 100 kB of queue; a detour of 200 ms; the server answers each piece with `ok`. */
async function bench(o: { hasServer: boolean } = { hasServer: true }): Promise<Bench> {
  const clock = new StepClock();
  const network = new BenchNetwork();
  const data = new DataNetwork({ clock, convergence: CONVERGENCE });
  for (const node of ['west', 'middle', 'east']) data.addNode(node);
  const link = (id: string, a: string, b: string, delay: Duration): void =>
    data.addLink({
      id,
      a,
      b,
      delay,
      capacity: bitsPerSecond(8e6),
      queue: bytes(100_000),
      loss: 0,
      mtu: bytes(1500),
      isUp: true,
    });
  link('near', 'west', 'middle', ms(20));
  link('far', 'middle', 'east', ms(30));
  link('detour', 'west', 'east', ms(200));
  const server: Bench['server'] = { text: '', at: 0, bytes: 0, isEnded: false, connection: null };
  if (o.hasServer)
    await network.listen(SERVER, (connection) => {
      server.connection = connection;
      void serve(connection, server, clock);
    });
  const stop = new AbortController();
  const platform = { machine: 'relay', clock, network } as unknown as Platform;
  const onward = { machine: 'bench', tcpPort: SERVER };
  const options = { tcpPort: RELAY, onward, from: 'west', to: 'east', data, until: stop.signal };
  const ended = relayProgram(platform, options);
  ended.catch(() => {});
  await clock.run(ZERO);
  const connect = async (): Promise<BenchClient> => {
    const client = network.client(RELAY);
    await clock.run(ms(100));
    return client;
  };
  return { clock, network, data, stop, ended, server, connect };
}

async function serve(connection: Connection, server: Bench['server'], clock: StepClock): Promise<void> {
  const decoder = new TextDecoder();
  try {
    for (let chunk = await connection.read(); chunk !== null; chunk = await connection.read()) {
      server.text = (server.text + decoder.decode(materialise(chunk))).slice(-20);
      server.bytes += chunk.length;
      server.at = clock.now() / 1e6;
      await connection.write(new TextEncoder().encode('ok'));
    }
    server.isEnded = true;
    await connection.end();
  } catch {
    // The relay was cut off.
  }
}

test('what is said arrives after the delay of the route, and so does the answer', async () => {
  const b = await bench();
  const client = await b.connect();
  client.send('hello');
  await b.clock.run(ms(49.9));
  assert.is(b.server.text, '');
  await b.clock.run(ms(0.2));
  assert.is(b.server.text, 'hello');
  await b.clock.run(ms(49.8));
  assert.is(client.take(), '');
  await b.clock.run(ms(0.2));
  assert.is(client.take(), 'ok');
});

test('the first bytes wait as long as a handshake takes', async () => {
  const b = await bench();
  const client = b.network.client(RELAY);
  client.send('hello');
  await b.clock.run(ms(149.9));
  assert.is(b.server.text, '');
  await b.clock.run(ms(0.2));
  assert.is(b.server.text, 'hello');
});

test('bytes pass no faster than the capacity, shared by the connections', async () => {
  const b = await bench();
  const [one, two] = [await b.connect(), await b.connect()];
  const start = b.clock.now() / 1e6;
  for (const client of [one, two]) client.send('x'.repeat(500_000));
  await b.clock.run(seconds(10));
  assert.is(b.server.bytes, 1_000_000);
  // 1 MB at 8 Mb/s is 1 s, and 50 ms on the way.
  const took = b.server.at - start;
  assert.ok(took >= 1050 && took < 1120, `${took} ms`);
});

test('a sender that is faster than the link is held back once the queue is full', async () => {
  const b = await bench();
  const client = await b.connect();
  for (let i = 0; i < 200; i++) client.send('x'.repeat(10_000));
  await b.clock.run(ms(100));
  // On the way or queued: 100 kB of queue, 50 ms of the link's time, and what the connection itself holds.
  assert.ok(client.unsent > 100, `${client.unsent}`);
  await b.clock.run(seconds(3));
  assert.is(b.server.bytes, 2_000_000);
});

test('a dead link stalls the bytes and loses none; they go on over what the tables find', async () => {
  const b = await bench();
  const client = await b.connect();
  client.send('one');
  await b.clock.run(ms(10));
  b.data.setLink('far', { isUp: false });
  client.send('two');
  await b.clock.run(ms(99));
  assert.is(b.server.text, '');
  await b.clock.run(ms(200));
  assert.is(b.server.text, '');
  await b.clock.run(ms(2));
  assert.is(b.server.text, 'onetwo');
  client.take();
  client.send('three');
  await b.clock.run(ms(199));
  assert.is(b.server.text, 'onetwo');
  await b.clock.run(ms(2));
  assert.is(b.server.text, 'onetwothree');
});

test('without any route all waits, also a new connection, until there is one', async () => {
  const b = await bench();
  const old = await b.connect();
  for (const id of ['near', 'detour']) b.data.setLink(id, { isUp: false });
  const fresh = b.network.client(RELAY);
  old.send('old');
  fresh.send('new');
  await b.clock.run(seconds(60));
  assert.is(b.server.text, '');
  b.data.setLink('detour', { isUp: true });
  await b.clock.run(seconds(2));
  assert.is(b.server.text.length, 6);
});

test('what is held is bounded: a stalled sender is held back', async () => {
  const b = await bench();
  const client = await b.connect();
  b.data.setLink('far', { isUp: false });
  b.data.setLink('detour', { isUp: false });
  await b.clock.run(ms(200));
  for (let i = 0; i < 100; i++) client.send('x'.repeat(1000));
  await b.clock.run(seconds(10));
  assert.is(b.server.bytes, 0);
  assert.ok(client.unsent > 0);
  b.data.setLink('far', { isUp: true });
  await b.clock.run(seconds(10));
  assert.is(b.server.bytes, 100_000);
  assert.is(client.unsent, 0);
});

test('an end passes after all bytes, in each direction', async () => {
  const b = await bench();
  const client = await b.connect();
  client.send('bye');
  client.end();
  await b.clock.run(ms(49));
  assert.not(b.server.isEnded);
  await b.clock.run(ms(2));
  assert.ok(b.server.isEnded);
  assert.is(b.server.text, 'bye');
  assert.not(client.isEnded);
  await b.clock.run(ms(50));
  assert.ok(client.isEnded);
  assert.is(client.take(), 'ok');
});

test('a reset passes, and a server that is not there is one', async () => {
  const b = await bench();
  const client = await b.connect();
  b.server.connection?.abort();
  await b.clock.run(ZERO);
  assert.ok(client.isDropped);
  const gone = await (await bench({ hasServer: false })).connect();
  assert.ok(gone.isDropped);
});

test('stopping drops the connections, and the same port cannot be relayed twice', async () => {
  const b = await bench();
  const client = await b.connect();
  const platform = { machine: 'relay', clock: b.clock, network: b.network } as unknown as Platform;
  const onward = { machine: 'bench', tcpPort: SERVER };
  await rejects(
    relayProgram(platform, { tcpPort: RELAY, onward, from: 'west', to: 'east', data: b.data }),
    NetworkError,
  );
  b.stop.abort();
  await b.ended;
  await b.clock.run(ZERO);
  assert.ok(client.isDropped);
  assert.not(b.network.isListening(RELAY));
});

test.run();
