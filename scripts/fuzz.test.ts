// The fuzz with a seed of its own for a number of rounds: what it found once, it finds again.

import { fuzz } from './fuzz/fuzz.ts';
import { assert, suite } from './testing/suite.ts';

const test = suite('fuzz');

const ROUNDS = 200;

test('framers, parsers, devices and drivers stand the same broken input as ever', async () => {
  assert.is(await fuzz('suite', (round) => round < ROUNDS), ROUNDS);
});

test.run();
