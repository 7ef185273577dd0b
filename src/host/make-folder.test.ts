import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { codeOf } from './errors.ts';
import { makeFolder } from './make-folder.ts';

const test = suite('making a folder');

function inFolder(body: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'lightbed-folder-'));
  try {
    body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function failure(folder: string): string {
  try {
    makeFolder(folder);
    return 'made';
  } catch (error) {
    return codeOf(error);
  }
}

test('all folders above it are made, and again does nothing', () =>
  inFolder((folder) => {
    makeFolder(join(folder, 'a/b/c'), 0o700);
    makeFolder(join(folder, 'a/b/../b/c/'));
    assert.is(statSync(join(folder, 'a/b/c')).mode & 0o777, 0o700);
  }));

test('a file in the way is an error, and stays', () =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'file'), 'x');
    symlinkSync('nowhere', join(folder, 'dangling'));
    mkdirSync(join(folder, 'real'));
    symlinkSync('real', join(folder, 'link'));
    assert.is(failure(join(folder, 'file')), 'EEXIST');
    assert.is(failure(join(folder, 'file/below')), 'EEXIST');
    assert.is(failure(join(folder, 'dangling')), 'EEXIST');
    assert.is(failure(join(folder, 'link/below')), 'made');
    assert.ok(existsSync(join(folder, 'real/below')));
    assert.is(statSync(join(folder, 'file')).size, 1);
  }));

if (!existsSync('/proc/self')) test.skip('a file system that takes no folders', 'there is no /proc here');
else
  test('a file system that takes no folders says so at once', () => {
    assert.is(failure('/proc/x'), 'ENOENT');
    assert.is(failure('/proc/x/y/z'), 'ENOENT');
    assert.is(failure('/proc/self/x'), 'ENOENT');
  });

test.run();
