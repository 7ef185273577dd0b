// `lightbed agent` as a user meets it: agents on emulated switches, a daemon that asks them, an operator who orders.

import { assert, suite } from '../../scripts/testing/suite.ts';
import type { PathStatus } from '../provisioning/daemon-messages.ts';
import { LONG, onBench, SHORT } from './agent-bench.fixture.ts';
import { ask } from './emulate.fixture.ts';

const test = suite('lightbed agent');
const add = onBench(test);

add('two agents grant a path, move it off a cut fibre, obey an operator, and let go of it', async (bench) => {
  const [gva, chi, daemon] = await Promise.all([
    bench.agent('gva', '--write'),
    bench.agent('chi', '--write', '--json'),
    bench.daemon(),
  ]);
  const { path } = daemon;
  const watch = daemon.watch();
  const asked = await path('request', 'x', '--to', 'fnal', '--detached');
  assert.match(asked.stdout, new RegExp(`path x is up after .*: ${SHORT.join(', ')}`), asked.stderr);
  await watch.said(/x from cern to fnal: up/);
  await ask(bench.emulator, { verb: 'cut', name: 'short', direction: 'both' });
  await watch.said(/: rerouting.*\n(.*\n)*.*: up/);
  const [status] = JSON.parse((await path('list', '--json')).stdout) as PathStatus[];
  assert.equal(status?.fibres, LONG);

  assert.match(await bench.operator('freeze', 'x', '--by', 'alice'), /^0 x is frozen\n/);
  await gva.said(/ operator\.frozen path=x by=alice\n/);
  assert.match(await bench.operator('thaw', 'x'), /^0 x may move again\n/);
  assert.match(await bench.operator('thaw', 'y'), /^1 lightbed: thaw y: y is not known here\n/);
  assert.match(await bench.operator('maintain', 'short'), /^0 short is in maintenance\n/);
  assert.match(await bench.operator('end-maintenance', 'short'), /^0 short is in service\n/);

  assert.is((await path('release', 'x')).code, 0);
  await chi.said(/"kind":"lease\.released","path":"x"/);
  await bench.isDark('chi/3');
  gva.child.kill('SIGINT');
  const ended = await gva.ended;
  assert.is(ended.code, 0);
  assert.not.match(ended.stderr, /Error/);
});

add('without --write an agent watches, and no path goes over its switch', async (bench) => {
  const [, chi, { path }] = await Promise.all([
    bench.agent('gva', '--write'),
    bench.agent('chi'),
    bench.daemon(),
  ]);
  assert.match(chi.stderr, /only watches/);
  const refused = await path('request', 'x', '--to', 'fnal');
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /the agent of chi only watches its switch/);
  const device = ['device', bench.devices[1], 'crs', '--family', 'polatis', '--json'];
  assert.equal(JSON.parse((await bench.desk.lightbed(...device)).stdout), []);
  const second = await bench.desk.lightbed('agent', 'site.yaml', '--switch', 'chi', '--store', 'chi');
  assert.is(second.code, 2);
  assert.match(second.stderr, /chi: process \d+ works there/);
});

add('what a user writes wrong, and a device that does not let it in, is said in one line', async (bench) => {
  bench.writeSite('nowhere.yaml', (text) => text.replace(/, agent: '[^']*'/, ''));
  bench.writeSite('ports.yaml', (text) => text.replace('gva/1', 'gva/9'));
  const run = (file: string, ...words: string[]) =>
    bench.desk.lightbed('agent', file, '--store', 'store', ...words);
  const mistakes: readonly (readonly [words: readonly [string, ...string[]], says: RegExp])[] = [
    [['site.yaml'], /site\.yaml has several devices: --switch says which \(gva, chi\)/],
    [['site.yaml', '--switch', 'gvaa'], /there is no such device in site\.yaml; did you mean gva\?/],
    [['nowhere.yaml', '--switch', 'gva'], /gva says not where other agents reach its agent/],
    [['ports.yaml', '--switch', 'gva'], /gva has no port 9, where fibre cern-gva ends/],
    [['site.yaml', '--switch', 'gva', '--seeds', 'a:b'], /--seeds a:b: expected HOST/],
  ];
  const told = mistakes.map(async ([words, says]) => {
    const { code, stderr } = await run(...words);
    assert.match(stderr, says);
    assert.is(code, 2, stderr);
  });
  await Promise.all(told);
  bench.desk.environment = {};
  assert.match((await run('site.yaml', '--switch', 'gva')).stderr, /no credentials/);
  bench.desk.environment = { LIGHTBED_USER: 'admin', LIGHTBED_PASSWORD: 'wrong' };
  const stranger = await run('site.yaml', '--switch', 'gva');
  assert.is(stranger.code, 1);
  assert.match(stranger.stderr, /^lightbed: 127\.0\.0\.1:\d+: /m);
});

test.run();
