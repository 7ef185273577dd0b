// The grammar of crashes: at a time, or from that time on at a step of the machine's own, because between a record and its
// sync, or between two messages of one decision, no clock of a timeline hits.

import type { Duration } from '../core/time.ts';
import { STEPS } from '../sim/step-watch.ts';
import { defaulted, type Fields, optional, record, required } from './record.ts';
import type { CrashAction } from './schema-timeline.ts';
import { name, oneOf, quantity, type Shape, wholeNumber } from './shape.ts';

export type WrittenCrash = Omit<CrashAction, 'kind'>;

const SKIP_MAX = 1_000_000;

const FIELDS: Fields<WrittenCrash> = {
  machine: required(name, 'a host, a switch, or `<switch>-agent`'),
  sockets: defaulted(
    oneOf(['silent', 'reset']),
    'silent',
    'whether the other ends of its connections hear nothing or a reset',
  ),
  disk: defaulted(
    oneOf(['kept', 'lost']),
    'kept',
    'whether its disk survives; `lost`, for agents: another one is put in, and the agent has forgotten all that it promised',
  ),
  upon: optional(
    oneOf(STEPS),
    'from `at` on it stops at what its programs do next: any operation of its disk, a sync, or a piece sent to somebody',
  ),
  skip: optional(wholeNumber(0, SKIP_MAX), 'with `upon`: how many of these are spared first'),
  later: optional(
    quantity<Duration>('time'),
    'with `upon`: so long after it; by default at the same instant',
  ),
  within: optional(
    quantity<Duration>('time', { isAboveZero: true }),
    'with `upon`: it does not stop when that has not come by then; by default it is waited for to the end',
  ),
  for: optional(quantity<Duration>('time', { isAboveZero: true }), 'until it restarts; by default for good'),
};
const written = record(FIELDS);

export const crash: Shape<WrittenCrash> = {
  ...written,
  read: (value, place) => {
    const action = written.read(value, place);
    if (action.upon !== undefined || place.source.isSuspect([...place.path, 'upon'])) return action;
    for (const key of ['skip', 'later', 'within'] as const)
      if (action[key] !== undefined)
        place.child(key).complain({
          found: `"${key}" without "upon"`,
          expected: 'upon: what it stops at',
          isAboutKey: true,
        });
    return action;
  },
};
