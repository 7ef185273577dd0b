// A coordinator that starts again knows its paths from its log, and whether they have light from nobody yet.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { seconds } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';
import { granted, REQUEST } from './line.fixture.ts';

const test = suite('a coordinator that starts again, cut off from everybody');

const MAP = {
  aa: 'T1 S1 1',
  ab: 'S1 S2 7200',
  ax: 'S1 S5 9000',
  xb: 'S5 S2 9000',
  bc: 'S2 S3 3000',
  cc: 'S3 T2 1',
};

/** The coordinator crashes and returns while it reaches nobody; `meanwhile` happens as long as that lasts. */
async function cutOffRestart(bed: Bed, meanwhile: () => void): Promise<void> {
  const client = bed.newClient('S1');
  granted(await client.request(REQUEST), bed);
  await bed.sleep(seconds(2));
  bed.isolate(['S1'], true);
  bed.at('S1').crash();
  await bed.sleep(seconds(1));
  bed.at('S1').restart();
  await bed.until('path.resumed');
  meanwhile();
  await bed.until('path.unheard');
  await bed.sleep(seconds(5));
  assert.is(bed.records('path.up').length, 1, 'nobody has said that there is light');
  bed.isolate(['S1'], false);
}

test('its path is up again when the switches have said that light arrives', async () => {
  const bed = new Bed({ fibres: MAP });
  await bed.run(async () => {
    await cutOffRestart(bed, () => {});
    const up = await bed.until('path.up', 2);
    assert.is(up.fields['revision'], 0);
    assert.is(bed.records('light.lost').length, 0);
    assert.is(bed.records('path.unheard').length, 1);
  });
});

test('its path moves when a fibre was cut meanwhile in the way that it does not see', async () => {
  const bed = new Bed({ fibres: MAP });
  await bed.run(async () => {
    await cutOffRestart(bed, () => bed.plant.cut('ab', { direction: 'a-to-b' }));
    const up = await bed.until('path.up', 2);
    assert.equal(up.fields['fibres'], ['aa', 'ax', 'xb', 'bc', 'cc']);
  });
});

test('its path can be given back all the same', async () => {
  const bed = new Bed({ fibres: MAP });
  await bed.run(async () => {
    const client = bed.newClient('S1');
    granted(await client.request(REQUEST), bed);
    await bed.sleep(seconds(1));
    bed.at('S3').crash();
    bed.at('S1').crash();
    bed.at('S1').restart();
    await bed.until('path.unheard');
    await client.release(REQUEST.path);
    await bed.until('path.released');
    assert.is(bed.records('path.up').length, 1);
  });
});

test.run();
