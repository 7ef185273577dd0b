// What a Random promises, wherever its seed comes from.

import { assert } from '../../scripts/testing/suite.ts';
import { conformance, type PairFixture } from './pair.fixture.ts';
import type { Random } from './platform.ts';

const DRAWS = 20_000;
const draws = (random: Random, count: number): number[] => Array.from({ length: count }, () => random.next());

export function randomConformance(fixture: PairFixture): void {
  const test = conformance('random', fixture);

  test('draws lie in [0, 1) and fill it evenly', async ({ left: { random } }) => {
    const tenths = new Array<number>(10).fill(0);
    for (const x of draws(random, DRAWS)) {
      assert.ok(x >= 0 && x < 1);
      const tenth = Math.floor(x * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    // Six standard deviations of a binomial count: a false alarm once in 50 million runs.
    const bound = 6 * Math.sqrt(DRAWS * 0.1 * 0.9);
    for (const count of tenths) assert.ok(Math.abs(count - DRAWS / 10) < bound, `${tenths}`);
  });

  test('an integer below n is each of 0 … n - 1', async ({ left: { random } }) => {
    const seen = new Set(Array.from({ length: 500 }, () => random.integer(5)));
    assert.equal([...seen].sort(), [0, 1, 2, 3, 4]);
    assert.is(random.integer(1), 0);
    assert.throws(() => random.integer(0));
    assert.throws(() => random.integer(2.5));
  });

  test('a fork is decided by its name, not by what was drawn before', async ({ left: { random } }) => {
    const early = draws(random.fork('loss'), 5);
    draws(random, 100);
    random.fork('another');
    assert.equal(draws(random.fork('loss'), 5), early);
  });

  test('drawing from a fork does not shift its parent', async ({ left: { random } }) => {
    const parent = random.fork('parent');
    const twin = random.fork('parent');
    draws(parent.fork('child'), 100);
    assert.equal(draws(parent, 5), draws(twin, 5));
  });

  test('forks of other names and other depths differ', async ({ left: { random } }) => {
    const streams = [
      random.fork('a'),
      random.fork('b'),
      random.fork('a').fork('b'),
      random.fork('b').fork('a'),
    ];
    const firsts = streams.map((stream) => stream.next());
    assert.is(new Set(firsts).size, streams.length);
  });

  test('two machines draw differently', async ({ left, right }) => {
    assert.not.equal(draws(left.random, 3), draws(right.random, 3));
  });

  test.run();
}
