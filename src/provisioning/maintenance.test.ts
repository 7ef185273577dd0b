import { assert, suite } from '../../scripts/testing/suite.ts';
import { seconds } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';
import { assertAgreement, granted, refused } from './line.fixture.ts';
import { operate } from './operator-client.ts';
import type { OperatorAnswer, OperatorOrder } from './operator-order.ts';

const test = suite('maintenance of fibres and switches');

/** Three hosts at either side, three fibres between, and a way around over S3. */
const MAP = {
  a1: 'T1 S1 1',
  a2: 'T3 S1 1',
  a3: 'T5 S1 1',
  f1: 'S1 S2 100',
  f2: 'S1 S2 200',
  s1: 'S1 S3 300',
  s2: 'S3 S2 300',
  b1: 'S2 T2 1',
  b2: 'S2 T4 1',
  b3: 'S2 T6 1',
};

const bed = (): Bed => new Bed({ fibres: MAP });

const tell = (b: Bed, order: OperatorOrder, agent: string): Promise<OperatorAnswer> =>
  operate(b.client.platform, { machine: agent, tcpPort: 3400 }, 'alice', order);

const ENDS: Readonly<Record<string, readonly [string, string]>> = {
  p: ['T1', 'T2'],
  q: ['T3', 'T4'],
  r: ['T5', 'T6'],
};

const ask = (b: Bed, path: string, terms = {}, agent = 'S1') => {
  const [from = '', to = ''] = ENDS[path] ?? [];
  return b.newClient(agent).request({ path, from, to, terms });
};

function way(b: Bed, path: string): readonly unknown[] {
  const up = b.records('path.up').findLast((r) => r.fields['path'] === path);
  return (up?.fields['fibres'] as string[] | undefined)?.slice(1, -1) ?? [];
}

test('paths leave a fibre, whoever coordinates them; nobody takes it until maintenance ends', async () => {
  const b = bed();
  await b.run(async () => {
    granted(await ask(b, 'p', {}, 'S2'), b);
    assert.equal(way(b, 'p'), ['f1']);
    const answer = await tell(b, { kind: 'maintain', fibre: 'f1' }, 'S1');
    assert.equal([answer.isDone, answer.paths], [true, []]);
    assert.equal(way(b, 'p'), ['f2']);
    granted(await ask(b, 'q', {}, 'S3'), b);
    assert.equal(way(b, 'q'), ['s1', 's2']);
    assert.match(refused(await ask(b, 'r', {}, 'S2')), /in maintenance: f1/);
    assert.ok((await tell(b, { kind: 'end-maintenance', fibre: 'f1' }, 'S1')).isDone);
    await b.sleep(seconds(1));
    granted(await ask(b, 'r', {}, 'S2'), b);
    assert.equal(way(b, 'r'), ['f1']);
    assert.is(b.records('path.down').length, 0);
    assertAgreement(b);
  });
});

test('it stays in maintenance when its agent starts again', async () => {
  const b = bed();
  await b.run(async () => {
    await tell(b, { kind: 'maintain', fibre: 'f1' }, 'S1');
    b.at('S1').crash();
    await b.sleep(seconds(1));
    b.at('S1').restart();
    await b.sleep(seconds(8));
    granted(await ask(b, 'p', {}, 'S2'), b);
    assert.equal(way(b, 'p'), ['f2']);
  });
});

test('a switch is left by all paths that can; for what ends there it cannot be', async () => {
  const c = bed();
  await c.run(async () => {
    granted(await ask(c, 'p', { route: { along: ['a1', 's1', 's2', 'b1'] } }), c);
    granted(await ask(c, 'q'), c);
    assert.equal(way(c, 'q'), ['f1']);
    const answer = await tell(c, { kind: 'maintain' }, 'S3');
    assert.equal([answer.isDone, answer.paths], [true, ['p']], 'its terms bind it');
    await tell(c, { kind: 'end-maintenance' }, 'S3');
    const ends = await tell(c, { kind: 'maintain' }, 'S2');
    assert.equal([...ends.paths].sort(), ['p', 'q'], 'both end there');
    assert.equal(
      c.records('operator.stays').map((r) => r.fields['path']),
      ['p', 'p', 'q'],
    );
    assert.is(c.records('path.down').length, 0);
  });
});

