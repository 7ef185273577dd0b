// Traffic pointed by commands, with programs of the machine that note what they were asked for.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms } from '../core/time.ts';
import { hostClock } from '../host/clock.ts';
import { runCommand } from './command-run.ts';
import { UsageError } from './exit-code.ts';
import { TrafficCommands, USE_ROUTED, wordsOf } from './traffic-commands.ts';
import { TrafficJournal } from './traffic-journal.ts';

const test = suite('traffic commands');

/** A folder with two scripts: they note their words, and fail while there is a file that says so. */
class Scripts {
  readonly folder = mkdtempSync(join(tmpdir(), 'lightbed-traffic-'));
  readonly journal = join(this.folder, 'traffic.json');
  readonly failures: string[] = [];

  constructor() {
    for (const name of ['use', 'undo'])
      writeFileSync(
        join(this.folder, name),
        `echo ${name} "$@" >> ${this.folder}/done\n[ ! -e ${this.folder}/${name}-fails ] || { echo no luck >&2; exit 7; }\n`,
      );
  }

  open(templates: { usePath?: string; useRouted?: string } = {}): TrafficCommands {
    return new TrafficCommands({
      usePath: `sh ${join(this.folder, 'use')} {path} {peer} {address} {interface}`,
      useRouted: `sh ${join(this.folder, 'undo')} {path} {peer}`,
      interface: 'eth1',
      addressOf: (peer) => `address-of-${peer}`,
      journal: new TrafficJournal(this.journal),
      clock: { sleep: () => Promise.resolve() },
      fail: (error) => {
        throw error;
      },
      ...templates,
    });
  }

  readonly failed = (reason: string): void => void this.failures.push(reason);

  fails(name: 'use' | 'undo', isFailing: boolean): void {
    const file = join(this.folder, `${name}-fails`);
    if (isFailing) writeFileSync(file, '');
    else rmSync(file);
  }

  done(): readonly string[] {
    const file = join(this.folder, 'done');
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    rmSync(file);
    return lines;
  }

  async hasBegun(): Promise<void> {
    while (!existsSync(join(this.folder, 'done'))) await hostClock.sleep(ms(5));
  }

  get left(): readonly string[] {
    return new TrafficJournal(this.journal).peers;
  }
}

/** What the commands print is for the user's eyes. */
async function quietly(body: (scripts: Scripts) => Promise<void>): Promise<void> {
  const { log, error } = console;
  console.log = () => {};
  console.error = () => {};
  const scripts = new Scripts();
  try {
    await body(scripts);
  } finally {
    Object.assign(console, { log, error });
    rmSync(scripts.folder, { recursive: true });
  }
}

test('traffic is pointed, noted before that, and pointed back once', () =>
  quietly(async (scripts) => {
    const traffic = scripts.open();
    traffic.useRouted('b');
    traffic.usePath('x', 'b', scripts.failed);
    await traffic.allRouted();
    assert.equal(scripts.done(), [], 'the last word wins before anything is run');
    traffic.usePath('x', 'b', scripts.failed);
    await scripts.hasBegun();
    assert.equal(scripts.left, ['b']);
    await traffic.allRouted();
    assert.equal(scripts.done(), ['use x b address-of-b eth1', 'undo x b']);
    assert.equal(scripts.left, []);
    await traffic.allRouted();
    assert.equal([scripts.done(), scripts.failures], [[], []]);
  }));

test('what a killed daemon left is undone by the next one, with the values of then', () =>
  quietly(async (scripts) => {
    new TrafficJournal(scripts.journal).point({
      path: 'old',
      peer: 'c',
      address: '192.0.2.3',
      interface: 'eth7',
    });
    const traffic = scripts.open();
    await traffic.allRouted();
    assert.equal(scripts.done(), ['undo old c']);
    assert.equal(scripts.left, []);
  }));

test('a command that fails is told, and what it may have done is undone', () =>
  quietly(async (scripts) => {
    scripts.fails('use', true);
    const traffic = scripts.open();
    const told = new Promise<string>((failed) => traffic.usePath('x', 'b', failed));
    assert.match(await told, /no luck.*exit code 7/s);
    assert.equal(scripts.done(), ['use x b address-of-b eth1', 'undo x b']);
    assert.equal(scripts.left, []);
  }));

