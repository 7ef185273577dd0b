import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { Bed, type BedOptions } from './bed.fixture.ts';
import type { PathClient, PathNews } from './client.ts';
import { assertAgreement, granted, LINE, REQUEST, refused } from './line.fixture.ts';
import type { PathTerms } from './path-terms.ts';

const test = suite('light paths that are DOWN');

/** A long way round beside the line. */
const AROUND = { ...LINE, ac: 'S1 S3 2000' };

const newBed = (o: Partial<BedOptions> = {}): Bed => new Bed({ fibres: LINE, delay: ms(20), ...o });

async function up(bed: Bed, terms: PathTerms = {}): Promise<{ client: PathClient; news: PathNews[] }> {
  const client = bed.newClient('S1');
  const news: PathNews[] = [];
  client.subscribe((item) => news.push(item));
  granted(await client.request({ ...REQUEST, terms }), bed);
  await bed.sleep(seconds(1));
  return { client, news };
}

const fibresOf = (bed: Bed): unknown => bed.records('path.up').at(-1)?.fields['fibres'];

test('a path without another way lets go and comes back when its fibre is whole; its client hears both', async () => {
  const bed = newBed();
  await bed.run(async () => {
    const { news } = await up(bed);
    bed.plant.cut('ab');
    await bed.until('path.down');
    await bed.sleep(seconds(1));
    assert.equal(bed.crossConnects(), []);
    assert.is(news.at(-1)?.state, 'down');
    assert.match(news.at(-1)?.reason ?? '', /fibre ab failed/);
    await bed.sleep(seconds(5));
    bed.plant.repair('ab');
    const back = await bed.until('path.up', 2);
    assert.equal(back.fields['fibres'], ['aa', 'ab', 'bc', 'cc']);
    await bed.sleep(ms(100));
    assert.is(news.at(-1)?.state, 'up');
    assert.is(bed.crossConnects().length, 6);
    const downs = bed.records('path.down').length;
    await bed.sleep(seconds(60));
    assert.is(bed.records('path.down').length, downs);
    assertAgreement(bed);
  });
});

test('a path whose fibre stays cut tries it ever more rarely, and comes back however late that is mended', async () => {
  const bed = newBed();
  await bed.run(async () => {
    await up(bed);
    bed.plant.cut('ab');
    await bed.until('path.down');
    await bed.sleep(seconds(2400));
    const tries = bed.records('reroute.started').map((r) => r.at / 1e9);
    assert.ok(tries.length >= 5 && tries.length <= 12, `${tries.length} tries`);
    assert.ok((tries.at(-1) ?? 0) - (tries.at(-2) ?? 0) >= 300, String(tries));
    assert.is(bed.records('path.down').length, 1 + tries.length);
    assert.equal(bed.crossConnects(), []);
    bed.plant.repair('ab');
    await bed.until('path.up', 2, seconds(310));
  });
});

test('two paths without fibres do not wake each other for ever', async () => {
  const bed = newBed({
    fibres: { a1: 'T1 S1 1', a2: 'T3 S1 1', ab: 'S1 S2 20', ac: 'S1 S2 30', b1: 'S2 T2 1', b2: 'S2 T4 1' },
  });
  await bed.run(async () => {
    const client = bed.newClient('S1');
    granted(await client.request(REQUEST), bed);
    granted(await client.request({ path: 'q', from: 'T3', to: 'T4' }), bed);
    await bed.sleep(seconds(1));
    for (const fibre of ['ab', 'ac']) bed.plant.cut(fibre);
    await bed.until('path.down', 2);
    await bed.sleep(seconds(1800));
    assert.ok(bed.records('reroute.started').length <= 60, `${bed.records('reroute.started').length}`);
    bed.plant.repair('ab');
    bed.plant.repair('ac');
    await bed.until('path.up', 4, seconds(700));
  });
});

