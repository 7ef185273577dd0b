import { assert, suite } from '../../scripts/testing/suite.ts';
import type { Bytes, BytesPerSecond } from '../core/quantity.ts';
import { ms, us } from '../core/time.ts';
import { Engine } from '../engine/engine.ts';
import { hostTurn } from '../host/turn.ts';
import { extent } from '../platform/chunk.ts';
import { StoreError } from '../platform/errors.ts';
import { utf8 } from '../platform/pair.fixture.ts';
import { Disk, type DiskModel } from './disk.ts';
import { seededRandom } from './random.ts';

const test = suite('disk');

const MODEL: DiskModel = {
  readRate: 400e6 as BytesPerSecond,
  writeRate: 200e6 as BytesPerSecond,
  latency: us(100),
  syncLatency: ms(5),
};

test('operations take latency and size over rate, one behind the other', async () => {
  const { engine, disk, run } = bench();
  const times: number[] = [];
  await run(async () => {
    const file = await disk.open('a', 'create');
    times.push(engine.now());
    const note = (): void => void times.push(engine.now());
    await Promise.all([
      disk.write(file, 0, extent(1, 0, 200e6)).then(note),
      disk.write(file, 200e6, extent(1, 200e6, 100e6)).then(note),
      disk.sync(file).then(note),
    ]);
    await disk.read(file, 0, 40e6).then(note);
  });
  let end = 0;
  const ends = [0.1, 1000.1, 500.1, 5.1, 100.1].map((d) => (end += d * 1e6));
  assert.equal(times, ends);
});

test('120 GB in blocks of 1 MiB are one run, and cheap', async () => {
  const { engine, disk, run } = bench();
  const block = 2 ** 20;
  const blocks = Math.ceil(120e9 / block);
  await run(async () => {
    const file = await disk.open('big', 'create');
    for (let i = 0; i < blocks; i++) await disk.write(file, i * block, extent(3, i * block, block));
    assert.is(file.size, blocks * block);
    assert.is(file.runCount, 1);
    assert.equal(await disk.read(file, 5, 200e6), extent(3, 5, 200e6));
  });
  assert.ok(engine.now() > 600e9, 'at 200 MB/s it takes ten minutes');
});

test('a full disk refuses what does not fit, and takes it when there is room', async () => {
  const { disk, run } = bench({ ...MODEL, capacity: 1000 as Bytes });
  await run(async () => {
    const a = await disk.open('a', 'create');
    const b = await disk.open('b', 'create');
    await disk.write(a, 0, extent(1, 0, 600));
    const error = await disk.write(b, 0, extent(1, 0, 600)).catch((reason: unknown) => reason);
    assert.is(error instanceof StoreError && error.code, 'full');
    await disk.write(a, 0, extent(1, 0, 600));
    await disk.truncate(a, 100);
    await disk.write(b, 0, extent(1, 0, 600));
    await disk.remove('a');
    await disk.write(b, 600, extent(1, 600, 400));
  });
});

test('what is placed is there at once, and durable', async () => {
  const { disk, run } = bench();
  disk.place('data/file', extent(5, 0, 1e12));
  disk.crash();
  assert.is(disk.inspect('data/file')?.size, 1e12);
  assert.is(disk.inspect('other'), null);
  await run(async () => assert.equal(await disk.list('data/'), ['data/file']));
});

test('a file that was never synced may be gone after a crash, name and all; a synced one never', async () => {
  const survivors = new Set<string>();
  for (let seed = 0; seed < 30; seed++) {
    const { disk, run } = bench(MODEL, `seed ${seed}`);
    await run(async () => {
      await disk.open('loose', 'create');
      const kept = await disk.open('kept', 'create');
      await disk.write(kept, 0, utf8('x'));
      await disk.sync(kept);
      disk.crash();
      survivors.add(String(await disk.list('')));
      assert.is(disk.inspect('kept')?.size, 1);
    });
  }
  assert.equal([...survivors].sort(), ['kept', 'kept,loose']);
});

test.run();

function bench(
  model = MODEL,
  seed = 'disk',
): { engine: Engine; disk: Disk; run(body: () => Promise<void>): Promise<void> } {
  const engine = new Engine({ turn: hostTurn });
  const disk = new Disk(engine, seededRandom(seed), model);
  const run = async (body: () => Promise<void>): Promise<void> => {
    let isFinished = false;
    const ended = body().finally(() => {
      isFinished = true;
    });
    await engine.run({ finished: () => isFinished, horizon: Number.MAX_SAFE_INTEGER as never });
    await ended;
  };
  return { engine, disk, run };
}
