// What a Network promises: TCP connections, listeners and datagrams between two machines that reach one another.

import { assert, rejects } from '../../scripts/testing/suite.ts';
import { Mailbox } from '../core/mailbox.ts';
import { ms, seconds } from '../core/time.ts';
import { byteAt, extent, materialise } from './chunk.ts';
import { withDeadline } from './deadline.ts';
import { CancelledError, NetworkError, type NetworkErrorCode } from './errors.ts';
import { concat, conformance, type Pair, type PairFixture, readToEnd, text, utf8 } from './pair.fixture.ts';
import type { Connection, Datagram, DatagramSocket, Listener, Platform } from './platform.ts';

const MIB = 2 ** 20;
/** No buffers between a writer and a reader that does not read take this much. */
const TAKEN_UNREAD_MAX = 4096 * MIB;

export function networkConformance(fixture: PairFixture): void {
  connectionConformance(fixture);
  listeners(fixture);
  datagrams(fixture);
}

/** What of it a network of connections alone can promise. */
export function connectionConformance(fixture: PairFixture): void {
  const test = conformance('connection', fixture);

  test('both sides know who they are and who the other is', async (pair) => {
    const { client, server, listener } = await connect(pair);
    assert.equal(client.remote, listener.address);
    assert.is(client.local.machine, 'left');
    assert.equal(server.local, listener.address);
    assert.equal(server.remote, client.local);
    await close(client, server, listener);
  });

  test('bytes arrive in order and intact, both ways at once', async (pair) => {
    const { client, server, listener } = await connect(pair);
    const say = async (connection: Connection, word: string): Promise<void> => {
      for (let i = 0; i < 200; i++) await connection.write(utf8(`${word} ${i};`));
      await connection.end();
    };
    const sequence = (word: string): string =>
      Array.from({ length: 200 }, (_, i) => `${word} ${i};`).join('');
    const [atServer, atClient] = await Promise.all([
      readToEnd(server),
      readToEnd(client),
      say(client, 'to'),
      say(server, 'fro'),
    ]);
    assert.is(text(atServer), sequence('to'));
    assert.is(text(atClient), sequence('fro'));
    await listener.close();
  });

  test('writes go out in the order of their calls, awaited or not', async (pair) => {
    const { client, server, listener } = await connect(pair);
    const parts = [utf8('one '), extent(5, 3, 300_000), utf8(' two '), extent(6, 0, 10), utf8(' three')];
    const written = Promise.all(parts.map((part) => client.write(part)));
    const ended = client.end();
    assert.equal(await readToEnd(server), concat(parts));
    await Promise.all([written, ended]);
    await close(client, server, listener);
  });

  test('bytes may be reused once they are written', async (pair) => {
    const { client, server, listener } = await connect(pair);
    const buffer = new Uint8Array(1000);
    const wanted: Uint8Array[] = [];
    for (let i = 0; i < 50; i++) {
      buffer.fill(i);
      wanted.push(buffer.slice());
      await client.write(buffer);
    }
    buffer.fill(255);
    await client.end();
    assert.equal(await readToEnd(server), concat(wanted));
    await close(client, server, listener);
  });

  test('a write of nothing is no end of anything', async (pair) => {
    const { client, server, listener } = await connect(pair);
    await client.write(new Uint8Array(0));
    await client.write(extent(1, 0, 0));
    await client.write(utf8('x'));
    await client.end();
    assert.is(text(await readToEnd(server)), 'x');
    await close(client, server, listener);
  });

  test('one side ends, the other goes on', async (pair) => {
    const { client, server, listener } = await connect(pair);
    await client.write(utf8('question'));
    await client.end();
    await client.end();
    assert.is(text(await readToEnd(server)), 'question');
    assert.is(await server.read(), null);
    await pair.right.clock.sleep(ms(10));
    await server.write(utf8('answer'));
    await server.end();
    assert.is(text(await readToEnd(client)), 'answer');
    assert.is(await client.read(), null);
    await listener.close();
  });

  test('who has ended writes no more', async (pair) => {
    const { client, server, listener } = await connect(pair);
    await client.end();
    await fails(client.write(utf8('x')), 'closed');
    await close(client, server, listener);
  });

  test('an abort ends this side as closed and the other as reset', async (pair) => {
    const { client, server, listener } = await connect(pair);
    const pending = fails(client.read(), 'closed');
    const other = fails(server.read(), 'reset');
    await pair.left.clock.sleep(ms(10));
    client.abort(new Error('done with it'));
    client.abort();
    await Promise.all([pending, other]);
    await fails(client.read(), 'closed');
    await fails(client.write(utf8('x')), 'closed');
    await fails(server.read(), 'reset');
    await listener.close();
  });

  test('an abort by the other side ends a writer', async (pair) => {
    const { client, server, listener } = await connect(pair);
    server.abort();
    await fails(
      (async () => {
        for (let i = 0; i < 1000; i++) {
          await client.write(new Uint8Array(1000));
          await pair.left.clock.sleep(ms(1));
        }
      })(),
      'reset',
    );
    await listener.close();
  });

  test('an abort ends a writer that is held back', async (pair) => {
    const { client, server, listener } = await connect(pair);
    const held = fails(client.write(extent(1, 0, 200 * MIB)), 'closed');
    await pair.left.clock.sleep(ms(50));
    client.abort();
    await held;
    server.abort();
    await listener.close();
  });

  test('a writer is held back while nobody reads, and goes on when somebody does', async (pair) => {
    const { client, server, listener } = await connect(pair);
    let written = 0;
    let hasEnough = false;
    const writing = (async () => {
      for (; !hasEnough && written < TAKEN_UNREAD_MAX; written += MIB)
        await client.write(extent(3, written, MIB));
      await client.end();
    })();
    for (let before = -1; before < written && written < TAKEN_UNREAD_MAX; ) {
      before = written;
      await pair.left.clock.sleep(ms(200));
    }
    assert.ok(written < TAKEN_UNREAD_MAX, 'the writer was not held back');
    hasEnough = true;
    const arrived = await countIntact(server, 3);
    await writing;
    assert.is(arrived, written);
    await close(client, server, listener);
  });

  test('a large extent arrives intact', async (pair) => {
    const { client, server, listener } = await connect(pair);
    const sending = client.write(extent(42, 0, 24 * MIB + 17)).then(() => client.end());
    assert.is(await countIntact(server, 42), 24 * MIB + 17);
    await sending;
    await close(client, server, listener);
  });

  test('connections do not mix', async (pair) => {
    const listener = await pair.right.network.listen(0, (connection) => void echo(connection));
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const connection = await pair.left.network.connect(listener.address);
        await connection.write(utf8(`number ${i}`));
        await connection.end();
        return text(await readToEnd(connection));
      }),
    );
    assert.equal(
      answers,
      Array.from({ length: 20 }, (_, i) => `number ${i}`),
    );
    await listener.close();
  });

  test('a machine connects to itself', async ({ left }) => {
    const listener = await left.network.listen(0, (connection) => void echo(connection));
    const connection = await left.network.connect(listener.address);
    await connection.write(utf8('myself'));
    await connection.end();
    assert.is(text(await readToEnd(connection)), 'myself');
    await listener.close();
  });

  test.run();
}

