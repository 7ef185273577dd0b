import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert, suite } from '../../scripts/testing/suite.ts';

const test = suite('lightbed transfer');

const main = ['./main.js', '../../dist/src/cli/main.js']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

function start(...words: string[]): {
  child: ChildProcess;
  ended: Promise<Ended>;
  said: (what: RegExp) => Promise<string>;
} {
  const child = spawn(process.execPath, [main ?? '', 'transfer', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let error = '';
  child.stderr.on('data', (piece) => {
    error += piece;
  });
  child.stdout.on('data', (piece) => {
    out += piece;
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, error })));
  const said = (what: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = what.exec(out);
        if (found !== null) resolve(found[1] ?? '');
      };
      child.stdout.on('data', look);
      child.on('close', () => reject(new Error(`ended without ${what}: ${out}${error}`)));
    });
  return { child, ended, said };
}

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lightbed-transfer-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const add = (name: string, body: () => Promise<void>): void =>
  main === undefined ? test.skip(name, 'the command is not compiled here') : test(name, body);

add('a file is copied between two processes, and verified', () =>
  inFolder(async (folder) => {
    const data = Uint8Array.from({ length: 5_000_000 }, (_, i) => (i * 7 + (i >> 11)) & 0xff);
    await writeFile(join(folder, 'data.bin'), data);
    const receiver = start('receive', '--listen', '127.0.0.1:0', '--folder', join(folder, 'in'), '--once');
    const port = await receiver.said(/listening at 127\.0\.0\.1:(\d+)/);
    const sent = await start(
      'send',
      join(folder, 'data.bin'),
      '--to',
      `127.0.0.1:${port}`,
      '--block',
      '256KiB',
    ).ended;
    assert.is(sent.error, '');
    assert.is(sent.code, 0);
    assert.match(sent.out, /5 MB in .* verified; doubled 0 B, lost 0 B/);
    const received = await receiver.ended;
    assert.is(received.code, 0);
    assert.is(
      /^([0-9a-f]{64}) {2}data\.bin/m.exec(sent.out)?.[1],
      /^([0-9a-f]{64}) {2}data\.bin/m.exec(received.out)?.[1],
    );
    assert.ok(Buffer.from(data).equals(await readFile(join(folder, 'in', 'data.bin'))));
    assert.equal(await readdir(join(folder, 'in')), ['data.bin']);
  }),
);

add('several files go over at once, empty, one byte long, or with names that look like something else', () =>
  inFolder(async (folder) => {
    const names = ['empty', 'one', 'a b \u00fc.bin', '-dash'];
    for (const [i, name] of names.entries()) await writeFile(join(folder, name), 'x'.repeat(i));
    const receiver = start('receive', '--listen', '127.0.0.1:0', '--folder', join(folder, 'in'), '--once');
    const port = await receiver.said(/listening at 127\.0\.0\.1:(\d+)/);
    const paths = names.map((name) => join(folder, name));
    const [last = '', ...others] = [...paths].reverse();
    const sent = await start('send', ...others, '--to', `127.0.0.1:${port}`, '--', last).ended;
    assert.is(sent.error, '');
    assert.is((await receiver.ended).code, 0);
    for (const [i, name] of names.entries())
      assert.is(await readFile(join(folder, 'in', name), 'utf8'), 'x'.repeat(i));
  }),
);

add('wrong input is one line and exit code 2', async () => {
  for (const words of [
    ['send', '/no/such/file', '--to', '127.0.0.1:1'],
    ['send', '--to', '127.0.0.1:1'],
    ['send', '--memory', '1', '--to', '127.0.0.1:1'],
    ['send', '--memory', '1 MB', '--to', 'nowhere'],
    ['send', '--memory', '1 MB', '--to', '127.0.0.1:1', '--streams', '0'],
  ]) {
    const { code, error } = await start(...words).ended;
    assert.is(code, 2, words.join(' '));
    assert.match(error.split('\n')[0] ?? '', /^lightbed: /);
  }
});

add('a receiver that is not there is told at each attempt, and given up soon', async () => {
  const { code, out, error } = await start('send', '--memory', '1 MB', '--to', '127.0.0.1:1').ended;
  assert.is(code, 1);
  assert.is(out, '');
  const refused = 'connect to 127.0.0.1:1: refused';
  assert.equal(error.split('\n'), [
    ...[2, 3, 4].map((attempt) => `lightbed: ${refused}; attempt ${attempt} follows`),
    `lightbed: transfer failed: ${refused}`,
    '',
  ]);
});

add('a file in the place of the folder is one error and exit code 2, and nobody listens', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'file');
    await writeFile(file, 'kept');
    for (const place of [file, join(file, 'below')]) {
      const { code, out, error } = await start('receive', '--listen', '127.0.0.1:0', '--folder', place).ended;
      assert.is(code, 2);
      assert.is(out, '');
      assert.is(
        error.split('\n')[0],
        `lightbed: --folder ${place}: files cannot be put there: there is a file in its place`,
      );
      assert.not.match(error, /\n {4}at /);
    }
    assert.is(await readFile(file, 'utf8'), 'kept');
  }),
);

test.run();
