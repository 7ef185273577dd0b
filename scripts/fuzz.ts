// `npm run fuzz [seconds] [seed] [round]`: framers, parsers, devices and drivers under mutated and broken input for so
// long (60 s), from a seed that is printed; with a round, only that one.

import { fuzz, fuzzRound, replayCommand } from './fuzz/fuzz.ts';

const [seconds = '60', seed = String(Date.now() % 1e9), only] = process.argv.slice(2);
let current = 0;

// What fails where nobody waits for it belongs to the round, too.
process.on('uncaughtException', (error) => fail(`${error.stack}\nagain: ${replayCommand(seed, current)}`));

console.log(`fuzz: seed ${seed}`);
const until = performance.now() + Number(seconds) * 1000;
const goesOn = (round: number): boolean => {
  current = round;
  return performance.now() < until;
};
try {
  const rounds =
    only === undefined ? await fuzz(seed, goesOn) : await fuzzRound(seed, Number(only)).then(() => 1);
  console.log(`fuzz: ${rounds} round${rounds === 1 ? '' : 's'} without a finding`);
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
