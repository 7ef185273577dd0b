import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms } from '../core/time.ts';
import { materialise } from '../platform/chunk.ts';
import { text, utf8 } from '../platform/pair.fixture.ts';
import type { Connection, Platform } from '../platform/platform.ts';
import { smallWorld } from './world.fixture.ts';

const test = suite('determinism');

test('the same seed gives the same trace', async () => {
  const hash = await runOnce({ seed: '7' });
  assert.is(await runOnce({ seed: '7' }), hash);
});

test('another seed gives another trace', async () => {
  assert.not.equal(await runOnce({ seed: '7' }), await runOnce({ seed: '8' }));
});

test('events of equal time in an order of the seed’s come the same again', async () => {
  const hash = await runOnce({ seed: '7', isPermuted: true });
  assert.is(await runOnce({ seed: '7', isPermuted: true }), hash);
});

test('one more machine shifts nobody else’s randomness', async () => {
  const drawn = (nodes: string[]): number => {
    const { world } = smallWorld({ nodes: ['a', 'b', 'c'] });
    return nodes.map((name) => world.machine(name).platform.random.next()).at(-1) as number;
  };
  assert.is(drawn(['a']), drawn(['c', 'b', 'a']));
});

test.run();

/** A server that answers at its leisure, a client that asks, a crash in between; returns the trace's hash. */
async function runOnce(options: { seed: string; isPermuted?: boolean }): Promise<string> {
  const { world, trace, drive } = smallWorld({ nodes: ['client', 'server'], ...options });
  const server = world.machine('server');
  const client = world.machine('client');
  server.boot(answer);
  world.clock.timer(ms(40), () => server.crash({ sockets: 'reset' }));
  world.clock.timer(ms(60), () => server.restart());
  await drive(async () => {
    await client.run(async (platform) => {
      await platform.clock.sleep(ms(1));
      await Promise.all([1, 2, 3].map((asker) => ask(platform, asker)));
    });
  });
  assert.ok(trace.records.some((record) => record.kind === 'question.failed'));
  assert.ok(trace.records.some((record) => record.kind === 'question.answered'));
  return trace.hash();
}

async function answer({ clock, network, random, store, log }: Platform): Promise<void> {
  const serve = async (connection: Connection): Promise<void> => {
    for (let piece = await connection.read(); piece !== null; piece = await connection.read()) {
      const question = text(materialise(piece));
      await clock.sleep(ms(random.next() * 5));
      const file = await store.open(`questions/${question}`, 'write');
      await file.write(0, piece);
      await file.sync();
      log.record('question.served', { question });
      await connection.write(piece);
    }
    await connection.end();
  };
  await network.listen(
    10,
    (connection) => void serve(connection).catch((error: Error) => connection.abort(error)),
  );
}

async function ask({ clock, network, log }: Platform, asker: number): Promise<void> {
  for (let i = 0; i < 20; i++) {
    try {
      const connection = await network.connect({ machine: 'server', tcpPort: 10 });
      await connection.write(utf8(`${asker}-${i}`));
      await connection.read();
      connection.abort();
      log.record('question.answered', { asker, i });
    } catch (error) {
      log.record('question.failed', { asker, i, reason: (error as Error).message });
      await clock.sleep(ms(10));
    }
  }
}
