import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { bitsPerSecond, bytes } from '../core/quantity.ts';
import { ms, seconds } from '../core/time.ts';
import { NetworkError } from '../platform/errors.ts';
import type { DatagramSocket } from '../platform/platform.ts';
import { type FixtureLink, type NetworkFixture, networkFixture } from './network.fixture.ts';

const test = suite('datagrams of the virtual world');

async function pair(fixture: NetworkFixture): Promise<[DatagramSocket, DatagramSocket]> {
  return [await fixture.of('a').datagrams(0), await fixture.of('b').datagrams(7000)];
}

/** How many of `count` datagrams of `length` bytes, one each ms, arrive. */
async function arriving(link: FixtureLink, count: number, length: number): Promise<number> {
  const fixture = networkFixture({ 'a-b': link });
  let received = 0;
  await fixture.run(async () => {
    const [from, to] = await pair(fixture);
    (async () => {
      for (;;) {
        await to.receive();
        received++;
      }
    })().catch(() => {});
    for (let i = 0; i < count; i++) {
      from.send(to.address, new Uint8Array(length));
      await fixture.sleep(ms(1));
    }
    await fixture.sleep(seconds(1));
    to.close();
  });
  return received;
}

test('a datagram takes the delay of the link and its length on the wire', async () => {
  const fixture = networkFixture({ 'a-b': { delay: ms(20), capacity: bitsPerSecond(1e9) } });
  await fixture.run(async () => {
    const [from, to] = await pair(fixture);
    from.send(to.address, new Uint8Array(934));
    assert.equal(await to.receive(), { from: from.address, payload: new Uint8Array(934) });
    // 934 and 28 of headers, 38 of Ethernet: 8 us.
    assert.is(fixture.engine.now(), ms(20.008));
  });
});

test('links lose datagrams as they lose packets, and a fragmented one with any of its fragments', async () => {
  const small = await arriving({ loss: 0.1 }, 2000, 100);
  assert.ok(Math.abs(small - 1800) < 60, `${small} of 2000`);
  const large = await arriving({ loss: 0.1 }, 2000, 5 * 1472);
  assert.ok(Math.abs(large - 2000 * 0.9 ** 5) < 80, `${large} of 2000`);
});

test('without room in the queue, of many at once only the first go through', async () => {
  const fixture = networkFixture({ 'a-b': { capacity: bitsPerSecond(1e6), queue: bytes(3000) } });
  await fixture.run(async () => {
    const [from, to] = await pair(fixture);
    for (let i = 0; i < 10; i++) from.send(to.address, new Uint8Array([i, ...new Uint8Array(933)]));
    await fixture.sleep(seconds(1));
    for (const expected of [0, 1, 2, 3]) assert.is((await to.receive()).payload[0], expected);
    const more = rejects(to.receive(), NetworkError);
    to.close();
    await more;
  });
});

test('rules delay, drop and double datagrams', async () => {
  const fixture = networkFixture({ 'a-b': {} });
  await fixture.run(async () => {
    const [from, to] = await pair(fixture);
    const rule = fixture.rules.add((p) =>
      p.protocol === 'udp' && p.to.tcpPort === 7000 ? { kind: 'duplicate' } : { kind: 'pass' },
    );
    from.send(to.address, new Uint8Array([1]));
    assert.equal([(await to.receive()).payload[0], (await to.receive()).payload[0]], [1, 1]);
    rule.remove();
    const delay = fixture.rules.add(() => ({ kind: 'delay', by: ms(500) }));
    from.send(to.address, new Uint8Array([2]));
    delay.remove();
    from.send(to.address, new Uint8Array([3]));
    assert.equal([(await to.receive()).payload[0], (await to.receive()).payload[0]], [3, 2]);
  });
});

test('what is not received soon enough is dropped beyond the socket queue', async () => {
  const fixture = networkFixture({ 'a-b': {} });
  await fixture.run(async () => {
    const [from, to] = await pair(fixture);
    for (let i = 0; i < 10; i++) {
      from.send(to.address, new Uint8Array(60_000));
      await fixture.sleep(ms(10));
    }
    let received = 0;
    const counting = (async () => {
      for (;;) {
        await to.receive();
        received++;
      }
    })();
    await fixture.sleep(ms(10));
    to.close();
    await rejects(counting, NetworkError);
    assert.is(received, 3);
  });
});

test.run();
