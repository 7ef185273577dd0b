// Writes what a run leaves under its results folder, beside the trace that was written while it ran.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  circuitsCsv,
  cutsCsv,
  expectationsCsv,
  goodputCsv,
  recoveryCsv,
  transfersCsv,
} from '../report/csv.ts';
import { reportHtml } from '../report/html.ts';
import type { RunReport } from '../report/run-report.ts';
import { summaryJson } from '../report/summary-json.ts';
import { throughputSvg } from '../report/throughput.ts';
import { topologySvg } from '../report/topology.ts';
import { replayCommandOf } from '../scenario/replay-command.ts';
import { reportOf } from '../scenario/report-of.ts';
import type { RunResult } from '../scenario/run.ts';
import { makeResultsFolder } from './results-folder.ts';
import type { ReadScenario } from './scenario-file.ts';
import { lightbedVersion } from './version.ts';

/**
 * Where a run's results go when nothing else is said: `results/<scenario>`, and for `scenarios/<folder>/<scenario>.yaml`
 * `results/<folder>/<scenario>`. A run in another world than the virtual one has a folder of its own.
 */
export function defaultResults({ scenario: { name }, file }: ReadScenario, world: string): string {
  const [, folder = ''] = /(?:^|[/\\])scenarios[/\\](.+)[/\\](?!scenario\.yaml$)[^/\\]+$/.exec(file) ?? [];
  return join('results', folder, world === 'virtual' ? name : `${name}-${world}`);
}

export function reportFor(result: RunResult, read: ReadScenario): RunReport {
  const replay = replayCommandOf(read.file, result.world, result.seed, read.faults?.file);
  return reportOf(result, { version: lightbedVersion(), replay });
}

/** The names of the files written, in the order of reading. */
export async function writeResults(folder: string, report: RunReport, read: ReadScenario): Promise<string[]> {
  const pictures = { topology: await topologySvg(report), throughput: throughputSvg(report) };
  const files: readonly (readonly [string, string])[] = [
    ['report.html', reportHtml(report, pictures)],
    ['summary.json', summaryJson(report)],
    ['cuts.csv', cutsCsv(report)],
    ['recovery.csv', recoveryCsv(report)],
    ['transfers.csv', transfersCsv(report)],
    ['expectations.csv', expectationsCsv(report)],
    ['goodput.csv', goodputCsv(report)],
    ...(report.circuits.length === 0 ? [] : [['circuits.csv', circuitsCsv(report)] as const]),
    ['topology.svg', pictures.topology],
    ['throughput.svg', pictures.throughput],
    ['scenario.yaml', read.text],
    ...(read.faults === undefined ? [] : [['faults.yaml', read.faults.text] as const]),
  ];
  makeResultsFolder(folder);
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  return [...files.map(([name]) => name), 'trace.jsonl'];
}
