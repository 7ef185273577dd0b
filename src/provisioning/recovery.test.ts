import type { FibreDirection } from '../../emulators/plant.ts';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { type Duration, ms, seconds } from '../core/time.ts';
import { Bed, type BedOptions } from './bed.fixture.ts';
import type { PathClient } from './client.ts';
import { granted, REQUEST } from './line.fixture.ts';

const test = suite('light path recovery');

/** Two lines over the Atlantic, and a third that is longer than both. */
const MAP = {
  aa: 'T1 S1 1',
  ab: 'S1 S2 7200',
  an: 'S1 S4 6200',
  nb: 'S4 S2 1300',
  ax: 'S1 S5 9000',
  xb: 'S5 S2 9000',
  bc: 'S2 S3 3000',
  cc: 'S3 T2 1',
};

async function up(bed: Bed, at = 'S1'): Promise<PathClient> {
  const client = bed.newClient(at);
  granted(await client.request(REQUEST), bed);
  await bed.sleep(seconds(2));
  return client;
}

const late = (o: Partial<BedOptions> = {}): Bed => new Bed({ fibres: MAP, delay: ms(80), ...o });

/** From the cut to the moment both terminals have light again. */
async function cutToLight(bed: Bed, cut: () => void): Promise<Duration> {
  const from = bed.engine.now();
  const before = bed.records('light.restored').length;
  const lostBefore = bed.records('light.lost').length;
  cut();
  await bed.until('path.up', bed.records('path.up').length + 1);
  await bed.sleep(ms(300));
  const lost = bed.records('light.lost').length - lostBefore;
  const back = bed.records('light.restored').slice(before);
  assert.is(back.length, lost);
  const last = back.at(-1)?.at ?? from;
  return (last - from) as Duration;
}

for (const at of ['S1', 'S2', 'S3', 'S5'])
  for (const direction of ['both', 'a-to-b', 'b-to-a'] as const)
    for (const alarms of [[], ['S1', 'S2', 'S3', 'S4', 'S5']]) {
      const how = `${direction}, coordinator ${at}, ${alarms.length > 0 ? 'alarms' : 'polls'}`;
      test(`a cut is located on its fibre and the path is lit elsewhere within 1 s (${how})`, async () => {
        const bed = late({ alarms });
        await bed.run(async () => {
          await up(bed, at);
          const time = await cutToLight(bed, () => bed.plant.cut('ab', { direction }));
          assert.equal(
            bed.records('loss.located').map((r) => r.fields['fibres']),
            [['ab']],
          );
          assert.equal(bed.records('path.up').at(-1)?.fields['fibres'], ['aa', 'an', 'nb', 'bc', 'cc']);
          assert.ok(time < seconds(1), `${how}: ${time / 1e6} ms`);
        });
      });
    }

const lastFibre: readonly [string, FibreDirection][] = [
  ['bc', 'a-to-b'],
  ['bc', 'b-to-a'],
  ['bc', 'both'],
];
for (const [fibre, direction] of lastFibre)
  test(`a cut of ${fibre} ${direction} without another way is located there and the path ends DOWN with the reason`, async () => {
    const bed = late();
    await bed.run(async () => {
      await up(bed);
      bed.plant.cut(fibre, { direction });
      const down = await bed.until('path.down');
      assert.equal(
        bed.records('loss.located').map((r) => r.fields['fibres']),
        [[fibre]],
      );
      assert.match(String(down.fields['reason']), /no free fibres.*fibre bc failed/);
      await bed.sleep(seconds(2));
      assert.equal(bed.crossConnects(), []);
    });
  });

test('a second cut on the new way during the reroute is found, and the third way taken', async () => {
  const bed = late();
  await bed.run(async () => {
    await up(bed);
    bed.plant.cut('ab');
    await bed.until('reroute.decided');
    bed.plant.cut('nb');
    const last = await bed.until('path.up', 2);
    assert.equal(last.fields['fibres'], ['aa', 'ax', 'xb', 'bc', 'cc']);
    assert.equal(last.fields['revision'], 2);
    await bed.sleep(seconds(1));
    assert.is(bed.crossConnects().length, 8);
  });
});

