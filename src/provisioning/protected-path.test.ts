import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';
import type { PathClient } from './client.ts';
import { assertAgreement, granted, refused } from './line.fixture.ts';

const test = suite('1+1 protection');

/** A square with a diagonal way round; both hosts have two transceivers. */
const SQUARE = {
  a1: 'T1 S1 1',
  a2: 'T1/2 S1 1',
  n1: 'S1 S2 300',
  n2: 'S2 S4 300',
  s1: 'S1 S3 500',
  s2: 'S3 S4 500',
  w1: 'S1 S5 900',
  w2: 'S5 S4 900',
  z1: 'S4 T2 1',
  z2: 'S4 T2/2 1',
};
const REQUEST = {
  path: 'p',
  from: 'T1',
  to: 'T2',
  terms: { protection: { kind: '1+1', disjoint: 'edge' } },
} as const;

const square = (o: Partial<ConstructorParameters<typeof Bed>[0]> = {}): Bed =>
  new Bed({ fibres: SQUARE, delay: ms(20), ...o });

async function up(bed: Bed, agent = 'S1'): Promise<PathClient> {
  const client = bed.newClient(agent);
  granted(await client.request(REQUEST), bed);
  await bed.sleep(seconds(1));
  return client;
}

const fibresOf = (bed: Bed, leg: string): unknown =>
  bed
    .records('path.up')
    .filter((r) => r.fields['path'] === leg)
    .at(-1)?.fields['fibres'];

const dark = (bed: Bed): readonly string[] =>
  ['T1', 'T1/2', 'T2', 'T2/2'].filter((name) => bed.plant.terminal(name).receiver !== 'lit');

test('both legs are lit, share nothing, and together are the shortest', async () => {
  const bed = square();
  await bed.run(async () => {
    await up(bed);
    assert.equal(fibresOf(bed, 'p/1'), ['a1', 'n1', 'n2', 'z1']);
    assert.equal(fibresOf(bed, 'p/2'), ['a2', 's1', 's2', 'z2']);
    assert.equal(dark(bed), []);
    assert.is(bed.records('path.protected').length, 1);
  });
});

for (const [cut, other] of [
  ['n2', 'p/2'],
  ['s1', 'p/1'],
] as const)
  test(`when ${cut} is cut the other leg stays lit, and the lost one is made beside it`, async () => {
    const bed = square();
    await bed.run(async () => {
      await up(bed);
      const otherFibres = fibresOf(bed, other);
      bed.plant.cut(cut);
      await bed.until('path.unprotected');
      assert.equal(bed.records('path.unprotected')[0]?.fields['legs'], [other]);
      await bed.until('path.protected', 2);
      await bed.sleep(seconds(1));
      assert.equal(fibresOf(bed, other), otherFibres);
      assert.equal(dark(bed), []);
      const lost = other === 'p/1' ? 'p/2' : 'p/1';
      assert.equal((fibresOf(bed, lost) as string[]).slice(1, 3), ['w1', 'w2']);
      assert.is(bed.records('path.down').length, 0);
    });
  });

test('without a third way the path is up on one leg, and protected again when the other can be made', async () => {
  const { w1, w2, ...two } = SQUARE;
  const bed = new Bed({ fibres: two, delay: ms(20), timings: { failedFibreHold: seconds(5) } });
  await bed.run(async () => {
    await up(bed);
    bed.plant.cut('s2');
    await bed.until('path.unprotected');
    await bed.sleep(seconds(20));
    assert.is(bed.records('path.down').filter((r) => r.fields['path'] === 'p').length, 0);
    bed.plant.repair('s2');
    await bed.until('path.protected', 2);
    await bed.sleep(ms(200));
    assert.equal(dark(bed), []);
  });
});

test('a leg whose access fibre is cut does not end the path', async () => {
  const bed = square();
  await bed.run(async () => {
    await up(bed);
    bed.plant.cut('a1');
    await bed.until('path.unprotected');
    await bed.sleep(seconds(30));
    assert.equal(
      bed.records('path.down').filter((r) => r.fields['path'] === 'p'),
      [],
    );
    bed.plant.repair('a1');
    await bed.until('path.protected', 2);
  });
});

