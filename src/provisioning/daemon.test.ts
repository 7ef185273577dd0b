import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { DaemonBed, type DaemonBedOptions } from './daemon.fixture.ts';

const test = suite('daemon');

/** Two ways from TA to TB, over B or over D. */
const RING: DaemonBedOptions['fibres'] = {
  'acc-a': 'TA A 1',
  ab: 'A B 100',
  bc: 'B C 100',
  ad: 'A D 200',
  dc: 'D C 200',
  'acc-b': 'C TB 1',
};

const bedOf = (o: Partial<DaemonBedOptions> = {}): DaemonBed =>
  new DaemonBed({ fibres: RING, agents: ['C', 'A'], ...o });

test('traffic goes over the path while both ends have light, and is routed before and after', async () => {
  const bed = bedOf();
  await bed.run(async () => {
    const application = await bed.application('TA');
    const answer = await application.request({ path: 'x', to: 'TB' });
    assert.is(answer.type, 'granted');
    await bed.untilTraffic('x', seconds(1));
    const [status] = (await application.list()) ?? [];
    assert.equal([status?.state, status?.traffic, status?.from], ['up', 'path', 'TA']);
    await application.release('x');
    await bed.untilTraffic('routed', seconds(1));
    assert.equal(await application.list(), []);
    await bed.sleep(seconds(1));
    assert.equal(bed.crossConnects(), []);
    assert.equal([...bed.turns].sort(), ['TA routed', 'TA routed', 'TA x', 'TB routed', 'TB routed', 'TB x']);
  });
});

test('the nearest agent that answers is asked, wherever it stands in the list', async () => {
  const bed = bedOf({ agents: ['D', 'B', 'C'], daemons: { surveyLife: seconds(20) } });
  await bed.run(async () => {
    for (const [name, delay] of [['D', 9] as const, ['B', 6] as const]) bed.slow(name, ms(delay));
    const application = await bed.application('TA');
    const agentOf = async (path: string): Promise<string | null | undefined> => {
      await application.request({ path, to: 'TB', detached: true });
      const agent = (await application.list())?.[0]?.agent;
      await application.release(path);
      return agent;
    };
    assert.is(await agentOf('x'), 'C:3400');
    bed.slow('C', ms(20));
    await bed.sleep(seconds(30));
    assert.is(await agentOf('y'), 'B:3400');
    bed.at('B').crash();
    await bed.sleep(seconds(1));
    assert.is(await agentOf('z'), 'D:3400');
  });
});

test('a reroute takes the traffic off the path and puts it back on', async () => {
  const bed = bedOf();
  await bed.run(async () => {
    const application = await bed.application('TA');
    await application.request({ path: 'x', to: 'TB' });
    await bed.untilTraffic('x', seconds(1));
    bed.plant.cut('ab');
    await bed.untilTraffic('routed', ms(50));
    await bed.untilTraffic('x', seconds(3));
    assert.is(bed.records('reroute.decided').length, 1);
  });
});

test('light that one end alone receives is not used by either', async () => {
  const bed = bedOf();
  await bed.run(async () => {
    const application = await bed.application('TA');
    await application.request({ path: 'x', to: 'TB' });
    await bed.untilTraffic('x', seconds(1));
    bed.plant.cut('acc-b', { direction: 'a-to-b' });
    await bed.untilTraffic('routed', ms(50));
    assert.is(bed.plant.terminal('TA').receiver, 'lit', 'the other direction still carries');
  });
});

test('an agent that is told of light that a host misses has the path DOWN, and up again with the light', async () => {
  const bed = bedOf();
  await bed.run(async () => {
    const application = await bed.application('TA');
    await application.request({ path: 'x', to: 'TB' });
    await bed.untilTraffic('x', seconds(1));
    await bed.sleep(seconds(2));
    bed.plant.cut('acc-b', { direction: 'a-to-b' });
    const down = await bed.until('path.down');
    assert.match(String(down.fields['reason']), /no light reaches TB \(fibre acc-b\)/);
    await bed.sleep(ms(50));
    const [status] = (await application.list()) ?? [];
    assert.equal([status?.state, status?.traffic], ['down', 'routed']);
    bed.plant.repair('acc-b', 'a-to-b');
    await bed.until('path.up', 2, seconds(1));
    await bed.untilTraffic('x', seconds(1));
  });
});

test('a path without any way is routed, and is used again when its fibre is mended', async () => {
  const bed = bedOf();
  await bed.run(async () => {
    const application = await bed.application('TA');
    await application.request({ path: 'x', to: 'TB' });
    await bed.untilTraffic('x', seconds(1));
    bed.plant.cut('acc-b');
    await bed.untilTraffic('routed', ms(50));
    await bed.sleep(seconds(40));
    bed.plant.repair('acc-b');
    await bed.untilTraffic('x', seconds(60));
  });
});

test('paths are given back when their application has been away for the grace, but for detached ones', async () => {
  const bed = bedOf();
  await bed.run(async () => {
    const application = await bed.application('TA');
    await application.request({ path: 'x', to: 'TB' });
    await bed.untilTraffic('x', seconds(1));
    application.close();
    await bed.sleep(seconds(9));
    const back = await bed.application('TA');
    assert.is((await back.request({ path: 'x', to: 'TB' })).type, 'granted', 'it is taken over');
    await bed.sleep(seconds(5));
    assert.is(bed.traffic.TA, 'x');
    back.close();
    await bed.sleep(seconds(12));
    assert.equal([bed.traffic, bed.crossConnects()], [{ TA: 'routed', TB: 'routed' }, []]);
    const third = await bed.application('TA');
    await third.request({ path: 'y', to: 'TB', detached: true });
    third.close();
    await bed.sleep(seconds(60));
    assert.equal(bed.traffic, { TA: 'y', TB: 'y' });
  });
});

