import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { DEFAULT_NEIGHBOUR_LIMITS, neighbourhood } from './neighbourhood.ts';

const test = suite('neighbourhood');

const limits = { ...DEFAULT_NEIGHBOUR_LIMITS, meshMax: 4, ringTriesMax: 5 };
const names = Array.from({ length: 30 }, (_, i) => `n${String(i).padStart(2, '0')}`);

const of = (
  own: string,
  {
    dead = [],
    forgotten = dead,
    fibres = [],
  }: { dead?: string[]; forgotten?: string[]; fibres?: string[] } = {},
): string[] => [
  ...neighbourhood(
    {
      own,
      known: names.filter((name) => name !== own),
      fibreNeighbours: new Set(fibres),
      isFailing: (name) => dead.includes(name),
      isGone: (name) => forgotten.includes(name),
    },
    limits,
  ),
];

test('few are all neighbours of each other', () => {
  const surroundings = {
    own: 'b',
    known: ['a', 'c', 'd'],
    fibreNeighbours: new Set<string>(),
    isFailing: () => true,
    isGone: () => true,
  };
  assert.equal([...neighbourhood(surroundings, limits)], ['a', 'c', 'd']);
});

test('of many, those at the far ends of its fibres are, and the next two in the ring of names', () => {
  assert.equal(of('n28', { fibres: ['n05', 'n07', 'elsewhere'] }), ['n05', 'n07', 'n29', 'n00']);
});

test('those that do not answer are dialled on, and others after them for as many as live', () => {
  assert.equal(of('n10', { dead: ['n11', 'n13'], forgotten: [] }), ['n11', 'n12', 'n13', 'n14']);
});

test('no more than a few are dialled in vain, and of those that are forgotten only the very next', () => {
  assert.is(of('n10', { dead: names.slice(11), forgotten: [] }).length, limits.ringTriesMax);
  assert.equal(of('n10', { dead: names.slice(11, 25) }), ['n11', 'n12', 'n25', 'n26']);
});

test('the living are connected whatever the fibres are and whoever has died', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.constantFrom(...names), { maxLength: 28 }), (dead) => {
      const living = names.filter((name) => !dead.includes(name));
      const reached = new Set(living.slice(0, 1));
      for (const name of reached)
        for (const other of living)
          if (of(name, { dead }).includes(other) || of(other, { dead }).includes(name)) reached.add(other);
      assert.is(reached.size, living.length);
    }),
    { numRuns: 60 },
  );
});

test.run();
