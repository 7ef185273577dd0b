import type { FamilyName } from '../../emulators/families.ts';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { Checkers } from '../scenario/checkers/all.ts';
import { Bed } from './bed.fixture.ts';
import { granted, REQUEST } from './line.fixture.ts';

const test = suite('simplex light paths');

const MAP = { aa: 'T1 S1 1', ab: 'S1 S2 700', ac: 'S1 S2 900', cc: 'S2 T2 1' };
const SIMPLEX = { ...REQUEST, terms: { isSimplex: true } } as const;

function assertInvariants(bed: Bed): void {
  const checkers = new Checkers(seconds(30));
  for (const record of bed.trace.records) checkers.observe(record);
  checkers.settle(bed.engine.now());
  assert.equal(checkers.violations, []);
}

for (const family of ['glimmerglass', 'calient', 'calient-s', 'polatis'] satisfies FamilyName[])
  test(`on ${family} switches light goes one way, moves when its direction is cut, and all is given back`, async () => {
    const bed = new Bed({ fibres: MAP, families: { S1: family, S2: family } });
    await bed.run(async () => {
      await bed.sleep(seconds(3));
      const client = bed.newClient('S1');
      const answer = granted(await client.request(SIMPLEX), bed);
      assert.is(answer.crossConnects.length, 2);
      await bed.sleep(seconds(1));
      assert.equal(
        bed.records('light.restored').map((r) => r.fields['terminal']),
        ['T2'],
      );
      const made = bed.crossConnects();
      assert.is(made.length, 2, made.join());
      bed.plant.cut('ab', { direction: 'b-to-a' });
      await bed.sleep(seconds(2));
      assert.equal(bed.crossConnects(), made, 'the other direction is nothing to it');
      bed.plant.cut('ab', { direction: 'a-to-b' });
      const up = await bed.until('path.up', 2);
      assert.equal(up.fields['fibres'], ['aa', 'ac', 'cc']);
      assert.equal(bed.records('loss.located')[0]?.fields['fibres'], ['ab']);
      await bed.sleep(seconds(1));
      assert.is(bed.crossConnects().length, 2);
      await client.close();
      await bed.sleep(seconds(2));
      assert.equal(bed.crossConnects(), []);
      assertInvariants(bed);
    });
  });

test('a simplex path stays one way through a restart of its agents', async () => {
  const bed = new Bed({ fibres: MAP });
  await bed.run(async () => {
    granted(await bed.newClient('S1').request(SIMPLEX), bed);
    await bed.sleep(seconds(1));
    const made = bed.crossConnects();
    for (const name of ['S1', 'S2']) bed.at(name).crash();
    await bed.sleep(ms(500));
    for (const name of ['S1', 'S2']) bed.at(name).restart();
    await bed.sleep(seconds(5));
    assert.equal(bed.crossConnects(), made);
    bed.plant.cut('ab', { direction: 'a-to-b' });
    await bed.until('path.up', 3);
    assert.is(bed.crossConnects().length, 2);
    assertInvariants(bed);
  });
});

test("one way of somebody else's is enough for a port to be taken", async () => {
  const bed = new Bed({ fibres: { aa: 'T1 S1 1', ab: 'S1 S2 700', cc: 'S2 T2 1', x: 'S2 T3 1' } });
  await bed.run(async () => {
    bed.plant.switch('S2').connect('3', '2');
    const answer = await bed.newClient('S1').request(SIMPLEX);
    assert.is(answer.kind === 'refused' && answer.why, 'port-busy');
    assert.equal(bed.crossConnects(), ['S2 3 2']);
  });
});

test.run();
