// The grammar of expectations: a metric, and exactly one bound in the metric's own dimension.

import { findMetric, METRICS, type MetricDefinition } from './metric-names.ts';
import { optional, record, required } from './record.ts';
import { type Bound, type Expectation, STATISTICS, type Statistic } from './schema.ts';
import { name, oneOf, type Place, readQuantity, type Shape, show, text } from './shape.ts';
import { nearMiss } from './suggest.ts';

interface WrittenExpectation {
  readonly metric: string;
  readonly of?: string;
  readonly statistic?: Statistic;
  readonly atMost?: unknown;
  readonly atLeast?: unknown;
  readonly equals?: unknown;
}

/** Read as it stands; what it must be follows from the metric. */
const boundText: Shape<unknown> = {
  fallback: 0,
  json: { type: ['string', 'number'] },
  read: (value) => value,
};

const metricName: Shape<string> = {
  ...text('the name of a metric'),
  json: { enum: METRICS.map((m) => m.name) },
};

const written = record<WrittenExpectation>({
  metric: required(metricName, 'what is measured'),
  of: optional(name, 'the path or transfer that is meant; by default every one'),
  statistic: optional(
    oneOf(STATISTICS),
    'of all values that came; `restored.share` counts those that did not. By default every value is meant, and each must have come',
  ),
  atMost: optional(boundText, 'no value of the metric is above this'),
  atLeast: optional(boundText, 'no value of the metric is below this'),
  equals: optional(boundText, 'every value of the metric is this'),
});

const BOUNDS = [
  ['atMost', 'at-most'],
  ['atLeast', 'at-least'],
  ['equals', 'equals'],
] as const;

export const expectation: Shape<Expectation> = {
  fallback: {
    metric: 'invariants.violations',
    bound: { kind: 'at-most', value: 0, text: '0' },
    where: { line: 1, column: 1 },
  },
  json: { ...written.json, oneOf: BOUNDS.map(([, key]) => ({ required: [key] })) },
  read: (value, place) => {
    const entry = written.read(value, place);
    const metric = findMetric(entry.metric);
    if (metric === undefined) {
      if (entry.metric !== '') complainOfMetric(entry.metric, place.child('metric'));
      return expectation.fallback;
    }
    const of = entry.of === undefined ? {} : { of: entry.of };
    const statistic = entry.statistic === undefined ? {} : { statistic: entry.statistic };
    const bound = readBound(entry, metric, place);
    return { metric: metric.name, ...of, ...statistic, bound, where: place.source.position(place.path) };
  },
};

function complainOfMetric(found: string, place: Place): void {
  const names = METRICS.map((m) => m.name);
  place.complain({
    found: `unknown metric ${show(found)}`,
    expected: `one of ${names.join(', ')}`,
    suggestion: nearMiss(found, names),
  });
}

function readBound(entry: WrittenExpectation, metric: MetricDefinition, place: Place): Bound {
  const given = BOUNDS.filter(([property]) => entry[property] !== undefined);
  const [first] = given;
  if (first === undefined || given.length > 1) {
    const found = given.length === 0 ? 'no bound' : `${given.length} bounds`;
    if (!place.source.isSuspect(place.path))
      place.complain({ found, expected: 'exactly one of at-most, at-least, equals' });
    return expectation.fallback.bound;
  }
  const [property, kind] = first;
  return {
    kind,
    value: readValue(entry[property], metric, place.child(kind)),
    text: String(entry[property]),
  };
}

function readValue(value: unknown, { name: metric, dimension }: MetricDefinition, place: Place): number {
  const read = dimension === 'count' ? readCount(value) : readQuantity(value, dimension);
  if (typeof read === 'number') return read;
  place.complain({ ...read, expected: `${read.expected}, as ${metric} has` });
  return 0;
}

function readCount(value: unknown): number | { found: string; expected: string } {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  return { found: show(value), expected: 'a whole number without a unit' };
}
