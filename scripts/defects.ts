// `npm run defects`: plants each defect in turn and lets the search look for it, to see that its silence means
// something. Names choose among them; `--runs` says how long to look.

import { readFileSync } from 'node:fs';
import { search } from '../src/scenario/explore/search.ts';
import { subjectOf } from '../src/scenario/explore/subject.ts';
import { loadScenario } from '../src/scenario/load.ts';
import { DEFECTS, type Defect } from './defects/defects.ts';

const runsMax = 2000;
const files = ['ring', 'metro'].map((name) => `scenarios/search-${name}/scenario.yaml`);

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => DEFECTS.every((defect) => defect.name !== name));
if (unknown.length > 0) {
  console.error(`there is no defect ${unknown.join(', ')}: one of ${DEFECTS.map((d) => d.name).join(', ')}`);
  process.exitCode = 2;
} else {
  let missed = 0;
  for (const defect of DEFECTS)
    if (chosen.length === 0 || chosen.includes(defect.name)) missed += (await isFound(defect)) ? 0 : 1;
  process.exitCode = missed === 0 ? 0 : 1;
}

/** Seeds from 1 on, on the scenarios in turn. */
async function isFound({ name, mistake, tamper }: Defect): Promise<boolean> {
  const subjects = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return subjectOf(loadScenario(file, text), text) ?? [];
  });
  for (let run = 1; run <= runsMax; run++) {
    const subject = subjects[run % subjects.length];
    if (subject === undefined) break;
    const finding = await search(subject, String(run), 'defect', tamper);
    if (finding === null) continue;
    if ((await search(subject, String(run), 'no defect')) !== null) {
      console.log(`  ${subject.scenario.name}, seed ${run} fails without any defect: it does not count`);
      continue;
    }
    const { failure, drawn, left } = finding;
    const [first] = failure.message.split('\n');
    console.log(
      `${name} (${mistake}): found in run ${run} by ${failure.checker}, ${left} of ${drawn} faults needed`,
    );
    console.log(`  ${subject.scenario.name}, seed ${run}: ${first}`);
    return true;
  }
  console.log(`${name} (${mistake}): NOT found in ${runsMax} runs`);
  return false;
}
