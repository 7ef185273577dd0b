import { assert, suite } from '../../scripts/testing/suite.ts';
import { type Duration, ms, seconds } from '../core/time.ts';
import type { PathNews } from './client.ts';
import { assertAgreement, granted, LINE, REQUEST } from './line.fixture.ts';
import { MessageConnection } from './message-connection.ts';
import type { PathTerms } from './path-terms.ts';
import { ReceiverBed, type ReceiverBedOptions } from './receiver.fixture.ts';

const test = suite('light that a host misses');

/** Two fibres to T2, by switches of their own. */
const TWO_LINES = { aa: 'T1 S1 1', ab: 'S1 S2 20', ac: 'S1 S3 30', bb: 'S2 T2 1', cc: 'S3 T2/2 1' };
/** Two fibres to T2, from one switch. */
const TWO_AT_ONE = { aa: 'T1 S1 1', ab: 'S1 S2 20', b1: 'S2 T2 1', b2: 'S2 T2/2 1' };

const newBed = (fibres: ReceiverBedOptions['fibres'], o: Partial<ReceiverBedOptions> = {}): ReceiverBed =>
  new ReceiverBed({ fibres, delay: ms(20), receivers: ['T1', 'T2'], ...o });

async function up(bed: ReceiverBed, terms: PathTerms = {}): Promise<PathNews[]> {
  const client = bed.newClient('S1');
  const news: PathNews[] = [];
  client.subscribe((item) => news.push(item));
  granted(await client.request({ ...REQUEST, terms }), bed);
  await bed.sleep(seconds(2));
  assert.equal(bed.records('loss.detected'), []);
  return news;
}

const fibresOf = (bed: ReceiverBed): unknown => bed.records('path.up').at(-1)?.fields['fibres'];
const toHost = (fibre: string, direction: 'a-to-b' | 'b-to-a' = 'a-to-b') => [fibre, { direction }] as const;

for (const [name, fibres, other] of [
  ['another switch', TWO_LINES, ['aa', 'ac', 'cc']],
  ['the same switch', TWO_AT_ONE, ['aa', 'ab', 'b2']],
] as const)
  test(`a path leaves a fibre that no longer leads to its host, by one from ${name}`, async () => {
    const bed = newBed(fibres);
    await bed.run(async () => {
      await up(bed);
      const [first] = Object.keys(fibres).filter((fibre) => /^b[b1]$/.test(fibre));
      bed.plant.cut(...toHost(first ?? ''));
      const at = bed.engine.now();
      const loss = await bed.until('loss.detected');
      assert.is(loss.fields['by'], 'host');
      assert.equal((await bed.until('loss.located')).fields['fibres'], [first]);
      const moved = await bed.until('path.up', 2);
      assert.equal(fibresOf(bed), other);
      assert.ok(moved.at - at < seconds(1), `${(moved.at - at) / 1e6} ms`);
      await bed.sleep(seconds(20));
      assert.is(bed.records('path.up').length, 2);
      assert.equal(bed.records('path.down'), []);
      assertAgreement(bed);
    });
  });

test('a shared backup that is kept when its route has gone dark meanwhile is kept for that route', async () => {
  const fibres = { aa: 'T1 S1 1', ab: 'S1 S2 20', ac: 'S1 S3 30', cb: 'S3 S2 30', bb: 'S2 T2 1' };
  const bed = newBed(fibres, { timings: { prepareLimit: seconds(10) } });
  await bed.run(async () => {
    bed.isolate(['S3'], true);
    await up(bed, { protection: { kind: 'shared', disjoint: 'edge' } });
    bed.plant.cut(...toHost('bb'));
    await bed.until('path.down');
    bed.isolate(['S3'], false);
    assert.equal((await bed.until('path.protected')).fields['working'], ['aa', 'ab', 'bb']);
  });
});

test('the host at the other end is heard, too', async () => {
  const bed = newBed({ a1: 'T1 S1 1', a2: 'T1/2 S1 1', ab: 'S1 S2 20', bb: 'S2 T2 1' });
  await bed.run(async () => {
    await up(bed);
    bed.plant.cut(...toHost('a1', 'b-to-a'));
    await bed.until('path.up', 2);
    assert.equal(fibresOf(bed), ['a2', 'ab', 'bb']);
  });
});