test("another application's path cannot be taken over while that lives", async () => {
  const bed = bedOf();
  await bed.run(async () => {
    const [one, other] = [await bed.application('TA'), await bed.application('TA')];
    await one.request({ path: 'x', to: 'TB' });
    const answer = await other.request({ path: 'x', to: 'TB' });
    assert.is(answer.type === 'refused' && answer.kind, 'name-taken');
  });
});

test('a daemon that starts again keeps its paths, and its applications may come back for them', async () => {
  const bed = bedOf();
  await bed.run(async () => {
    const application = await bed.application('TA');
    await application.request({ path: 'x', to: 'TB' });
    await application.request({ path: 'nowhere', to: 'TC', detached: true });
    await bed.untilTraffic('x', seconds(1));
    bed.daemonOf('TA').crash();
    await bed.sleep(seconds(3));
    bed.daemonOf('TA').restart();
    await bed.sleep(ms(20));
    assert.is(bed.traffic.TA, 'routed', 'what the last life had verified does not count');
    await bed.untilTraffic('x', seconds(10));
    const back = await bed.application('TA');
    assert.is((await back.request({ path: 'x', to: 'TB' })).type, 'granted');
    await bed.sleep(seconds(60));
    assert.equal(bed.traffic, { TA: 'x', TB: 'x' });
    assert.is(bed.records('path.up').length, 1, 'it never went');
  });
});

test("a daemon that is gone does not keep the other host's traffic on the path", async () => {
  const bed = bedOf();
  await bed.run(async () => {
    const application = await bed.application('TA');
    await application.request({ path: 'x', to: 'TB' });
    await bed.untilTraffic('x', seconds(1));
    bed.daemonOf('TB').crash();
    await bed.sleep(seconds(7));
    assert.is(bed.traffic.TA, 'routed');
  });
});

test('when the agent that is asked goes silent the next one is asked', async () => {
  const bed = bedOf({ agents: ['A', 'B'] });
  await bed.run(async () => {
    const application = await bed.application('TA');
    await application.list();
    bed.at('A').crash();
    const answer = await application.request({ path: 'x', to: 'TB' });
    assert.is(
      answer.type === 'refused' && answer.kind,
      'participant-unreachable',
      'B was asked, and needs A',
    );
  });
});

test('a path whose agent has gone for good is asked of another one, under another name', async () => {
  const fibres = { ...RING, 'acc-a': 'TA B 1' };
  const bed = bedOf({ fibres, agents: ['A', 'C'], daemons: { probeLimit: ms(500) } });
  await bed.run(async () => {
    bed.isolate(['C'], true);
    const application = await bed.application('TA');
    // Only A answers; the path does not need it, but needs C.
    const asked = application.request({ path: 'x', to: 'TB' });
    await bed.sleep(seconds(1));
    bed.isolate(['C'], false);
    assert.is((await asked).type, 'granted');
    await bed.untilTraffic('x', seconds(2));
    bed.at('A').crash();
    await bed.untilTraffic('x.2', seconds(100));
    await bed.sleep(seconds(60));
    assert.equal(bed.traffic, { TA: 'x.2', TB: 'x.2' });
  });
});

test('a watcher hears each change of a path, at both ends', async () => {
  const bed = bedOf();
  await bed.run(async () => {
    const heard: string[] = [];
    (await bed.application('TA')).watch((s) => heard.push(`TA ${s.path} ${s.state} ${s.traffic}`));
    (await bed.application('TB')).watch((s) => heard.push(`TB ${s.path} ${s.state} ${s.traffic}`));
    const application = await bed.application('TA');
    await application.request({ path: 'x', to: 'TB' });
    await bed.untilTraffic('x', seconds(1));
    await application.release('x');
    await bed.sleep(seconds(1));
    assert.equal(
      heard.filter((line) => line.startsWith('TA')),
      ['TA x asking routed', 'TA x up routed', 'TA x up path', 'TA x leaving routed', 'TA x ended routed'],
    );
    assert.ok(heard.includes('TB x theirs path'), heard.join('\n'));
    assert.is(heard.filter((line) => line.startsWith('TB')).at(-1), 'TB x ended routed');
  });
});

test('a refusal comes with its kind, and leaves nothing behind', async () => {
  const bed = bedOf();
  await bed.run(async () => {
    const application = await bed.application('TA');
    const answer = await application.request({ path: 'x', to: 'TZ' });
    assert.is(answer.type === 'refused' && answer.kind, 'no-path');
    assert.equal(await application.list(), []);
  });
});

test('what is no request is answered with an error, and the connection stays', async () => {
  const bed = bedOf();
  await bed.run(async () => {
    const application = await bed.application('TA');
    const answer = await application.request({ path: '', to: 'TB' });
    assert.is(answer.type === 'refused' && answer.kind, 'bad-request');
    assert.equal(await application.list(), []);
  });
});

test('a path on hold is connected when its application confirms it', async () => {
  const bed = bedOf();
  await bed.run(async () => {
    const application = await bed.application('TA');
    const terms = { reserve: { hold: 20e9 } };
    assert.is((await application.request({ path: 'x', to: 'TB', terms })).type, 'reserved');
    assert.is((await application.confirm('x')).type, 'granted');
    await bed.untilTraffic('x', seconds(2));
    await application.release('x');
    await bed.untilTraffic('routed', seconds(1));
  });
});

test('light one way only has no traffic pointed at it', async () => {
  const bed = bedOf();
  await bed.run(async () => {
    const application = await bed.application('TA');
    await application.request({ path: 'x', to: 'TB', terms: { isSimplex: true } });
    await bed.sleep(seconds(5));
    assert.equal(bed.traffic, { TA: 'routed', TB: 'routed' });
  });
});

test.run();
