// `lightbed agent` as a user meets it: agents on emulated switches, a daemon that asks them, an operator who orders.

import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { DARK_POWER } from '../../emulators/light.ts';
import { assert, suite } from '../../scripts/testing/suite.ts';
import type { PathStatus } from '../provisioning/daemon-messages.ts';
import { ask, Desk, type Emulator, isCompiled, type Started } from './emulate.fixture.ts';

const test = suite('lightbed agent');

const FIBRES = `fibres:
  cern-gva: { between: [cern, gva/1], length: 1 km, loss: 0.5 dB }
  short: { between: [gva/2, chi/1], length: 10 km, loss: 2 dB }
  long: { between: [gva/3, chi/2], length: 20 km, loss: 2 dB }
  chi-fnal: { between: [chi/3, fnal], length: 1 km, loss: 0.5 dB }
`;

const LAB = `switches:
  gva: { family: glimmerglass, ports: 4 }
  chi: { family: polatis, ports: 4 }
hosts: { cern: {}, fnal: {} }
${FIBRES}`;

const SHORT = ['cern-gva', 'short', 'chi-fnal'];
const LONG = ['cern-gva', 'long', 'chi-fnal'];

/** An emulated laboratory, and a site file that says where its devices and their agents are. */
class Bench {
  readonly desk = new Desk();
  readonly agents: readonly [gva: string, chi: string];
  readonly devices: readonly [gva: string, chi: string];
  readonly emulator: Emulator;

  private constructor(desk: Desk, emulator: Emulator, agents: readonly [string, string]) {
    this.desk = desk;
    this.emulator = emulator;
    this.agents = agents;
    // A Glimmerglass listens with echo first, then raw.
    this.devices = [`127.0.0.1:${emulator.ports[1]}`, `127.0.0.1:${emulator.ports[2]}`];
    this.writeSite('site.yaml');
  }

  static async open(): Promise<Bench> {
    const desk = new Desk();
    writeFileSync(join(desk.folder, 'lab.yaml'), LAB);
    const emulator = await desk.emulate('--file', 'lab.yaml', '--user', 'admin:admin');
    return new Bench(desk, emulator, [await freeAddress(), await freeAddress()]);
  }

  writeSite(file: string, change: (text: string) => string = (text) => text): void {
    const [gva, chi] = this.agents;
    const text = `devices:
  gva: { family: glimmerglass, address: '${this.devices[0]}', agent: '${gva}' }
  chi: { family: polatis, address: '${this.devices[1]}', agent: '${chi}' }
hosts:
  cern: { power: 0 dBm, sensitivity: -24 dBm }
  fnal: { power: 0 dBm, sensitivity: -24 dBm }
${FIBRES}`;
    writeFileSync(join(this.desk.folder, file), change(text));
  }

  /** Resolves once it listens. */
  async agent(name: 'gva' | 'chi', ...words: string[]): Promise<Started> {
    const agent = this.desk.start('agent', 'site.yaml', '--switch', name, '--store', name, ...words);
    await agent.said(/^agent of \w+ at /m);
    return agent;
  }

  /** Resolves with how a `lightbed path` is run. */
  async daemon(): Promise<(...words: string[]) => Started> {
    const ports = ['--listen', '127.0.0.1:0', '--listen-peers', '127.0.0.1:0', '--socket', 'none'];
    const daemon = this.desk.start('daemon', '--host', 'cern', '--agents', this.agents[0], ...ports);
    await daemon.said(/applications at \S+,/);
    const at = /applications at (\S+),/.exec(daemon.stdout)?.[1] ?? '';
    return (...words) => this.desk.start('path', ...words, '--daemon', at);
  }

  /** Resolves when no light leaves the port any more, as soon as that is so. */
  async isDark(port: string): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      const { data } = await ask(this.emulator, { verb: 'power', name: port });
      const [power] = data as { out_dbm: number }[];
      if (power !== undefined && power.out_dbm <= DARK_POWER) return;
      await new Promise((again) => setTimeout(again, 50));
    }
    throw new Error(`${port} still sends light`);
  }

  async operator(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.desk.lightbed('path', ...words, '--agent', this.agents[0]);
    return `${code} ${stdout}${stderr}`;
  }
}

/** Of this moment: nobody else on the machine should take it before the agent does. */
async function freeAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return `127.0.0.1:${port}`;
}

const add = (name: string, body: (bench: Bench) => Promise<void>): void => {
  if (!isCompiled) return test.skip(name, 'the command is not compiled here');
  test(name, async () => {
    const bench = await Bench.open();
    try {
      await body(bench);
    } finally {
      await bench.desk.clear();
    }
  });
};

add('two agents grant a path, move it off a cut fibre, obey an operator, and let go of it', async (bench) => {
  const [gva, chi, path] = await Promise.all([
    bench.agent('gva', '--write'),
    bench.agent('chi', '--write', '--json'),
    bench.daemon(),
  ]);
  const watch = path('watch');
  const asked = await path('request', 'x', '--to', 'fnal', '--detached').ended;
  assert.match(asked.stdout, new RegExp(`path x is up after .*: ${SHORT.join(', ')}`), asked.stderr);
  await watch.said(/x from cern to fnal: up/);
  await ask(bench.emulator, { verb: 'cut', name: 'short', direction: 'both' });
  await watch.said(/: rerouting.*\n(.*\n)*.*: up/);
  const [status] = JSON.parse((await path('list', '--json').ended).stdout) as PathStatus[];
  assert.equal(status?.fibres, LONG);

  assert.match(await bench.operator('freeze', 'x', '--by', 'alice'), /^0 x is frozen\n/);
  await gva.said(/ operator\.frozen path=x by=alice\n/);
  assert.match(await bench.operator('thaw', 'x'), /^0 x may move again\n/);
  assert.match(await bench.operator('thaw', 'y'), /^1 lightbed: thaw y: y is not known here\n/);
  assert.match(await bench.operator('maintain', 'short'), /^0 short is in maintenance\n/);
  assert.match(await bench.operator('end-maintenance', 'short'), /^0 short is in service\n/);

  assert.is((await path('release', 'x').ended).code, 0);
  await chi.said(/"kind":"lease\.released","path":"x"/);
  await bench.isDark('chi/3');
  gva.child.kill('SIGINT');
  const ended = await gva.ended;
  assert.is(ended.code, 0);
  assert.not.match(ended.stderr, /Error/);
});

add('without --write an agent watches, and no path goes over its switch', async (bench) => {
  const [, chi, path] = await Promise.all([
    bench.agent('gva', '--write'),
    bench.agent('chi'),
    bench.daemon(),
  ]);
  assert.match(chi.stderr, /only watches/);
  const refused = await path('request', 'x', '--to', 'fnal').ended;
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
