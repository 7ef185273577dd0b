import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';
import { assertAgreement, granted, LINE, line, REQUEST, refused } from './line.fixture.ts';

const test = suite('leases and losses');

test('messages that are late, lost and doubled harm nothing', async () => {
  for (const seed of ['1', '2', '3', '4', '5', '6', '7', '8']) {
    const bed = new Bed({ fibres: LINE, delay: ms(20), seed });
    const draw = bed.client.platform.random.fork('rule');
    bed.world.addPacketRule(() => {
      const n = draw.integer(20);
      if (n === 0) return { kind: 'drop' };
      if (n < 4) return { kind: 'duplicate' };
      return n < 7 ? { kind: 'delay', by: ms(draw.integer(300)) } : { kind: 'pass' };
    });
    await bed.run(async () => {
      const client = bed.newClient('S2');
      for (let i = 0; i < 3; i++) {
        await client.request({ ...REQUEST, path: `p${i}` });
        await client.release(`p${i}`);
      }
      await client.close();
      await bed.sleep(seconds(100));
      assert.equal(bed.crossConnects(), [], bed.trace.tail(30).join('\n'));
      assertAgreement(bed);
    });
  }
});

test('a client that dies loses its path at the end of the lease', async () => {
  const bed = line();
  await bed.run(async () => {
    const client = bed.newClient('S1');
    granted(await client.request(REQUEST), bed);
    await bed.sleep(seconds(60));
    assert.is(bed.crossConnects().length, 6);
    client.abandon();
    const from = bed.engine.now();
    const released = await bed.until('path.released');
    assert.ok(released.at - from <= seconds(31));
    await bed.sleep(seconds(1));
    assert.equal(bed.crossConnects(), []);
  });
});

test('a participant that hears no renewal frees its ports at the end of the lease; the path is made again when its coordinator is back', async () => {
  const bed = line();
  await bed.run(async () => {
    granted(await bed.newClient('S1').request(REQUEST), bed);
    bed.at('S1').crash();
    const from = bed.engine.now();
    await bed.until('lease.expired', 2);
    assert.ok(bed.engine.now() - from <= seconds(31));
    await bed.sleep(seconds(1));
    assert.equal(bed.crossConnects(), ['S1 1 2', 'S1 2 1']);
    bed.at('S1').restart();
    await bed.until('path.up', 2);
    assert.is(bed.crossConnects().length, 6);
    assert.is(bed.records('path.up').at(-1)?.fields['path'], 'p');
    await bed.sleep(seconds(60));
    assert.is(bed.crossConnects().length, 6);
    assertAgreement(bed);
  });
});

test('an agent that crashes and comes back keeps what its log says, and the light goes on', async () => {
  for (const name of ['S1', 'S2', 'S3']) {
    const bed = line();
    await bed.run(async () => {
      granted(await bed.newClient('S1').request(REQUEST), bed);
      bed.at(name).crash();
      await bed.sleep(seconds(5));
      bed.at(name).restart();
      await bed.sleep(seconds(90));
      assert.is(bed.crossConnects().length, 6, `${name}: ${bed.trace.tail(30).join('\n')}`);
      assert.is(bed.records('light.lost').length, 0);
      assert.is(bed.records('path.released').length, 0);
    });
  }
});

test('a participant that has let its lease end says so at the next renewal, and the path is made again there', async () => {
  const bed = line();
  await bed.run(async () => {
    granted(await bed.newClient('S1').request(REQUEST), bed);
    for (const name of ['S1', 'S2']) bed.switchOf(name).faults.failsPower = true;
    const rule = bed.world.addPacketRule((p) =>
      p.to.machine === 'S3' && p.from.machine === 'S1' ? { kind: 'drop' } : { kind: 'pass' },
    );
    await bed.until('lease.expired');
    await bed.sleep(seconds(1));
    assert.is(bed.crossConnects().length, 4);
    rule.remove();
    await bed.until('reroute.started');
    for (const name of ['S1', 'S2']) bed.switchOf(name).faults.failsPower = false;
    await bed.until('path.up', 2);
    assert.is(bed.crossConnects().length, 6);
    assertAgreement(bed);
  });
});

test('an agent that never answers does not keep its client waiting for ever', async () => {
  const bed = line();
  await bed.run(async () => {
    bed.at('S1').crash();
    const client = bed.newClient('S1');
    assert.match(refused(await client.request(REQUEST)), /did not answer/);
    await client.release('p');
    client.abandon();
  });
});

test('while their coordinator is away, participants in doubt neither commit nor abort; when it is back they end alike', async () => {
  const bed = line();
  await bed.run(async () => {
    const client = bed.newClient('S1');
    const answer = client.request(REQUEST);
    await bed.until('participant.prepared', 1);
    bed.at('S1').crash();
    client.abandon();
    await bed.sleep(seconds(330));
    assert.equal(bed.records('participant.aborted'), []);
    assert.equal(bed.records('participant.committed'), []);
    bed.at('S1').restart();
    await bed.until('participant.aborted', 2);
    refused(await answer);
    assertAgreement(bed);
    granted(await bed.newClient('S1').request({ ...REQUEST, path: 'q' }), bed);
  });
});

test.run();
