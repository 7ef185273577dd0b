import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';
import type { PathClient } from './client.ts';
import { assertAgreement, granted, refused } from './line.fixture.ts';
import { reportRepair } from './repair-report.ts';

const test = suite('1:1 protection');

/** Three ways from S1 to S4; one transceiver at each end. */
const MAP = {
  a: 'T1 S1 1',
  n1: 'S1 S2 300',
  n2: 'S2 S4 300',
  s1: 'S1 S3 500',
  s2: 'S3 S4 500',
  w1: 'S1 S5 900',
  w2: 'S5 S4 900',
  z: 'S4 T2 1',
  b: 'T3 S3 1',
  y: 'S4 T4 1',
};
const terms = { protection: { kind: '1:1', disjoint: 'edge' } } as const;
const REQUEST = { path: 'p', from: 'T1', to: 'T2', terms };
const NORTH = ['a', 'n1', 'n2', 'z'];
const SOUTH = ['a', 's1', 's2', 'z'];
const WEST = ['a', 'w1', 'w2', 'z'];

const bed = (fibres: object = MAP, delay = ms(20)): Bed =>
  new Bed({
    fibres: fibres as Record<string, string>,
    delay,
    alarms: ['S1', 'S2', 'S3', 'S4', 'S5'],
  });

async function up(b: Bed, more = {}): Promise<PathClient> {
  const client = b.newClient('S1');
  granted(await client.request({ ...REQUEST, terms: { ...terms, ...more } }), b);
  return client;
}

const fibresNow = (b: Bed): unknown =>
  b.records('path.up').findLast((r) => r.fields['path'] === 'p')?.fields['fibres'];

test('the backup is held at all its switches and makes nothing', async () => {
  const b = bed();
  await b.run(async () => {
    await up(b);
    assert.equal((await b.until('path.protected')).fields['backup'], SOUTH);
    assert.equal(fibresNow(b), NORTH);
    assert.is(b.crossConnects().length, 6);
    // Nobody else gets its ports.
    await b.sleep(seconds(3));
    assert.match(
      refused(await b.newClient('S4').request({ path: 'q', from: 'T3', to: 'T4' })),
      /no free fibres/,
    );
  });
});

test('who asks for the ports of a backup is told at once that they are busy, though nothing is connected there', async () => {
  const b = bed();
  await b.run(async () => {
    await up(b);
    await b.until('path.protected');
    await b.sleep(seconds(1));
    const asked = b.engine.now();
    const answer = await b.newClient('S4').request({ path: 'q', from: 'T3', to: 'T4' });
    assert.is(answer.kind === 'refused' && answer.why, 'port-busy');
    assert.ok(b.engine.now() - asked < seconds(1), `after ${(b.engine.now() - asked) / 1e9} s`);
  });
});

for (const fibre of ['n1', 'n2'])
  test(`a cut of ${fibre} is located while the path leaves it, and everybody told`, async () => {
    const b = bed(MAP, ms(4));
    await b.run(async () => {
      await up(b);
      await b.until('path.protected');
      b.plant.cut(fibre);
      const at = b.engine.now();
      const located = await b.until('loss.located');
      assert.equal(located.fields['fibres'], [fibre]);
      assert.ok(located.at - at < seconds(0.2));
      await b.until('path.up', 2);
      assert.equal(fibresNow(b), SOUTH);
      await b.sleep(seconds(10));
      assert.is(b.records('loss.located').length, 1);
    });
  });

for (const delay of [1, 4, 10, 20, 40])
  for (const [fibre, direction] of [
    ['n1', 'a-to-b'],
    ['n2', 'a-to-b'],
    ['n1', 'b-to-a'],
    ['n2', 'b-to-a'],
    ['n1', 'both'],
    ['n2', 'both'],
  ] as const)
    test(`a cut of ${fibre} (${direction}) blames no other fibre, at control delays of ${delay} ms`, async () => {
      const b = bed(MAP, ms(delay));
      await b.run(async () => {
        await up(b);
        await b.until('path.protected');
        b.plant.cut(fibre, { direction });
        await b.until('path.up', 2);
        await b.sleep(seconds(10));
        for (const { fields } of b.records('loss.located')) assert.equal(fields['fibres'], [fibre]);
        assert.equal(fibresNow(b), SOUTH);
      });
    });

test('a backup is held as long as its coordinator lives, and for a lease time after its death', async () => {
  const b = bed();
  await b.run(async () => {
    await up(b);
    await b.until('path.protected');
    await b.sleep(seconds(120));
    const ask = () => b.newClient('S4').request({ path: 'q', from: 'T3', to: 'T4' });
    refused(await ask());
    assert.equal(b.records('participant.lapsed'), []);
    b.at('S1').crash();
    await b.sleep(seconds(15));
    refused(await ask());
    await b.sleep(seconds(20));
    assert.equal(
      b
        .records('participant.lapsed')
        .map((r) => r.fields['switch'])
        .sort(),
      ['S3', 'S4'],
    );
    granted(await ask(), b);
    b.at('S1').restart();
    await b.sleep(seconds(20));
    assertAgreement(b);
  });
});

test('a switch that was cut off for longer than a lease has let go of a backup, which is held anew', async () => {
  const b = bed();
  await b.run(async () => {
    await up(b);
    await b.until('path.protected');
    b.isolate(['S3'], true);
    await b.until('participant.lapsed');
    b.isolate(['S3'], false);
    await b.until('path.unprotected');
    const again = await b.until('path.protected', 2);
    assert.ok([SOUTH, WEST].some((way) => `${way}` === `${again.fields['backup']}`));
    b.plant.cut('n2');
    await b.until('path.up', 2);
    assertAgreement(b);
  });
});