test('where what a failed command may have done cannot be undone, that is told, and tried again', () =>
  quietly(async (scripts) => {
    const said: string[] = [];
    console.error = (line: string) => said.push(line);
    scripts.fails('use', true);
    scripts.fails('undo', true);
    const traffic = scripts.open();
    const told = new Promise<string>((failed) => traffic.usePath('x', 'b', failed));
    assert.match(await told, /no luck/);
    assert.equal(scripts.done(), ['use x b address-of-b eth1', ...['undo x b', 'undo x b', 'undo x b']]);
    assert.match(said.join(), /traffic for b may still go over path x.*undo x b$/);
    assert.equal(scripts.left, ['b']);
    scripts.fails('undo', false);
    await traffic.allRouted();
    assert.equal([scripts.done(), scripts.left], [['undo x b'], []]);
  }));

test('a route that iproute2 says is not there needs no way back', () =>
  quietly(async (scripts) => {
    const said: string[] = [];
    console.error = (line: string) => said.push(line);
    scripts.fails('use', true);
    const ip = join(scripts.folder, 'ip');
    const { PATH } = process.env;
    writeFileSync(ip, '#!/bin/sh\necho RTNETLINK answers: No such process >&2\nexit 2\n', { mode: 0o755 });
    process.env['PATH'] = `${scripts.folder}:${PATH}`;
    try {
      const traffic = scripts.open({ useRouted: USE_ROUTED });
      await new Promise<string>((failed) => traffic.usePath('x', 'b', failed));
    } finally {
      process.env['PATH'] = PATH;
    }
    assert.equal([said, scripts.left], [[], []]);
  }));

test('a way back that fails is tried three times, and by the next life again', () =>
  quietly(async (scripts) => {
    const traffic = scripts.open();
    traffic.usePath('x', 'b', scripts.failed);
    await scripts.hasBegun();
    scripts.fails('undo', true);
    await traffic.allRouted();
    assert.equal(scripts.done(), ['use x b address-of-b eth1', 'undo x b', 'undo x b', 'undo x b']);
    assert.equal(scripts.left, ['b']);
    scripts.fails('undo', false);
    await scripts.open().allRouted();
    assert.equal([scripts.done(), scripts.left], [['undo x b'], []]);
  }));

test('once it is over, nothing is pointed any more', () =>
  quietly(async (scripts) => {
    const traffic = scripts.open();
    traffic.usePath('x', 'b', scripts.failed);
    await scripts.hasBegun();
    const over = traffic.end();
    traffic.usePath('y', 'b', scripts.failed);
    traffic.usePath('z', 'c', scripts.failed);
    await over;
    assert.equal(scripts.done(), ['use x b address-of-b eth1', 'undo x b']);
    assert.equal(scripts.left, []);
  }));

test('a journal that is none is an error, and stays', () =>
  quietly(async (scripts) => {
    for (const text of ['', 'x', '{"pointed":[{"peer":"b"}]}']) {
      writeFileSync(scripts.journal, text);
      assert.throws(
        () => new TrafficJournal(scripts.journal),
        (error: unknown) => error instanceof UsageError,
      );
      assert.is(readFileSync(scripts.journal, 'utf8'), text);
    }
  }));

test('a command ends well, ends badly, never ends, or is none', async () => {
  assert.is(await runCommand('true', []), null);
  assert.is(await runCommand('sh', ['-c', 'echo why >&2; exit 3']), 'why (exit code 3)');
  assert.is(await runCommand('no-such-program-at-all', []), 'there is no such program');
  assert.is(await runCommand('/', []), 'it may not be run');
  assert.match(String(await runCommand('sh', ['-c', 'sleep 100 & sleep 100'], 300)), /no end within 0\.3 s/);
  assert.match(String(await runCommand('true', ['a\0b'])), /null bytes/);
  assert.match(String(await runCommand('true', ['x'.repeat(4_000_000)])), /E2BIG/);
  // What it leaves behind holds its pipe open.
  assert.is(await runCommand('sh', ['-c', 'sleep 2 & exit 0']), null);
});

test('a command for traffic is words, whatever is put into them', () => {
  const values = { path: 'x; rm -rf /', peer: 'b', address: '10.0.0.2', interface: 'eth1' };
  assert.equal(wordsOf('ip route replace {address}/32 dev {interface}', values), [
    ...['ip', 'route', 'replace', '10.0.0.2/32', 'dev', 'eth1'],
  ]);
  assert.equal(wordsOf('note {path}', values), ['note', 'x; rm -rf /']);
});

test.run();
