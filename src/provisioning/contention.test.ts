import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { Checkers } from '../scenario/checkers/all.ts';
import { Bed } from './bed.fixture.ts';
import { PathClient } from './client.ts';
import { assertAgreement } from './line.fixture.ts';
import type { PathGrant, PathRefusal } from './path-answer.ts';

const test = suite('many requests for few fibres');

/** `count` pairs of terminals, half of them asked for at either end, and `lines` fibres between the two switches, each so many km longer than the last. */
async function rush(count: number, lines: number, longer = 1): Promise<Bed> {
  const fibres: Record<string, string> = {};
  for (let i = 1; i <= lines; i++) fibres[`l${i}`] = `S1 S2 ${100 + longer * i}`;
  for (let i = 1; i <= count; i++) {
    fibres[`a${i}`] = `T${i} S1 1`;
    fibres[`b${i}`] = `S2 T${count + i} 1`;
  }
  const bed = new Bed({ fibres, delay: ms(20), seed: `${count} ${lines}` });
  await bed.run(async () => {
    const clients = ['S1', 'S2'].map((name) => bed.newClient(name));
    const answers = await Promise.all(
      Array.from({ length: count }, (_, i) =>
        clients[i % 2]?.request({ path: `p${i}`, from: `T${i + 1}`, to: `T${count + i + 1}` }),
      ),
    );
    const up = answers.filter((answer) => answer?.kind === 'granted').length;
    const whys = answers.flatMap((answer) => (answer?.kind === 'refused' ? [answer.why] : []));
    assert.is(up + whys.length, count, 'all settle');
    assert.is(up, Math.min(lines, count), whys.join());
    for (const why of whys) assert.ok(why === 'port-busy' || why === 'contention', why);
    await bed.sleep(seconds(3));
    assert.is(bed.crossConnects().length, 4 * up, 'and leave nothing else behind');
    assertAgreement(bed);
    const checkers = new Checkers(seconds(30));
    for (const record of bed.trace.records) checkers.observe(record);
    checkers.settle(bed.engine.now());
    assert.equal(checkers.violations, []);
  });
  return bed;
}

test('as many are up as there are fibres, and the others are told that those are taken', async () => {
  for (const [count, lines] of [
    [2, 1],
    [4, 2],
    [6, 3],
  ] as const)
    await rush(count, lines);
});

test('where all fit, tries that fail are no more than requests', async () => {
  const aborted = async (count: number): Promise<number> =>
    (await rush(count, count)).records('transaction.aborted').length;
  const [few, many] = [await aborted(2), await aborted(6)];
  assert.ok(few <= 2 && many <= 6, `${few} and ${many} tries that failed`);
});

test('of fibres side by side everybody takes another, however many ask at once', async () => {
  const bed = await rush(8, 8, 0);
  const failed = bed.records('transaction.aborted').length;
  assert.ok(failed <= 12, `${failed} tries that failed`);
});

test('what is only locked is waited for: it may come free again', async () => {
  const fibres = { aa: 'T1 S1 1', ab: 'S1 S2 100', bc: 'S2 S3 100', cc: 'S3 T2 1' };
  for (const agent of ['S1', 'S2']) {
    const bed = new Bed({ fibres: { ...fibres, qa: 'T3 S1 1', qb: 'S2 T4 1' } });
    await bed.run(async () => {
      bed.at('S3').crash();
      const stuck = bed.newClient('S1').request({ path: 'p', from: 'T1', to: 'T2' });
      await bed.sleep(ms(500));
      const other = await bed.newClient(agent).request({ path: 'q', from: 'T3', to: 'T4' });
      assert.is(other.kind, 'granted', other.kind === 'refused' ? other.reason : '');
      assert.is((await stuck).kind, 'refused');
    });
  }
});

test('a switch with a long line of commands refuses nothing for that, and its ports stay known', async () => {
  const bed = new Bed({
    fibres: { aa: 'T1 S1 1', ab: 'S1 S2 100', bb: 'S2 T2 1', ca: 'T3 S2 1', cb: 'S2 T4 1' },
  });
  await bed.run(async () => {
    // Its power is polled from now on.
    assert.is((await bed.newClient('S2').request({ path: 'q', from: 'T3', to: 'T4' })).kind, 'granted');
    const device = bed.switches.get('S2');
    assert.ok(device);
    const list = device.listCrossConnects.bind(device);
    const asked = bed.engine.now();
    device.listCrossConnects = async () => {
      while (bed.engine.now() - asked < seconds(4)) await bed.sleep(ms(50));
      return list();
    };
    const answer = await bed.newClient('S1').request({ path: 'p', from: 'T1', to: 'T2' });
    assert.is(answer.kind, 'granted', answer.kind === 'refused' ? answer.reason : '');
    assert.ok(bed.engine.now() - asked >= seconds(4), 'it has waited for the line');
  });
});

test('whoever waits for its turn hears that it is being seen to; a client gives up on silence alone', async () => {
  const fibres: Record<string, string> = {};
  for (let i = 1; i <= 7; i++) {
    fibres[`a${i}`] = `T${i} S1 1`;
    fibres[`l${i}`] = 'S1 S2 100';
    fibres[`b${i}`] = `S2 T${100 + i} 1`;
  }
  const bed = new Bed({ fibres });
  await bed.run(async () => {
    bed.at('S2').crash();
    const { platform } = bed.client;
    const client = new PathClient(
      platform,
      { machine: 'S1', tcpPort: 3400 },
      {
        requestLimit: seconds(5),
        heartbeat: seconds(2),
      },
    );
    const ask = (i: number): Promise<PathGrant | PathRefusal> =>
      client.request({ path: `p${i}`, from: `T${i}`, to: `T${100 + i}` });
    const from = bed.engine.now();
    const answers = await Promise.all(Array.from({ length: 7 }, (_, i) => ask(i + 1)));
    assert.ok(bed.engine.now() - from > seconds(7), 'the last has waited longer than the limit');
    for (const answer of answers)
      assert.is(answer.kind === 'refused' ? answer.why : '', 'participant-unreachable');
    bed.at('S1').crash();
    const asked = bed.engine.now();
    const silent = await ask(1);
    assert.is(silent.kind === 'refused' ? silent.why : '', 'no-answer');
    assert.is(bed.engine.now() - asked, seconds(5));
  });
});

test.run();