for (const [fibre, direction] of [
  ['nb', 'a-to-b'],
  ['nb', 'b-to-a'],
  ['an', 'both'],
] as const)
  test(`a spare fibre that was dark before (${fibre} ${direction}) is found when it is tried, and no good one blamed`, async () => {
    const bed = late();
    await bed.run(async () => {
      bed.plant.cut(fibre, { direction });
      await up(bed);
      bed.plant.cut('ab');
      const last = await bed.until('path.up', 2);
      assert.equal(
        bed.records('loss.located').map((r) => r.fields['fibres']),
        [['ab'], [fibre]],
      );
      assert.equal(last.fields['fibres'], ['aa', 'ax', 'xb', 'bc', 'cc']);
    });
  });

test('a dark terminal is no fibre failure: nothing is rerouted, and the path ends DOWN with the reason', async () => {
  const bed = late();
  await bed.run(async () => {
    await up(bed);
    bed.plant.setTransmitter('T1', false);
    const down = await bed.until('path.down');
    assert.match(String(down.fields['reason']), /no light from T1/);
    assert.is(bed.records('reroute.started').length, 0);
  });
});

test('a cut access fibre at the far end is told as such', async () => {
  const bed = late();
  await bed.run(async () => {
    await up(bed);
    bed.plant.cut('cc', { direction: 'b-to-a' });
    const down = await bed.until('path.down');
    assert.match(String(down.fields['reason']), /no light from T2/);
  });
});

test('a repair moves nothing', async () => {
  const bed = late();
  await bed.run(async () => {
    await up(bed);
    await cutToLight(bed, () => bed.plant.cut('ab'));
    bed.plant.repair('ab');
    await bed.sleep(seconds(60));
    assert.is(bed.records('path.up').length, 2);
    assert.is(
      bed.records('loss.detected').filter((r) => r.at > (bed.records('path.up')[1]?.at ?? 0)).length,
      0,
    );
  });
});

test('a repaired fibre is used again when it is needed, once its mark has aged', async () => {
  const bed = late({ fibres: { aa: 'T1 S1 1', ab: 'S1 S2 7200', an: 'S1 S2 8000', cc: 'S2 T2 1' } });
  await bed.run(async () => {
    await up(bed);
    for (let i = 0; i < 4; i++) {
      const [cut, other] = i % 2 === 0 ? ['ab', 'an'] : ['an', 'ab'];
      await cutToLight(bed, () => bed.plant.cut(cut));
      assert.equal(bed.records('path.up').at(-1)?.fields['fibres'], ['aa', other, 'cc']);
      bed.plant.repair(cut);
      await bed.sleep(seconds(40));
    }
  });
});

test('power that cannot be read is not loss of light', async () => {
  const bed = late();
  await bed.run(async () => {
    await up(bed);
    bed.switchOf('S2').faults.failsPower = true;
    await bed.sleep(seconds(60));
    assert.is(bed.records('loss.detected').length, 0);
    assert.is(bed.records('path.up').length, 1);
  });
});

test('when a switch does not answer the locator, its fibres are suspected and left', async () => {
  const bed = late({ fibres: { ...MAP, ay: 'S1 S3 15000' } });
  await bed.run(async () => {
    await up(bed);
    bed.switchOf('S2').faults.failsPower = true;
    bed.plant.cut('ab', { direction: 'a-to-b' });
    const located = await bed.until('loss.located');
    assert.equal(located.fields['fibres'], ['ab', 'bc']);
    await bed.until('path.up', 2);
    assert.equal(bed.records('path.up')[1]?.fields['fibres'], ['aa', 'ay', 'cc']);
  });
});

