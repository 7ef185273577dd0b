// A what-if study for other programs: cuts and demands as tables of naked numbers, and the whole of it in few as JSON.

import { type Cell, csvText } from './csv-text.ts';
import { STAGES } from './run-report.ts';
import { CAUSES, type ClassFindings, downtimeMinutes, isUp, type StudyReport } from './study-report.ts';

/** A row for each cut and demand it affects; a cut that affects none has one without a demand. */
export function studyCutsCsv(study: StudyReport): string {
  const header = ['cut', 'order', 'demand', 'is_hit', 'is_lost', 'cause', 'in_the_way', 'said', 'dark_ms'];
  const more = ['length_before_m', 'length_after_m', ...STAGES.map((stage) => `${stage}_ms`)];
  const rows = study.cuts.flatMap(({ id, order, affected }): Cell[][] => {
    if (affected.length === 0) return [[id, order, ...[...header.slice(2), ...more].map(() => null)]];
    return affected.map((d) => [
      ...[
        id,
        order,
        d.demand,
        String(d.isHit),
        String(d.isLost),
        d.cause,
        d.others.join(' '),
        d.said,
        d.darkMs,
      ],
      ...[d.lengthBefore, d.lengthAfter, ...STAGES.map((stage) => d.stagesMs[stage])],
    ]);
  });
  return csv(study, [...header, ...more], rows);
}

export function studyDemandsCsv(study: StudyReport): string {
  const header = [
    'demand',
    'from',
    'to',
    'from_site',
    'to_site',
    'fibres',
    'length_m',
    'not_up_because',
    'cuts_that_hit',
  ];
  const more = ['cuts_it_is_lost_to', 'availability', 'downtime_min_per_year'];
  const parts = ['lost_to_one_share', 'lost_to_two_share', 'rerouting_share'];
  const rows = study.demands.map((d): Cell[] => {
    const { availability: a } = d;
    return [
      ...[d.demand, d.from, d.to, ...d.sites, d.fibres.join(' '), d.length, d.reason, d.hits, d.losses],
      ...(a === null
        ? [null, null, null, null, null]
        : [a.availability, downtimeMinutes(a.availability), a.lostToOne, a.lostToTwo, a.rerouting]),
    ];
  });
  return csv(study, [...header, ...more, ...parts], rows);
}

const csv = (
  { name, seed, version }: StudyReport,
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
): string => csvText({ study: name, seed, version }, header, rows);

export function studyJson(study: StudyReport): string {
  const up = study.demands.filter(isUp);
  const summary = {
    study: study.name,
    seed: study.seed,
    version: study.version,
    cuts: study.cutsKind,
    apart_ms: study.apartMs,
    demands: study.demands.length,
    demands_up: up.length,
    classes: study.classes.map(classJson),
    cables: study.cables.map(({ name, length, cuts, hit, lost, extraLength }) => ({
      ...{ cable: name, length_m: length, cuts, demands_hit_mean: hit, demands_lost_mean: lost },
      extra_length_mean_m: extraLength,
    })),
    availability: {
      cuts_per_1000_km_year: study.cutsPer1000KmYear,
      hours_to_repair: study.hoursToRepair,
      untried_share: study.untried,
      demands: Object.fromEntries(up.map((d) => [d.demand, d.availability?.availability ?? null])),
    },
    findings: {
      agents: study.cuts.flatMap(({ id, affected }) =>
        affected
          .filter(({ cause }) => cause === 'agents')
          .map(({ demand, said }) => ({ cut: id, demand, said })),
      ),
      violations: study.cuts.flatMap(({ id, violations }) => violations.map((text) => ({ cut: id, text }))),
    },
  };
  return `${JSON.stringify(summary, null, 2)}\n`;
}

function classJson(c: ClassFindings): object {
  return {
    cut_at_once: c.order,
    cuts_there_are: c.population,
    cuts_tried: c.tried,
    cuts_that_hit: c.cutsThatHit,
    cuts_that_lose: c.cutsThatLose,
    hits: c.hits,
    restored: c.restored,
    restored_share: c.hits === 0 ? null : c.restored / c.hits,
    lost_without_a_hit: c.lostUnhit,
    not_restored: Object.fromEntries(CAUSES.map((cause) => [cause, c.causes[cause]])),
    dark_ms: c.dark,
    ...Object.fromEntries(STAGES.map((stage) => [`${stage}_ms`, c.stages[stage]])),
    extra_length_m: c.extraLength,
  };
}
