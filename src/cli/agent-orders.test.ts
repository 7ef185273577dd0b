// What operators order agents from the command line, on live agents that drive emulated switches: each order is seen in what
// the daemon lists and in the cross-connects that the devices have.

import { once } from 'node:events';
import { assert, suite } from '../../scripts/testing/suite.ts';
import type { PathStatus } from '../provisioning/daemon-messages.ts';
import {
  type Bench,
  type BenchDaemon,
  eventually,
  freeAddress,
  LONG,
  onBench,
  SHORT,
} from './agent-bench.fixture.ts';
import { ask, Desk, type Started } from './emulate.fixture.ts';

const test = suite('orders to lightbed agent');
const add = onBench(test);

interface Office extends BenchDaemon {
  readonly gva: Started;
  readonly chi: Started;
}

/** Two agents, a daemon, and a path over the short fibre. */
async function open(bench: Bench): Promise<Office> {
  const [gva, chi, daemon] = await Promise.all([
    bench.agent('gva', '--write'),
    bench.agent('chi', '--write'),
    bench.daemon(),
  ]);
  const asked = await daemon.path('request', 'x', '--to', 'fnal', '--detached');
  assert.match(asked.stdout, new RegExp(`path x is up after .*: ${SHORT.join(', ')}`), asked.stderr);
  return { gva, chi, ...daemon };
}

async function statusOf(path: Office['path'], name = 'x'): Promise<PathStatus | undefined> {
  const listed = await path('list', '--json');
  return (JSON.parse(listed.stdout) as PathStatus[]).find((each) => each.path === name);
}

const VIA_SHORT = ['1→2', '2→1'];
const VIA_LONG = ['1→3', '3→1'];

add('a path moves where it is told to, in the devices, too', async (bench) => {
  const { path, gva } = await open(bench);
  assert.equal(await bench.connections('gva'), VIA_SHORT);
  assert.is(await bench.operator('move', 'x', '--by', 'alice'), `0 x has moved: over ${LONG.join(', ')}\n`);
  assert.equal(await bench.connections('gva'), VIA_LONG);
  assert.equal(await bench.connections('chi'), ['2→3', '3→2']);
  await gva.said(/ operator\.move path=x by=alice /);
  assert.is(
    await bench.operator('move', 'x', '--along', SHORT.join(',')),
    `0 x has moved: over ${SHORT.join(', ')}\n`,
  );
  assert.equal(await bench.connections('gva'), VIA_SHORT);
  assert.equal((await statusOf(path))?.fibres, SHORT);
  // What cannot be is refused, and leaves the path where it is.
  assert.match(
    await bench.operator('move', 'x', '--along', 'short'),
    /^1 lightbed: move x: no free fibres .*\n$/,
  );
  assert.match(
    await bench.operator('move', 'x', '--along', 'nowhere'),
    /^1 lightbed: move x: no switch has told of a fibre nowhere\n$/,
  );
  assert.match(await bench.operator('move', 'y'), /^1 lightbed: move y: y is not known here\n$/);
  assert.match(await bench.operatorAt('chi', 'move', 'x'), /^1 lightbed: move x: .*gva.*\n$/);
  assert.equal(await bench.connections('gva'), VIA_SHORT);
});

add(
  'a frozen path stays in the dark, over a restart of its agent, until an operator moves it',
  async (bench) => {
    const { path, gva, watch } = await open(bench);
    const news = watch('--json');
    assert.is(await bench.operator('freeze', 'x'), '0 x is frozen\n');
    gva.child.kill('SIGKILL');
    await once(gva.child, 'exit');
    await bench.agent('gva', '--write');
    await ask(bench.emulator, { verb: 'cut', name: 'short', direction: 'both' });
    await news.said(/"state":"down",.*"reason":"fibre short failed, and the path is frozen"/);
    assert.equal(await bench.connections('gva'), VIA_SHORT, 'its ports are kept for it');
    assert.is(await bench.operator('move', 'x'), `0 x has moved: over ${LONG.join(', ')}\n`);
    assert.is((await statusOf(path))?.state, 'up');
    assert.is(await bench.operator('thaw', 'x'), '0 x may move again\n');
    assert.match(await bench.operator('thaw', 'x'), /^1 lightbed: thaw x: it is not frozen\n$/);
  },
);

