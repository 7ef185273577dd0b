import { assert, suite } from '../../scripts/testing/suite.ts';
import { metres } from '../core/quantity.ts';
import { compareRoutes, computeRoute, type Fibre } from './route.ts';

const test = suite('route');

const fibre = (id: string, a: string, b: string, weight: number): Fibre => ({
  id,
  a: { node: a, port: a.startsWith('T') ? null : `${id}` },
  b: { node: b, port: b.startsWith('T') ? null : `${id}` },
  weight,
  length: metres(weight),
});

const MAP = [
  fibre('t1', 'T1', 'S1', 1),
  fibre('short', 'S1', 'S2', 10),
  fibre('twin', 'S1', 'S2', 11),
  fibre('via3', 'S1', 'S3', 20),
  fibre('from3', 'S3', 'S2', 20),
  fibre('t2', 'S2', 'T2', 1),
  fibre('x1', 'S1', 'T3', 1),
  fibre('x2', 'T3', 'S2', 1),
];

test('parallel fibres are distinct, and the next best is taken when one is not usable', () => {
  const without = (...ids: string[]): readonly string[] | null => {
    const found = computeRoute(MAP, 'T1', 'T2', { isUsable: (f) => !ids.includes(f.id) });
    return found.kind === 'found' ? found.route.fibres : null;
  };
  assert.equal(without(), ['t1', 'short', 't2']);
  assert.equal(without('short'), ['t1', 'twin', 't2']);
  assert.equal(without('short', 'twin'), ['t1', 'via3', 'from3', 't2']);
  assert.equal(without('short', 'twin', 'via3'), null);
});

test("light never passes through somebody else's terminal", () => {
  const found = computeRoute(MAP, 'T1', 'T2', {
    isUsable: (f) => f.id.startsWith('t') || f.id.startsWith('x'),
  });
  assert.is(found.kind, 'found');
  assert.equal(found.kind === 'found' ? found.route.fibres : null, ['t1', 'twin', 't2']);
});

test('of two routes, switches that change vote, those that stay are kept, those that go are dropped', () => {
  const one = computeRoute(MAP, 'T1', 'T2', {
    isUsable: (f) => f.id.length > 1 && f.id !== 'short' && f.id !== 'twin',
  });
  const two = computeRoute(MAP, 'T1', 'T2');
  if (one.kind !== 'found' || two.kind !== 'found') throw new Error('no route');
  const change = compareRoutes(one.route.hops, two.route);
  assert.equal(change.changed, [
    { switchName: 'S1', remove: { a: 't1', b: 'via3' }, make: { a: 't1', b: 'short' } },
    { switchName: 'S2', remove: { a: 'from3', b: 't2' }, make: { a: 'short', b: 't2' } },
  ]);
  assert.equal(change.kept, []);
  assert.equal(
    change.dropped.map((h) => h.switchName),
    ['S3'],
  );
  assert.equal(compareRoutes(two.route.hops, two.route).kept.length, 2);
});

test.run();
