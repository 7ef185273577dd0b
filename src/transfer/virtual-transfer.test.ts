import { assert, suite } from '../../scripts/testing/suite.ts';
import { bytes, bytesPerSecond } from '../core/quantity.ts';
import { instant, ms, seconds, toSeconds } from '../core/time.ts';
import { extent, isBytes, sliceChunk } from '../platform/chunk.ts';
import type { Platform, StoredFile } from '../platform/platform.ts';
import { RateLimit } from './rate-limit.ts';
import { send, type TransferResult } from './sender.ts';
import { type Bench, diskOf, MIB, newBench } from './transfer.fixture.ts';

const test = suite('transfer over a long link');

const SIZE = 400 * MIB + 12_345;

const placed = (bench: Bench, size = SIZE): Bench => {
  bench.sender.disk.place('file', extent(7, 0, size));
  return bench;
};

function mustComplete(result: TransferResult): Extract<TransferResult, { kind: 'completed' }> {
  if (result.kind !== 'completed') throw new Error(result.reason);
  return result;
}

function mustBeWhole(bench: Bench, result: TransferResult, size = SIZE): void {
  const done = mustComplete(result);
  assert.is(done.doubledBytes, 0);
  assert.is(done.lostBytes, 0);
  assert.is(bench.meter.delivered, size);
  assert.is(
    bench.meter.perStream.reduce((a, b) => a + b, 0),
    size,
  );
  assert.equal(bench.records('file.verified'), [
    { transfer: 't', file: 'file', size, checksum: done.files[0]?.checksum },
  ]);
  assert.is(bench.records('transfer.completed').length, 1);
}

test('a file arrives whole, over all streams, at the pace of the disk', async () => {
  const bench = placed(newBench({ disk: diskOf(100e6) }));
  bench.receive({ verify: 'received' });
  const result = mustComplete(await bench.send({}));
  mustBeWhole(bench, result);
  assert.is(bench.meter.perStream.filter((n) => n > 0).length, 4);
  const pace = SIZE / toSeconds(result.duration);
  assert.ok(pace > 60e6 && pace < 100e6, `${pace} B/s`);
});

test('a link down for a second interrupts nothing', async () => {
  const bench = placed(newBench({ disk: diskOf(100e6) }));
  bench.receive({ verify: 'received' });
  bench.at(seconds(3), () => bench.network.setLink('line', { isUp: false }));
  bench.at(seconds(4), () => bench.network.setLink('line', { isUp: true }));
  mustBeWhole(bench, await bench.send({}));
  assert.is(bench.records('stream.broken').length, 0);
  assert.is(bench.ends.length, 1);
});

test('a stream that goes silent is broken, connected again, and loses nothing', async () => {
  const bench = placed(newBench({ disk: diskOf(50e6) }));
  bench.receive({ verify: 'received' });
  let victim = 0;
  bench.at(seconds(3), () => {
    const rule = bench.world.addPacketRule((packet) => {
      if (packet.protocol !== 'tcp' || packet.bytes < 10_000) return { kind: 'pass' };
      if (victim === 0) victim = packet.from.tcpPort;
      return { kind: packet.from.tcpPort === victim ? 'drop' : 'pass' };
    });
    bench.at(seconds(15), () => rule.remove());
  });
  mustBeWhole(bench, await bench.send({ timings: { idleLimit: seconds(2) } }));
  assert.is(bench.records('stream.broken').length, 1);
  assert.is(bench.records('stream.opened').length, 5);
});

test('a receiver that crashes and restarts resumes from its journal', async () => {
  const bench = placed(newBench({ disk: diskOf(100e6) }));
  bench.receive({ timings: { journalBytes: 64 * MIB } });
  let before = 0;
  bench.at(seconds(4), () => {
    before = bench.meter.delivered;
    bench.receiver.crash({ sockets: 'reset' });
  });
  bench.at(seconds(6), () => bench.receiver.restart());
  const result = mustComplete(await bench.send({}));
  assert.is(result.lostBytes, 0);
  assert.is(result.doubledBytes, 0);
  assert.is(bench.meter.delivered, SIZE);
  assert.is(bench.records('transfer.started').length, 1);
  assert.is(bench.records('file.verified').length, 1);
  const [resumed] = bench.records('session.resumed') as [{ held_bytes: number }];
  assert.ok(
    resumed.held_bytes >= before - 130 * MIB && resumed.held_bytes < SIZE,
    `${resumed.held_bytes} of ${before}`,
  );
});

test('a silent crash of the receiver is noticed by the idle limit', async () => {
  const bench = placed(newBench({ disk: diskOf(100e6) }));
  bench.receive({ timings: { journalBytes: 64 * MIB } });
  bench.at(seconds(4), () => bench.receiver.crash({ sockets: 'silent' }));
  bench.at(seconds(6), () => bench.receiver.restart());
  const result = mustComplete(await bench.send({ timings: { idleLimit: seconds(5) } }));
  assert.is(bench.meter.delivered, SIZE);
  assert.ok(toSeconds(result.duration) < 40, `${result.duration}`);
});