test('a coordinator that comes back after a cut hears of the others again, and moves the path', async () => {
  const fibres = {
    aa: 'T1 S1 1',
    ab: 'S1 S2 20',
    bc: 'S2 S3 20',
    ad: 'S1 S4 25',
    dc: 'S4 S3 25',
    cc: 'S3 T2 1',
  };
  for (const [delay, away] of [
    [ms(1), ms(500)],
    [ms(80), ms(500)],
    [ms(80), ms(12_300)],
  ] as const) {
    const bed = new Bed({ fibres, delay });
    await bed.run(async () => {
      await up(bed);
      bed.at('S1').crash();
      await bed.sleep(away);
      bed.plant.cut('bc');
      await bed.sleep(ms(500));
      bed.at('S1').restart();
      await bed.until('path.up', 2);
      assert.equal(bed.records('path.up').at(-1)?.fields['fibres'], ['aa', 'ad', 'dc', 'cc']);
      assert.is(bed.records('path.down').length, 0);
      assert.equal(
        bed.records('loss.located').map((r) => r.fields['fibres']),
        [['bc']],
      );
    });
  }
});

test('a participant that comes back finds a cut made during its restart without a wait for first light', async () => {
  const bed = new Bed({ fibres: MAP, delay: ms(20) });
  await bed.run(async () => {
    await up(bed, 'S3');
    // Light from T2 fails beyond S3, so only the last two switches can see it; both are away.
    for (const name of ['S1', 'S2']) bed.at(name).crash();
    await bed.sleep(ms(200));
    bed.plant.cut('bc', { direction: 'b-to-a' });
    await bed.sleep(ms(200));
    const from = bed.engine.now();
    for (const name of ['S1', 'S2']) bed.at(name).restart();
    const seen = await bed.until('loss.detected');
    assert.ok(seen.at - from < ms(300), `${(seen.at - from) / 1e6} ms`);
  });
});

test('an end switch whose agent is away during a reroute is waited for, and the path moves when it is back', async () => {
  const fibres = { aa: 'T1 S1 1', ab: 'S1 S2 20', ac: 'S1 S2 30', cc: 'S2 T2 1' };
  for (const away of [ms(900), ms(3_000)]) {
    const bed = new Bed({ fibres, delay: ms(80) });
    await bed.run(async () => {
      await up(bed);
      bed.at('S2').crash({ sockets: 'reset' });
      bed.plant.cut('ab');
      await bed.sleep(away);
      bed.at('S2').restart();
      const back = await bed.until('path.up', 2);
      assert.equal(back.fields['fibres'], ['aa', 'ac', 'cc']);
      assert.is(bed.records('path.down').length, 0);
    });
  }
});

test('a coordinator that has started anew waits for the agent of the far terminal before it ends the path', async () => {
  const fibres = { aa: 'T1 S1 1', ab: 'S1 S2 20', ac: 'S1 S2 30', cc: 'S2 T2 1' };
  const bed = new Bed({ fibres, delay: ms(80) });
  await bed.run(async () => {
    await up(bed);
    bed.plant.cut('ab');
    for (const name of ['S1', 'S2']) bed.at(name).crash();
    bed.at('S1').restart();
    await bed.sleep(ms(3_500));
    bed.at('S2').restart();
    const back = await bed.until('path.up', 2);
    assert.equal(back.fields['fibres'], ['aa', 'ac', 'cc']);
  });
});

test('an end switch whose agent stays away ends the path, in bounded time and with the reason', async () => {
  const bed = new Bed({ fibres: { aa: 'T1 S1 1', ab: 'S1 S2 20', ac: 'S1 S2 30', cc: 'S2 T2 1' } });
  await bed.run(async () => {
    await up(bed);
    bed.at('S2').crash();
    bed.plant.cut('ab');
    const from = bed.engine.now();
    const down = await bed.until('path.down');
    assert.match(String(down.fields['reason']), /S2 did not vote in time/);
    assert.ok(down.at - from < seconds(10), `${(down.at - from) / 1e9} s`);
  });
});

test.run();