/** An agent answers after ten seconds who is still there: where paths move slowly, it is asked again. */
async function drained(bench: Bench, fibre: string): Promise<void> {
  let answer = '';
  await eventually(`paths leave ${fibre}`, async () => {
    answer = await bench.operator('maintain', fibre);
    return !answer.includes('still there');
  });
  assert.is(answer, `0 ${fibre} is in maintenance\n`);
}

add('paths leave a fibre in maintenance, and a switch as far as they can', async (bench) => {
  const { path } = await open(bench);
  await drained(bench, 'short');
  assert.equal(await bench.connections('gva'), VIA_LONG);
  assert.equal((await statusOf(path))?.fibres, LONG);
  assert.match(
    await bench.operator('move', 'x', '--along', SHORT.join(',')),
    /^1 lightbed: move x: .*maintenance/,
  );
  assert.is(await bench.operator('end-maintenance', 'short'), '0 short is in service\n');
  assert.match(
    await bench.operator('end-maintenance', 'short'),
    /^1 lightbed: end-maintenance short: short is not in maintenance here\n$/,
  );
  assert.match(
    await bench.operator('maintain', 'nowhere'),
    /^1 lightbed: maintain nowhere: no fibre nowhere ends at gva\n$/,
  );
  assert.is(await bench.operatorAt('chi', 'maintain'), '0 the switch is in maintenance: still there: x\n');
  assert.equal(await bench.connections('gva'), VIA_LONG, 'whoever has no other way stays');
  assert.is((await path('release', 'x')).code, 0);
  const refused = await path('request', 'y', '--to', 'fnal');
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /path y is refused \([\w-]+\): .*maintenance/);
  assert.is(await bench.operatorAt('chi', 'end-maintenance'), '0 the switch is in service\n');
  // The other agent hears of it a moment later.
  await eventually('y is granted, now that the switch is in service', async () => {
    return (await path('request', 'y', '--to', 'fnal', '--detached')).code === 0;
  });
});

add(
  'a path whose coordinator is gone is freed where agents are; one that comes back heals it',
  async (bench) => {
    const { gva, chi, path, watch } = await open(bench);
    const news = watch('--json');
    gva.child.kill('SIGKILL');
    await once(gva.child, 'exit');
    const half = await bench.operatorAt('chi', 'free', 'x', '--by', 'bob');
    assert.is(half, '1 lightbed: free x: nothing is heard of gva\n');
    await chi.said(/ operator\.freed path=x switch=chi .*by=bob\n/);
    assert.equal(await bench.connections('chi'), []);
    // Its application still wants it.
    await bench.agent('gva', '--write');
    await news.said(/"state":"up",.*"fibres":\["cern-gva","long","chi-fnal"\]/);
    assert.is((await bench.connections('chi')).length, 2);
    assert.is((await path('release', 'x')).code, 0);
    await bench.isDark('chi/3');
    assert.match(await bench.operatorAt('chi', 'free', 'x'), /^0 x is freed\n$/);
  },
);

test('an agent that is not there, and words that are no order, are one line each', async () => {
  const desk = new Desk();
  const agent = await freeAddress();
  const said = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await desk.lightbed('path', ...words);
    assert.is(stdout, '');
    return `${code} ${stderr}`;
  };
  assert.match(await said('move', 'x', '--agent', agent), /^1 lightbed: .*127\.0\.0\.1.*\n$/);
  assert.match(await said('move', 'x', '--agent', 'a:b'), /^2 lightbed: --agent a:b: expected HOST/);
  assert.match(await said('move', 'x', '--agent', agent, '--along', ','), /^2 lightbed: --along ,: /);
  assert.match(await said('move', 'x', '--agent', agent, '--by', ''), /^2 lightbed: --by: expected/);
  assert.match(await said('freeze', 'x'), /^2 lightbed: .*agent/);
  assert.match(await said('freeze', ''), /^2 lightbed: /);
  await desk.clear();
});

test.run();