test('a pinned path is not moved: it is DOWN on its route, and up again with the light, by no transaction', async () => {
  const bed = newBed({ fibres: AROUND });
  await bed.run(async () => {
    await up(bed, { isPinned: true });
    const before = bed.records('transaction.locked').length;
    bed.plant.cut('ab');
    const down = await bed.until('path.down');
    assert.match(String(down.fields['reason']), /fibre ab failed, and the path is pinned/);
    await bed.sleep(seconds(40));
    assert.is(bed.crossConnects().length, 6);
    bed.plant.repair('ab');
    const repaired = bed.engine.now();
    const back = await bed.until('path.up', 2);
    assert.equal(back.fields['fibres'], ['aa', 'ab', 'bc', 'cc']);
    assert.ok(back.at - repaired < seconds(1), `${(back.at - repaired) / 1e6} ms`);
    assert.is(bed.records('transaction.locked').length, before);
    assert.equal(bed.records('reroute.started'), []);
  });
});

test('a pinned path whose switch lost it is made again on the same route', async () => {
  const bed = newBed({ fibres: AROUND });
  await bed.run(async () => {
    await up(bed, { isPinned: true });
    bed.plant.cut('bc');
    await bed.until('path.down');
    bed.at('S1').crash();
    await bed.sleep(seconds(40));
    assert.is(bed.crossConnects().length, 2);
    bed.at('S1').restart();
    await bed.sleep(seconds(5));
    bed.plant.repair('bc');
    await bed.until('path.up', 2);
    assert.equal(fibresOf(bed), ['aa', 'ab', 'bc', 'cc']);
    assert.is(bed.crossConnects().length, 6);
  });
});

for (const terminal of ['T1', 'T2'])
  test(`a path whose host ${terminal} is dark stays where it is, and is up again with the host`, async () => {
    const bed = newBed({ fibres: AROUND });
    await bed.run(async () => {
      await up(bed);
      bed.plant.setTransmitter(terminal, false);
      const down = await bed.until('path.down');
      assert.match(String(down.fields['reason']), new RegExp(`no light from ${terminal}`));
      await bed.sleep(seconds(20));
      assert.is(bed.crossConnects().length, 6);
      bed.plant.setTransmitter(terminal, true);
      const from = bed.engine.now();
      const back = await bed.until('path.up', 2);
      assert.ok(back.at - from < seconds(1), `${(back.at - from) / 1e6} ms`);
      assert.equal(bed.records('reroute.started'), []);
      assert.equal(bed.records('loss.located'), []);
    });
  });

test('a cut while the host is dark is found when the host is back', async () => {
  const bed = newBed({ fibres: AROUND });
  await bed.run(async () => {
    await up(bed);
    bed.plant.setTransmitter('T1', false);
    await bed.until('path.down');
    bed.plant.cut('ab');
    await bed.sleep(seconds(15));
    bed.plant.setTransmitter('T1', true);
    await bed.sleep(seconds(15));
    const last = bed.trace.records.filter((r) => /^path\.(up|down)$/.test(r.kind)).at(-1);
    assert.is(last?.kind, 'path.up');
    assert.equal(fibresOf(bed), ['aa', 'ac', 'cc']);
  });
});

test('a path that is DOWN comes back when another path gives its fibre up, at once', async () => {
  const bed = newBed({
    fibres: { a1: 'T1 S1 1', a2: 'T3 S1 1', ab: 'S1 S2 20', ac: 'S1 S2 30', b1: 'S2 T2 1', b2: 'S2 T4 1' },
  });
  await bed.run(async () => {
    const client = bed.newClient('S1');
    granted(await client.request(REQUEST), bed);
    const other = bed.newClient('S2');
    granted(await other.request({ path: 'q', from: 'T3', to: 'T4' }), bed);
    await bed.sleep(seconds(1));
    bed.plant.cut('ab');
    await bed.until('path.down');
    await bed.sleep(seconds(200));
    const from = bed.engine.now();
    await other.release('q');
    const back = await bed.until('path.up', 3);
    assert.is(back.fields['path'], 'p');
    assert.ok(back.at - from < seconds(2), `${(back.at - from) / 1e6} ms`);
  });
});