test('a path whose host has no other fibre is DOWN on its route, says why once, and is back with the light', async () => {
  const bed = newBed(LINE);
  await bed.run(async () => {
    const news = await up(bed);
    bed.plant.cut(...toHost('cc'));
    const down = await bed.until('path.down');
    assert.match(String(down.fields['reason']), /no light reaches T2 \(fibre cc\)/);
    await bed.sleep(seconds(40));
    assert.is(bed.crossConnects().length, 6);
    assert.is(bed.records('path.down').length, 1);
    assert.is(bed.records('path.up').length, 1);
    assert.is(bed.records('loss.detected').length, 1);
    assert.match(news.at(-1)?.reason ?? '', /no light reaches T2/);
    bed.plant.repair('cc');
    const at = bed.engine.now();
    const back = await bed.until('path.up', 2);
    assert.ok(back.at - at < seconds(1), `${(back.at - at) / 1e6} ms`);
    await bed.sleep(ms(100));
    assert.is(news.at(-1)?.state, 'up');
    assert.equal(bed.records('reroute.started'), []);
  });
});

test('a path that is set up over such a fibre is found dark after the time that light is given', async () => {
  const bed = newBed(TWO_AT_ONE);
  await bed.run(async () => {
    bed.plant.cut(...toHost('b1'));
    const client = bed.newClient('S1');
    const grant = granted(await client.request(REQUEST), bed);
    assert.equal(grant.fibres, ['aa', 'ab', 'b1']);
    const moved = await bed.until('path.up', 2);
    const first = bed.records('path.up')[0]?.at ?? 0;
    assert.ok(
      moved.at - first > seconds(0.9) && moved.at - first < seconds(2),
      `${(moved.at - first) / 1e6} ms`,
    );
    assert.equal(fibresOf(bed), ['aa', 'ab', 'b2']);
  });
});

test('a host without light because the other transmitter is dark has no fibre to blame', async () => {
  const bed = newBed(TWO_LINES);
  await bed.run(async () => {
    await up(bed);
    bed.plant.setTransmitter('T1', false);
    const down = await bed.until('path.down');
    assert.match(String(down.fields['reason']), /no light from T1/);
    await bed.sleep(seconds(20));
    assert.equal(bed.records('loss.located'), []);
    assert.equal(bed.records('reroute.started'), []);
    assert.not.ok(bed.records('loss.detected').some((r) => r.fields['by'] === 'host'));
    bed.plant.setTransmitter('T1', true);
    await bed.until('path.up', 2);
  });
});

test('a cut before the last switch is found by switches, however early the host has missed its light', async () => {
  const bed = newBed(
    { ...LINE, ac: 'S1 S3 2000' },
    { timings: { pollPeriod: seconds(3) }, told: { darkFor: ms(1) } },
  );
  await bed.run(async () => {
    await up(bed);
    bed.plant.cut('bc');
    await bed.until('path.up', 2);
    assert.equal(
      bed.records('loss.located').flatMap((r) => r.fields['fibres']),
      ['bc'],
    );
    assert.not.ok(bed.records('loss.detected').some((r) => r.fields['by'] === 'host'));
    assert.equal(fibresOf(bed), ['aa', 'ac', 'cc']);
  });
});

for (const [why, dark, timings] of [
  ['a dip that the host need not tell', ms(60), {}],
  ['a dip shorter than the hold-off', ms(300), { holdOff: ms(500) }],
] as const)
  test(`${why} moves nothing`, async () => {
    const bed = newBed(TWO_AT_ONE, { timings });
    await bed.run(async () => {
      await up(bed);
      bed.plant.cut(...toHost('b1'));
      await bed.sleep(dark as Duration);
      bed.plant.repair('b1');
      await bed.sleep(seconds(5));
      assert.equal(bed.records('loss.detected'), []);
      assert.is(bed.records('path.up').length, 1);
    });
  });

test('a fibre to a host that flaps is left out by the same damping as any other', async () => {
  const bed = newBed(TWO_AT_ONE, { timings: { failedFibreHold: ms(100) } });
  await bed.run(async () => {
    await up(bed);
    for (let i = 0; bed.records('fibre.damped').length === 0; i++) {
      const [, , last = ''] = fibresOf(bed) as string[];
      bed.plant.cut(...toHost(last));
      await bed.until('path.up', 2 + i);
      bed.plant.repair(last);
      await bed.sleep(seconds(2));
    }
    const [, , last = ''] = fibresOf(bed) as string[];
    bed.plant.cut(...toHost(last));
    await bed.until('path.down');
    bed.plant.repair(last);
    await bed.sleep(seconds(2));
    assert.is((fibresOf(bed) as string[]).at(-1), last, 'the other one is whole, and not trusted');
  });
});

test('a pinned path stays, is DOWN for it, and comes back', async () => {
  const bed = newBed(TWO_AT_ONE);
  await bed.run(async () => {
    await up(bed, { isPinned: true });
    bed.plant.cut(...toHost('b1'));
    const down = await bed.until('path.down');
    assert.match(String(down.fields['reason']), /no light reaches T2 \(fibre b1\), and the path is pinned/);
    bed.plant.repair('b1');
    await bed.until('path.up', 2);
    assert.equal(bed.records('reroute.started'), []);
  });
});

