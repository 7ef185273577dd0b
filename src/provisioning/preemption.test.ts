import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';
import type { PathClient } from './client.ts';
import { assertAgreement, granted, refused } from './line.fixture.ts';
import type { PathTerms } from './path-terms.ts';

const test = suite('pre-emption');

/** Two pairs of hosts beside so many fibres. */
const bedOf = (...lengths: number[]): Bed => {
  const between = lengths.map((km, i) => [`f${i + 1}`, `S1 S2 ${km}`] as const);
  const hosts = { a1: 'T1 S1 1', a2: 'T3 S1 1', b1: 'S2 T2 1', b2: 'S2 T4 1' };
  return new Bed({ fibres: { ...hosts, ...Object.fromEntries(between) }, delay: ms(20) });
};

const ask = async (bed: Bed, name: 'p' | 'q', terms: PathTerms, at = 'S1') => {
  const client: PathClient = bed.newClient(at);
  const ends = name === 'p' ? { from: 'T1', to: 'T2' } : { from: 'T3', to: 'T4' };
  const answer = await client.request({ path: name, ...ends, terms });
  await bed.sleep(seconds(1));
  return { client, answer };
};

const fibreOf = (bed: Bed, path: string): unknown =>
  (bed.records('path.up').findLast((r) => r.fields['path'] === path)?.fields['fibres'] as string[])?.[1];

for (const at of ['S1', 'S2'])
  test(`a path with a higher priority takes the last fibre; whoever had it is DOWN and says why (asked at ${at})`, async () => {
    const bed = bedOf(20);
    await bed.run(async () => {
      const low = await ask(bed, 'p', {});
      granted(low.answer, bed);
      const high = await ask(bed, 'q', { priority: 1, mayPreempt: true }, at);
      granted(high.answer, bed);
      const down = bed.records('path.down')[0];
      assert.is(down?.fields['kind'], 'pre-empted');
      assert.match(String(down?.fields['reason']), /pre-empted by q/);
      assert.is(bed.crossConnects().length, 4);
      await bed.sleep(seconds(60));
      assert.is(bed.records('path.preempted').length, 1);
      await high.client.release('q');
      await bed.until('path.up', 3);
      assert.is(fibreOf(bed, 'p'), 'f1');
      assertAgreement(bed);
    });
  });

test('a pinned path that was pre-empted while it was DOWN says what is in its way now, and comes back after that', async () => {
  const bed = new Bed({
    fibres: { a1: 'T1 S1 1', short: 'S1 S2 20', long: 'S1 S2 400', b1: 'S2 T2 1' },
    delay: ms(20),
  });
  await bed.run(async () => {
    const client = bed.newClient('S1');
    const heard: string[] = [];
    client.subscribe(({ path, reason }) => path === 'p' && heard.push(reason));
    const lowest = { priority: 7, isPinned: true };
    granted(await client.request({ path: 'p', from: 'T1', to: 'T2', terms: lowest }), bed);
    await bed.sleep(seconds(1));
    bed.plant.cut('short');
    await bed.until('path.down');
    await bed.sleep(ms(100));
    assert.match(String(heard.at(-1)), /fibre short failed/);
    const high = await client.request({
      ...{ path: 'q', from: 'T1', to: 'T2', terms: { priority: 1, mayPreempt: true } },
    });
    granted(high, bed);
    await bed.sleep(seconds(1));
    assert.match(String(heard.at(-1)), /pre-empted by q/);
    bed.plant.repair('short');
    await bed.sleep(seconds(90));
    assert.match(String(heard.at(-1)), /pre-empted by q/);
    await client.release('q');
    await bed.sleep(seconds(30));
    assert.is(bed.records('path.up').at(-1)?.fields['path'], 'p');
    assertAgreement(bed);
  });
});

test('whoever is pre-empted takes another fibre where there is one', async () => {
  const bed = bedOf(20, 30, 40);
  await bed.run(async () => {
    granted((await ask(bed, 'p', {})).answer, bed);
    // Of the three, the first is taken and the request may use no other.
    const route = { along: ['a2', 'f1', 'b2'] };
    granted((await ask(bed, 'q', { priority: 0, mayPreempt: true, route })).answer, bed);
    assert.equal([fibreOf(bed, 'q'), fibreOf(bed, 'p')], ['f1', 'f2']);
    assert.equal(bed.records('path.down'), []);
    assert.is(bed.crossConnects().length, 8);
    assertAgreement(bed);
  });
});

test('after a cut, the one with priority takes the fibre of the other, which is DOWN', async () => {
  const bed = bedOf(20, 30);
  await bed.run(async () => {
    granted((await ask(bed, 'q', { priority: 0, mayPreempt: true })).answer, bed);
    granted((await ask(bed, 'p', { priority: 5 })).answer, bed);
    assert.equal([fibreOf(bed, 'q'), fibreOf(bed, 'p')], ['f1', 'f2']);
    bed.plant.cut('f1');
    await bed.until('path.up', 3);
    assert.is(fibreOf(bed, 'q'), 'f2');
    assert.equal(
      bed.records('path.down').map((r) => r.fields['path']),
      ['p'],
    );
    bed.plant.repair('f1');
    await bed.until('path.up', 4);
    assert.is(fibreOf(bed, 'p'), 'f1');
    await bed.sleep(seconds(5));
    assert.is(bed.crossConnects().length, 8);
    assertAgreement(bed);
  });
});

test('nobody is asked who has the same priority or a higher one, and nobody by a path that did not ask for it', async () => {
  for (const terms of [
    { priority: 7, mayPreempt: true },
    { priority: 3, mayPreempt: true },
    { priority: 0 },
  ]) {
    const bed = bedOf(20);
    await bed.run(async () => {
      granted((await ask(bed, 'p', { priority: terms.mayPreempt ? 3 : 7 })).answer, bed);
      refused((await ask(bed, 'q', terms)).answer);
      assert.equal(bed.records('path.preempting'), []);
      assert.is(fibreOf(bed, 'p'), 'f1');
    });
  }
});

test('when the coordinator of the other does not answer, the request is refused in bounded time', async () => {
  const bed = bedOf(20);
  await bed.run(async () => {
    granted((await ask(bed, 'p', {}, 'S2')).answer, bed);
    bed.at('S2').crash();
    const from = bed.engine.now();
    refused((await ask(bed, 'q', { priority: 0, mayPreempt: true })).answer);
    assert.ok(bed.engine.now() - from < seconds(20), `${(bed.engine.now() - from) / 1e9} s`);
  });
});

test.run();
