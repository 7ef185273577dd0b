// Writes what a what-if study leaves under its results folder, beside the outcomes of its runs.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { damageMapSvg } from '../report/damage-map.ts';
import { studyCutsCsv, studyDemandsCsv, studyJson } from '../report/study-files.ts';
import type { StudyReport } from '../report/study-report.ts';

/** The names of the files written. */
export async function writeStudy(folder: string, study: StudyReport): Promise<string[]> {
  const files: readonly (readonly [string, string])[] = [
    ['summary.json', studyJson(study)],
    ['cuts.csv', studyCutsCsv(study)],
    ['demands.csv', studyDemandsCsv(study)],
    ['map.svg', await damageMapSvg(study)],
  ];
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  return files.map(([name]) => name);
}
