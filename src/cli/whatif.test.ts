// `lightbed whatif` as a user meets it: what it says and writes, that it goes on after an interruption, and mistakes.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { lightbed, workFolder } from './cli.fixture.ts';

const test = suite('lightbed whatif');

/** A square with one tail, on Earth; the tail is a bridge. */
const map = {
  name: 'kite',
  nodes: [
    { id: 'a', name: 'Aachen', lat: 50.8, lon: 6.1 },
    { id: 'b', name: 'Bonn', lat: 50.7, lon: 7.1 },
    { id: 'c', name: 'Celle', lat: 52.6, lon: 10.1 },
    { id: 'd', name: 'Dessau', lat: 51.8, lon: 12.2 },
  ],
  links: [
    { id: 'ab', a: 'a', b: 'b', w: 80_000 },
    { id: 'bc', a: 'b', b: 'c', w: 300_000 },
    { id: 'ac', a: 'a', b: 'c', w: 350_000 },
    { id: 'cd', a: 'c', b: 'd', w: 170_000 },
  ],
};
const FILES = ['cuts.csv', 'demands.csv', 'map.svg', 'runs.jsonl', 'summary.json'];

function openDesk() {
  const work = workFolder();
  const write = (name: string, value: object): void =>
    writeFileSync(join(work.path, name), JSON.stringify(value));
  write('kite.json', map);
  write('pairs.json', [{ from: 'a', to: 'd' }]);
  write('ducts.json', { west: ['ab', 'ac'] });
  return {
    ...work,
    whatif: (...words: string[]) => lightbed(work.path, 'whatif', ...words),
    files: () => readdirSync(work.path, { recursive: true, encoding: 'utf8' }).sort(),
  };
}

const read = (folder: string): string[] => FILES.map((name) => readFileSync(join(folder, name), 'utf8'));

test('every cut of a map: what is restored, what is lost and why; the same files again, whole or resumed', async () => {
  const desk = openDesk();
  const before = desk.files();
  const out = join(desk.path, 'results', 'whatif', 'kite');
  const args = ['kite.json', '--demands', 'pairs.json'];
  const first = await desk.whatif(...args);
  assert.is(first.code, 0, first.stderr);
  assert.match(first.stdout, /1 of 1 demand up before any cut/);
  assert.match(first.stdout, /1 of 2 hits restored \(50\.0 %\)/);
  assert.match(first.stdout, /bridge: the cut takes the hosts apart/);
  assert.equal(
    desk.files().filter((file) => !before.includes(file)),
    [
      'results',
      'results/whatif',
      'results/whatif/kite',
      ...FILES.map((name) => `results/whatif/kite/${name}`),
    ],
  );
  const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
  assert.is(summary.classes[0].restored_share, 0.5);
  assert.is(summary.classes[0].not_restored.bridge, 1);
  assert.match(readFileSync(join(out, 'map.svg'), 'utf8'), /Dessau/);

  // As if it had been interrupted in the third run: half a line is left of it.
  const broken = join(desk.path, 'broken');
  mkdirSync(broken);
  const lines = readFileSync(join(out, 'runs.jsonl'), 'utf8').split('\n');
  writeFileSync(join(broken, 'runs.jsonl'), `${lines.slice(0, 3).join('\n')}\n${lines[3]?.slice(0, 40)}`);
  const resumed = await desk.whatif(...args, '--out', 'broken', '--resume');
  assert.is(resumed.code, 0, resumed.stderr);
  assert.match(resumed.stdout, /3 of 3 runs/);
  assert.equal(read(broken), read(out));

  // Of the runs that are there another rate makes other figures; what is nearly always up is not promised always.
  const rare = await desk.whatif(...args, '--out', 'broken', '--resume', '--rate', '0.000001');
  assert.match(rare.stdout, /^d1 +aachen – dessau +0\.9999999 +0\.000 min /m);

  const other = await desk.whatif(...args, '--out', 'broken', '--resume', '--seed', '7');
  assert.is(other.code, 2);
  assert.match(other.stderr, /is of other cuts, another seed/);
  desk.remove();
});

test('a shared-risk group is cut as one', async () => {
  const desk = openDesk();
  const groups = ['--cuts', 'srlg', '--srlg', 'ducts.json'];
  const { code, stdout, stderr } = await desk.whatif('kite.json', ...groups, '--demands', 'pairs.json');
  assert.is(code, 0, stderr);
  assert.match(stdout, /Shared-risk groups cut: 1 of 1 cut tried/);
  assert.match(stdout, /0 of 1 hit restored/);
  desk.remove();
});

test('wrong input is told in one line, and nothing is written', async () => {
  const desk = openDesk();
  const before = desk.files();
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['ring', '--demands', '3'], /--demands is for maps/],
    [['ring', '--cuts', 'srlg'], /has no shared-risk groups: give them with --srlg/],
    [['kite.json', '--apart', '1 s'], /--apart is for --cuts 2/],
    [['kite.json', '--cuts', '2', '--apart', 'soon'], /--apart is soon, expected a number with one of/],
    [['kite.json', '--sample', '0'], /--sample is a whole number from 1 on/],
    [['kite.json', '--rate', '0'], /--rate is a number above 0/],
    [['kite.json', '--cuts', '2', '--apart', '61 min'], /--apart is at most 1 h/],
    [['kite.json', '--repair', '8761 h'], /--repair is at most 8760 h/],
    [['kite.json', '--jobs', '257'], /--jobs is at most 256/],
    [['kite.json', '--demands=-1'], /--demands is a whole number, or a JSON file of pairs/],
    [['kite.json', '--out', 'kite.json'], /results cannot be written to "kite\.json": EEXIST/],
    [['kite.json', '--out', '/proc/none/x'], /results cannot be written to "\/proc\/none\/x": ENOENT/],
  ];
  const ends = await Promise.all(cases.map(([words]) => desk.whatif(...words)));
  for (const [i, { code, stderr }] of ends.entries()) {
    assert.is(code, 2, stderr);
    assert.match(stderr, cases[i]?.[1] ?? /never/);
  }
  assert.equal(desk.files(), before);
  desk.remove();
});

test.run();
