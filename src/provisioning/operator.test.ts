import { assert, suite } from '../../scripts/testing/suite.ts';
import { seconds } from '../core/time.ts';
import { granted, line, REQUEST } from './line.fixture.ts';

const test = suite('an operator frees ports');

test('what is in doubt because its coordinator is gone for good is freed, and who did it is recorded', async () => {
  const bed = line();
  await bed.run(async () => {
    const lost = bed.newClient('S1');
    void lost.request(REQUEST);
    await bed.until('participant.prepared', 3);
    bed.at('S1').crash();
    lost.abandon();
    await bed.sleep(seconds(60));
    const other = { path: 'q', from: 'T2', to: 'T1' };
    assert.is((await bed.newClient('S3').request(other)).kind, 'refused', 'in doubt: the ports stay locked');
    for (const name of ['S2', 'S3']) assert.equal(await bed.newClient(name).free('p', 'alice'), ['1', '2']);
    assert.equal(
      bed.records('operator.freed').map(({ fields }) => [fields['switch'], fields['by'], fields['path']]),
      [
        ['S2', 'alice', 'p'],
        ['S3', 'alice', 'p'],
      ],
    );
    assert.is(bed.records('participant.aborted').length, 0);
    // The agent of S1 starts again with an empty memory of what it wanted, and gives up the rest by itself.
    bed.at('S1').restart();
    await bed.sleep(seconds(5));
    granted(await bed.newClient('S3').request(other), bed);
  });
});

test('a held cross-connect goes, and so it stays after a restart; an unknown path has nothing to free', async () => {
  const bed = line();
  await bed.run(async () => {
    granted(await bed.newClient('S1').request(REQUEST), bed);
    bed.at('S1').crash();
    const operator = bed.newClient('S2');
    assert.equal(await operator.free('nothing', 'alice'), []);
    assert.equal(await operator.free('p', 'alice'), ['1', '2']);
    await bed.sleep(seconds(1));
    assert.not.ok(bed.crossConnects().some((c) => c.startsWith('S2')));
    bed.at('S2').crash();
    bed.at('S2').restart();
    await bed.sleep(seconds(5));
    assert.not.ok(bed.crossConnects().some((c) => c.startsWith('S2')));
  });
});

test.run();
