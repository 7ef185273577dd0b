// `lightbed paths` and `lightbed cuts` as a user meets them: on a map of our own making, and on a scenario.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { lightbed, workFolder } from './cli.fixture.ts';

const test = suite('maps at the command line');

// The shortest way from A to D, by B and C, blocks every other; E hangs on a bridge, F on nothing.
const MAP = {
  nodes: [
    { id: 'A', name: 'Geneva' },
    { id: 'B', name: 'Springfield' },
    { id: 'C', name: 'Springfield' },
    { id: 'D' },
    { id: 'E' },
    { id: 'F' },
  ],
  links: [
    { id: 'ab', a: 'A', b: 'B', w: 10 },
    { id: 'bc', a: 'B', b: 'C', w: 10 },
    { id: 'cd', a: 'C', b: 'D', w: 10 },
    { id: 'ac', a: 'A', b: 'C', w: 30 },
    { id: 'bd', a: 'B', b: 'D', w: 30 },
    { id: 'de', a: 'D', b: 'E', w: 5 },
  ],
};

function openDesk() {
  const work = workFolder();
  writeFileSync(join(work.path, 'map.json'), JSON.stringify(MAP));
  return { ...work, lightbed: (...words: string[]) => lightbed(work.path, ...words) };
}

test('the shortest paths are told in order, as JSON or as a table', async () => {
  const desk = openDesk();
  const ask = ['paths', 'map.json', '--from', 'Geneva', '--to', 'D', '--k', '2'];
  const json = await desk.lightbed(...ask, '--json');
  assert.is(json.code, 0, json.stderr);
  assert.equal(JSON.parse(json.stdout), {
    from: 'A',
    to: 'D',
    paths: [
      { links: ['ab', 'bc', 'cd'], length: 30, hops: 3 },
      { links: ['ab', 'bd'], length: 40, hops: 2 },
    ],
  });
  const short = ask.map((word) => (word === '--k' ? '-k' : word));
  assert.is((await desk.lightbed(...short, '--json')).stdout, json.stdout);
  const table = await desk.lightbed(...ask, '--weight', 'hops');
  assert.match(table.stdout, /^A to D\nlength +hops +links\n.*\n +40 +2 +ab bd\n +40 +2 +ac cd\n$/);
  desk.remove();
});

test('a disjoint pair is found where the shortest path blocks it, and none is an empty list', async () => {
  const desk = openDesk();
  writeFileSync(
    join(desk.path, 'pairs.json'),
    '[{"from":"A","to":"D"},{"from":"A","to":"E"},{"from":"A","to":"F"}]',
  );
  for (const kind of ['edge', 'node']) {
    const found = await desk.lightbed(
      'paths',
      'map.json',
      '--pairs',
      'pairs.json',
      '--disjoint',
      kind,
      '--json',
    );
    assert.is(found.code, 0, found.stderr);
    const pair = [
      { links: ['ab', 'bd'], length: 40, hops: 2 },
      { links: ['ac', 'cd'], length: 40, hops: 2 },
    ];
    assert.equal(JSON.parse(found.stdout), [
      { from: 'A', to: 'D', paths: pair },
      { from: 'A', to: 'E', paths: [] },
      { from: 'A', to: 'F', paths: [] },
    ]);
  }
  desk.remove();
});

test('links without an SRLG fail each by itself, and whoever asks is told so beside the answer', async () => {
  const desk = openDesk();
  const ask = 'paths map.json --from A --to D --json --disjoint'.split(' ');
  const [srlg, edge] = await Promise.all([desk.lightbed(...ask, 'srlg'), desk.lightbed(...ask, 'edge')]);
  assert.is(srlg.code, 0, srlg.stderr);
  assert.equal(JSON.parse(srlg.stdout), JSON.parse(edge.stdout));
  assert.match(srlg.stderr, /^lightbed: no link of the map has an SRLG, .*--srlg/);
  assert.is(edge.stderr, '');
  desk.remove();
});

test('cuts of one link and of two are counted, with the bridges and the worst', async () => {
  const desk = openDesk();
  const one = await desk.lightbed('cuts', 'map.json', '--order', '1', '--json');
  assert.is(one.code, 0, one.stderr);
  assert.equal(JSON.parse(one.stdout), {
    bridges: { de: 4 },
    cutsThatDisconnect: 1,
    totalPairsLost: 4,
    worst: { links: ['de'], pairsLost: 4 },
  });
  // Five cuts with the bridge lose 4 each; {ab, ac} and {cd, bd} take A, and D with E, from the rest.
  const two = JSON.parse((await desk.lightbed('cuts', 'map.json', '--order', '2', '--json')).stdout);
  assert.equal(two, {
    bridges: { de: 4 },
    cutsThatDisconnect: 7,
    totalPairsLost: 5 * 4 + 4 + 6,
    worst: { links: ['cd', 'bd'], pairsLost: 6 },
  });
  const table = await desk.lightbed('cuts', 'map.json');
  assert.match(table.stdout, /^de +4$/m);
  assert.match(table.stdout, /1 of 6 cuts disconnect nodes/);
  desk.remove();
});