function listeners(fixture: PairFixture): void {
  const test = conformance('listener', fixture);

  test('where nobody listens, a connection is refused', async ({ left, right }) => {
    const listener = await right.network.listen(0, abandon);
    await listener.close();
    await listener.close();
    await fails(left.network.connect(listener.address), 'refused');
  });

  test('a machine that does not exist is unreachable', async ({ left }) => {
    await fails(left.network.connect({ machine: 'nowhere', tcpPort: 3400 }), 'unreachable');
  });

  test('a signal cancels a connect, before and during it', async ({ left, right }) => {
    const listener = await right.network.listen(0, abandon);
    const early = new AbortController();
    early.abort();
    await rejects(left.network.connect(listener.address, early.signal), CancelledError);
    const during = new AbortController();
    const connecting = left.network.connect(listener.address, during.signal);
    during.abort();
    await rejects(connecting, CancelledError);
    await listener.close();
  });

  test('any free port is a real one, and no two are the same', async ({ right }) => {
    const a = await right.network.listen(0, abandon);
    const b = await right.network.listen(0, abandon);
    assert.is(a.address.machine, 'right');
    assert.ok(a.address.tcpPort > 0 && b.address.tcpPort > 0);
    assert.not.equal(a.address.tcpPort, b.address.tcpPort);
    await a.close();
    await b.close();
  });

  test('a port is listened at once, and again after it was closed', async ({ left, right }) => {
    const first = await right.network.listen(0, abandon);
    const { tcpPort } = first.address;
    await fails(right.network.listen(tcpPort, abandon), 'in-use');
    const elsewhere = await left.network.listen(tcpPort, abandon);
    assert.equal(elsewhere.address, { machine: 'left', tcpPort });
    await elsewhere.close();
    await first.close();
    await (await right.network.listen(tcpPort, abandon)).close();
  });

  test('accepted connections outlive their listener', async (pair) => {
    const { client, server, listener } = await connect(pair);
    await listener.close();
    await client.write(utf8('still here'));
    await client.end();
    assert.is(text(await readToEnd(server)), 'still here');
    await close(client, server, listener);
  });

  test.run();
}

