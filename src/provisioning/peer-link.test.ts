import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import type { Connection } from '../platform/platform.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import { MessageConnection } from './message-connection.ts';
import { PeerLink } from './peer-link.ts';

const test = suite('peer link');

const timings = { connectLimit: seconds(5), connectAgain: seconds(1), probePeriod: seconds(3) };

/** A link to a peer that does `accept` with each connection, watched for a while. */
async function watched(
  accept: (connection: Connection) => void,
  body: (o: { link: PeerLink; sleep: (s: number) => Promise<void>; opened: () => number }) => Promise<void>,
): Promise<void> {
  const { world, drive } = smallWorld({ nodes: ['here', 'peer'], delay: ms(20) });
  const { platform } = world.machine('here');
  let openedCount = 0;
  await drive(async () => {
    await world.machine('peer').platform.network.listen(3400, accept);
    const link = new PeerLink({
      platform,
      to: { machine: 'peer', tcpPort: 3400 },
      timings,
      opened: () => void openedCount++,
    });
    const ended = link.run();
    const sleep = (s: number): Promise<void> => platform.clock.sleep(seconds(s));
    await body({ link, sleep, opened: () => openedCount });
    link.abort();
    await ended;
  });
}

test('a probe without an answer by the next drops the connection, and the peer is dialled again', async () => {
  let resets = 0;
  const silent = (connection: Connection): void => {
    const read = async (): Promise<void> => {
      while ((await connection.read()) !== null);
    };
    read().catch(() => resets++);
  };
  await watched(silent, async ({ link, sleep, opened }) => {
    await sleep(5.9);
    assert.ok(link.isUp);
    assert.is(opened(), 1);
    await sleep(0.5);
    assert.not.ok(link.isUp);
    await sleep(1);
    assert.ok(link.isUp);
    assert.is(opened(), 2);
    assert.is(resets, 1);
  });
});

test('a peer that answers its probes is kept', async () => {
  const answering = (connection: Connection): void => {
    const messages = new MessageConnection(connection);
    void messages.receive((m) => {
      if (m.type === 'ping') messages.send({ type: 'pong', number: m.number });
    });
  };
  await watched(answering, async ({ link, sleep, opened }) => {
    await sleep(60);
    assert.ok(link.isUp);
    assert.is(opened(), 1);
  });
});

test('a peer that speaks nonsense is dropped, and dialled again', async () => {
  const nonsense = (connection: Connection): void =>
    void connection.write(new TextEncoder().encode('HELLO\n')).catch(() => {});
  await watched(nonsense, async ({ sleep, opened }) => {
    await sleep(5);
    assert.ok(opened() >= 4 && opened() <= 5, `${opened()} times`);
  });
});

test('what is sent while there is no connection is not kept for later', async () => {
  const heard: string[] = [];
  const listening = (connection: Connection): void =>
    void new MessageConnection(connection).receive((m) => heard.push(m.type));
  await watched(listening, async ({ link, sleep }) => {
    link.send({ type: 'give-back', path: 'early' });
    await sleep(1);
    link.send({ type: 'keep', paths: [] });
    await sleep(1);
    assert.equal(heard, ['keep']);
  });
});

test('a link to renew is dialled at once, whether it is open, in a pause or in a dial that nobody answers', async () => {
  const { world, drive } = smallWorld({ nodes: ['here', 'peer'], delay: ms(20) });
  const { platform } = world.machine('here');
  await drive(async () => {
    let openedCount = 0;
    const to = { machine: 'peer', tcpPort: 3400 };
    const link = new PeerLink({ platform, to, timings, opened: () => void openedCount++ });
    const ended = link.run();
    const peer = world.machine('peer');
    // Refused at 40 ms; the pause lasts to 1,040 ms.
    await platform.clock.sleep(ms(100));
    await peer.platform.network.listen(3400, (connection) => void new MessageConnection(connection));
    const renewed = async (): Promise<number> => {
      link.renew();
      await platform.clock.sleep(ms(100));
      return openedCount;
    };
    assert.is(await renewed(), 1);
    assert.is(await renewed(), 2);
    peer.crash({ sockets: 'reset' });
    await platform.clock.sleep(ms(1_500));
    assert.not.ok(link.isUp);
    peer.restart();
    await peer.platform.network.listen(3400, (connection) => void new MessageConnection(connection));
    assert.is(await renewed(), 3);
    link.abort();
    await ended;
  });
});

test.run();