test('when both legs are lost for good the path ends DOWN with the reason', async () => {
  const { w1, w2, ...two } = SQUARE;
  const bed = new Bed({ fibres: two, delay: ms(20) });
  await bed.run(async () => {
    await up(bed);
    bed.plant.cut('s2');
    bed.plant.cut('n1');
    await bed.until('path.dark');
    const down = await bed.until('path.down', 3);
    assert.is(down.fields['path'], 'p');
    assert.match(String(down.fields['reason']), /fibre (s2|n1) failed/);
    await bed.sleep(seconds(5));
    assert.equal(bed.crossConnects(), []);
    assertAgreement(bed);
  });
});

test('where no two ways are disjoint the request is refused, and nothing is left', async () => {
  const bed = new Bed({
    fibres: { a1: 'T1 S1 1', a2: 'T1/2 S1 1', n1: 'S1 S2 5', z1: 'S2 T2 1', z2: 'S2 T2/2 1' },
  });
  await bed.run(async () => {
    const reason = refused(await bed.newClient('S1').request(REQUEST));
    assert.match(reason, /there are no two routes from T1 to T2 that share no fibre/);
    await bed.sleep(seconds(1));
    assert.equal(bed.crossConnects(), []);
  });
});

test('a host with one transceiver cannot have two legs', async () => {
  const { a2, ...one } = SQUARE;
  const bed = new Bed({ fibres: one });
  await bed.run(async () => {
    const reason = refused(await bed.newClient('S1').request(REQUEST));
    assert.is(reason, 'T1 has one free transceiver, and two legs need two');
  });
});

test('a pair is found where the shortest route would leave no second', async () => {
  const trap = {
    a1: 'T1 S1 1',
    a2: 'T1/2 S1 1',
    ab: 'S1 S2 10',
    bc: 'S2 S3 10',
    cd: 'S3 S4 10',
    ac: 'S1 S3 30',
    bd: 'S2 S4 30',
    z1: 'S4 T2 1',
    z2: 'S4 T2/2 1',
  };
  const bed = new Bed({ fibres: trap });
  await bed.run(async () => {
    await up(bed);
    assert.equal(dark(bed), []);
    assert.not.ok((fibresOf(bed, 'p/1') as string[]).includes('bc'));
  });
});

test('released, the path leaves no cross-connect behind', async () => {
  const bed = square();
  await bed.run(async () => {
    const client = await up(bed);
    await client.release('p');
    await bed.sleep(seconds(2));
    assert.equal(bed.crossConnects(), []);
    assert.is(bed.records('path.released').filter((r) => r.fields['path'] === 'p').length, 1);
  });
});

test('a client that died loses both legs at the end of its lease', async () => {
  const bed = square();
  await bed.run(async () => {
    (await up(bed)).abandon();
    await bed.sleep(seconds(45));
    assert.equal(bed.crossConnects(), []);
  });
});

test('a name with a stroke, which legs have, is refused', async () => {
  const bed = square();
  await bed.run(async () => {
    await up(bed);
    assert.match(
      refused(await bed.newClient('S1').request({ path: 'p/1', from: 'T1', to: 'T2' })),
      /has no \//,
    );
  });
});

for (const afterMs of [0, 30, 60, 90, 120, 200, 400, 5000])
  test(`a coordinator that crashes ${afterMs} ms after the request has both legs in the end`, async () => {
    const bed = square();
    await bed.run(async () => {
      const client = bed.newClient('S1');
      const answer = client.request(REQUEST);
      await bed.sleep(ms(afterMs));
      bed.at('S1').crash({ sockets: 'reset' });
      await bed.sleep(seconds(1));
      bed.at('S1').restart();
      granted(await answer, bed);
      await bed.sleep(seconds(12));
      assert.equal(dark(bed), []);
      assert.is(bed.crossConnects().length, 12);
      const last = bed.trace.records.findLast(
        (r) => r.kind === 'path.protected' || r.kind === 'path.unprotected',
      );
      assert.is(last?.kind, 'path.protected');
      assertAgreement(bed);
    });
  });

for (const afterMs of [0, 30, 60, 90, 150, 250])
  test(`a coordinator that crashes ${afterMs} ms after a cut keeps the other leg and makes the lost one again`, async () => {
    const bed = square();
    await bed.run(async () => {
      await up(bed);
      bed.plant.cut('n2');
      await bed.sleep(ms(afterMs));
      bed.at('S1').crash({ sockets: 'reset' });
      await bed.sleep(seconds(1));
      bed.at('S1').restart();
      await bed.sleep(seconds(15));
      assert.equal(dark(bed), []);
      assert.equal(
        bed.records('path.down').filter((r) => r.fields['path'] === 'p'),
        [],
      );
      assertAgreement(bed);
    });
  });

test.run();
