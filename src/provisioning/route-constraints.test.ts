import { assert, suite } from '../../scripts/testing/suite.ts';
import { type Db, db, dbm, metres } from '../core/quantity.ts';
import { computeDisjointRoutes, type DisjointBy, type Terminals } from './disjoint-routes.ts';
import { computeRoute, type Fibre, type FibreEnd } from './route.ts';
import type { RouteConstraints } from './route-constraints.ts';

const test = suite('route constraints');

const end = (node: string, id: string): FibreEnd =>
  node.startsWith('T')
    ? { node, port: null, transceiver: { power: dbm(0), sensitivity: dbm(-20) } }
    : { node, port: id, loss: db(2) };

interface Extra {
  readonly weight?: number;
  readonly loss?: number;
  readonly srlg?: readonly string[];
  readonly type?: string;
}

function fibre(
  id: string,
  from: string,
  to: string,
  { weight = 10, loss = 0, srlg, type }: Extra = {},
): Fibre {
  const typed = (e: FibreEnd): FibreEnd => (type === undefined ? e : { ...e, type });
  return {
    id,
    a: typed(end(from, `${id}a`)),
    b: typed(end(to, `${id}b`)),
    weight,
    length: metres(weight * 100),
    loss: db(loss),
    ...(srlg && { srlg }),
  };
}

// S1 and S4 are joined by S2, by S3, and by a long fibre in the duct of S1-S2.
const MAP = [
  fibre('ta', 'T1', 'S1', { weight: 1 }),
  fibre('tb', 'S4', 'T2', { weight: 1 }),
  fibre('s12', 'S1', 'S2', { loss: 9, srlg: ['duct'] }),
  fibre('s24', 'S2', 'S4', { loss: 9, type: 'old' }),
  fibre('s13', 'S1', 'S3', { weight: 15, loss: 4 }),
  fibre('s34', 'S3', 'S4', { weight: 15, loss: 4, srlg: ['bridge'] }),
  fibre('long', 'S1', 'S4', { weight: 50, srlg: ['duct'] }),
];
const NO_BUDGET = { powerBudget: null };

const route = (constraints: RouteConstraints): readonly string[] | string => {
  const found = computeRoute(MAP, 'T1', 'T2', constraints);
  return found.kind === 'found' ? found.route.fibres : found.failure.kind;
};

test('fibres, switches and SRLGs can be left out, and ports be asked to be of a type', () => {
  assert.equal(route(NO_BUDGET), ['ta', 's12', 's24', 'tb']);
  const without = (exclude: RouteConstraints['exclude'] & object) => route({ ...NO_BUDGET, exclude });
  assert.equal(without({ fibres: ['s24'] }), ['ta', 's13', 's34', 'tb']);
  assert.equal(without({ switches: ['S2'] }), ['ta', 's13', 's34', 'tb']);
  assert.equal(without({ srlgs: ['duct'] }), ['ta', 's13', 's34', 'tb']);
  assert.equal(without({ srlgs: ['bridge', 'nowhere'], switches: ['S2'] }), ['ta', 'long', 'tb']);
  assert.is(without({ srlgs: ['duct', 'bridge'] }), 'no-path');
  assert.equal(route({ ...NO_BUDGET, portType: 'new' }), ['ta', 's13', 's34', 'tb']);
});

test('fibres and switches can be asked for, and what is not known cannot be passed', () => {
  assert.equal(route({ ...NO_BUDGET, include: { switches: ['S3'] } }), ['ta', 's13', 's34', 'tb']);
  assert.equal(route({ ...NO_BUDGET, include: { fibres: ['long'] } }), ['ta', 'long', 'tb']);
  assert.is(route({ ...NO_BUDGET, include: { fibres: ['long'], switches: ['S2'] } }), 'no-path');
  assert.is(route({ ...NO_BUDGET, include: { switches: ['S9'] } }), 'no-path');
});

test('by length, by hops or by weight', () => {
  assert.equal(route({ ...NO_BUDGET, measure: 'hops' }), ['ta', 'long', 'tb']);
  assert.equal(route({ ...NO_BUDGET, measure: 'length' }), ['ta', 's12', 's24', 'tb']);
});

test('light must reach the receivers: what the transceivers allow is the budget unless another is given', () => {
  // By S2 24 dB with three cross-connects; by S3 14 dB; the transceivers allow 20 dB.
  assert.equal(route({}), ['ta', 's13', 's34', 'tb']);
  assert.equal(route({ powerBudget: db(24) }), ['ta', 's12', 's24', 'tb']);
  assert.equal(route({ powerBudget: db(13.9) }), ['ta', 'long', 'tb']);
  assert.is(route({ powerBudget: db(3.9) }), 'power-budget');
  assert.is(route({ exclude: { srlgs: ['duct', 'bridge'] } }), 'no-path');
});

const pair = (
  by: DisjointBy,
  map: readonly Fibre[] = MAP,
  [from, to]: readonly [Terminals, Terminals] = ['T1', 'T2'],
  powerBudget: Db | null = null,
) => {
  const found = computeDisjointRoutes(map, from, to, by, { powerBudget });
  return found.kind === 'found' ? found.routes.map((r) => r.fibres.join(' ')) : found.failure.kind;
};

test('two routes share no fibre or switch but what an end has only one of, and no SRLG if so asked', () => {
  assert.equal(pair('fibre'), ['ta s12 s24 tb', 'ta s13 s34 tb']);
  assert.equal(pair('switch'), ['ta s12 s24 tb', 'ta s13 s34 tb']);
  const ducts = MAP.map((f) => (f.id === 's13' ? { ...f, srlg: ['duct'] } : f));
  assert.is(pair('srlg', ducts), 'no-path');
  assert.equal(pair('srlg', [...ducts, fibre('new', 'S1', 'S4', { weight: 99 })]), [
    'ta s12 s24 tb',
    'ta new tb',
  ]);
  assert.equal(pair('fibre', MAP, ['T1', 'T2'], db(20)), ['ta s13 s34 tb', 'ta long tb']);
  assert.is(pair('fibre', MAP, ['T1', 'T2'], db(13)), 'no-path');
});

test('an end with two terminals has one route at each, and both routes go from end to end', () => {
  const twice = [
    ...MAP,
    fibre('ta2', 'T1/2', 'S1', { weight: 2 }),
    fibre('tb2', 'S3', 'T2/2', { weight: 2 }),
  ];
  const ends = [
    ['T1', 'T1/2'],
    ['T2', 'T2/2'],
  ] as const;
  const found = computeDisjointRoutes(twice, ...ends, 'switch', NO_BUDGET);
  if (found.kind === 'none') throw new Error(found.failure.reason);
  const fibres = found.routes.map((r) => r.fibres);
  assert.equal(fibres.flat().toSorted(), ['s12', 's13', 's24', 'ta', 'ta2', 'tb', 'tb2']);
  for (const { from, to, hops } of found.routes) {
    assert.ok(ends[0].includes(from as 'T1') && ends[1].includes(to as 'T2'));
    for (const { pair: ports } of hops) assert.ok(ports.a !== '' && ports.b !== '');
  }
});

test('two ends at one switch have no pair, and a terminal cannot be both ends', () => {
  const map = [fibre('x', 'T1', 'S1'), fibre('y', 'S1', 'T2')];
  assert.is(pair('fibre', map), 'no-path');
  assert.is(pair('fibre', map, ['T1', 'T1']), 'bad-request');
  assert.is(pair('fibre', map, ['T1', 'T9']), 'no-path');
});

test.run();