function datagrams(fixture: PairFixture): void {
  const test = conformance('datagrams', fixture);

  test('a datagram arrives with its sender, and can be answered', async (pair) => {
    const [a, b] = await sockets(pair);
    const question = await exchange(pair.left, a, b, utf8('ping'));
    assert.equal(question, { from: a.address, payload: utf8('ping') });
    const answer = await exchange(pair.right, b, a, utf8('pong'), question.from);
    assert.equal(answer, { from: b.address, payload: utf8('pong') });
    a.close();
    b.close();
  });

  test('each datagram is received whole, the longest, too', async (pair) => {
    const [a, b] = await sockets(pair);
    for (const length of [0, 1, 1400, 9000, 65_507]) {
      const payload = materialise(extent(8, 0, length));
      assert.equal((await exchange(pair.left, a, b, payload)).payload, payload);
    }
    a.close();
    b.close();
  });

  test('bytes may be reused once they are sent', async (pair) => {
    const [a, b] = await sockets(pair);
    const payload = utf8('once');
    a.send(b.address, payload);
    payload.fill(0);
    assert.is(text((await b.receive()).payload), 'once');
    a.close();
    b.close();
  });

  test('sending to nobody does no harm', async (pair) => {
    const [a, b] = await sockets(pair);
    b.close();
    a.send(b.address, utf8('x'));
    a.send({ machine: 'nowhere', tcpPort: 5 }, utf8('x'));
    await pair.left.clock.sleep(ms(10));
    a.send(b.address, utf8('x'));
    a.close();
    a.send(b.address, utf8('x'));
  });

  test('a port is bound once, and again after it was closed', async ({ right }) => {
    const first = await right.network.datagrams(0);
    assert.ok(first.address.tcpPort > 0);
    await fails(right.network.datagrams(first.address.tcpPort), 'in-use');
    first.close();
    (await right.network.datagrams(first.address.tcpPort)).close();
  });

  test('closing ends who waits to receive', async ({ right }) => {
    const socket = await right.network.datagrams(0);
    const pending = fails(socket.receive(), 'closed');
    socket.close();
    socket.close();
    await pending;
    await fails(socket.receive(), 'closed');
  });

  test.run();
}

async function connect({
  left,
  right,
}: Pair): Promise<{ client: Connection; server: Connection; listener: Listener }> {
  const accepted = new Mailbox<Connection>(1);
  const listener = await right.network.listen(0, (connection) => void accepted.offer(connection));
  const client = await left.network.connect(listener.address);
  const server = await accepted.take();
  if (server === null) throw new Error('nothing was accepted');
  return { client, server, listener };
}

async function close(client: Connection, server: Connection, listener: Listener): Promise<void> {
  client.abort();
  server.abort();
  await listener.close();
}

const abandon = (connection: Connection): void => connection.abort();

async function echo(connection: Connection): Promise<void> {
  try {
    for (let piece = await connection.read(); piece !== null; piece = await connection.read())
      await connection.write(piece);
    await connection.end();
  } catch (error) {
    connection.abort(error as Error);
  }
}

/** Reads to the end and counts the bytes, each checked to be the next of the synthetic stream `source`. */
async function countIntact(connection: Connection, source: number): Promise<number> {
  let count = 0;
  for (let piece = await connection.read(); piece !== null; piece = await connection.read()) {
    const end = count + piece.length;
    if (piece instanceof Uint8Array) {
      for (const at of [count, count + (piece.length >> 1), end - 1]) {
        if (piece[at - count] !== byteAt(source, at)) throw new Error(`byte ${at} is not intact`);
      }
    } else assert.equal(piece, extent(source, count, piece.length));
    count = end;
  }
  return count;
}

async function sockets({ left, right }: Pair): Promise<[DatagramSocket, DatagramSocket]> {
  return [await left.network.datagrams(0), await right.network.datagrams(0)];
}

/** Sends, and receives on the other side; datagrams may be lost, so it sends again when nothing comes. */
async function exchange(
  sender: Platform,
  from: DatagramSocket,
  to: DatagramSocket,
  payload: Uint8Array,
  address = to.address,
): Promise<Datagram> {
  const received = to.receive();
  for (let attempt = 0; attempt < 5; attempt++) {
    from.send(address, payload);
    const answer = await withDeadline(sender.clock, seconds(1), 'a datagram', () => received).catch(
      () => null,
    );
    if (answer !== null) return answer;
  }
  throw new Error('no datagram arrived in five attempts');
}

async function fails(operation: Promise<unknown>, code: NetworkErrorCode): Promise<void> {
  const error = await operation.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.instance(error, NetworkError);
  assert.is((error as NetworkError).code, code);
}
