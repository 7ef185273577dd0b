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

test('a path that is given back while it waits for its turn locks nothing', async () => {
  const fibres: Record<string, string> = {};
  for (const i of [1, 2, 3])
    Object.assign(fibres, { [`a${i}`]: `T${i} S1 1`, [`l${i}`]: `S1 S2 100`, [`b${i}`]: `S2 T${i + 3} 1` });
  const bed = new Bed({ fibres, delay: ms(80) });
  await bed.run(async () => {
    const client = bed.newClient('S1');
    const answers = [1, 2, 3].map((i) => client.request({ path: `p${i}`, from: `T${i}`, to: `T${i + 3}` }));
    await bed.until('path.requested', 3);
    await client.release('p3');
    const kinds = (await Promise.all(answers)).map(({ kind }) => kind);
    assert.equal(kinds, ['granted', 'granted', 'refused']);
    await bed.sleep(seconds(1));
    const locked = bed.records('transaction.locked').map(({ fields }) => fields['path']);
    assert.equal(locked.sort(), ['p1', 'p2']);
  });
});

test.run();
