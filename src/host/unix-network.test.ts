// Unix sockets, held to what connections promise, and to what a user may expect of the file.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { connectionConformance } from '../platform/connection.conformance.ts';
import { NetworkError } from '../platform/errors.ts';
import type { PairFixture } from '../platform/pair.fixture.ts';
import { readToEnd, text, utf8 } from '../platform/pair.fixture.ts';
import type { Address, Connection, Listener, Platform } from '../platform/platform.ts';
import { hostPlatform } from './platform.ts';
import { HostUnixNetwork } from './unix-network.ts';

const fixture: PairFixture = {
  name: 'unix socket',
  skips: new Map([
    ['both sides know who they are and who the other is', 'both sides of a Unix socket have its path only'],
    ['an abort ends this side as closed and the other as reset', 'a Unix socket has no reset'],
  ]),
  run: (body) =>
    inFolder((folder) => body({ left: machine('left', folder), right: machine('right', folder) })),
};

/** Each of its TCP ports is a path. */
function machine(name: string, folder: string): Platform {
  let last = 0;
  const at = ({ machine, tcpPort }: Address) => new HostUnixNetwork(join(folder, `${machine}-${tcpPort}`));
  const platform = hostPlatform({ machine: name, folder });
  const network = {
    connect: (to: Address, signal?: AbortSignal) => at(to).connect(to, signal),
    listen: async (_tcpPort: number, accept: (connection: Connection) => void) => {
      const address = { machine: name, tcpPort: ++last };
      const { close } = await at(address).listen(0, accept);
      return { address, close };
    },
    datagrams: platform.network.datagrams.bind(platform.network),
  };
  return { ...platform, network };
}

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lightbed-unix-'));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

connectionConformance(fixture);

const test = suite('unix socket file');
const abandon = (connection: Connection): void => connection.abort();

async function says(attempt: Promise<unknown>, code: NetworkError['code'], words: RegExp): Promise<void> {
  const error = await rejects(attempt, NetworkError);
  assert.match(error.message, words);
  assert.is((error as NetworkError).code, code, error.message);
}

/** As a killed program does. */
async function leaveSocket(path: string): Promise<void> {
  const listen = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log(1))`;
  const child = spawn(process.execPath, ['-e', listen], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.ok(existsSync(path), 'a killed program leaves its socket');
}

test('only its user may connect, and the file is gone when it is closed', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'it.sock');
    const before = process.umask(0);
    let listener: Listener;
    try {
      listener = await new HostUnixNetwork(path).listen(0, abandon);
      assert.is(process.umask(), 0, 'the umask of the process is as it was');
    } finally {
      process.umask(before);
    }
    assert.is(statSync(path).mode & 0o777, 0o600);
    await listener.close();
    assert.not(existsSync(path));
  }));

test('who aborts ends the other side', () =>
  inFolder(async (folder) => {
    const network = new HostUnixNetwork(join(folder, 'it.sock'));
    const listener = await network.listen(0, abandon);
    const client = await network.connect();
    assert.is(await client.read(), null);
    client.abort();
    await listener.close();
  }));

test('the path of a living program is not taken, and that program does not notice', () =>
  inFolder(async (folder) => {
    const network = new HostUnixNetwork(join(folder, 'it.sock'));
    const first = await network.listen(0, (connection) => {
      void connection.write(utf8('still here')).then(() => connection.end());
    });
    await says(network.listen(0, abandon), 'in-use', /it\.sock: another program listens there$/);
    const client = await network.connect();
    assert.is(text(await readToEnd(client)), 'still here');
    client.abort();
    await first.close();
  }));

test('what a killed program left is taken over', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'it.sock');
    await leaveSocket(path);
    const network = new HostUnixNetwork(path);
    await says(network.connect(), 'refused', /it\.sock: nobody listens there$/);
    const listener = await network.listen(0, (connection) => void connection.end());
    const client = await network.connect();
    assert.is(await client.read(), null);
    client.abort();
    await listener.close();
  }));

test('of many who would take over what a killed program left one does, and it stays reachable', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'it.sock');
    await leaveSocket(path);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, number) =>
        new HostUnixNetwork(path).listen(0, (connection) => {
          void connection.write(utf8(`${number}`)).then(() => connection.end());
        }),
      ),
    );
    const listening = outcomes.flatMap((each, number) =>
      each.status === 'fulfilled' ? [{ number, listener: each.value }] : [],
    );
    for (const each of outcomes)
      if (each.status === 'rejected')
        await says(Promise.reject(each.reason), 'in-use', /another program listens there$/);
    const client = await new HostUnixNetwork(path).connect();
    const heard = text(await readToEnd(client));
    client.abort();
    for (const { listener } of listening) await listener.close();
    assert.equal(
      [heard],
      listening.map(({ number }) => `${number}`),
    );
  }));

test('a path that cannot be a socket is one error that says why, and harms nothing', () =>
  inFolder(async (folder) => {
    const at = (name: string) => new HostUnixNetwork(join(folder, name));
    writeFileSync(join(folder, 'file'), 'precious');
    mkdirSync(join(folder, 'folder'));
    const long = 'x'.repeat(200);
    await says(at('file').listen(0, abandon), 'in-use', /\/file: is there already, and is no socket/);
    await says(at('folder').listen(0, abandon), 'in-use', /\/folder: is there already, and is no socket/);
    await says(at('file/s').listen(0, abandon), 'unreachable', /\/file\/s: is below a file/);
    await says(at('none/s').listen(0, abandon), 'unreachable', /: there is no folder .*\/none$/);
    await says(
      at(long).listen(0, abandon),
      'unreachable',
      /has \d+ bytes, and the path of a socket at most 107/,
    );
    await says(at(long).connect(), 'unreachable', /at most 107/);
    await says(at('none').connect(), 'unreachable', /\/none: there is no such socket/);
    await says(at('file').connect(), 'refused', /\/file: nobody listens there/);
    await says(new HostUnixNetwork('').listen(0, abandon), 'unreachable', /is no path/);
    assert.is(statSync(join(folder, 'file')).size, 8);
  }));

test('the longest path there can be is listened at under its whole name', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'x'.repeat(107 - folder.length - 1));
    const listener = await new HostUnixNetwork(path).listen(0, abandon);
    assert.ok(existsSync(path));
    await listener.close();
    const longer = new HostUnixNetwork(`${path}é`);
    await says(longer.listen(0, abandon), 'unreachable', /has 109 bytes/);
  }));

if (process.getuid?.() === 0) test.skip('a folder that others own', 'root may write everywhere');
else
  test('a folder that others own', () =>
    inFolder(async (folder) => {
      chmodSync(folder, 0o500);
      const listening = new HostUnixNetwork(join(folder, 'it.sock')).listen(0, abandon);
      await says(listening, 'unreachable', /this user may not make it/);
      chmodSync(folder, 0o700);
    }));

test.run();
