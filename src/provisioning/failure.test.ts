import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';
import { assertAgreement, granted, LINE, line, REQUEST, refused } from './line.fixture.ts';

const test = suite('light paths under failures');

test('of two requests for one fibre at once exactly one wins, and the other is told the port is taken', async () => {
  for (const seed of ['1', '2', '3', '4', '5', '6']) {
    const bed = new Bed({
      fibres: { a1: 'T1 S1 1', a2: 'T2 S1 1', ab: 'S1 S2 700', b3: 'S2 T3 1', b4: 'S2 T4 1' },
      delay: ms(20),
      seed,
    });
    await bed.run(async () => {
      const one = bed.newClient('S1');
      const two = bed.newClient('S2');
      const answers = await Promise.all([
        one.request({ path: 'p', from: 'T1', to: 'T3' }),
        two.request({ path: 'q', from: 'T4', to: 'T2' }),
      ]);
      assert.is(answers.filter((a) => a.kind === 'granted').length, 1, bed.trace.tail(40).join('\n'));
      await bed.sleep(seconds(2));
      assert.is(bed.crossConnects().length, 4);
      assertAgreement(bed);
    });
  }
});

test('the loser of a contended fibre takes another one where there is one', async () => {
  const bed = new Bed({
    fibres: { a1: 'T1 S1 1', a2: 'T2 S1 1', ab: 'S1 S2 700', ac: 'S1 S2 900', b3: 'S2 T3 1', b4: 'S2 T4 1' },
    delay: ms(20),
  });
  await bed.run(async () => {
    const answers = await Promise.all([
      bed.newClient('S1').request({ path: 'p', from: 'T1', to: 'T3' }),
      bed.newClient('S2').request({ path: 'q', from: 'T4', to: 'T2' }),
    ]);
    const fibres = answers.map((answer) => granted(answer, bed).fibres[1]);
    assert.equal(fibres.sort(), ['ab', 'ac']);
  });
});

test("a port in somebody else's cross-connect is refused and never touched", async () => {
  const bed = line();
  bed.plant.switch('S2').connect('1', '1');
  await bed.run(async () => {
    await bed.sleep(seconds(1));
    const reason = refused(await bed.newClient('S1').request(REQUEST));
    assert.match(reason, /no free fibres/, reason);
    assert.equal(bed.crossConnects(), ['S2 1 1']);
  });
});

test('a cross-connect that somebody makes between read-back and request is found by the live check', async () => {
  const bed = line();
  await bed.run(async () => {
    bed.plant.switch('S2').connect('1', '1');
    const reason = refused(await bed.newClient('S1').request(REQUEST));
    assert.match(reason, /port 1 of S2 has a cross-connect of somebody else/);
    assert.equal(bed.crossConnects(), ['S2 1 1']);
  });
});

test('an unknown terminal and a second use of a name are refused with the reason', async () => {
  const bed = line();
  await bed.run(async () => {
    const client = bed.newClient('S2');
    assert.match(refused(await client.request({ ...REQUEST, to: 'T9' })), /terminal T9 is not known/);
    granted(await client.request(REQUEST), bed);
    assert.match(refused(await client.request({ ...REQUEST, from: 'T2', to: 'T1' })), /another path p/);
    granted(await client.request(REQUEST), bed);
  });
});

test('a participant whose switch never answers the live check ends the request; ports come free', async () => {
  const bed = line();
  await bed.run(async () => {
    await bed.sleep(seconds(1));
    bed.switchOf('S2').faults.isMute = true;
    assert.match(refused(await bed.newClient('S1').request(REQUEST)), /S2 did not vote in time/);
    bed.switchOf('S2').faults.isMute = false;
    await bed.sleep(seconds(6));
    granted(await bed.newClient('S1').request(REQUEST), bed);
    assertAgreement(bed);
  });
});

test('a participant whose machine never answers ends the request; the others unlock', async () => {
  const bed = line();
  await bed.run(async () => {
    bed.at('S2').crash();
    assert.match(refused(await bed.newClient('S1').request(REQUEST)), /S2 did not vote in time/);
    bed.at('S2').restart();
    await bed.sleep(seconds(15));
    granted(await bed.newClient('S1').request(REQUEST), bed);
  });
});

