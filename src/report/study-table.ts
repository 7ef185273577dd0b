// A what-if study on the terminal: what share was restored and how soon, why the rest was not, which cables hurt most,
// and which demands are without light the longest.

import type { Distribution } from '../core/distribution.ts';
import type { Metres } from '../core/quantity.ts';
import type { Duration } from '../core/time.ts';
import { formatExtraLength, formatLength, formatStage, NONE, plural } from './format.ts';
import { STAGES } from './run-report.ts';
import {
  CAUSES,
  type Cause,
  type ClassFindings,
  downtimeMinutes,
  isUp,
  type StudyReport,
} from './study-report.ts';
import { STAGE_TITLES } from './tables.ts';
import { left, right, textTable } from './text-table.ts';

/** Cables and demands beyond this many are left to the files. */
const rowsMax = 10;

const CAUSE_WORDS: Readonly<Record<Cause, string>> = {
  bridge: 'bridge: the cut takes the hosts apart',
  constraints: 'constraints: no fibres left that the demand allows',
  budget: 'budget: all routes left lose too much light',
  ports: 'ports: others, not cut, have the fibres',
  contention: 'contention: others, cut too, took the fibres',
  agents: 'AGENTS: there was a route, and they did not take it',
};

export function studyText(study: StudyReport): string {
  const up = study.demands.filter(isUp);
  const refused = study.demands.length - up.length;
  return [
    `${study.title}: ${up.length} of ${plural(study.demands.length, 'demand')} up before any cut`,
    ...(refused === 0 ? [] : [`the other ${refused}: ${reasons(study)}`]),
    ...study.classes.flatMap((c) => ['', ...classText(c, study)]),
    ...damage(study, up.length),
    ...availability(study),
  ].join('\n');
}

function reasons({ demands }: StudyReport): string {
  const first = demands.find((demand) => !isUp(demand));
  return `such as ${first?.demand}: ${first?.reason}`;
}

function classText(c: ClassFindings, study: StudyReport): string[] {
  const share = c.hits === 0 ? '' : ` (${((100 * c.restored) / c.hits).toFixed(1)} %)`;
  const what = study.cutsKind === 'srlg' ? 'Shared-risk groups' : c.order === 1 ? 'One cable' : 'Two cables';
  const apart = c.order === 2 && study.apartMs > 0 ? `, ${study.apartMs} ms apart` : '';
  const head = `${what} cut${apart}: ${c.tried} of ${plural(c.population, 'cut')} tried, ${c.cutsThatHit} hit a demand`;
  const rows = [
    row('without light', c.dark, milliseconds),
    ...STAGES.filter((stage) => c.stages[stage] !== null).map((stage) =>
      row(STAGE_TITLES[stage], c.stages[stage], milliseconds),
    ),
    row('extra length', c.extraLength, formatExtraLength),
  ];
  const causes = CAUSES.filter((cause) => c.causes[cause] > 0).map(
    (cause) => `  ${String(c.causes[cause]).padStart(6)}  ${CAUSE_WORDS[cause]}`,
  );
  return [
    head,
    `${c.restored} of ${plural(c.hits, 'hit')} restored${share}; ${plural(c.cutsThatLose, 'cut')} left a demand without light`,
    ...(c.hits === 0
      ? []
      : ['', textTable([left(''), ...QUANTILES.map((q) => right(q)), right('values')], rows)]),
    ...(causes.length === 0 ? [] : ['', 'not restored:', ...causes]),
  ];
}

const QUANTILES = ['p50', 'p95', 'p99', 'max'] as const;

const row = (title: string, all: Distribution | null, format: (value: number) => string): string[] => [
  title,
  ...QUANTILES.map((q) => (all === null ? NONE : format(all[q]))),
  String(all?.count ?? 0),
];

function damage(study: StudyReport, up: number): string[] {
  const worst = study.cables
    .filter(({ lost, hit }) => lost > 0 || hit > 0)
    .toSorted((a, b) => b.lost - a.lost || (b.extraLength ?? 0) - (a.extraLength ?? 0) || b.hit - a.hit)
    .slice(0, rowsMax);
  if (worst.length === 0) return [];
  const rows = worst.map(({ name, ends, length, hit, lost, extraLength }) => [
    name,
    ends.join(' – '),
    formatLength(length as Metres),
    count(hit),
    count(lost),
    `${((100 * lost) / Math.max(1, up)).toFixed(1)} %`,
    extraLength === null ? NONE : formatExtraLength(extraLength),
  ]);
  const columns = [left('cable'), left('between'), right('length'), right('hit'), right('lost')];
  return [
    '',
    `What hurts most (means over the cuts ${study.cutsKind === '2' ? 'of two ' : ''}that it is part of)`,
    '',
    textTable([...columns, right('of all'), right('extra length')], rows),
  ];
}

function availability(study: StudyReport): string[] {
  const rows = study.demands
    .flatMap((d) => (d.availability === null ? [] : [{ ...d, a: d.availability }]))
    .toSorted((x, y) => x.a.availability - y.a.availability)
    .slice(0, rowsMax)
    .map(({ demand, sites, a }) => [
      demand,
      sites.join(' – '),
      promised(a.availability),
      `${minutes(downtimeMinutes(a.availability))} min`,
      ...[a.lostToOne, a.lostToTwo, a.rerouting].map((share) => downtimeMinutes(1 - share).toFixed(3)),
    ]);
  if (rows.length === 0) return [];
  const columns = [left('demand'), left('between'), right('availability'), right('down a year')];
  const { cutsPer1000KmYear, hoursToRepair, untried } = study;
  const rates = `${Number(cutsPer1000KmYear.toPrecision(3))} cuts a year in 1,000 km, ${hoursToRepair} h to repair`;
  return [
    '',
    `Availability (${rates}; more is cut at once than was tried for ${downtimeMinutes(1 - untried).toFixed(1)} min a year)`,
    '',
    textTable([...columns, right('one cut'), right('two'), right('rerouting')], rows),
  ];
}

/** Never rounded up: 1.0000000 would be a promise that a demand never goes dark. */
const promised = (availability: number): string => (Math.floor(availability * 1e7) / 1e7).toFixed(7);
const minutes = (time: number): string => time.toFixed(time < 1 ? 3 : 1);
const count = (mean: number): string => (Number.isInteger(mean) ? String(mean) : mean.toFixed(2));
const milliseconds = (ms: number): string => formatStage((ms * 1e6) as Duration);
