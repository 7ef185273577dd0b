import { assert, suite } from '../../scripts/testing/suite.ts';
import { type Duration, seconds } from '../core/time.ts';
import type { Bed } from './bed.fixture.ts';
import { granted, line, REQUEST } from './line.fixture.ts';

const test = suite('renewals and releases without an answer');

test('renewals that are never answered keep the lease all the same, and the path stays', async () => {
  const bed = line();
  await bed.run(async () => {
    granted(await bed.newClient('S1').request(REQUEST), bed);
    const rule = bed.mute('S3', 'S1');
    await bed.sleep(seconds(120));
    assert.equal(bed.records('lease.expired'), []);
    assert.is(bed.records('path.up').length, 1);
    assert.is(bed.crossConnects().length, 6);
    rule.remove();
    await bed.sleep(seconds(60));
    assert.is(bed.records('path.up').length, 1);
    assert.is(bed.crossConnects().length, 6);
  });
});

test('a release that is never answered is done all the same, and asked for no longer than two leases', async () => {
  const bed = line();
  await bed.run(async () => {
    const client = bed.newClient('S1');
    granted(await client.request(REQUEST), bed);
    const rule = bed.mute('S3', 'S1');
    await client.release('p');
    await bed.sleep(seconds(1));
    assert.equal(bed.crossConnects(), []);
    const asked = await bytesTo(bed, 'S1', 'S3', seconds(50));
    await bed.sleep(seconds(15));
    assert.ok((await bytesTo(bed, 'S1', 'S3', seconds(50))) < asked * 0.7);
    rule.remove();
    await bed.sleep(seconds(90));
    granted(await bed.newClient('S1').request({ ...REQUEST, path: 'q' }), bed);
  });
});

test('a release that never arrives is made up for by the end of the lease', async () => {
  const bed = line();
  await bed.run(async () => {
    const client = bed.newClient('S1');
    granted(await client.request(REQUEST), bed);
    const rule = bed.mute('S1', 'S3');
    await client.release('p');
    await bed.sleep(seconds(1));
    assert.equal(bed.crossConnects(), ['S3 1 2', 'S3 2 1']);
    await bed.until('lease.expired');
    await bed.sleep(seconds(1));
    assert.equal(bed.crossConnects(), []);
    rule.remove();
    await bed.sleep(seconds(90));
    granted(await bed.newClient('S1').request({ ...REQUEST, path: 'q' }), bed);
  });
});

/** Payload from one agent to another in that time. */
async function bytesTo(bed: Bed, from: string, to: string, span: Duration): Promise<number> {
  let sum = 0;
  const rule = bed.world.addPacketRule((p) => {
    if (p.from.machine === from && p.to.machine === to && p.to.tcpPort === 3400) sum += p.bytes;
    return { kind: 'pass' };
  });
  await bed.sleep(span);
  rule.remove();
  return sum;
}

test.run();