test('a scenario is a map of its fibres', async () => {
  const desk = openDesk();
  const cuts = await desk.lightbed('cuts', 'ring', '--json');
  assert.is(cuts.code, 0, cuts.stderr);
  assert.ok((JSON.parse(cuts.stdout) as { cutsThatDisconnect: number }).cutsThatDisconnect > 0);
  desk.remove();
});

test('paths can be bound to pass, to leave out, to lose no more than a budget, or told step by step', async () => {
  const desk = openDesk();
  writeFileSync(join(desk.path, 'ducts.json'), '{"duct": ["ab", "cd"], "bridge": ["ac"]}');
  const none: string[] = [];
  const asked: readonly (readonly [string, readonly string[]])[] = [
    ['--include bd', ['ab bd']],
    ['--include C,bd --k 9', ['ac bc bd']],
    ['--exclude B', ['ac cd']],
    ['--exclude ab,link:cd', ['ac bc bd']],
    ['--srlg ducts.json --exclude srlg:duct', ['ac bc bd']],
    ['--srlg ducts.json --exclude duct,bridge', none],
    ['--exclude A', none],
    ['--budget 6 --switch-loss 1', ['ab bc cd']],
    ['--budget 3.5', none],
    ['--budget 5 --fibre-loss 0', ['ab bd']],
    ['--route B,bd', ['ab bd']],
    ['--route A,ac,B', ['ac bc bd']],
    ['--disjoint srlg --srlg ducts.json', none],
    ['--disjoint edge --budget 5', ['ab bd', 'ac cd']],
    ['--disjoint node --exclude bc', ['ab bd', 'ac cd']],
    ['--weight cost', ['ab bc cd']],
  ];
  const ask = 'paths map.json --from A --to D --json'.split(' ');
  const ends = await Promise.all(asked.map(([words]) => desk.lightbed(...ask, ...words.split(' '))));
  for (const [i, [words, links]] of asked.entries()) {
    assert.is(ends[i]?.code, 0, `${words}: ${ends[i]?.stderr}`);
    const { paths } = JSON.parse(ends[i]?.stdout ?? '') as { paths: { links: string[] }[] };
    assert.equal(
      paths.map((path) => path.links.join(' ')),
      links,
      words,
    );
  }
  desk.remove();
});

test('what cannot be asked is one message with a way out, and code 2', async () => {
  const desk = openDesk();
  writeFileSync(join(desk.path, 'notes.txt'), 'no map');
  writeFileSync(join(desk.path, 'one.json'), '\uFEFF[{"from":"A","to":"B"},{"from":"Q","to":"B"}]');
  writeFileSync(join(desk.path, 'two.json'), '[{"from":"A","to":"B"},{"from":"A","to":7}]');
  writeFileSync(join(desk.path, 'three.json'), '[{"from":"A","to":"Geneva"}]');
  const refused: readonly (readonly [string, RegExp])[] = [
    ['paths map.json --from Genva --to D', /the map has no node Genva; did you mean Geneva\?/],
    ['paths map.json --from Springfield --to D', /2 nodes are named Springfield: give one of B, C/],
    ['paths map.json --from A --to B --k 0', /--k is a whole number/],
    ['paths map.json --from A --to D --route B,C,E', /--route cannot be followed: E does not come next to C/],
    ['paths map.json --from A --to D --budget much', /--budget is "20 dB" or "receiver"/],
    ['paths map.json --from A --to D --include link:zz', /the map has no link zz/],
    ['paths notes.txt --from A --to B', /notes\.txt cannot be used: it is no map/],
    [
      'cuts nowhere',
      /there is no map or scenario nowhere: looked for nowhere and nowhere\/.*scenarios\/nowhere\.yaml/,
    ],
    ['cuts .', /there is no map or scenario \.: looked for \.\/scenario\.yaml$/m],
    ['paths map.json --pairs one.json', /one\.json: pair 2: the map has no node Q/],
    ['paths map.json --pairs two.json', /two\.json is not a JSON list of .*: at 1\.to: .*received 7/],
    ['paths map.json --pairs three.json', /three\.json: pair 1: a path from A to itself/],
  ];
  const ends = await Promise.all(refused.map(([words]) => desk.lightbed(...words.split(' '))));
  for (const [i, [words, message]] of refused.entries()) {
    assert.is(ends[i]?.code, 2, words);
    assert.match(ends[i]?.stderr ?? '', message);
  }
  desk.remove();
});

test.run();
