// What is seen of long work on a file: nothing where it is short, a line where somebody may wonder.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { main } from './emulate.fixture.ts';

const test = suite('long work');

interface Work {
  readonly busyMs: number;
  readonly bytes: number;
  /** How it ends. */
  readonly end?: string;
  /** So long the process has something else to do then. */
  readonly afterMs?: number;
}

/** What a process says that is busy for so long with a file of so many bytes. */
function saidIn({ busyMs, bytes, end = 'return 7', afterMs = 0 }: Work): { stdout: string; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'lightbed-long-work-'));
  try {
    const file = join(folder, 'map.json');
    writeFileSync(file, Buffer.alloc(bytes, ' '));
    const module = pathToFileURL(join(dirname(main ?? ''), 'long-work.js'));
    const program = `import { longWork } from ${JSON.stringify(module.href)};
      const busy = (ms) => { for (const end = performance.now() + ms; performance.now() < end; ); };
      try {
        console.log(longWork(${JSON.stringify(file)}, (stage) => {
          stage('thinking');
          busy(${busyMs});
          ${end};
        }));
      } catch (error) {
        console.error(String(error));
      }
      busy(${afterMs});`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    return { stdout, stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (main === undefined) test.skip('it is shown by a thread of its own', 'the command is not compiled here');
else {
  test('where it takes more than two seconds it is told what is done, and for how long, while it is', () => {
    const { stdout, stderr } = saidIn({ busyMs: 4_000, bytes: 3_000_000 });
    assert.is(stdout, '7\n');
    assert.match(stderr, /^thinking: [23] s\n$/);
  });

  test('what is short is not told, nor what is about a small file', () => {
    assert.equal(saidIn({ busyMs: 100, bytes: 3_000_000 }), { stdout: '7\n', stderr: '' });
    assert.equal(saidIn({ busyMs: 2_300, bytes: 1_000 }), { stdout: '7\n', stderr: '' });
  });

  test('an error in it is an error, and ends the telling', () => {
    const work = { busyMs: 10, bytes: 3_000_000, end: "throw new Error('no map')", afterMs: 2_500 };
    assert.equal(saidIn(work), { stdout: '', stderr: 'Error: no map\n' });
  });
}

test.run();
