// The checks beside the tests: format, lint, types, the repository's own rules, dead code, broken input for a
// few seconds, and 300 runs of agents under random faults. Runs them all, shows what the failing ones print, and ends with a line that counts them.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Where a change lands it may take its time. The rounds are always the same ones, so that a check repeats; `npm run fuzz`
 * looks further.
 */
const fuzzSeed = '1';
const fuzzSeconds = process.env.CI ? '60' : '5';

/** The same seeds each time, 300 in all; `lightbed explore` looks further. */
const explore = (scenario, runs) => ({
  name: `${runs} runs under faults, ${scenario}`,
  command: process.execPath,
  args: [
    'scripts/lightbed.mjs',
    'explore',
    scenario,
    '--runs',
    String(runs),
    '--out',
    `results/check/${scenario}`,
  ],
});

const checks = [
  { name: 'format', command: 'biome', args: ['format', '.'] },
  { name: 'lint', command: 'biome', args: ['lint', '--error-on-warnings', '.'] },
  { name: 'types', command: 'tsc', args: ['--noEmit', '-p', '.'] },
  { name: 'layers', command: process.execPath, args: ['dist/scripts/testing/run.js', 'tidy'] },
  { name: 'dead code', command: 'knip', args: ['--no-progress'] },
  { name: 'fuzz', command: process.execPath, args: ['dist/scripts/fuzz.js', fuzzSeconds, fuzzSeed] },
  explore('search-ring', 80),
  explore('search-metro', 60),
  explore('search-protected', 40),
  explore('search-shared', 40),
  explore('search-reserved', 30),
  explore('search-terms', 30),
  explore('search-continent', 20),
];

const failed = checks.filter((check) => !passes(check));
console.log(`${checks.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length > 0 ? 1 : 0;

function passes({ name, command, args }) {
  const path = `${root}node_modules/.bin:${process.env.PATH}`;
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  });
  const isPassed = result.status === 0;
  console.log(`${isPassed ? 'ok  ' : 'FAIL'} ${name}`);
  if (!isPassed) console.log(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`);
  return isPassed;
}
