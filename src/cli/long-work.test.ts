// What is seen of long work on a file: nothing where it is short, a line where somebody may wonder.

import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { main } from './emulate.fixture.ts';

const test = suite('long work');

/** A machine on which nothing is told in this time has forgotten it. */
const tellingLimitMs = 120_000;

interface Work {
  /** Or until something is told of it: as soon as a slow machine comes to that. */
  readonly busyMs: number | 'until told';
  readonly bytes: number;
  /** How it ends. */
  readonly end?: string;
  /** So long the process has something else to do then. */
  readonly afterMs?: number;
}

/** What a process says that is busy for so long with a file of so many bytes. */
function saidIn({ busyMs, bytes, end = 'return Math.ceil(performance.now() / 1000)', afterMs = 0 }: Work): {
  stdout: string;
  stderr: string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'lightbed-long-work-'));
  try {
    const [file, told] = [join(folder, 'map.json'), join(folder, 'told')];
    writeFileSync(file, Buffer.alloc(bytes, ' '));
    const module = pathToFileURL(join(dirname(main ?? ''), 'long-work.js'));
    const program = `import { longWork } from ${JSON.stringify(module.href)};
      import { statSync } from 'node:fs';
      const isTold = () => statSync(${JSON.stringify(told)}).size > 0;
      const busy = (until) => {
        const from = performance.now();
        const passed = () => performance.now() - from;
        while (until === 'until told' ? !isTold() && passed() < ${tellingLimitMs} : passed() < until);
      };
      try {
        console.log(longWork(${JSON.stringify(file)}, (stage) => {
          stage('thinking');
          busy(${JSON.stringify(busyMs)});
          ${end};
        }));
      } catch (error) {
        console.error(String(error));
      }
      busy(${afterMs});`;
    const tape = openSync(told, 'a');
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', tape],
    });
    closeSync(tape);
    return { stdout, stderr: readFileSync(told, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (main === undefined) test.skip('it is shown by a thread of its own', 'the command is not compiled here');
else {
  test('where it takes more than two seconds it is told what is done, and for how long, while it is', () => {
    const { stdout, stderr } = saidIn({ busyMs: 'until told', bytes: 3_000_000 });
    const told = Number(/^thinking: (\d+) s\n$/.exec(stderr)?.[1]);
    assert.ok(told >= 2, stderr);
    assert.ok(told <= Number(stdout), `${stderr} after ${stdout}`);
  });

  test('what is short is not told, nor what is about a small file', () => {
    assert.equal(saidIn({ busyMs: 100, bytes: 3_000_000 }).stderr, '');
    assert.is(saidIn({ busyMs: 2_300, bytes: 1_000 }).stderr, '');
  });

  test('an error in it is an error, and ends the telling', () => {
    const work = { busyMs: 10, bytes: 3_000_000, end: "throw new Error('no map')", afterMs: 2_500 };
    assert.equal(saidIn(work), { stdout: '', stderr: 'Error: no map\n' });
  });
}

test.run();
