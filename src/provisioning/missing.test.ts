// A cross-connect of a light path that somebody else takes away, at the switch itself.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { seconds } from '../core/time.ts';
import { granted, line, REQUEST } from './line.fixture.ts';

const test = suite('a cross-connect that somebody else takes away');

for (const ways of ['one', 'two'] as const)
  test(`is found missing by the next read-back and made again (${ways})`, async () => {
    const bed = line();
    await bed.run(async () => {
      granted(await bed.newClient('S1').request(REQUEST), bed);
      await bed.sleep(seconds(2));
      const all = bed.crossConnects();
      // Towards the host: no switch sees the difference.
      const [, input = '', output = ''] = all.findLast((c) => c.startsWith('S3'))?.split(' ') ?? [];
      await bed.switchOf('S3').disconnect(input, output, ways);
      const up = await bed.until('path.up', 2);
      assert.equal(up.fields['fibres'], bed.records('path.up')[0]?.fields['fibres']);
      assert.equal([...bed.crossConnects()].toSorted(), [...all].toSorted());
      assert.is(bed.records('light.restored').length - bed.records('light.lost').length, 2);
    });
  });

test.run();
