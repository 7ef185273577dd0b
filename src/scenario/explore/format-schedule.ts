// Writes a schedule as its file: the requests, the incidents, and at the end every path given back and asked for
// anew, because ports that are locked for ever show only when somebody wants them. What people at switches and operators
// began they end once more when all else is healed: the first time a fault may have been in the way, or orders may have
// overtaken each other.

import { formatUs, type Incident, lineOf, type TimelineLine } from './incident.ts';
import { type Demand, giveBackSeconds, type Subject } from './subject.ts';

export function formatSchedule(subject: Subject, seed: string, incidents: readonly Incident[]): string {
  const { demands, scenario, settledBy, duration } = subject;
  const lines = [
    ...demands.map((demand) => request(demand, demand.path, demand.at)),
    ...subject.confirmations.map(lineOf),
    ...incidents.map(lineOf),
    ...incidents.flatMap((incident) => endOf(subject, incident)),
    ...demands.map(({ path }) => lineOf({ at: settledBy, lasts: null, action: 'release', fields: { path } })),
    ...demands.filter(isFirstBetween).map((demand) => anew(demand, settledBy + giveBackSeconds * 1e6)),
  ];
  return [
    `scenario: ${scenario.name}`,
    `seed: ${JSON.stringify(seed)}`,
    `duration: ${formatUs(duration)}`,
    `settled-by: ${formatUs(settledBy)}`,
    'timeline:',
    ...lines.toSorted((a, b) => a.at - b.at).map(({ text }) => `  - ${text}`),
    '',
  ].join('\n');
}

const request = ({ fields }: Demand, path: string, at: number): TimelineLine =>
  lineOf({ at, lasts: null, action: 'request', fields: { ...fields, path } });

/** After all is healed: what was held up on its way, packets for 2 s at most, has come by then. */
const endsAgainSeconds = 3;

const ENDS: Readonly<Record<string, string>> = { connect: 'disconnect', maintain: 'end-maintenance' };

function endOf({ healedBy }: Subject, { action, fields }: Incident): TimelineLine[] {
  const end = ENDS[action];
  const at = healedBy + endsAgainSeconds * 1e6;
  return end === undefined ? [] : [lineOf({ at, lasts: null, action: end, fields })];
}

/** Of reservations one after the other at the same ports, only one can be there for good. */
const isFirstBetween = ({ from, to }: Demand, index: number, all: readonly Demand[]): boolean =>
  all.findIndex((other) => other.from === from && other.to === to) === index;

const anew = (demand: Demand, at: number): TimelineLine =>
  request({ ...demand, fields: demand.lasting }, `${demand.path}-again`, at);
