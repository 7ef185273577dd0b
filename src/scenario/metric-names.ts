// The metrics that a run measures and an expectation may name, with their dimension and meaning. One table,
// so that the checker of scenarios, the editor's schema, the metrics and the documents say the same.

import type { Dimension } from '../core/quantity.ts';

/** A metric's dimension: one with units, or a plain count. */
type MetricDimension = Dimension | 'count';

export interface MetricDefinition {
  readonly name: MetricName;
  readonly dimension: MetricDimension;
  /** What an expectation's `of` names, or null where the metric belongs to the run as a whole. */
  readonly of: 'path' | 'transfer' | 'circuit' | null;
  readonly meaning: string;
}

const METRIC_NAMES = [
  'path.setup',
  'path.refused',
  'path.moves',
  'path.downs',
  'path.down_time',
  'path.up_at_end',
  'path.length_at_end',
  'crossconnects.at_end',
  'reroute.detect',
  'reroute.decide',
  'reroute.lock',
  'reroute.switch',
  'reroute.light',
  'reroute.data',
  'reroute.tcp',
  'reroute.extra_length',
  'reroute.count',
  'cuts.unrestored',
  'restored.share',
  'protection.outage',
  'move.interruption',
  'transfer.goodput',
  'transfer.duration',
  'transfer.completed',
  'transfer.verified_files',
  'transfer.lost_bytes',
  'transfer.doubled_bytes',
  'transfer.stream_breaks',
  'transfer.light_share',
  'daemon.steered',
  'daemon.routed',
  'circuit.setup',
  'circuit.bandwidth_mean',
  'circuit.bandwidth_least',
  'circuit.hits',
  'circuit.outage',
  'invariants.violations',
] as const;

export type MetricName = (typeof METRIC_NAMES)[number];

type Row = readonly [MetricDimension, MetricDefinition['of'], string];

const TABLE: Readonly<Record<MetricName, Row>> = {
  'path.setup': ['time', 'path', 'from the request of a light path until its agent reports it up'],
  'path.refused': [
    'count',
    'path',
    '1 where the request of a light path was refused, whenever that was, else 0',
  ],
  'path.moves': ['count', 'path', 'how often a light path came up on other fibres than it was up on before'],
  'path.downs': ['count', 'path', 'how often a light path that was up was reported DOWN'],
  'path.down_time': ['time', 'path', 'how long a light path was DOWN until it was up again, each time'],
  'path.up_at_end': ['count', 'path', '1 where a light path is reported up at the end of the run, else 0'],
  'path.length_at_end': [
    'length',
    'path',
    'of the route that a light path is up on at the end; with 1+1 protection, of both',
  ],
  'crossconnects.at_end': [
    'count',
    null,
    "how many ways of light all switches' mirrors make at the end, whoever made them: a duplex cross-connect has two",
  ],
  'reroute.detect': ['time', 'path', 'from a fibre cut until an agent notices the loss of light'],
  'reroute.decide': [
    'time',
    'path',
    'from a fibre cut until the coordinator has computed another light path',
  ],
  'reroute.lock': [
    'time',
    'path',
    'from a fibre cut until every participant is prepared and the decision is on disk',
  ],
  'reroute.switch': ['time', 'path', 'from a fibre cut until every participant has made its cross-connects'],
  'reroute.light': ['time', 'path', 'from a fibre cut until both end hosts receive light again'],
  'reroute.data': ['time', 'path', 'from a fibre cut until the data link of the path is up again'],
  'reroute.tcp': [
    'time',
    'path',
    'from a fibre cut until goodput is back to 90 % of its mean over the 10 s before the cut',
  ],
  'reroute.extra_length': ['length', 'path', 'what the route after a cut is longer than the one before'],
  'reroute.count': [
    'count',
    'path',
    'how many cuts a light path was moved away from, with light back at both ends',
  ],
  'cuts.unrestored': [
    'count',
    'path',
    'how many cuts of a light path in use were not followed by light at both ends',
  ],
  'restored.share': [
    'share',
    null,
    'of all light paths in use that cuts have hit, each time: those with light at both ends again, and not DOWN first',
  ],
  'protection.outage': [
    'time',
    'path',
    'how long the data of a protected path had no way, each time that the light they took was lost',
  ],
  'move.interruption': [
    'time',
    'path',
    'how long a host of the path was without light, each time that an operator or maintenance moved it',
  ],
  'transfer.goodput': [
    'byteRate',
    'transfer',
    'mean useful bytes per second, from the start of a transfer to its end',
  ],
  'transfer.duration': ['time', 'transfer', 'from the start of a transfer to its verified end'],
  'transfer.completed': [
    'count',
    'transfer',
    'how many transfers ended with everything delivered and verified',
  ],
  'transfer.verified_files': ['count', 'transfer', 'how many files had the right checksum at the receiver'],
  'transfer.lost_bytes': ['size', 'transfer', 'bytes that the receiver did not write'],
  'transfer.doubled_bytes': ['size', 'transfer', 'bytes that the receiver wrote more than once'],
  'transfer.stream_breaks': [
    'count',
    'transfer',
    'how many streams of a transfer broke and had to be opened again',
  ],
  'transfer.light_share': [
    'share',
    'transfer',
    'of the bytes that the receiver wrote: those that came while the sender pointed its traffic at a light path',
  ],
  'daemon.steered': [
    'time',
    'path',
    'from the request of a path of a daemon, and from each loss of its light, until both hosts point traffic at it',
  ],
  'daemon.routed': [
    'time',
    'path',
    "from each loss of its light until both hosts' traffic is back on the routed network",
  ],
  'circuit.setup': ['time', 'circuit', 'from the request of a circuit until it carries traffic'],
  'circuit.bandwidth_mean': [
    'rate',
    'circuit',
    'operational bandwidth of a circuit on average, from when it first carries traffic until its deletion or the end',
  ],
  'circuit.bandwidth_least': [
    'rate',
    'circuit',
    'the least operational bandwidth above zero that a circuit had meanwhile',
  ],
  'circuit.hits': ['count', 'circuit', 'how often a circuit stopped to carry traffic meanwhile'],
  'circuit.outage': ['time', 'circuit', 'for how long in all a circuit carried no traffic meanwhile'],
  'invariants.violations': ['count', null, 'how often a checker found a promise of the design broken'],
};

/** All metrics, in the order in which they are reported. */
export const METRICS: readonly MetricDefinition[] = METRIC_NAMES.map((name) => {
  const [dimension, of, meaning] = TABLE[name];
  return { name, dimension, of, meaning };
});

/** The metric of that name, or undefined. */
export const findMetric = (name: string): MetricDefinition | undefined =>
  METRICS.find((m) => m.name === name);
