import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';
import { granted, REQUEST } from './line.fixture.ts';

const test = suite('light path set-up');

const LINE = { aa: 'T1 S1 1', ab: 'S1 S2 7000', bc: 'S2 S3 3000', cc: 'S3 T2 1' };

for (const delay of [60, 80]) {
  test(`a path over three switches is up and lit within 1 s at ${delay} ms between agents`, async () => {
    const bed = new Bed({ fibres: LINE, delay: ms(delay) });
    await bed.run(async () => {
      const client = bed.newClient('S1');
      const answer = granted(await client.request(REQUEST), bed);
      assert.equal(answer.fibres, ['aa', 'ab', 'bc', 'cc']);
      assert.equal(answer.crossConnects.length, 6);
      assert.ok(answer.setup < seconds(1), `took ${answer.setup} ns`);
      await bed.sleep(ms(200));
      assert.equal(bed.records('light.restored').length, 2);
      await client.close();
      await bed.sleep(seconds(1));
      assert.equal(bed.crossConnects(), []);
      assert.equal(bed.records('path.released').length, 1);
    });
  });
}

test.run();
