// What a TCP connection between two machines promises.

import { assert } from '../../scripts/testing/suite.ts';
import { ms } from '../core/time.ts';
import { byteAt, extent } from './chunk.ts';
import { close, connect, fails } from './connected-pair.fixture.ts';
import { concat, conformance, type PairFixture, readToEnd, text, utf8 } from './pair.fixture.ts';
import type { Connection } from './platform.ts';

const MIB = 2 ** 20;
/** No buffers between a writer and a reader that does not read take this much. */
const TAKEN_UNREAD_MAX = 4096 * MIB;

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
