// `lightbed daemon --write` on a real kernel: two hosts in network namespaces, whose routes it moves onto light and back.

import { fileURLToPath } from 'node:url';
import { assert, suite } from '../../scripts/testing/suite.ts';
import type { PathStatus } from '../provisioning/daemon-messages.ts';
import { Desk, isCompiled, main, type Started } from './emulate.fixture.ts';
import { DATA, type End, Namespaces, ROUTED } from './namespace.fixture.ts';

const test = suite('routes of lightbed daemon');

const ends = ['left', 'right'] as const;
const otherOf = (end: End): End => (end === 'left' ? 'right' : 'left');

class TwoHosts {
  readonly desk = new Desk();
  readonly net = new Namespaces();
  #agent = '';

  /** The agent of a switch between the two. */
  async startAgent(): Promise<void> {
    const file = fileURLToPath(new URL('./agent.fixture.js', import.meta.url));
    const [program, ...words] = this.net.on('left');
    const agent = this.desk.run(program, ...words, process.execPath, file, 'agent', ROUTED.left);
    await agent.said(/agent at \S+\n/);
    this.#agent = /agent at (\S+)\n/.exec(agent.stdout)?.[1] ?? '';
  }

  /** Resolves once it listens. */
  async daemon(end: End, ...more: string[]): Promise<Started> {
    const other = otherOf(end);
    const [program, ...words] = this.net.on(end);
    const daemon = this.desk.run(
      ...[program, ...words, process.execPath, main ?? '', 'daemon', '--host', end, '--agents', this.#agent],
      ...['--listen', 'none', '--socket', `${end}.sock`, '--listen-peers', `${ROUTED[end]}:3411`],
      ...['--peers', `${other}=${ROUTED[other]}`, '--addresses', `${other}=${DATA[other]}`],
      ...['--interface', 'eth1', '--folder', end, '--write', '--patience', '4', ...more],
    );
    await daemon.said(/^daemon of /m);
    return daemon;
  }

  async path(end: End, ...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.desk.lightbed('path', ...words, '--socket', `${end}.sock`);
    assert.is(code, 0, stderr);
    return stdout;
  }

  async status(end: End): Promise<PathStatus | undefined> {
    return (JSON.parse(await this.path(end, 'list', '--json')) as PathStatus[])[0];
  }

  /** Waits until the kernel of the host sends the other's data that way. */
  async way(end: End, over: 'eth0' | 'eth1'): Promise<void> {
    await until(`data of ${end} goes over ${over}`, () => this.net.wayFrom(end) === over);
  }

  async bothOver(over: 'eth0' | 'eth1'): Promise<void> {
    await Promise.all(ends.map((end) => this.way(end, over)));
  }

  async clear(): Promise<void> {
    await this.desk.clear();
    this.net.remove();
  }
}

async function until(fact: string, isSo: () => boolean): Promise<void> {
  for (const from = performance.now(); !isSo(); ) {
    if (performance.now() - from > 180_000) throw new Error(`it never comes to it that ${fact}`);
    await new Promise((again) => setTimeout(again, 50));
  }
}

const obstacle = isCompiled ? Namespaces.obstacle() : 'the command is not compiled here';

const add = (name: string, body: (hosts: TwoHosts) => Promise<void>): void => {
  if (obstacle !== null) return test.skip(name, obstacle);
  test(name, async () => {
    const hosts = new TwoHosts();
    try {
      await hosts.startAgent();
      await body(hosts);
    } finally {
      await hosts.clear();
    }
  });
};

add('data goes over light while both ends have it, and over the routed network otherwise', async (hosts) => {
  const { net } = hosts;
  const [left, right] = await Promise.all([hosts.daemon('left'), hosts.daemon('right')]);
  assert.equal([net.wayFrom('left'), net.wayFrom('right')], ['eth0', 'eth0']);
  await hosts.path('left', 'request', 'x', '--to', 'right', '--detached');
  await hosts.bothOver('eth1');
  await left.said(/^ran: ip route replace 192\.0\.2\.2 dev eth1\n/m);
  const before = net.receivedAt('right');
  net.send('left', 50);
  await until('the datagrams come over light', () => net.receivedAt('right') >= before + 50);

  // One end is dark: the other end hears of it.
  net.light('right', false);
  await hosts.bothOver('eth0');
  await left.said(/^traffic for right is routed: no light at the other end, path x\n/m);
  net.light('right', true);
  await hosts.bothOver('eth1');

  await hosts.path('left', 'release', 'x');
  await hosts.bothOver('eth0');
  for (const daemon of [left, right]) {
    daemon.child.kill('SIGTERM');
    assert.equal([(await daemon.ended).code, daemon.stderr], [0, '']);
  }
  assert.equal([net.wayFrom('left'), net.wayFrom('right')], ['eth0', 'eth0']);
});

add('who stops takes his route back; who was killed does so when it starts again', async (hosts) => {
  const { net } = hosts;
  const [left, right] = await Promise.all([hosts.daemon('left'), hosts.daemon('right')]);
  await hosts.path('left', 'request', 'x', '--to', 'right', '--detached');
  await hosts.bothOver('eth1');

  left.child.kill('SIGKILL');
  await left.ended;
  assert.is(net.wayFrom('left'), 'eth1', 'nobody was there to take it back');
  // Silence ends the agreement at the other end.
  await hosts.way('right', 'eth0');
  const again = await hosts.daemon('left');
  await again.said(/^ran: ip route del 192\.0\.2\.2 dev eth1\n(.*\n)*ran: ip route replace/m);
  await hosts.bothOver('eth1');

  right.child.kill('SIGINT');
  assert.is((await right.ended).code, 0);
  assert.is(net.wayFrom('right'), 'eth0', 'it was taken back before the end');
  await hosts.way('left', 'eth0');
});

add('a command that fails leaves data on the routed network, and is told', async (hosts) => {
  const { net } = hosts;
  const broken = ['--use-path', 'ip route replace {address} dev nosuch0'];
  const [left, right] = await Promise.all([hosts.daemon('left', ...broken), hosts.daemon('right')]);
  await hosts.path('left', 'request', 'x', '--to', 'right', '--detached');
  await left.said(/^failed: ip route replace 192\.0\.2\.2 dev nosuch0: .*nosuch0.*\n/m);
  await left.said(/^traffic for right stays routed, though path x has light\n/m);
  await hosts.way('right', 'eth1');
  assert.is(net.wayFrom('left'), 'eth0');
  assert.equal(
    [(await hosts.status('left'))?.state, (await hosts.status('left'))?.traffic],
    ['up', 'routed'],
  );
  assert.is((await hosts.status('right'))?.traffic, 'path');
  left.child.kill('SIGINT');
  assert.is((await left.ended).code, 0);
  right.child.kill('SIGINT');
  assert.is((await right.ended).code, 0);
  assert.is(net.wayFrom('right'), 'eth0');
});

test.run();
