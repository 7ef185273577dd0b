import { assert, suite } from '../testing/suite.ts';
import { crowdLines } from './crowd-line.ts';
import { chosenLines } from './line.ts';

const test = suite('lines of the bench');

const namesOf = (...names: string[]): string[] => chosenLines(crowdLines, names).map(({ name }) => name);

test('what takes hours is measured where it is named, and else left out, so that a whole bench ends', () => {
  assert.equal(namesOf(), ['crowd-100', 'crowd-300', 'crowd-1000']);
  assert.equal(namesOf('crowd-10000', 'crowd-100'), ['crowd-10000', 'crowd-100']);
});

test.run();
