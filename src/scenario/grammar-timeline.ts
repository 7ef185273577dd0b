// The grammar of the timeline: each entry has a time and exactly one action.

import type { Bytes, BytesPerSecond } from '../core/quantity.ts';
import type { Duration } from '../core/time.ts';
import { LIMITS } from '../transfer/messages.ts';
import { createCircuit, deleteCircuit, orSpan, spanCut, spanRepair } from './grammar-circuits.ts';
import { crash, type WrittenCrash } from './grammar-crash.ts';
import { FAULT_ACTIONS, type WrittenFaultActions } from './grammar-faults.ts';
import { OPERATOR_ACTIONS, type WrittenOperatorActions } from './grammar-operator.ts';
import { request, type WrittenRequest } from './grammar-request.ts';
import { defaulted, type Fields, optional, record, required } from './record.ts';
import type { CreateCircuitAction, DeleteCircuitAction, SpanCut, SpanFailure } from './schema-circuits.ts';
import {
  type Action,
  type ConfirmAction,
  FIBRE_DIRECTIONS,
  type FibreCut,
  type FibreRepair,
  type ReleaseAction,
  type RestartAction,
  type TimelineEntry,
  type TransferAction,
} from './schema-timeline.ts';
import { name, oneOf, quantity, type Shape, wholeNumber } from './shape.ts';

type Written<A extends Action> = Omit<A, 'kind'>;

interface WrittenActions extends WrittenFaultActions, WrittenOperatorActions {
  readonly request?: WrittenRequest;
  readonly confirm?: Written<ConfirmAction>;
  readonly release?: Written<ReleaseAction>;
  readonly transfer?: Written<TransferAction>;
  readonly cut?: FibreCut | SpanCut;
  readonly repair?: FibreRepair | SpanFailure;
  readonly 'create-circuit'?: Written<CreateCircuitAction>;
  readonly 'delete-circuit'?: Written<DeleteCircuitAction>;
  readonly crash?: WrittenCrash;
  readonly restart?: Written<RestartAction>;
}

const direction = defaulted(
  oneOf(FIBRE_DIRECTIONS),
  'both',
  'which direction of the pair; a is the first of `between`',
);

const lasting = quantity<Duration>('time', { isAboveZero: true });

const ACTIONS: Fields<WrittenActions> = {
  request: optional(request, 'a host asks for a light path'),
  confirm: optional(
    record({ path: required(name, 'a path requested before, with a `hold`') }),
    'what is on hold is connected',
  ),
  release: optional(record({ path: required(name, 'a path requested before') }), 'a path is given back'),
  transfer: optional(
    record({
      name: required(name, 'how the transfer is called in results'),
      from: required(name, 'the sending host'),
      to: required(name, 'the receiving host'),
      size: required(quantity<Bytes>('size', { isAboveZero: true }), 'of all files together'),
      files: defaulted(wholeNumber(1, LIMITS.filesMax), 1, 'how many files'),
      streams: defaulted(wholeNumber(1, LIMITS.streamsMax), 1, 'how many TCP connections carry data'),
      block: defaulted(
        quantity<Bytes>('size', { least: '1 KiB', most: '64 MiB' }),
        '1 MiB',
        'what is read, sent and written at once',
      ),
      rateLimit: optional(
        quantity<BytesPerSecond>('byteRate', { least: '1 kB/s' }),
        'of all streams together',
      ),
    }),
    'files are made on the disk of one host and sent to another',
  ),
  cut: optional(
    orSpan(
      record({
        fibre: required(name, 'a fibre'),
        direction,
        at: defaulted(quantity<number>('share'), '50 %', 'where: the share of the length from the first end'),
        for: optional(lasting, 'until it is repaired; by default for good'),
      }),
      spanCut(lasting),
    ),
    'a fibre or a span is cut',
  ),
  repair: optional(
    orSpan(
      record({
        fibre: required(name, 'a fibre'),
        direction,
        reported: optional(
          quantity<Duration>('time'),
          'how long after it the agents are told; by default never: dark fibres show nothing',
        ),
      }),
      spanRepair,
    ),
    'a cut fibre or span is repaired',
  ),
  'create-circuit': optional(createCircuit, 'a circuit is provisioned between two hosts'),
  'delete-circuit': optional(deleteCircuit, 'a circuit is taken down'),
  crash: optional(crash, 'a machine stops at once'),
  restart: optional(
    record({ machine: required(name, 'a machine that crashed') }),
    'a crashed machine starts its programs again',
  ),
  ...OPERATOR_ACTIONS,
  ...FAULT_ACTIONS,
};

const KINDS = Object.keys(ACTIONS) as readonly (keyof WrittenActions)[];

const written = record<{ readonly at: Duration } & WrittenActions>({
  at: required(quantity<Duration>('time'), 'since the start of the run'),
  ...ACTIONS,
});

/** `request.agent` is '' where the file leaves it open; loading settles it. */
export const timelineEntry: Shape<TimelineEntry> = {
  fallback: { at: written.fallback.at, action: { kind: 'release', path: '' }, where: { line: 1, column: 1 } },
  json: { ...written.json, oneOf: KINDS.map((kind) => ({ required: [kind] })) },
  read: (value, place) => {
    const entry = written.read(value, place);
    const where = place.source.position(place.path);
    const given = KINDS.filter((kind) => entry[kind] !== undefined);
    if (given.length !== 1 && !place.source.isSuspect(place.path)) {
      const found = given.length === 0 ? 'no action' : `${given.length} actions: ${given.join(', ')}`;
      place.complain({ found, expected: `exactly one of ${KINDS.join(', ')}` });
    }
    const kind = given[0];
    if (kind === undefined) return { ...timelineEntry.fallback, at: entry.at, where };
    const open = kind === 'request' ? { agent: '' } : {};
    return { at: entry.at, action: { kind, ...open, ...entry[kind] } as Action, where };
  },
};
