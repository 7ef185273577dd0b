import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { Checkers } from '../scenario/checkers/all.ts';
import { Bed } from './bed.fixture.ts';
import { PathClient } from './client.ts';
import { granted, LINE, REQUEST } from './line.fixture.ts';

const test = suite('agents that find each other');

const RING = { ...LINE, ad: 'S1 S4 2000', dc: 'S4 S3 2000' };

function assertInvariants(bed: Bed): void {
  const checkers = new Checkers(seconds(30));
  for (const record of bed.trace.records) checkers.observe(record);
  checkers.settle(bed.engine.now());
  assert.equal(checkers.violations, []);
}

test('agents that know one seed only find each other, and lay a path over switches that nobody named', async () => {
  const bed = new Bed({ fibres: RING, seeds: ['S4'], delay: ms(20) });
  await bed.run(async () => {
    const answer = granted(await bed.newClient('S1').request(REQUEST), bed);
    assert.equal(answer.fibres, ['aa', 'ab', 'bc', 'cc']);
  });
});

test('a request just after the start waits for the others to be found', async () => {
  const bed = new Bed({ fibres: RING, seeds: ['S4'], late: ['S1'], delay: ms(40) });
  await bed.run(async () => {
    bed.join('S1');
    granted(await bed.newClient('S1').request(REQUEST), bed);
  });
});

test('one that joins late is found by those who were there, and its fibres are used', async () => {
  const bed = new Bed({ fibres: RING, seeds: ['S4'], late: ['S2'], delay: ms(20) });
  await bed.run(async () => {
    const client = bed.newClient('S1');
    assert.equal(granted(await client.request(REQUEST), bed).fibres, ['aa', 'ad', 'dc', 'cc']);
    await client.release('p');
    bed.join('S2');
    await bed.sleep(seconds(2));
    assert.equal(granted(await client.request(REQUEST), bed).fibres, ['aa', 'ab', 'bc', 'cc']);
  });
});

test('an agent whose first seed is down finds the others by the second', async () => {
  const bed = new Bed({ fibres: RING, seeds: ['S4', 'S3'], late: ['S1'], delay: ms(20) });
  await bed.run(async () => {
    bed.at('S4').crash();
    bed.join('S1');
    await bed.sleep(seconds(2));
    granted(await bed.newClient('S1').request(REQUEST), bed);
  });
});

test('an agent that starts again while its seeds are down knows the others from its disk', async () => {
  const bed = new Bed({ fibres: RING, seeds: ['S4'], delay: ms(20) });
  await bed.run(async () => {
    bed.at('S4').crash();
    bed.at('S1').crash();
    await bed.sleep(seconds(1));
    bed.at('S1').restart();
    await bed.sleep(seconds(3));
    granted(await bed.newClient('S1').request(REQUEST), bed);
  });
});

test('islands of agents become one when one of them hears of the other', async () => {
  // S4 is the only seed and comes last: until then nobody knows anybody.
  const bed = new Bed({ fibres: RING, seeds: ['S4'], late: ['S4'], delay: ms(20) });
  await bed.run(async () => {
    const early = await bed.newClient('S1').request(REQUEST);
    assert.is(early.kind === 'refused' && early.why, 'participant-unreachable');
    bed.join('S4');
    await bed.sleep(seconds(4));
    granted(await bed.newClient('S1').request(REQUEST), bed);
  });
});

test('agents of which each keeps connections to few only reach all: a path is laid, moved and given back', async () => {
  const six = { aa: 'T1 S1 1', ab: 'S1 S2 300', bc: 'S2 S3 300', cd: 'S3 S4 300', dd: 'S4 T2 1' };
  const fibres = { ...six, de: 'S4 S5 400', ef: 'S5 S6 400', fa: 'S6 S1 400' };
  const neighbours = { meshMax: 0, ringNeighbours: 1 };
  const bed = new Bed({ fibres, seeds: ['S5'], delay: ms(20), config: { neighbours } });
  await bed.run(async () => {
    const client = bed.newClient('S1');
    assert.equal(granted(await client.request(REQUEST), bed).fibres, ['aa', 'ab', 'bc', 'cd', 'dd']);
    await bed.sleep(seconds(1));
    bed.plant.cut('bc');
    const up = await bed.until('path.up', 2);
    assert.equal(up.fields['fibres'], ['aa', 'fa', 'ef', 'de', 'dd']);
    await client.release('p');
    await bed.sleep(seconds(1));
    assert.equal(bed.crossConnects(), []);
    assertInvariants(bed);
  });
});

for (const seeds of [undefined, ['S4']])
  test(`after a partition both sides know again what the other did meanwhile (${seeds === undefined ? 'configured' : 'by seeds'})`, async () => {
    const bed = new Bed({
      fibres: { ...RING, xx: 'T3 S2 1', yy: 'S3 T4 1' },
      delay: ms(20),
      ...(seeds && { seeds }),
    });
    await bed.run(async () => {
      bed.isolate(['S1', 'client'], true);
      // Longer than announcements live: S1 is forgotten on the other side.
      await bed.sleep(seconds(45));
      // S2 and S3 still have each other, and lay a path that S1 cannot hear of.
      const inside = bed.at('S2').run(async (platform) => {
        const client = new PathClient(platform, { machine: 'S2', tcpPort: 3400 });
        return await client.request({ path: 'q', from: 'T3', to: 'T4' });
      });
      assert.is((await inside).kind, 'granted');
      bed.isolate(['S1', 'client'], false);
      await bed.sleep(seconds(8));
      const answer = granted(await bed.newClient('S1').request(REQUEST), bed);
      assert.equal(answer.fibres, ['aa', 'ad', 'dc', 'cc'], 'bc is in use, and S1 knows');
      assert.is(bed.records('transaction.aborted').length, 0);
      assertInvariants(bed);
    });
  });

test.run();
