import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { bytes, bytesPerSecond } from '../core/quantity.ts';
import { ms, seconds, toSeconds } from '../core/time.ts';
import { hostPlatform } from '../host/platform.ts';
import type { Platform } from '../platform/platform.ts';
import { Meter } from './meter.ts';
import { RateLimit } from './rate-limit.ts';
import { type ReceiverOptions, receiverProgram } from './receiver.ts';
import { send } from './sender.ts';

const test = suite('transfer between real sockets and files');

interface Pair {
  readonly sender: Platform;
  readonly receiver: Platform;
  readonly from: string;
  readonly to: string;
  readonly kinds: string[];
}

async function withPair(body: (pair: Pair) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'transfer-'));
  const kinds: string[] = [];
  const resolve = (to: { tcpPort: number }) => ({ host: '127.0.0.1', port: to.tcpPort });
  const record = (_at: unknown, _where: string, kind: string): void => void kinds.push(kind);
  const machine = (name: string): Platform =>
    hostPlatform({ machine: name, folder: join(root, name), bind: '127.0.0.1', resolve, record });
  try {
    const pair = {
      sender: machine('sender'),
      receiver: machine('receiver'),
      from: join(root, 'sender'),
      to: join(root, 'receiver'),
      kinds,
    };
    const probe = await pair.sender.store.open('made', 'write');
    await probe.close();
    await body(pair);
  } finally {
    await rm(root, { recursive: true });
  }
}

/** Starts a receiver that ends after one transfer; resolves with the port it listens at. */
function listen(
  platform: Platform,
  options: Partial<ReceiverOptions> = {},
): Promise<{ tcpPort: number; done: Promise<void> }> {
  return new Promise((resolve, reject) => {
    const onListening = (tcpPort: number): void => resolve({ tcpPort, done });
    const done = receiverProgram(platform, { tcpPort: 0, folder: '', once: true, onListening, ...options });
    done.catch(reject);
  });
}

const content = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 9)) & 0xff);

test('files arrive whole under their own names, and nothing else stays behind', () =>
  withPair(async ({ sender, receiver, from, to, kinds }) => {
    const files = { 'a.bin': content(3_000_001), 'b.bin': content(262_144), 'empty.bin': content(0) };
    for (const [name, data] of Object.entries(files)) await writeFile(join(from, name), data);
    const meter = new Meter();
    const { tcpPort, done } = await listen(receiver, { meter });
    const result = await send(sender, {
      transfer: 't1',
      to: { machine: 'receiver', tcpPort },
      files: Object.keys(files),
      blockSize: bytes(65_536),
      blocks: 8,
    });
    await done;
    assert.is(result.kind, 'completed');
    for (const [name, data] of Object.entries(files))
      assert.ok(
        data.every((b, i) => b === data[i]) && Buffer.from(data).equals(await readFile(join(to, name))),
        name,
      );
    assert.equal((await readdir(to)).sort(), ['a.bin', 'b.bin', 'empty.bin']);
    assert.is(meter.delivered, 3_262_145);
    assert.is(kinds.filter((kind) => kind === 'file.verified').length, 3);
    assert.is(kinds.at(-1), 'transfer.completed');
  }));

test('a rate limit holds within its burst', () =>
  withPair(async ({ sender, receiver }) => {
    const { tcpPort, done } = await listen(receiver);
    const rateLimit = new RateLimit(sender.clock, bytesPerSecond(8e6), bytes(65_536));
    const result = await send(sender, {
      transfer: 't2',
      to: { machine: 'receiver', tcpPort },
      files: { memory: bytes(4_000_000), isGenerated: true },
      blockSize: bytes(65_536),
      rateLimit,
    });
    await done;
    assert.is(result.kind, 'completed');
    if (result.kind !== 'completed') return;
    assert.ok(toSeconds(result.duration) > 0.45, `${result.duration}`);
  }));

test('nobody listening fails the transfer after its attempts', () =>
  withPair(async ({ sender }) => {
    const result = await send(sender, {
      transfer: 't3',
      to: { machine: 'receiver', tcpPort: 9 },
      files: { memory: bytes(1) },
      timings: { sessionAttemptsMax: 2, backoff: ms(10), connectLimit: seconds(1) },
    });
    assert.is(result.kind, 'failed');
    if (result.kind === 'failed') assert.match(result.reason, /refused/);
  }));

test('a file that exists is refused, and replaced when asked', () =>
  withPair(async ({ sender, receiver, from, to }) => {
    await writeFile(join(from, 'a'), 'new');
    const existing = await receiver.store.open('a', 'write');
    await existing.write(0, new TextEncoder().encode('older'));
    await existing.close();
    const first = await listen(receiver);
    const refused = await send(sender, {
      transfer: 't4',
      to: { machine: 'receiver', tcpPort: first.tcpPort },
      files: ['a'],
    });
    assert.equal(refused, { kind: 'failed', reason: 'the receiver refused: a exists already' });
    await first.done;
    const second = await listen(receiver, { overwrite: true });
    const sent = await send(sender, {
      transfer: 't4',
      to: { machine: 'receiver', tcpPort: second.tcpPort },
      files: ['a'],
    });
    await second.done;
    assert.is(sent.kind, 'completed');
    assert.is(await readFile(join(to, 'a'), 'utf8'), 'new');
  }));

test.run();
