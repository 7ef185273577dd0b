// `lightbed import` as a user meets it: what it writes can be run and holds, and mistakes are one message.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { lightbed, workFolder } from './cli.fixture.ts';

const test = suite('import at the command line');

const MAP = {
  nodes: [
    { id: 'A', name: 'Genève' },
    { id: 'B', name: 'Springfield' },
    { id: 'C', name: 'Springfield' },
  ],
  links: [
    { id: 'Link 1', a: 'A', b: 'B', w: 200_000 },
    { id: 'link-1', a: 'A', b: 'B', w: 250_000 },
    { id: 'x', a: 'B', b: 'C', w: 400_000 },
  ],
};

function openDesk() {
  const work = workFolder();
  writeFileSync(join(work.path, 'small map.json'), JSON.stringify(MAP));
  return { ...work, lightbed: (...words: string[]) => lightbed(work.path, ...words) };
}

test('what it writes runs and holds its expectations', async () => {
  const desk = openDesk();
  const written = await desk.lightbed('import', 'small map.json', '--demands', '2', '--hosts', 'C');
  assert.is(written.code, 0, written.stderr);
  assert.match(written.stdout, /scenarios\/small-map\/scenario\.yaml: 3 switches, 3 fibres/);
  const text = readFileSync(join(desk.path, 'scenarios/small-map/scenario.yaml'), 'utf8');
  assert.match(text, /geneve: \{ title: "Genève" \}/);
  assert.match(text, /springfield-2: \{ title: "Springfield" \}/);
  assert.match(text, /link-1-2: \{ between: \[geneve\/2, springfield\/\d+\], length: 250 km/);
  assert.match(text, /springfield-2-host: \{ site: springfield-2/);
  const run = await desk.lightbed('check', 'small-map');
  assert.is(run.code, 0, run.stdout + run.stderr);
  desk.remove();
});

test('a folder of any legal name can be given, and what it holds is a scenario', async () => {
  const desk = openDesk();
  const folder = `m${'-map'.repeat(9)}`;
  await desk.lightbed('import', 'small map.json', '--out', folder);
  const run = await desk.lightbed('check', folder);
  assert.is(run.code, 0, run.stdout + run.stderr);
  desk.remove();
});

test('one path between the nodes furthest apart is asked for, or those of a file', async () => {
  const desk = openDesk();
  await desk.lightbed('import', 'small map.json', '--out', 'one');
  const one = readFileSync(join(desk.path, 'one/scenario.yaml'), 'utf8');
  assert.is(one.match(/request:/g)?.length, 1);
  assert.match(one, /d1-from: \{ site: geneve,[\s\S]*d1-to: \{ site: springfield-2,/);
  writeFileSync(join(desk.path, 'pairs.json'), '[{"from":"A","to":"B"},{"from":"C","to":"Genève"}]');
  await desk.lightbed('import', 'small map.json', '--out', 'two', '--demands', 'pairs.json');
  assert.is(readFileSync(join(desk.path, 'two/scenario.yaml'), 'utf8').match(/request:/g)?.length, 2);
  desk.remove();
});

test('what is there is not written over, and what cannot be is one message and code 2', async () => {
  const desk = openDesk();
  await desk.lightbed('import', 'small map.json', '--out', 'once');
  for (const [words, message] of [
    [['--out', 'once'], /once\/scenario\.yaml is there already/],
    [['--out', 'Not Legal'], /the folder Not Legal names the scenario/],
    [['--metres', '0'], /--metres is a number above 0/],
    [['--hosts', 'Genf'], /the map has no node Genf/],
    [['--demands', '99999'], /--demands is at most/],
    [['--out', '/proc/none/small'], /\/proc\/none\/small\/scenario\.yaml cannot be written: ENOENT/],
    [['--metres', '1e30'], /link Link 1 would have 2e\+35 m of fibre/],
    [['--out', 'small map.json/x'], /small map\.json\/x\/scenario\.yaml cannot be written: (EEXIST|ENOTDIR)/],
  ] as const) {
    const refused = await desk.lightbed('import', 'small map.json', ...words);
    assert.is(refused.code, 2, words.join(' '));
    assert.match(refused.stderr, message);
  }
  assert.not.ok(existsSync(join(desk.path, 'Not Legal')));
  assert.is((await desk.lightbed('import', 'small map.json', '--out', 'once', '--force')).code, 0);
  desk.remove();
});

test.run();