test('a leg of a protected path leaves such a fibre by itself', async () => {
  const bed = newBed({
    ...{ a1: 'T1 S1 1', a2: 'T1/2 S1 1', ab: 'S1 S2 20', cd: 'S1 S2 30' },
    ...{ b1: 'S2 T2 1', b2: 'S2 T2/2 1', b3: 'S2 T2/3 1' },
  });
  await bed.run(async () => {
    await up(bed, { protection: { kind: '1+1', disjoint: 'edge' } });
    bed.plant.cut(...toHost('b1'));
    const moved = await bed.until('path.protected', 2);
    const legs = bed.records('path.up').filter((r) => String(r.fields['path']).includes('/'));
    assert.ok(
      ((legs.at(-1)?.fields['fibres'] ?? []) as string[]).includes('b3'),
      JSON.stringify(moved.fields),
    );
  });
});

test('a path with a backup by the other fibre of its host goes over to that', async () => {
  const bed = newBed(TWO_LINES);
  await bed.run(async () => {
    await up(bed, { protection: { kind: '1:1', disjoint: 'edge' } });
    assert.equal((await bed.until('path.protected')).fields['backup'], ['aa', 'ac', 'cc']);
    bed.plant.cut(...toHost('bb'));
    await bed.until('path.switched');
    await bed.until('path.up', 2);
    assert.equal(fibresOf(bed), ['aa', 'ac', 'cc']);
    assert.equal(
      bed.records('loss.located').flatMap((r) => r.fields['fibres']),
      ['bb'],
    );
  });
});

test('where light goes one way only, the host that sends has none to miss', async () => {
  const bed = newBed(TWO_AT_ONE);
  await bed.run(async () => {
    await up(bed, { isSimplex: true });
    await bed.sleep(seconds(10));
    assert.equal(bed.records('loss.detected'), []);
    bed.plant.cut(...toHost('b1'));
    await bed.until('path.up', 2);
    assert.equal(fibresOf(bed), ['aa', 'ab', 'b2']);
  });
});

test('a cut of both directions at the host is left by its other fibre', async () => {
  const bed = newBed(TWO_AT_ONE);
  await bed.run(async () => {
    await up(bed);
    bed.plant.cut('b1');
    await bed.until('path.up', 2);
    assert.equal(fibresOf(bed), ['aa', 'ab', 'b2']);
  });
});

test('a cross-connect that is gone is made again, and no fibre blamed for it', async () => {
  const bed = newBed(TWO_AT_ONE);
  await bed.run(async () => {
    await up(bed);
    const [input, output] = ['1', '2'];
    bed.plant.switch('S2').disconnect(input, output);
    await bed.until('path.up', 2);
    assert.equal(fibresOf(bed), ['aa', 'ab', 'b1']);
    assert.equal(bed.records('loss.located'), []);
    assert.is(bed.records('crossconnect.missing').length, 1);
  });
});

for (const [who, machine, host, fibre] of [
  ['another machine', 'host-T1', 'T2', 'b1'],
  ['another host', 'host-T1', 'T1', 'b1'],
  ['its own machine, of a fibre between switches', 'host-T2', 'T2', 'ab'],
] as const)
  test(`nobody believes a word about a receiver from ${who}`, async () => {
    const bed = newBed(TWO_AT_ONE);
    await bed.run(async () => {
      await up(bed);
      const { platform } = bed.at(machine);
      const connection = new MessageConnection(
        await platform.network.connect({ machine: 'S2', tcpPort: 3400 }),
      );
      const word = { type: 'receiver', host, fibre, isLit: false, settling_ns: 0 } as const;
      void connection.receive((message) => {
        if (message.type === 'look') connection.send({ ...word, answers: message.number });
      });
      connection.send({ ...word, answers: null });
      await bed.sleep(seconds(5));
      assert.equal(bed.records('loss.detected'), []);
      assert.is(bed.records('path.up').length, 1);
      connection.abort();
    });
  });

test('a host that has gone is not heard any more', async () => {
  const bed = newBed(LINE);
  await bed.run(async () => {
    await up(bed);
    bed.plant.cut(...toHost('cc'));
    await bed.until('path.down');
    bed.plant.repair('cc');
    await bed.until('path.up', 2);
    bed.at('host-T2').crash();
    await bed.sleep(seconds(60));
    assert.is(bed.records('path.down').length, 1);
  });
});

test.run();
