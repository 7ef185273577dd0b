// Draws the incidents of one run from its seed. Times lie close to what the agents do anyway: most are a little
// after a request or after the beginning or the end of another incident, from fractions of a round trip to
// seconds, so that crashes fall between a message and its answer, a decision and its record.

import { defined } from '../../core/assert.ts';
import type { Random } from '../../platform/platform.ts';
import { type Incident, overAt } from './incident.ts';
import { INCIDENT_KINDS, type IncidentKind } from './incident-kinds.ts';
import type { Subject } from './subject.ts';

const incidentsMax = 12;
/** Of the times, those that follow something. */
const nearShare = 0.75;
const nearestUs = 20;
const farthestUs = 2e6;

export function drawIncidents(subject: Subject, random: Random): readonly Incident[] {
  const count = 1 + Math.floor(random.next() ** 1.5 * incidentsMax);
  const drawn: Incident[] = [];
  for (let i = 0; i < count; i++) {
    const at = drawTime(subject, drawn, random);
    const incident = drawKind(random).draw({
      subject,
      random,
      at,
      span: (least, most) => Math.min(logUniform(random, least, most), subject.healedBy - at),
    });
    drawn.push(incident);
  }
  return drawn.map(onDiskAlone).toSorted((a, b) => a.at - b.at);
}

/**
 * What an agent has forgotten its neighbours remember, until they have heard it in its next life; that it was there before they
 * see from the calendar. A crash before it has asked them, or a calendar that jumps, is beyond what agents promise, so one
 * that loses its disk has neither.
 */
function onDiskAlone(incident: Incident, _: number, all: readonly Incident[]): Incident {
  const { disk, ...fields } = incident.fields;
  if (disk === undefined) return incident;
  const isBeyond = (other: Incident): boolean =>
    other !== incident &&
    other.fields['machine'] === fields['machine'] &&
    (other.action === 'crash' || other.action === 'clock');
  return all.some(isBeyond) ? { ...incident, fields } : incident;
}

function drawKind(random: Random): IncidentKind {
  let left = random.next() * INCIDENT_KINDS.reduce((sum, kind) => sum + kind.weight, 0);
  for (const kind of INCIDENT_KINDS) {
    left -= kind.weight;
    if (left < 0) return kind;
  }
  return defined(INCIDENT_KINDS.at(-1), 'a kind of incident');
}

function drawTime(subject: Subject, drawn: readonly Incident[], random: Random): number {
  const anchors = [...subject.demands.map((d) => d.at), ...drawn.flatMap((i) => [i.at, overAt(i)])];
  const anchor = defined(anchors[random.integer(anchors.length)], 'something to be near to');
  const near = anchor + logUniform(random, nearestUs, farthestUs);
  if (random.next() < nearShare && near < subject.activeUntil) return near;
  return random.integer(subject.activeUntil);
}

/** Whole us. */
export const logUniform = (random: Random, least: number, most: number): number =>
  Math.round(least * (most / least) ** random.next());