test('a path that is DOWN comes back when the agent of a switch it needs comes back', async () => {
  const bed = newBed({ fibres: AROUND });
  await bed.run(async () => {
    await up(bed);
    bed.at('S3').crash();
    bed.plant.cut('ab');
    await bed.until('path.down');
    await bed.sleep(seconds(600));
    bed.at('S3').restart();
    const from = bed.engine.now();
    const back = await bed.until('path.up', 2);
    assert.equal(back.fields['fibres'], ['aa', 'ac', 'cc']);
    assert.ok(back.at - from < seconds(10), `${(back.at - from) / 1e9} s: ${bed.trace.tail(60).join('\n')}`);
  });
});

test('a coordinator that restarts remembers a path that is DOWN and holds nothing', async () => {
  const bed = newBed();
  await bed.run(async () => {
    const { news } = await up(bed);
    bed.plant.cut('ab');
    await bed.until('path.down');
    await bed.sleep(seconds(3));
    bed.at('S1').crash();
    await bed.sleep(seconds(2));
    bed.at('S1').restart();
    await bed.until('path.down', 2);
    bed.plant.repair('ab');
    await bed.until('path.up', 2);
    await bed.sleep(seconds(1));
    assert.is(bed.crossConnects().length, 6);
    assert.is(news.at(-1)?.state, 'up');
  });
});

test('a path that is DOWN ends when it is released, or when its client has gone', async () => {
  for (const end of ['release', 'abandon'] as const) {
    const bed = newBed();
    await bed.run(async () => {
      const { client } = await up(bed);
      bed.plant.cut('ab');
      await bed.until('path.down');
      if (end === 'release') await client.release('p');
      else client.abandon();
      await bed.until('path.released');
      bed.plant.repair('ab');
      await bed.sleep(seconds(120));
      assert.is(bed.records('path.up').length, 1);
      assert.equal(bed.crossConnects(), []);
    });
  }
});

test('a path that cannot be set up is refused, pinned or not: only one that was up waits', async () => {
  const bed = newBed();
  await bed.run(async () => {
    await bed.sleep(seconds(1));
    bed.plant.cut('ab');
    const answer = await bed.newClient('S1').request({ ...REQUEST, terms: { isPinned: true } });
    assert.match(refused(answer), /fibre ab failed/);
    assert.equal(bed.records('path.down'), []);
  });
});

test('when the task of one path throws, that path ends with its ports free, and the others are moved', async () => {
  const fibres = {
    a1: 'T1 S1 1',
    a2: 'T3 S1 1',
    ab: 'S1 S2 20',
    ac: 'S1 S2 30',
    ad: 'S1 S2 40',
    ae: 'S1 S2 50',
    b1: 'S2 T2 1',
    b2: 'S2 T4 1',
  };
  const bed = newBed({
    fibres,
    onRecord: (kind, fields) => {
      if (kind === 'reroute.decided' && fields['path'] === 'p') throw new Error('a bug of this one');
    },
  });
  await bed.run(async () => {
    const { client, news } = await up(bed);
    granted(await client.request({ path: 'q', from: 'T3', to: 'T4' }), bed);
    await bed.sleep(seconds(1));
    for (const fibre of ['ab', 'ac']) bed.plant.cut(fibre);
    await bed.until('path.up', 3);
    assert.is(bed.records('path.up').at(-1)?.fields['path'], 'q');
    assert.is(bed.records('path.failed')[0]?.fields['reason'], 'a bug of this one');
    await bed.sleep(seconds(2));
    assert.is(news.find((item) => item.path === 'p' && item.state === 'gone')?.reason, 'a bug of this one');
    assert.is(bed.crossConnects().length, 4);
    assertAgreement(bed);
  });
});

test.run();
