// The rules of the house that can be read off the repository: which room may import which, where the machine
// may be touched, which words product code does not know, and that every test file really runs.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Room, rooms } from '../layers.ts';
import { withRoomsDiagram } from '../rooms-diagram.ts';
import { assert, suite } from './suite.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const test = suite('tidy');

interface Source {
  readonly path: string;
  readonly text: string;
  readonly isTest: boolean;
  readonly room: Room | null;
}

const sources = ['src', 'emulators', 'scripts'].flatMap(readSources);
const code = sources.filter((s) => !s.isTest && s.room !== null);

test('every folder of src is a room of the table', () => {
  const strangers = sources
    .filter((s) => s.room === null && !s.path.startsWith('scripts/'))
    .map((s) => s.path);
  assert.equal(strangers, []);
});

test('rooms import only what the table lets them', () => {
  assert.equal(code.flatMap(forbiddenImports), []);
});

test('the rule on imports sees a forbidden one', () => {
  const room = rooms.find((r) => r.name === 'net') ?? null;
  const text = "import { x } from '../sim/world.ts';\n";
  assert.is(forbiddenImports({ path: 'src/net/a.ts', text, isTest: false, room }).length, 1);
});

test('product and ground know no world by name', () => {
  const words = /\b(sim|simulat\w*|virtual world|loopback|emulat\w*|hardware world)\b/i;
  const isBlind = (s: Source): boolean => s.room?.block === 'product' || s.room?.name === 'core';
  assert.equal(
    code.filter(isBlind).flatMap((s) => linesWith(s, words)),
    [],
  );
});

test('only host, cli, scripts and tests touch the machine', () => {
  const ambient =
    /from 'node:|\bprocess\.|\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bMath\.random\b|\bset(Timeout|Interval|Immediate)\(|AbortSignal\.timeout|localeCompare|\bIntl\./;
  const isBound = (s: Source): boolean =>
    !['host', 'cli'].includes(s.room?.name ?? '') && s.path !== 'src/engine/guard.ts';
  const found = code
    .filter(isBound)
    .flatMap((s) => linesWith({ ...s, text: withoutComments(s.text) }, ambient));
  assert.equal(found, []);
});

test('no file is named after nothing', () => {
  const vague = /(^|\/)(utils?|helpers?|common|types|managers?|index)\.ts$/;
  assert.equal(
    sources.filter((s) => vague.test(s.path)).map((s) => s.path),
    [],
  );
});

test('every file opens with what it is', () => {
  const silent = sources.filter((s) => !s.isTest && !/^(#!.*\n)?\/\/ /.test(s.text)).map((s) => s.path);
  assert.equal(silent, []);
});

test('ARCHITECTURE.md shows the rooms as the table has them (npm run draw)', () => {
  const document = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  assert.ok(withRoomsDiagram(document) === document, 'the picture is not that of the table');
});

test('every test file runs a suite of its own or a conformance suite', () => {
  const runsOne = /\bsuite\([\s\S]*\.run\(\)|from '\.[^']*\.conformance\.ts'/;
  const idle = sources.filter((s) => s.path.endsWith('.test.ts') && !runsOne.test(s.text));
  assert.equal(
    idle.map((s) => s.path),
    [],
  );
});

test.run();

function readSources(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name))
    .sort()
    .map((name) => {
      const path = `${folder}/${name}`;
      const isTest = /\.(test|conformance|fixture)\.ts$|(^|\/)testing\//.test(path);
      const room = rooms.find((r) => path.startsWith(`${r.folder}/`)) ?? null;
      return { path, text: readFileSync(join(root, path), 'utf8'), isTest, room };
    });
}

function forbiddenImports(source: Source): string[] {
  const specifiers = [...source.text.matchAll(/\bfrom '(\.[^']+)'|\bimport\('(\.[^']+)'\)/g)];
  return specifiers.flatMap(([, fixed, dynamic]) => {
    const target = normalize(join(dirname(source.path), fixed ?? dynamic ?? ''));
    const room = rooms.find((r) => target.startsWith(`${r.folder}/`))?.name ?? 'no room';
    const isAllowed = room === source.room?.name || source.room?.imports.includes(room);
    return isAllowed ? [] : [`${source.path} imports ${relative('.', target)}`];
  });
}

function linesWith(source: Source, pattern: RegExp): string[] {
  return source.text
    .split('\n')
    .flatMap((line, i) => (pattern.test(line) ? [`${source.path}:${i + 1}: ${line.trim()}`] : []));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, (c) => c.replace(/[^\n]/g, ' ')).replace(/(^|\s)\/\/.*$/gm, '');
}
