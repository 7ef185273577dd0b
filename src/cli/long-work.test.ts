// What is seen of long work on a file: nothing where it is short, a line where somebody may wonder.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { main } from './emulate.fixture.ts';

const test = suite('long work');

/** What a process that is busy for so long with a file of so many bytes says, and whether it ended by itself. */
function saidIn(busyMs: number, bytes: number, work = 'return 7'): { stdout: string; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'lightbed-long-work-'));
  try {
    const file = join(folder, 'map.json');
    writeFileSync(file, Buffer.alloc(bytes, ' '));
    const module = pathToFileURL(join(dirname(main ?? ''), 'long-work.js'));
    const program = `import { longWork } from ${JSON.stringify(module.href)};
      const end = performance.now() + ${busyMs};
      console.log(longWork(${JSON.stringify(file)}, (stage) => {
        stage('thinking');
        while (performance.now() < end);
        ${work};
      }));`;
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
    assert.equal(saidIn(4_000, 3_000_000), { stdout: '7\n', stderr: 'thinking: 2 s\n' });
  });

  test('what is short is not told, nor what is about a small file', () => {
    assert.equal(saidIn(100, 3_000_000), { stdout: '7\n', stderr: '' });
    assert.equal(saidIn(2_300, 1_000), { stdout: '7\n', stderr: '' });
  });

  test('an error in it is an error, and ends the telling', () => {
    const { stderr } = saidIn(10, 3_000_000, "throw new Error('no map')");
    assert.match(stderr, /Error: no map/);
  });
}

test.run();
