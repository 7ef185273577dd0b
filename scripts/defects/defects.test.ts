// The defects that are found soonest, as a test; `npm run defects` has them all.

import { readFileSync } from 'node:fs';
import { search } from '../../src/scenario/explore/search.ts';
import { subjectOf } from '../../src/scenario/explore/subject.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { assert, suite } from '../testing/suite.ts';
import { DEFECTS } from './defects.ts';

const test = suite('planted defects');

const file = 'scenarios/search-metro/scenario.yaml';
const text = readFileSync(file, 'utf8');
const runsMax = 20;

for (const name of ['unsynced', 'deaf-to-abort'])
  test(`${name} is found within ${runsMax} runs, and made small`, async () => {
    const defect = DEFECTS.find((each) => each.name === name);
    const subject = subjectOf(loadScenario(file, text), text);
    if (defect === undefined || subject === null) throw new Error(`no ${name}, or nothing to search`);
    for (let seed = 1; seed <= runsMax; seed++) {
      const finding = await search(subject, String(seed), 'test', defect.tamper);
      if (finding === null) continue;
      assert.ok(finding.left <= finding.drawn, `${finding.left} of ${finding.drawn}`);
      assert.is(await search(subject, String(seed), 'test'), null);
      return;
    }
    assert.unreachable(`${name} was not found`);
  });

test.run();
