import { assert, suite } from '../../../scripts/testing/suite.ts';
import { propagationDelay } from '../../core/quantity.ts';
import { MapError } from '../../net/maps/errors.ts';
import type { NetworkMap } from '../../net/maps/network-map.ts';
import { run } from '../run.ts';
import { drawDemands, furthestPair } from './demand.ts';
import { importMap, scenarioOfMap } from './import-map.ts';
import { LegalNames } from './legal-name.ts';

const test = suite('maps as scenarios');

const node = (id: string, name = id) => ({ id, name });
/** A ring with a twin link, and a pair of nodes apart from it. */
const MAP: NetworkMap = {
  nodes: ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => node(id)),
  links: [
    { id: 'ab', a: 'a', b: 'b', weight: 50_000 },
    { id: 'ba', a: 'b', b: 'a', weight: 40_000 },
    { id: 'bc', a: 'b', b: 'c', weight: 100_000 },
    { id: 'cd', a: 'c', b: 'd', weight: 100_000 },
    { id: 'da', a: 'd', b: 'a', weight: 100_000 },
    { id: 'ef', a: 'e', b: 'f', weight: 999 },
  ],
};

test('names are legal and all different, also with what programs put behind them', () => {
  const names = new LegalNames(['-agent']);
  assert.is(names.make('Saint-Étienne (2)', ''), 'saint-etienne-2');
  assert.is(names.make('saint etienne 2', ''), 'saint-etienne-2-2');
  assert.is(names.make('東京', 'n7'), 'n7');
  assert.is(names.make('東京', '北京'), 'x');
  assert.is(names.make('12th Street', ''), 'th-street');
  assert.is(names.make('42', ''), 'n42');
  assert.is(names.make('Rome', ''), 'rome');
  assert.is(names.make('Rome agent', ''), 'rome-agent-2');
  assert.match(names.make('x'.repeat(99), ''), /^x{26}$/);
});

test('every node is a site with a switch, every link a fibre of its length, every way a control link of its delay', () => {
  const { switches, sites, fibres, controlLinks } = scenarioOfMap(MAP, { name: 'small' });
  assert.is(sites.length, 6);
  assert.ok(switches.every(({ name, site }) => name === site));
  const lengths = fibres.filter(({ between }) => between.every(({ kind }) => kind === 'port'));
  assert.equal(
    lengths.map(({ name, length }) => `${name} ${length}`),
    MAP.links.map(({ id, weight }) => `${id} ${weight}`),
  );
  // Of two fibres between the same sites the messages take the shorter.
  assert.equal(
    controlLinks.map(({ name }) => name),
    ['ba', 'bc', 'cd', 'da', 'ef'],
  );
  assert.is(controlLinks[1]?.delay, propagationDelay(100_000 as never));
});

test('what the map calls by id can be found again in the scenario', () => {
  const twice = {
    nodes: [node('1', 'Rome'), node('2', 'Rome')],
    links: [{ id: '7', a: '1', b: '2', weight: 5 }],
  };
  const { switchOf, fibreOf } = importMap(twice, { name: 'Rome twice' });
  assert.equal(
    [...switchOf],
    [
      ['1', 'rome'],
      ['2', 'rome-2'],
    ],
  );
  assert.equal([...fibreOf], [['7', 'n7']]);
});

test('demands join nodes that fibres join, the same for the same seed', () => {
  const demands = drawDemands(MAP, 200, '1');
  const part = (id: string) => 'ef'.includes(id);
  assert.ok(demands.every(({ from, to }) => from !== to && part(from) === part(to)));
  assert.ok(demands.some(({ from }) => part(from)) && demands.some(({ from }) => !part(from)));
  assert.equal(drawDemands(MAP, 200, '1'), demands);
  assert.is.not(JSON.stringify(drawDemands(MAP, 200, '2')), JSON.stringify(demands));
  assert.equal(furthestPair(MAP), { from: 'a', to: 'c' });
  assert.is(furthestPair({ nodes: [node('a')], links: [] }), null);
});

test('a node with more links than a switch has ports is refused by name', () => {
  const links = Array.from({ length: 1025 }, (_, i) => ({ id: `l${i}`, a: 'a', b: 'b', weight: 1 }));
  assert.throws(
    () => importMap({ nodes: [node('a'), node('b')], links }, { name: 'many' }),
    (error: unknown) => error instanceof MapError && error.message.includes('node a'),
  );
});

test('a map beyond what a scenario takes, or a user waits for, is refused at once', () => {
  const chain = (length: number): NetworkMap => ({
    nodes: Array.from({ length }, (_, i) => node(`n${i}`)),
    links: Array.from({ length: length - 1 }, (_, i) => ({
      id: `l${i}`,
      a: `n${i}`,
      b: `n${i + 1}`,
      weight: 9,
    })),
  });
  const refuses = (map: NetworkMap, message: RegExp, demands?: []): void =>
    assert.throws(
      () => importMap(map, { name: 'large', ...(demands && { demands }) }),
      (error: unknown) => error instanceof MapError && message.test(error.message),
    );
  refuses(chain(10_001), /10001 nodes, and a scenario takes 10000/, []);
  refuses(chain(2_001), /take too long to find: give --demands/);
  assert.is(importMap(chain(2_001), { name: 'large', demands: [] }).switchOf.size, 2_001);
});

for (const family of ['glimmerglass', 'calient', 'calient-s', 'polatis'] as const) {
  test(`with switches of ${family} the path comes up over light of the map's fibres`, async () => {
    const scenario = scenarioOfMap(MAP, { name: 'small', family });
    const result = await run(scenario, { world: 'virtual', folder: '', file: 'small', version: 'test' });
    assert.ok(result.isMet, JSON.stringify(result.verdicts));
    const up = result.records.find(({ kind }) => kind === 'path.up');
    assert.is(up?.fields['path'], 'd1');
  });
}

test.run();