test('a failure takes one decision: nothing is computed and nothing is locked', async () => {
  const b = bed();
  await b.run(async () => {
    await up(b);
    await b.until('path.protected');
    await b.sleep(seconds(5));
    const from = b.trace.records.length;
    b.plant.cut('n2');
    await b.until('path.up', 2);
    assert.equal(fibresNow(b), SOUTH);
    const since = b.trace.records.slice(from);
    const detected = since.find((r) => r.kind === 'loss.detected' && r.where === 'S1');
    const decided = since.find((r) => r.kind === 'transaction.locked');
    const prepared = since.filter((r) => r.kind === 'participant.prepared');
    assert.equal(
      prepared.filter((r) => r.at <= (b.records('path.switched')[0]?.at ?? 0)),
      [],
    );
    // No round trip of 40 ms before the decision: it is on disk as soon as the loss is heard of.
    const took = (decided?.at ?? 0) - (detected?.at ?? 0);
    assert.ok(took < ms(10), `${took / 1e6} ms`);
    const [switched] = b.records('path.switched');
    assert.equal(switched?.fields['to'], SOUTH);
    assertAgreement(b);
  });
});

test('after a switch-over another backup is made, without what may have failed', async () => {
  const b = bed();
  await b.run(async () => {
    await up(b);
    await b.until('path.protected');
    b.plant.cut('n1');
    await b.until('path.up', 2);
    assert.equal((await b.until('path.protected', 2)).fields['backup'], WEST);
    b.plant.cut('s1');
    await b.until('path.up', 3);
    assert.equal(fibresNow(b), WEST);
    assert.is(b.records('path.switched').length, 2);
    await b.sleep(seconds(2));
    assert.is(b.crossConnects().length, 6);
    assertAgreement(b);
  });
});

test('without a second way the path is up, unprotected, and moves as any other', async () => {
  const { s1, s2, w1, w2, ...one } = MAP;
  const b = bed(one);
  await b.run(async () => {
    await up(b);
    await b.until('path.unprotected');
    assert.is(b.records('path.protected').length, 0);
    b.plant.cut('n2');
    await b.until('path.down');
  });
});

test('a route is chosen that leaves a backup', async () => {
  const trap = {
    a: 'T1 S1 1',
    ab: 'S1 S2 10',
    bc: 'S2 S3 10',
    cd: 'S3 S4 10',
    ac: 'S1 S3 30',
    bd: 'S2 S4 30',
    z: 'S4 T2 1',
  };
  const b = bed(trap);
  await b.run(async () => {
    await up(b);
    await b.until('path.protected');
    assert.not.ok((fibresNow(b) as string[]).includes('bc'));
  });
});

test('with reversion the path goes back, and is protected again by what it came from', async () => {
  const b = bed();
  await b.run(async () => {
    await up(b, { waitToRestore_ns: seconds(10) });
    await b.until('path.protected');
    b.plant.cut('n2');
    await b.until('path.protected', 2);
    b.plant.repair('n2');
    await reportRepair(b.client.platform, { machine: 'S3', tcpPort: 3400 }, ['n2']);
    await b.until('path.reverted');
    await b.until('path.protected', 3);
    assert.equal(fibresNow(b), NORTH);
    // What it came from may still be letting go.
    assert.ok(
      [SOUTH, WEST].some((way) => `${way}` === `${b.records('path.protected').at(-1)?.fields['backup']}`),
    );
  });
});

test('released, the path leaves no port locked', async () => {
  const b = bed();
  await b.run(async () => {
    const client = await up(b);
    await b.until('path.protected');
    await client.release('p');
    await b.sleep(seconds(2));
    assert.equal(b.crossConnects(), []);
    const next = granted(await b.newClient('S1').request({ path: 'q', from: 'T1', to: 'T2' }), b);
    assert.equal(next.fibres, NORTH);
  });
});

for (const afterMs of [0, 20, 60, 100, 200, 3000])
  test(`a coordinator that crashes ${afterMs} ms after the path is up protects it again`, async () => {
    const b = bed();
    await b.run(async () => {
      await up(b);
      await b.sleep(ms(afterMs));
      b.at('S1').crash({ sockets: 'reset' });
      await b.sleep(seconds(1));
      const before = b.records('path.protected').length;
      b.at('S1').restart();
      await b.until('path.protected', before + 1);
      b.plant.cut('n2');
      await b.sleep(seconds(3));
      // South may still have been locked by what the last life had prepared.
      assert.ok([SOUTH, WEST].some((way) => `${way}` === `${fibresNow(b)}`));
      assert.is(b.records('path.switched').length, 1);
      await b.sleep(seconds(2));
      assert.is(b.crossConnects().length, 6);
      assertAgreement(b);
    });
  });

for (const afterMs of [10, 25, 40, 60, 90, 150])
  test(`a coordinator that crashes ${afterMs} ms after the cut ends with light on one route`, async () => {
    const b = bed();
    await b.run(async () => {
      await up(b);
      await b.until('path.protected');
      b.plant.cut('n2');
      await b.sleep(ms(afterMs));
      b.at('S1').crash({ sockets: 'reset' });
      await b.sleep(seconds(1));
      b.at('S1').restart();
      // A switch that the path left, and was not told so, lets go at the end of its lease.
      await b.sleep(seconds(45));
      assert.not.equal(fibresNow(b), NORTH);
      assert.is(b.plant.terminal('T2').receiver, 'lit');
      assert.is(b.crossConnects().length, 6);
      assertAgreement(b);
    });
  });

test.run();
