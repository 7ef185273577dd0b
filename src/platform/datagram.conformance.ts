// What datagram sockets promise: each datagram whole, or not at all.

import { assert } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { extent, materialise } from './chunk.ts';
import { fails } from './connected-pair.fixture.ts';
import { withDeadline } from './deadline.ts';
import { conformance, type Pair, type PairFixture, text, utf8 } from './pair.fixture.ts';
import type { Datagram, DatagramSocket, Platform } from './platform.ts';

export function datagramConformance(fixture: PairFixture): void {
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

async function sockets({ left, right }: Pair): Promise<[DatagramSocket, DatagramSocket]> {
  return [await left.network.datagrams(0), await right.network.datagrams(0)];
}

/** Of a second each. */
const ATTEMPTS = 60;

/** Sends, and receives on the other side; datagrams may be lost, so it sends again when nothing comes. */
async function exchange(
  sender: Platform,
  from: DatagramSocket,
  to: DatagramSocket,
  payload: Uint8Array,
  address = to.address,
): Promise<Datagram> {
  const received = to.receive();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    from.send(address, payload);
    const answer = await withDeadline(sender.clock, seconds(1), 'a datagram', () => received).catch(
      () => null,
    );
    if (answer !== null) return answer;
  }
  throw new Error('no datagram arrived');
}