test('paths go in the order of their priority: the one way that is left is for the first', async () => {
  const b = bed();
  await b.run(async () => {
    granted(await ask(b, 'p', { priority: 6, route: { avoidSwitches: ['S3'] } }), b);
    granted(await ask(b, 'q', { priority: 2, route: { avoidFibres: ['s1'] } }), b);
    assert.equal([way(b, 'p'), way(b, 'q')], [['f1'], ['f2']]);
    const answer = await tell(b, { kind: 'maintain', fibre: 'f1' }, 'S1');
    assert.equal(answer.paths, ['p']);
    const [stays] = b.records('operator.stays');
    assert.is(stays?.fields['path'], 'p');
    assert.is(b.records('path.down').length, 0);
  });
});

test('pinned and frozen paths stay and are named; thawed, the path leaves', async () => {
  const b = bed();
  await b.run(async () => {
    granted(await ask(b, 'p', { isPinned: true }), b);
    granted(await ask(b, 'q'), b);
    await tell(b, { kind: 'freeze', path: 'q' }, 'S1');
    const one = await tell(b, { kind: 'maintain', fibre: 'f1' }, 'S1');
    assert.equal(one.paths, ['p']);
    const two = await tell(b, { kind: 'maintain', fibre: 'f2' }, 'S2');
    assert.equal(two.paths, ['q']);
    assert.equal(
      b.records('operator.stays').map((r) => [r.fields['path'], r.fields['reason']]),
      [
        ['p', 'it is pinned'],
        ['q', 'it is frozen'],
      ],
    );
    await tell(b, { kind: 'thaw', path: 'q' }, 'S1');
    await b.sleep(seconds(1));
    assert.equal(way(b, 'q'), ['s1', 's2']);
    assert.is(b.records('path.down').length, 0);
  });
});

test('a path that could not leave does when a way comes free', async () => {
  const b = bed();
  await b.run(async () => {
    const other = b.newClient('S1');
    granted(await ask(b, 'p'), b);
    granted(await other.request({ path: 'q', from: 'T3', to: 'T4' }), b);
    granted(await ask(b, 'r'), b);
    assert.equal((await tell(b, { kind: 'maintain', fibre: 'f1' }, 'S1')).paths, ['p']);
    await other.release('q');
    await b.sleep(seconds(15));
    assert.equal(way(b, 'p'), ['f2']);
  });
});

test('a backup is taken away from there, too', async () => {
  const b = bed();
  await b.run(async () => {
    granted(await ask(b, 'p', { protection: { kind: '1:1', disjoint: 'edge' } }), b);
    await b.until('path.protected');
    assert.equal(b.records('path.protected').at(-1)?.fields['backup'], ['a1', 'f2', 'b1']);
    assert.equal((await tell(b, { kind: 'maintain', fibre: 'f2' }, 'S2')).paths, []);
    await b.until('path.protected', 2);
    assert.equal(b.records('path.protected').at(-1)?.fields['backup'], ['a1', 's1', 's2', 'b1']);
    assert.equal(way(b, 'p'), ['f1']);
  });
});

test('one order frees a path at every switch, and names whom it did not reach', async () => {
  const b = bed();
  await b.run(async () => {
    granted(await ask(b, 'p', { route: { viaSwitches: ['S3'] } }), b);
    b.at('S1').crash();
    const answer = await tell(b, { kind: 'free', path: 'p' }, 'S2');
    assert.not.ok(answer.isDone);
    assert.match(answer.reason, /S1/);
    assert.equal([...new Set(answer.ports.map((port) => port.switchName))].sort(), ['S2', 'S3']);
    assert.is(answer.ports.length, 4);
    await b.sleep(seconds(1));
    assert.equal(
      b.crossConnects().filter((c) => !c.startsWith('S1')),
      [],
    );
  });
});

test('whom an order is not heard by is named once, though its last word grows old while it is waited for', async () => {
  const b = new Bed({
    fibres: MAP,
    timings: { announce: seconds(1), announcementLife: seconds(3), commitLimit: seconds(6) },
  });
  await b.run(async () => {
    await b.sleep(seconds(1));
    b.at('S1').crash();
    const { reason } = await tell(b, { kind: 'free', path: 'p' }, 'S2');
    assert.is(reason, 'nothing is heard of S1');
  });
});

test('what is not there cannot be maintained, and what is in service not come back', async () => {
  const b = bed();
  await b.run(async () => {
    assert.match((await tell(b, { kind: 'maintain', fibre: 's2' }, 'S1')).reason, /no fibre s2 ends at S1/);
    assert.match((await tell(b, { kind: 'end-maintenance' }, 'S1')).reason, /not in maintenance/);
  });
});

test.run();