test('a sender that crashes and restarts goes on with what the receiver has', async () => {
  const bench = placed(newBench({ disk: diskOf(100e6) }));
  bench.receive({ verify: 'received' });
  const results: TransferResult[] = [];
  const to = { machine: 'receiver', tcpPort: 54321 };
  bench.sender.boot(async (platform) => {
    results.push(await send(platform, { transfer: 't', to, files: ['file'] }));
  });
  bench.at(seconds(3), () => bench.sender.crash({ sockets: 'reset' }));
  bench.at(seconds(4), () => bench.sender.restart());
  await bench.engine.run({ finished: () => results.length > 0, horizon: instant(60e9) });
  assert.is(results[0]?.kind, 'completed');
  assert.is(bench.meter.delivered, SIZE);
  assert.is(bench.records('session.resumed').length, 1);
  assert.is(bench.ends.length, 2);
});

/** The receiver's disk alters one block that it is given. */
function flipping(platform: Platform): Platform {
  const flip = (file: StoredFile): StoredFile => ({
    read: (offset, length) => file.read(offset, length),
    write: (offset, chunk) =>
      file.write(
        offset,
        offset === 5 * MIB && !isBytes(chunk) ? { ...chunk, offset: chunk.offset + 1 } : chunk,
      ),
    truncate: (length) => file.truncate(length),
    sync: () => file.sync(),
    size: () => file.size(),
    close: () => file.close(),
  });
  const { store } = platform;
  return {
    ...platform,
    store: {
      open: async (name, mode) => flip(await store.open(name, mode)),
      rename: (from, to) => store.rename(from, to),
      remove: (name) => store.remove(name),
      list: (prefix) => store.list(prefix),
      stat: (name) => store.stat(name),
    },
  };
}

test('a block that the disk altered fails the transfer, and the partial file goes', async () => {
  const bench = placed(newBench(), 20 * MIB);
  bench.receive({}, flipping);
  const result = await bench.send({});
  assert.equal(result, { kind: 'failed', reason: 'file is corrupt at the receiver' });
  assert.is(bench.records('file.corrupt').length, 1);
  assert.is(bench.records('transfer.failed').length, 1);
  assert.is(bench.receiver.disk.inspect('in/file'), null);
  assert.is(bench.receiver.disk.inspect('in/file.part'), null);
});

test('a rate limit is obeyed, and adjusted in flight', async () => {
  const bench = placed(newBench(), 300 * MIB);
  bench.receive({ verify: 'received' });
  const rateLimit = new RateLimit(bench.sender.platform.clock, bytesPerSecond(10 * MIB));
  let atTen = 0;
  bench.at(seconds(10), () => {
    atTen = bench.meter.delivered;
    rateLimit.setRate(bytesPerSecond(100 * MIB));
  });
  const result = mustComplete(await bench.send({ rateLimit }));
  assert.ok(atTen > 90 * MIB && atTen < 102 * MIB, `${atTen}`);
  assert.ok(Math.abs(toSeconds(result.duration) - 12.5) < 1, `${result.duration}`);
});

test('a machine that accepts and never answers fails the transfer after its attempts', async () => {
  const bench = placed(newBench());
  bench.receiver.boot(async (platform) => {
    await platform.network.listen(54321, () => {});
  });
  const result = await bench.send({ timings: { idleLimit: seconds(8), sessionAttemptsMax: 3 } });
  assert.is(result.kind, 'failed');
  if (result.kind === 'failed') assert.match(result.reason, /no answer within 8 s/);
  assert.ok(bench.engine.now() < seconds(60));
});

test('a sender that connects and says nothing more is dropped by the receiver', async () => {
  const bench = newBench();
  bench.receive({ timings: { idleLimit: seconds(8) } });
  let end: unknown = null;
  bench.sender
    .run(async (platform) => {
      const connection = await platform.network.connect({ machine: 'receiver', tcpPort: 54321 });
      await connection.read().then(
        (chunk) => {
          end = chunk ?? 'end';
        },
        (error: Error) => {
          end = error.message;
        },
      );
    })
    .catch((error: unknown) => bench.engine.stop(error as Error));
  await bench.engine.run({ finished: () => end !== null, horizon: instant(60e9) });
  assert.ok(end !== null && bench.engine.now() < seconds(10));
});

test('from memory to memory nothing is stored, and the content is compared', async () => {
  const bench = newBench();
  bench.receive();
  const result = mustComplete(await bench.send({ files: { memory: bytes(200 * MIB) } }));
  assert.is(bench.meter.delivered, 200 * MIB);
  assert.is(result.bytes, 200 * MIB);
  assert.is(bench.receiver.disk.inspect('in/memory.part'), null);
});

test('bytes that were altered on their way from memory are found', async () => {
  const bench = newBench({ delay: ms(1) });
  bench.receive();
  const altering = (platform: Platform): Platform => ({
    ...platform,
    network: {
      ...bindNetwork(platform),
      connect: async (to, signal) => {
        const connection = await platform.network.connect(to, signal);
        const alter = Object.create(connection) as typeof connection;
        return Object.assign(alter, {
          read: () => connection.read(),
          end: () => connection.end(),
          abort: (cause?: Error) => connection.abort(cause),
          write: (chunk: Parameters<typeof connection.write>[0]) =>
            connection.write(
              !isBytes(chunk) ? { ...chunk, source: chunk.source ^ 1 } : sliceChunk(chunk, 0, chunk.length),
            ),
        });
      },
    },
  });
  const result = await bench.send({ files: { memory: bytes(10 * MIB) } }, altering);
  assert.is(result.kind, 'failed');
  if (result.kind === 'failed') assert.match(result.reason, /content of source/);
});

const bindNetwork = ({ network }: Platform) => ({
  listen: network.listen.bind(network),
  datagrams: network.datagrams.bind(network),
});

test.run();
