// Shared backups in a whole run: agents, emulated switches of three families, light.

import { readFileSync } from 'node:fs';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { loadScenario } from './load.ts';
import { type RunResult, run } from './run.ts';

const test = suite('runs with shared backups');

const text = readFileSync('scenarios/shared-backup/scenario.yaml', 'utf8');
const play = (file = text): Promise<RunResult> =>
  run(loadScenario('shared', file), { world: 'virtual', folder: '', file: 'shared', version: 'test' });

const told = ({ records }: RunResult, from: number, to: number): string[] =>
  records
    .filter((r) => /^path\.(protected|unprotected|switched|reverted|down|up)$/.test(r.kind))
    .filter((r) => r.at >= from * 1e9 && r.at < to * 1e9)
    .map((r) => `${r.kind.slice(5)} ${String(r.fields['path'])}`);

test('one fibre is kept for both, goes to the first that fails, and is kept for both again when that goes back', async () => {
  const result = await play();
  assert.ok(result.isMet, JSON.stringify(result.violations));
  assert.equal(told(result, 0, 5), ['up upper', 'protected upper', 'up lower', 'protected lower']);
  const taken = ['switched upper', 'unprotected lower', 'unprotected upper', 'up upper'];
  assert.equal([...new Set(told(result, 5, 8))].sort(), taken);
  const back = told(result, 8, 20);
  assert.ok(back.includes('reverted upper'));
  for (const path of ['upper', 'lower'])
    assert.is(
      back.findLast((what) => what.endsWith(path)),
      `protected ${path}`,
    );
  // Both cut at once: one takes it, the other is DOWN and comes back when its own fibre is mended.
  const both = told(result, 20, 25);
  const pathsThat = (verb: string): string[] => [
    ...new Set(both.flatMap((what) => (what.startsWith(verb) ? [what.split(' ')[1] ?? ''] : []))),
  ];
  const ends = [...pathsThat('switched'), ...pathsThat('down')];
  assert.equal(ends.toSorted(), ['lower', 'upper'], both.join('; '));
  assert.is(pathsThat('down').length, 1);
  const end = told(result, 25, 34);
  for (const path of ['upper', 'lower'])
    assert.is(
      end.findLast((what) => what.endsWith(path)),
      `protected ${path}`,
      end.join('; '),
    );
});

test.run();
