// What a Store promises of files that nobody crashes on. What a crash leaves is for those who can crash a machine.

import { assert } from '../../scripts/testing/suite.ts';
import { extent, materialise, sliceChunk } from './chunk.ts';
import { StoreError, type StoreErrorCode } from './errors.ts';
import { concat, conformance, type PairFixture, text, utf8 } from './pair.fixture.ts';
import type { Store, StoredFile } from './platform.ts';

const zeros = (count: number): Uint8Array => new Uint8Array(count);

export function storeConformance(fixture: PairFixture): void {
  const test = conformance('store', fixture);

  test('what was written is read, at any offset, through any handle', async ({ left: { store } }) => {
    const file = await put(store, 'a', 'hello, world');
    assert.is(text(await bytesOf(file, 0, 12)), 'hello, world');
    assert.is(text(await bytesOf(file, 7, 5)), 'world');
    await file.sync();
    const other = await store.open('a', 'read');
    assert.is(text(await bytesOf(other, 0, 5)), 'hello');
    assert.is(await other.size(), 12);
    await other.close();
    await file.close();
  });

  test('only a file that is there opens for reading', async ({ left: { store } }) => {
    await fails(store.open('missing', 'read'), 'not-found');
    assert.equal(await store.list(''), []);
  });

  test('create refuses a file that is there', async ({ left: { store } }) => {
    await (await store.open('a', 'create')).close();
    await fails(store.open('a', 'create'), 'exists');
  });

  test('write keeps what is there', async ({ left: { store } }) => {
    await (await put(store, 'a', 'one')).close();
    const file = await store.open('a', 'write');
    await file.write(3, utf8(' two'));
    assert.is(text(await bytesOf(file, 0, 7)), 'one two');
    await file.close();
  });

  test('a gap reads as zero bytes', async ({ left: { store } }) => {
    const file = await put(store, 'a', 'x');
    await file.write(5, utf8('y'));
    assert.equal(await bytesOf(file, 0, 6), concat([utf8('x'), zeros(4), utf8('y')]));
    await file.write(20, extent(1, 0, 4));
    assert.equal(await bytesOf(file, 6, 18), concat([zeros(14), extent(1, 0, 4)]));
    await file.close();
  });

  test('reading at or behind the end gives nothing', async ({ left: { store } }) => {
    const file = await put(store, 'a', 'abc');
    assert.is((await file.read(3, 10)).length, 0);
    assert.is((await file.read(1000, 10)).length, 0);
    assert.is((await file.read(1, 0)).length, 0);
    assert.is(text(materialise(await file.read(1, 100))), 'bc');
    await file.close();
  });

  test('a later write covers an earlier one, in part or whole', async ({ left: { store } }) => {
    const file = await put(store, 'a', '0123456789');
    await file.write(2, utf8('abc'));
    await file.write(4, extent(9, 100, 3));
    await file.write(9, utf8('YZ'));
    const wanted = concat([utf8('01ab'), extent(9, 100, 3), utf8('78YZ')]);
    assert.equal(await bytesOf(file, 0, 11), wanted);
    await file.close();
  });

  test('blocks of an extent written out of order read back as its bytes', async ({ left: { store } }) => {
    const whole = extent(77, 1000, 1_000_003);
    const file = await store.open('folder/data', 'create');
    const block = 65_536;
    const starts: number[] = [];
    for (let at = 0; at < whole.length; at += block) starts.push(at);
    const shuffled = [
      ...starts.filter((_, i) => i % 3 === 1),
      ...starts.filter((_, i) => i % 3 !== 1).reverse(),
    ];
    await Promise.all(
      shuffled.map((at) => file.write(at, sliceChunk(whole, at, Math.min(at + block, whole.length)))),
    );
    assert.is(await file.size(), whole.length);
    assert.equal(await bytesOf(file, 0, whole.length), materialise(whole));
    assert.equal(await bytesOf(file, 65_000, 3000), materialise(sliceChunk(whole, 65_000, 68_000)));
    await file.close();
  });

  test('bytes may be reused once they are written', async ({ left: { store } }) => {
    const file = await store.open('a', 'create');
    const buffer = utf8('first');
    await file.write(0, buffer);
    buffer.fill(0);
    const read = await bytesOf(file, 0, 5);
    assert.is(text(read), 'first');
    read.fill(0);
    assert.is(text(await bytesOf(file, 0, 5)), 'first');
    await file.close();
  });

  test('truncate cuts, and lengthens with zero bytes', async ({ left: { store } }) => {
    const file = await put(store, 'a', '0123456789');
    await file.truncate(4);
    assert.is(await file.size(), 4);
    await file.truncate(6);
    assert.equal(await bytesOf(file, 0, 6), concat([utf8('0123'), zeros(2)]));
    await file.close();
  });

  test('rename replaces what is there', async ({ left: { store } }) => {
    await (await put(store, 'new', 'new content')).close();
    await (await put(store, 'deep/er/old', 'old')).close();
    await store.rename('new', 'deep/er/old');
    assert.equal(await store.list(''), ['deep/er/old']);
    const file = await store.open('deep/er/old', 'read');
    assert.is(text(await bytesOf(file, 0, 11)), 'new content');
    await file.close();
    await store.rename('deep/er/old', 'elsewhere/kept');
    assert.equal(await store.list(''), ['elsewhere/kept']);
    await fails(store.rename('new', 'other'), 'not-found');
  });

  test('removing what is not there does nothing', async ({ left: { store } }) => {
    await (await put(store, 'a', 'x')).close();
    await store.remove('a');
    await store.remove('a');
    await store.remove('never/was');
    assert.is(await store.stat('a'), null);
    await fails(store.open('a', 'read'), 'not-found');
  });

  test('stat tells the size of a file, and null of anything else', async ({ left: { store } }) => {
    await (await put(store, 'folder/a', 'four')).close();
    assert.equal(await store.stat('folder/a'), { size: 4 });
    assert.is(await store.stat('folder/b'), null);
    assert.is(await store.stat('folder'), null);
  });

  test('names come in code-point order, those with the prefix only', async ({ left: { store } }) => {
    const names = [
      'b',
      'a10',
      'a2',
      'B',
      'é',
      'z',
      '\u{1f600}',
      '\uff5e',
      'log/2',
      'log/10',
      'log/sub/x',
      'logbook',
    ];
    for (const name of names) await (await store.open(name, 'create')).close();
    assert.equal(await store.list('log/'), ['log/10', 'log/2', 'log/sub/x']);
    assert.equal(await store.list('log'), ['log/10', 'log/2', 'log/sub/x', 'logbook']);
    assert.equal(await store.list(''), [
      ...['B', 'a10', 'a2', 'b', 'log/10', 'log/2', 'log/sub/x', 'logbook', 'z', 'é', '\uff5e', '\u{1f600}'],
    ]);
    assert.equal(await store.list('nothing'), []);
  });

  test('a name never leaves the store', async ({ left: { store } }) => {
    for (const name of ['', '/etc/hosts', '../up', 'a/../../up', 'a//b', './a', 'a/', 'a\\b', 'a\0b']) {
      await fails(store.open(name, 'write'), 'denied');
      await fails(store.rename('x', name), 'denied');
      await fails(store.remove(name), 'denied');
      await fails(store.stat(name), 'denied');
    }
    assert.equal(await store.list(''), []);
  });

  test('a file opened for reading cannot be changed', async ({ left: { store } }) => {
    await (await put(store, 'a', 'abc')).close();
    const file = await store.open('a', 'read');
    await fails(file.write(0, utf8('x')), 'denied');
    await fails(file.truncate(0), 'denied');
    assert.is(text(await bytesOf(file, 0, 3)), 'abc');
    await file.close();
  });

  test('a closed file does nothing more; closing again does no harm', async ({ left: { store } }) => {
    const file = await put(store, 'a', 'abc');
    await file.close();
    await file.close();
    await fails(file.read(0, 1), 'closed');
    await fails(file.write(0, utf8('x')), 'closed');
    await fails(file.sync(), 'closed');
    await fails(file.size(), 'closed');
  });

  test('an open file outlives its name', async ({ left: { store } }) => {
    const file = await put(store, 'a', 'abc');
    await store.remove('a');
    assert.is(text(await bytesOf(file, 0, 3)), 'abc');
    await file.close();
  });

  test('two machines have stores of their own', async ({ left, right }) => {
    await (await put(left.store, 'a', 'left')).close();
    assert.is(await right.store.stat('a'), null);
  });

  test.run();
}

async function put(store: Store, name: string, content: string): Promise<StoredFile> {
  const file = await store.open(name, 'write');
  await file.write(0, utf8(content));
  return file;
}

/** `length` bytes from `offset` on, in as many reads as it takes. */
async function bytesOf(file: StoredFile, offset: number, length: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < length; ) {
    const piece = materialise(await file.read(offset + at, length - at));
    if (piece.length === 0) break;
    pieces.push(piece);
    at += piece.length;
  }
  return concat(pieces);
}

async function fails(operation: Promise<unknown>, code: StoreErrorCode): Promise<void> {
  const error = await operation.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.instance(error, StoreError);
  assert.is((error as StoreError).code, code);
}
