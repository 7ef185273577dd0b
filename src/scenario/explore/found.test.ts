// What the search found, and what was mended since: each schedule in found/ failed once.

import { readdirSync, readFileSync } from 'node:fs';
import { assert, suite } from '../../../scripts/testing/suite.ts';
import { loadScenario } from '../load.ts';
import { tryOut } from './trial.ts';

const test = suite('what the search found');

const folder = 'src/scenario/explore/found';

for (const name of readdirSync(folder).toSorted())
  test(`${name.replace('.yaml', '')} stays mended`, async () => {
    const schedule = readFileSync(`${folder}/${name}`, 'utf8');
    const file = `scenarios/${/^scenario: (.*)$/m.exec(schedule)?.[1]}/scenario.yaml`;
    const scenario = loadScenario(file, readFileSync(file, 'utf8'));
    assert.equal((await tryOut(scenario, schedule, 'test')).failure, null);
  });

test.run();
