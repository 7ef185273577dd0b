import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';
import { granted, REQUEST } from './line.fixture.ts';

const test = suite('light paths by TL1');

const MAP = {
  aa: 'T1 S1 1',
  ab: 'S1 S2 7200',
  an: 'S1 S4 6200',
  nb: 'S4 S2 1300',
  bc: 'S2 S3 3000',
  cc: 'S3 T2 1',
};

for (const direction of ['both', 'a-to-b', 'b-to-a'] as const)
  test(`set-up and reroute stay under 1 s through drivers and devices (${direction})`, async () => {
    const bed = new Bed({
      fibres: MAP,
      delay: ms(80),
      families: { S1: 'glimmerglass', S2: 'calient', S3: 'calient', S4: 'glimmerglass' },
    });
    await bed.run(async () => {
      const answer = granted(await bed.newClient('S1').request(REQUEST), bed);
      assert.ok(answer.setup < seconds(1), `set-up took ${answer.setup / 1e6} ms`);
      await bed.sleep(seconds(5));
      const from = bed.engine.now();
      bed.plant.cut('ab', { direction });
      const up = await bed.until('path.up', 2);
      assert.equal(up.fields.fibres, ['aa', 'an', 'nb', 'bc', 'cc']);
      assert.equal(
        bed.records('loss.located').map((r) => r.fields.fibres),
        [['ab']],
      );
      await bed.sleep(ms(300));
      const light = (bed.records('light.restored').at(-1)?.at ?? 0) - from;
      assert.ok(light > 0 && light < seconds(1), `cut to light took ${light / 1e6} ms`);
      await bed.sleep(seconds(10));
      assert.is(bed.records('path.up').length, 2);
    });
  });

test.run();
