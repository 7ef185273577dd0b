// The README tells the truth: the run that it shows is the run as it is now, and what it links to is there.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withRun } from '../readme-run.ts';
import { assert, suite } from './suite.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
const read = (name: string): string => readFileSync(join(root, name), 'utf8');

const test = suite('documents');

test('the run in the README is what the command prints (npm run draw)', () => {
  const document = read('README.md');
  assert.is(withRun(document), document);
});

test('every link to a file leads somewhere', () => {
  const broken = documents.flatMap((name) =>
    [...read(name).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].flatMap(([, target]) =>
      existsSync(join(root, target ?? '')) ? [] : [`${name}: ${target}`],
    ),
  );
  assert.equal(broken, []);
});

test('every file or folder of the project named in a document exists', () => {
  const missing = documents.flatMap((name) =>
    [...read(name).matchAll(/`((?:src|emulators|scenarios|scripts)\/[\w./-]+)`/g)].flatMap(([, target]) =>
      existsSync(join(root, target ?? '')) ? [] : [`${name}: ${target}`],
    ),
  );
  assert.equal(missing, []);
});

test('every npm script named in a document exists', () => {
  const scripts = (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts;
  const named = documents.flatMap((name) =>
    [...read(name).matchAll(/npm (?:run )?(\w+)/g)].map(([, s]) => s ?? ''),
  );
  const ofNpmItself = ['run', 'install', 'ci'];
  const unknown = named.filter((s) => !(s in scripts) && !ofNpmItself.includes(s));
  assert.equal([...new Set(unknown)], []);
});

test.run();