test('a participant that crashes when prepared commits when it is back: the decision is told until it is heard', async () => {
  const bed = line();
  await bed.run(async () => {
    const answer = bed.newClient('S1').request(REQUEST);
    await bed.until('transaction.locked');
    bed.at('S3').crash();
    await bed.sleep(seconds(8));
    assert.is(bed.records('participant.committed').length, 2);
    bed.at('S3').restart();
    await bed.until('participant.committed', 3);
    // It came too late for the request, which has ended meanwhile: so what it made goes again.
    refused(await answer);
    await bed.sleep(seconds(5));
    assert.equal(bed.crossConnects(), []);
    assertAgreement(bed);
  });
});

test('a coordinator that crashes before its decision: participants ask when it is back, and abort', async () => {
  const bed = line();
  await bed.run(async () => {
    void bed.newClient('S1').request(REQUEST);
    await bed.until('participant.prepared', 1);
    bed.at('S1').crash();
    await bed.sleep(seconds(5));
    assert.is(bed.records('participant.aborted').length, 0);
    bed.at('S1').restart();
    await bed.sleep(seconds(10));
    assert.is(
      bed.records('transaction.locked').filter((r) => r.fields['transaction'] === 'S1#1.1').length,
      0,
    );
    const aborted = bed.records('participant.aborted').map((r) => r.fields['switch']);
    assert.ok(aborted.includes('S2') && aborted.includes('S3'), bed.trace.tail(40).join('\n'));
    assertAgreement(bed);
  });
});

test('a coordinator that crashes after its decision commits when it is back', async () => {
  const bed = line();
  await bed.run(async () => {
    const answer = bed.newClient('S1').request(REQUEST);
    await bed.until('transaction.locked');
    bed.at('S1').crash();
    await bed.sleep(seconds(5));
    bed.at('S1').restart();
    granted(await answer, bed);
    assert.is(bed.records('participant.committed').length, 3);
    assert.is(bed.crossConnects().length, 6);
    assertAgreement(bed);
  });
});

test('an answer of the switch that is lost is found out by reading back', async () => {
  const bed = line();
  await bed.run(async () => {
    bed.switchOf('S2').faults.losesAnswers = true;
    const client = bed.newClient('S1');
    granted(await client.request(REQUEST), bed);
    await client.close();
    await bed.sleep(seconds(2));
    assert.equal(bed.crossConnects(), []);
  });
});

test('a switch that will not connect fails the request with its reason, and nothing stays', async () => {
  const bed = line();
  await bed.run(async () => {
    bed.switchOf('S2').faults.refusesConnect = true;
    assert.match(refused(await bed.newClient('S1').request(REQUEST)), /S2: connect 1 and 2: mirror stuck/);
    await bed.sleep(seconds(3));
    assert.equal(bed.crossConnects(), []);
    assertAgreement(bed);
  });
});

test('a switch that hangs at its connect fails the request in time, and what it makes later goes again', async () => {
  const bed = line();
  await bed.run(async () => {
    const answer = bed.newClient('S1').request(REQUEST);
    await bed.until('participant.prepared', 3);
    bed.switchOf('S2').faults.isMute = true;
    const from = bed.engine.now();
    assert.match(refused(await answer), /S2 did not confirm the commit/);
    assert.ok(bed.engine.now() - from < seconds(5));
    await bed.sleep(seconds(12));
    bed.switchOf('S2').faults.isMute = false;
    await bed.sleep(seconds(10));
    assert.equal(bed.crossConnects(), []);
    assert.is(bed.records('participant.committed').length, 3);
    assertAgreement(bed);
    granted(await bed.newClient('S1').request({ ...REQUEST, path: 'q' }), bed);
  });
});

test('a switch that hangs while it carries a path costs nothing but sight: the lease lives, a later cut is found', async () => {
  const bed = new Bed({ fibres: { ...LINE, ac: 'S1 S3 2000' }, delay: ms(20) });
  await bed.run(async () => {
    granted(await bed.newClient('S1').request(REQUEST), bed);
    bed.switchOf('S2').faults.isMute = true;
    await bed.sleep(seconds(60));
    assert.equal(bed.records('loss.detected'), []);
    assert.equal(bed.records('lease.expired'), []);
    bed.switchOf('S2').faults.isMute = false;
    await bed.sleep(seconds(6));
    bed.plant.cut('ab', { direction: 'a-to-b' });
    const up = await bed.until('path.up', 2);
    assert.equal(up.fields['fibres'], ['aa', 'ac', 'cc']);
  });
});

test.run();
