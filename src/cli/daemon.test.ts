// `lightbed daemon` and `lightbed path` as a user meets them, against a real agent over real sockets.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { assert, suite } from '../../scripts/testing/suite.ts';
import type { PathStatus } from '../provisioning/daemon-messages.ts';
import { lightbed, main, workFolder } from './cli.fixture.ts';

const test = suite('lightbed daemon and path');

const agentFile = fileURLToPath(new URL('./agent.fixture.js', import.meta.url));

/** The first thing that a process says, when it has said all of that. */
async function saying(child: ChildProcess, what: RegExp): Promise<string> {
  let said = '';
  for await (const data of child.stdout ?? []) {
    said += String(data);
    const [, found] = what.exec(said) ?? [];
    if (found !== undefined) return found;
  }
  throw new Error(`${what} was never said: ${said}`);
}

/** Resolves with the process and where applications find it. */
async function startDaemon(cwd: string, ...args: string[]): Promise<{ child: ChildProcess; at: string }> {
  const ports = ['--listen', '127.0.0.1:0', '--listen-peers', '127.0.0.1:0', '--socket', 'none'];
  const child = spawn(process.execPath, [main, 'daemon', ...ports, ...args], { cwd });
  return { child, at: await saying(child, /applications at (\S+),/) };
}

test('a path is asked for, listed and given back; a daemon that starts again still has it', async () => {
  const work = workFolder();
  const agentProcess = spawn(process.execPath, [agentFile, `${work.path}/agent`]);
  const agent = await saying(agentProcess, /agent at (\S+)\n/);
  const options = ['--host', 'left', '--agents', `127.0.0.1:1,${agent}`, '--folder', 'kept'];
  const first = await startDaemon(work.path, ...options);
  const path = (at: string, ...args: string[]) => lightbed(work.path, 'path', ...args, '--daemon', at);
  const asked = await path(first.at, 'request', 'x', '--to', 'right', '--detached');
  assert.is(asked.code, 0, asked.stderr);
  assert.match(asked.stdout, /path x is up after .*: to-left, to-right/);
  const refused = await path(first.at, 'request', 'y', '--to', 'right');
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /path y is refused \(port-busy\)/);
  first.child.kill('SIGTERM');
  await once(first.child, 'exit');
  const second = await startDaemon(work.path, ...options);
  const listed = await path(second.at, 'list', '--json');
  const [status] = JSON.parse(listed.stdout) as PathStatus[];
  assert.equal([status?.path, status?.agent, status?.traffic], ['x', agent, 'routed']);
  assert.is((await path(second.at, 'release', 'x')).code, 0);
  assert.not.match((await path(second.at, 'list')).stdout, /\bx\b/);
  second.child.kill('SIGTERM');
  await once(second.child, 'exit');
  const nobody = await path(second.at, 'list');
  assert.is(nobody.code, 1);
  assert.match(nobody.stderr, /no daemon is there/);
  agentProcess.kill('SIGKILL');
  work.remove();
});

test('what a user writes wrong is said in one line', async () => {
  const work = workFolder();
  for (const [args, says] of [
    [
      ['daemon', '--host', 'a', '--agents', 'x:1', '--peers', 'b'],
      /--peers: found "b", expected NAME=HOST:PORT/,
    ],
    [['daemon', '--host', 'a', '--agents', 'x:1', '--use-path', 'ip {via}'], /there is no \{via\}, only/],
    [['daemon', '--host', 'a', '--agents', 'x:1', '--write'], /--write needs --interface/],
    [
      ['daemon', '--host', 'a', '--agents', 'x:1', '--write', '--interface', 'eth1', '--peers', 'b=b:1'],
      /--write: where does the data of b go\? --addresses b=ADDRESS/,
    ],
    [['daemon', '--host', 'a', '--agents', 'x:1', '--interface', '../x'], /no interface is called so/],
    [['daemon', '--host', 'a', '--agents', 'x:1', '--fibres', 'f=x:1'], /--fibres needs --interface/],
    [['daemon', '--host', '', '--agents', 'x:1'], /--host "": expected a name/],
    [['daemon', '--host', '../a', '--agents', 'x:1'], /--host "..\/a": expected a name/],
    [['path', 'request', '', '--to', 'b'], /name: expected a name, got nothing/],
    [['path', 'request', 'x', '--to', ''], /--to: expected a name, got nothing/],
    [['path', 'release', 'x\u001b[2J'], /name "x\\u001b\[2J": expected a name without control characters/],
    [['path', 'release', 'x'.repeat(201)], /name: a name has at most 200 characters, got 201/],
    [['path', 'request', 'x', '--to', 'b', '--hold', '0 s'], /--hold 0 s: expected a time from now on/],
    [
      ['path', 'request', 'x', '--to', 'b', '--hold', '2000 h'],
      /--hold 2000 h: expected at most 52 days, 1250 h/,
    ],
    [['path', 'request', 'x', '--to', 'b', '--hold=-1 s'], /--hold -1 s: expected /],
    [
      ['path', 'request', 'x', '--to', 'b', '--start', '2 s', '--end', '1 s'],
      /--end 1 s: expected a time after/,
    ],
    [
      ['daemon', '--host', 'a', '--agents', 'x:1', '--fibres', 'x:1', '--interface', 'e'],
      /--fibres: found "x:1", expected FIBRE=HOST:PORT, or several with commas between: cern-gva=192\.0\.2\.1:\d+$/m,
    ],
    [
      ['daemon', '--host', 'a', '--agents', 'x:1', '--fibres', 'f=x:1,g=y:70000', '--interface', 'e'],
      /--fibres: found "g=y:70000", expected FIBRE=HOST:PORT/,
    ],
    [['daemon', '--host', 'a', '--agents', 'x:1', '--peers', 'b=x:1,b=y:1'], /--peers: b is there twice/],
    [
      ['daemon', '--host', 'a', '--agents', 'x:1', '--addresses', 'b='],
      /--addresses: found "b=", expected NAME=/,
    ],
    [
      ['daemon', '--host', 'a', '--agents', 'x:1', '--patience', '0'],
      /--patience: expected a whole number from 1 to 100/,
    ],
    [['daemon', '--host', 'a', '--agents', ','], /--agents: expected HOST:PORT/],
  ] as const) {
    const { code, stderr } = await lightbed(work.path, ...args);
    assert.is(code, 2, stderr);
    assert.match(stderr, says);
  }
  work.remove();
});

test.run();
