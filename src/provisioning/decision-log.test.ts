import { assert, suite } from '../../scripts/testing/suite.ts';
import { bytes, metres } from '../core/quantity.ts';
import { Bed } from './bed.fixture.ts';
import { DecisionLog } from './decision-log.ts';
import type { LogEntry } from './log-state.ts';

const test = suite('decision log');

const prepared = (n: number): LogEntry => ({
  kind: 'prepared',
  entry: {
    transaction: `t${n}`,
    path: `p${n}`,
    revision: 0,
    coordinator: 'C',
    remove: null,
    make: { a: '1', b: '2' },
  },
});

const fail = (error: Error): void => {
  throw error;
};

/** The store of a machine that runs nothing else. */
async function withStore(
  body: (o: { open: () => Promise<DecisionLog>; bed: Bed }) => Promise<void>,
): Promise<void> {
  const bed = new Bed({ fibres: { aa: 'T1 S1 1' } });
  await bed.run(() => body({ bed, open: () => DecisionLog.open(bed.client.platform, 'log', fail) }));
}

test('what was appended is there after opening again', async () => {
  await withStore(async ({ open }) => {
    const log = await open();
    await Promise.all([
      log.append({ kind: 'boot', boot: 1 }),
      log.append(prepared(1)),
      log.append(prepared(2)),
    ]);
    await log.append({ kind: 'finished', transaction: 't1', outcome: 'done' });
    await log.append({ kind: 'aborted', transaction: 't2' });
    const { state } = await open();
    assert.is(state.boot, 1);
    assert.equal([...state.holdings.keys()], ['p1']);
    assert.is(state.inDoubt.size, 0);
  });
});

test('a torn end is dropped, and what is appended after it is found again', async () => {
  await withStore(async ({ open, bed }) => {
    const log = await open();
    await log.append(prepared(1));
    const { store } = bed.client.platform;
    const file = await store.open('log', 'write');
    const size = await file.size();
    await file.write(size, new TextEncoder().encode('00000000 {"kind":"boot","boot":9}\n12345678 {"ki'));
    await file.sync();
    const again = await open();
    assert.is(again.state.boot, 0);
    await again.append(prepared(2));
    assert.equal([...(await open()).state.inDoubt.keys()], ['t1', 't2']);
  });
});

test('a long log is rewritten short and says the same', async () => {
  await withStore(async ({ open, bed }) => {
    const log = await open();
    const route = { from: 'T1', to: 'T2', fibres: ['f'], hops: [], length: metres(1) };
    await log.append({
      kind: 'decided',
      plan: {
        transaction: 't',
        path: 'p',
        revision: 0,
        coordinator: 'C',
        rank: { attempt: 1, transaction: 't' },
        voters: [],
      },
      entry: { path: 'p', revision: 0, route, terms: {} },
    });
    await log.append(prepared(0));
    await log.append({ kind: 'finished', transaction: 't0', outcome: 'done' });
    for (let n = 1; n < 3_000; n++) {
      void log.append(prepared(n));
      await log.append({ kind: 'aborted', transaction: `t${n}` });
    }
    const stat = await bed.client.platform.store.stat('log');
    assert.ok((stat?.size ?? 0) < bytes(400_000), `${stat?.size} bytes`);
    const { state } = await open();
    assert.equal([...state.holdings.keys()], ['p0']);
    assert.equal([...state.paths.keys()], ['p']);
    assert.equal([...state.telling.keys()], ['t']);
    assert.is(state.inDoubt.size, 0);
  });
});

test('cross-connects that a failed change may have left are to be freed until they are', async () => {
  await withStore(async ({ open }) => {
    const log = await open();
    await log.append(prepared(1));
    await log.append({ kind: 'finished', transaction: 't1', outcome: 'failed' });
    assert.equal((await open()).state.toFree, [{ path: 'p1', pair: { a: '1', b: '2' } }]);
    await log.append({ kind: 'freed', path: 'p1', pair: { a: '1', b: '2' } });
    assert.equal((await open()).state.toFree, []);
  });
});

test.run();
