import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';
import { assertAgreement, granted, refused } from './line.fixture.ts';
import { reportRepair } from './repair-report.ts';
import {
  bed,
  both,
  fibresNow,
  last,
  P,
  P_BACKUP,
  Q,
  Q_BACKUP,
  SWITCHES,
  terms,
} from './shared-backup.fixture.ts';

const test = suite('shared backups');

test('two paths whose routes share nothing keep one fibre for both', async () => {
  const b = bed();
  await b.run(async () => {
    await both(b);
    const backups = new Map(b.records('path.protected').map((r) => [r.fields['path'], r.fields['backup']]));
    assert.equal(backups.get('p'), P_BACKUP);
    assert.equal(backups.get('q'), Q_BACKUP);
    assert.is(b.crossConnects().length, 8);
    assert.equal(b.records('participant.prepared').length, 4);
  });
});

test('nobody else gets a fibre that is kept for backups', async () => {
  const b = bed({ c1: 'T5 S5 1', c2: 'T6 S6 1' });
  await b.run(async () => {
    await both(b);
    await b.sleep(seconds(1));
    const third = { path: 'r', from: 'T5', to: 'T6' };
    assert.match(refused(await b.newClient('S5').request(third)), /no free fibres/);
    assert.match(refused(await b.newClient('S5').request({ ...third, terms })), /no free fibres/);
  });
});

test('the first that fails takes the fibre; the other is told and says that it is unprotected', async () => {
  const b = bed();
  await b.run(async () => {
    await both(b);
    b.plant.cut('a2');
    await b.until('path.switched');
    const { fields } = await b.until('path.unprotected');
    assert.is(fields['path'], 'q');
    assert.match(String(fields['reason']), /taken by path p/);
    await b.until('path.up', 3);
    assert.equal(fibresNow(b, 'p'), P_BACKUP);
    assertAgreement(b);
    // Without its backup the other finds no way.
    b.plant.cut('b2');
    assert.is((await b.until('path.down')).fields['path'], 'q');
    assert.is(b.plant.terminal('T2').receiver, 'lit');
  });
});

test('with another way the other keeps that instead', async () => {
  const b = bed({ far: 'S3 S4 5000' });
  await b.run(async () => {
    await both(b);
    b.plant.cut('a2');
    await b.until('path.protected', 3);
    assert.equal(b.records('path.protected').at(-1)?.fields['backup'], ['b1', 'far', 'b3']);
    assert.is(last(b, 'q'), 'path.protected');
    b.plant.cut('b2');
    await b.until('path.up', 4);
    assert.equal(fibresNow(b, 'q'), ['b1', 'far', 'b3']);
    assertAgreement(b);
  });
});

for (const apart of [0, 1, 5, 15, 25, 40, 80])
  for (const [one, two] of [
    ['a2', 'b2'],
    ['b2', 'a2'],
  ] as const)
    test(`cut within ${apart} ms of each other, ${one} first, one path gets the fibre and the other is DOWN`, async () => {
      const b = bed();
      await b.run(async () => {
        await both(b);
        b.plant.cut(one);
        if (apart > 0) await b.sleep(ms(apart));
        b.plant.cut(two);
        await b.until('path.down');
        await b.sleep(seconds(3));
        const lit = ['T2', 'T4'].filter((name) => b.plant.terminal(name).receiver === 'lit');
        assert.is(lit.length, 1);
        const ends = ['p', 'q'].map((path) => last(b, path) === 'path.down');
        assert.equal([...ends].sort(), [false, true]);
        assert.is(b.crossConnects().length, 8);
        assertAgreement(b);
      });
    });

test('both cut at once, the loser is moved where there is another way', async () => {
  const b = bed({ fara: 'S1 S2 5000', farb: 'S3 S4 5000' });
  await b.run(async () => {
    await both(b);
    b.plant.cut('a2');
    b.plant.cut('b2');
    await b.until('path.up', 4);
    const taken = [fibresNow(b, 'p'), fibresNow(b, 'q')].map((f) => (f as string[]).includes('m'));
    assert.equal([...taken].sort(), [false, true]);
    await b.sleep(seconds(3));
    assert.equal(
      ['T1', 'T2', 'T3', 'T4'].map((name) => b.plant.terminal(name).receiver),
      ['lit', 'lit', 'lit', 'lit'],
    );
    assertAgreement(b);
  });
});

test('when the taker ends, the other is protected again', async () => {
  const b = bed();
  await b.run(async () => {
    const client = b.newClient('S1');
    granted(await client.request(P), b);
    granted(await b.newClient('S3').request(Q), b);
    await b.until('path.protected', 2);
    b.plant.cut('a2');
    await b.until('path.unprotected');
    await b.until('path.up', 3);
    await client.release('p');
    await b.until('path.protected', 3);
    assert.is(last(b, 'q'), 'path.protected');
  });
});

test('when the taker goes back, both are protected again', async () => {
  const b = bed();
  await b.run(async () => {
    await both(b, { waitToRestore_ns: seconds(10) });
    b.plant.cut('a2');
    await b.until('path.unprotected');
    b.plant.repair('a2');
    await reportRepair(b.client.platform, { machine: 'S6', tcpPort: 3400 }, ['a2']);
    await b.until('path.reverted');
    await b.sleep(seconds(12));
    assert.equal(fibresNow(b, 'p'), ['a1', 'a2', 'a3']);
    assert.equal([last(b, 'p'), last(b, 'q')], ['path.protected', 'path.protected']);
    assert.is(b.crossConnects().length, 8);
  });
});

/** Two routes from one switch to one other, and a third for both backups. */
const TOGETHER = {
  a1: 'T1 S1 1',
  b1: 'T3 S1 1',
  a3: 'S4 T2 1',
  b3: 'S4 T4 1',
  n1: 'S1 S2 300',
  n2: 'S2 S4 300',
  o1: 'S1 S2 310',
  o2: 'S2 S4 310',
  s1: 'S1 S3 500',
  s2: 'S3 S4 500',
};

for (const [disjoint, isShared] of [
  ['edge', true],
  ['node', false],
] as const)
  test(`two routes through one switch may ${isShared ? '' : 'not '}share a backup that is disjoint by ${disjoint}`, async () => {
    const b = new Bed({ fibres: TOGETHER, delay: ms(20), alarms: SWITCHES.slice(0, 4) });
    await b.run(async () => {
      const asked = { protection: { kind: 'shared', disjoint } } as const;
      const only = (...along: string[]) => ({ ...asked, route: { avoidFibres: along } });
      granted(await b.newClient('S1').request({ ...P, terms: only('o1', 'o2') }), b);
      granted(await b.newClient('S4').request({ ...Q, terms: only('n1', 'n2') }), b);
      await b.sleep(seconds(4));
      const kept = b.records('path.protected').map((r) => r.fields['path']);
      assert.equal(kept, isShared ? ['p', 'q'] : ['p']);
      assert.is(last(b, 'q'), isShared ? 'path.protected' : 'path.unprotected');
    });
  });

test.run();
