// The Unix socket of `lightbed daemon`, as a user and the programs of others meet it.

import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { Desk, isCompiled, type Started } from './emulate.fixture.ts';

const test = suite('socket of lightbed daemon');

const add = (name: string, body: (desk: Desk) => Promise<void>): void => {
  if (!isCompiled) return test.skip(name, 'the command is not compiled here');
  test(name, async () => {
    const desk = new Desk();
    desk.environment = { XDG_RUNTIME_DIR: desk.folder };
    try {
      await body(desk);
    } finally {
      await desk.clear();
    }
  });
};

const daemon = (desk: Desk, ...words: string[]): Started =>
  desk.start(
    'daemon',
    '--host',
    'left',
    '--agents',
    '127.0.0.1:1',
    '--listen-peers',
    '127.0.0.1:0',
    ...words,
  );

/** Resolves with where it says that applications find it. */
async function doors(started: Started): Promise<string> {
  const ready = /applications at (.*), peers at/;
  await started.said(ready);
  return ready.exec(started.stdout)?.[1] ?? '';
}

add('it is where users look first, for its user alone, and gone when the daemon ends', async (desk) => {
  const socket = join(desk.folder, 'lightbed.sock');
  const started = daemon(desk, '--listen', 'none');
  assert.is(await doors(started), socket);
  assert.is(statSync(socket).mode & 0o777, 0o600);
  const listed = await desk.lightbed('path', 'list', '--json');
  assert.equal([listed.code, listed.stdout], [0, '[]\n'], listed.stderr);
  const released = await desk.lightbed('path', 'release', 'x');
  assert.equal([released.code, released.stdout], [1, '']);
  assert.is(released.stderr, 'lightbed: there is no path x; lightbed path list shows what there is\n');
  started.child.kill('SIGINT');
  assert.is((await started.ended).code, 0);
  assert.not(existsSync(socket));
});

add('programs speak JSON lines there, and at the TCP port at once', async (desk) => {
  const started = daemon(desk, '--listen', '127.0.0.1:0', '--socket', 'apps.sock');
  const [address = '', path = ''] = (await doors(started)).split(', ');
  assert.is(path, join(desk.folder, 'apps.sock'));
  assert.equal(await say(path, '{"type":"list"}'), { type: 'paths', paths: [] });
  assert.match(String((await say(path, 'hello'))['reason']), /expected a JSON object a line/);
  assert.is((await desk.lightbed('path', 'list', '--daemon', address)).code, 0);
  assert.is((await desk.lightbed('path', 'list', '--socket', 'apps.sock')).code, 0);
});

add('what a killed daemon left is taken over, a living one keeps its own', async (desk) => {
  const words = ['--listen', 'none', '--socket', 'it.sock'];
  const first = daemon(desk, ...words);
  await doors(first);
  const second = await daemon(desk, ...words, '--folder', 'other').ended;
  assert.is(second.code, 2);
  assert.match(second.stderr, /^lightbed: socket .*it\.sock: another program listens there\n$/);
  first.child.kill('SIGKILL');
  await first.ended;
  const nobody = await desk.lightbed('path', 'list', '--socket', 'it.sock');
  assert.is(nobody.code, 1);
  assert.match(nobody.stderr, /^lightbed: no daemon is there \(socket .*it\.sock: nobody listens there\)/);
  await doors(daemon(desk, ...words));
  assert.is((await desk.lightbed('path', 'list', '--socket', 'it.sock')).code, 0);
});

add(
  'a socket that cannot be is one error where it was asked for, and otherwise done without',
  async (desk) => {
    writeFileSync(join(desk.folder, 'file'), 'precious');
    const mistakes: readonly (readonly [words: readonly string[], says: RegExp])[] = [
      [['--socket', 'file'], /^lightbed: socket .*file: is there already, and is no socket\n$/],
      [['--socket', 'none/it.sock'], /^lightbed: socket .*: there is no folder .*\/none\n$/],
      [['--socket', 'x'.repeat(120)], /^lightbed: socket .* bytes, and the path of a socket at most 107\n$/],
      [['--socket', 'none', '--listen', 'none'], /^lightbed: applications need a way in/],
    ];
    for (const [words, says] of mistakes) {
      const { code, stderr } = await daemon(desk, '--listen', '127.0.0.1:0', ...words).ended;
      assert.is(code, 2, stderr);
      assert.match(stderr, says);
    }
    desk.environment = { XDG_RUNTIME_DIR: join(desk.folder, 'missing') };
    const without = daemon(desk, '--listen', '127.0.0.1:0');
    assert.match(await doors(without), /^127\.0\.0\.1:\d+$/);
    assert.match(without.stderr, /there is no folder .*\/missing; applications find this daemon at 127/);
  },
);

add('two ways at once, and none that leads anywhere, are one error', async (desk) => {
  const both = await desk.lightbed('path', 'list', '--socket', 'a', '--daemon', '127.0.0.1:1');
  assert.is(both.code, 2);
  assert.match(both.stderr, /^lightbed: --daemon and --socket are two ways to it/);
  mkdirSync(join(desk.folder, 'folder'));
  const folder = await desk.lightbed('path', 'list', '--socket', 'folder');
  assert.is(folder.code, 1);
  assert.match(
    folder.stderr,
    /^lightbed: no daemon is there \(socket .*\/folder: .*\); lightbed daemon starts one\n$/,
  );
});

/** The first line that is answered. */
async function say(path: string, line: string): Promise<Record<string, unknown>> {
  const socket = connect({ path });
  socket.write(`${line}\n`);
  for await (const answer of createInterface(socket)) {
    socket.destroy();
    return JSON.parse(answer);
  }
  throw new Error('no answer');
}

test.run();
