import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import type { Platform } from '../platform/platform.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import { MessageConnection } from './message-connection.ts';
import { PeerWays } from './peer-ways.ts';
import { DEFAULT_TIMINGS } from './timings.ts';

const test = suite('ways to a peer');

/** Of the agent `here`, which lives for the first time. */
const waysToPeer = (platform: Platform): PeerWays =>
  new PeerWays(
    'peer',
    { machine: 'peer', tcpPort: 3400 },
    {
      platform,
      timings: DEFAULT_TIMINGS,
      own: 'here',
      hello: (to, _, known) => ({ type: 'hello', from: 'here', to, boot: 1, ...(known && { known }) }),
      watch: () => {},
      received: () => {},
      changed: () => {},
      met: () => {},
      joined: () => {},
      left: () => {},
    },
  );

test('a peer that answers as in a life that is over is dialled after the usual pause, and not at once', async () => {
  const { world, drive } = smallWorld({ nodes: ['here', 'peer'], delay: ms(20) });
  const { platform } = world.machine('here');
  let dials = 0;
  await drive(async () => {
    await world.machine('peer').platform.network.listen(3400, (connection) => {
      dials++;
      const messages = new MessageConnection(connection);
      // As an agent does whose disk was lost: its lives are counted anew.
      void messages.receive(() => messages.send({ type: 'hello', from: 'peer', to: 'here', boot: 1 }));
    });
    const ways = waysToPeer(platform);
    ways.livesIn(7);
    ways.want(true);
    await platform.clock.sleep(seconds(5));
    assert.ok(dials >= 3 && dials <= 5, `${dials}`);
    ways.want(false);
    await platform.clock.sleep(DEFAULT_TIMINGS.idleLimit);
    ways.closeIdle();
  });
});

test('a peer that dials in a life before the last that was heard of is told so, and its connection is not used', async () => {
  const { world, drive } = smallWorld({ nodes: ['here'] });
  const said: unknown[] = [];
  let closes = 0;
  const connection = {
    isOpen: true,
    send: (message: unknown) => void said.push(message),
    close: () => void closes++,
    abort: () => {},
  };
  await drive(async () => {
    const ways = waysToPeer(world.machine('here').platform);
    ways.livesIn(7);
    ways.greeted(connection, { type: 'hello', from: 'peer', boot: 2, isNear: true });
    assert.equal(said, [{ type: 'hello', from: 'here', to: 'peer', boot: 1, known: 7 }]);
    assert.is(closes, 1);
    assert.not.ok(ways.isOpen);
    ways.greeted(connection, { type: 'hello', from: 'peer', boot: 8, isNear: true });
    assert.equal(said.at(1), { type: 'hello', from: 'here', to: 'peer', boot: 1 });
    assert.ok(ways.isOpen);
  });
});

test.run();
