// The checks beside the tests: format, lint, types, the repository's own rules, dead code, and broken input for a
// few seconds. Runs them all, shows what the failing ones print, and ends with a line that counts them.

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Where a change lands it may take its time. The rounds are always the same ones, so that a check repeats; `npm run fuzz`
 * looks further.
 */
const fuzzSeed = '1';
const fuzzSeconds = process.env.CI ? '60' : '5';

const checks = [
  { name: 'format', command: 'biome', args: ['format', '.'] },
  { name: 'lint', command: 'biome', args: ['lint', '--error-on-warnings', '.'] },
  { name: 'types', command: 'tsc', args: ['--noEmit', '-p', '.'] },
  { name: 'layers', command: process.execPath, args: ['dist/scripts/testing/run.js', 'tidy'] },
  { name: 'dead code', command: 'knip', args: ['--no-progress'] },
  { name: 'fuzz', command: process.execPath, args: ['dist/scripts/fuzz.js', fuzzSeconds, fuzzSeed] },
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
