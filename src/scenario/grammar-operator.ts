// The grammar of an operator's orders.

import type { Duration } from '../core/time.ts';
import { type Fields, optional, record, required } from './record.ts';
import type {
  EndMaintenanceAction,
  FreeAction,
  FreezeAction,
  MaintainAction,
  Maintained,
  MoveAction,
  OperatorAction,
  ThawAction,
} from './schema-operator.ts';
import { list, name, quantity, type Shape } from './shape.ts';

type Written<A extends OperatorAction> = Omit<A, 'kind'>;

export interface WrittenOperatorActions {
  readonly move?: Written<MoveAction>;
  readonly freeze?: Written<FreezeAction>;
  readonly thaw?: Written<ThawAction>;
  readonly maintain?: Written<MaintainAction>;
  readonly 'end-maintenance'?: Written<EndMaintenanceAction>;
  readonly free?: Written<FreeAction>;
}

const lasting = quantity<Duration>('time', { isAboveZero: true });
const path = required(name, 'a path requested before');
const what = {
  fibre: optional(name, 'a fibre'),
  switch: optional(name, 'or a switch'),
};

export const OPERATOR_ACTIONS: Fields<WrittenOperatorActions> = {
  move: optional(
    record<Written<MoveAction>>({
      path,
      along: optional(
        list(name),
        'the fibres to take, all and only these, those at the hosts included; by default any other way',
      ),
    }),
    'an operator moves a path',
  ),
  freeze: optional(
    record<Written<FreezeAction>>({
      path,
      for: optional(lasting, 'until it is thawed; by default for good'),
    }),
    'nothing but an operator moves the path any more',
  ),
  thaw: optional(record<Written<ThawAction>>({ path }), 'a frozen path moves again by itself'),
  maintain: optional(
    eitherOf(
      record<Written<MaintainAction>>({
        ...what,
        for: optional(lasting, 'until maintenance ends; by default for good'),
      }),
    ),
    'paths leave a fibre or a switch, and none is to come',
  ),
  'end-maintenance': optional(
    eitherOf(record<Written<EndMaintenanceAction>>(what)),
    'a fibre or a switch is back in service',
  ),
  free: optional(
    record<Written<FreeAction>>({ path, agent: optional(name, 'the switch whose agent is asked') }),
    'every switch lets go of what it has of a path',
  ),
};

function eitherOf<T extends Maintained>(shape: Shape<T>): Shape<T> {
  return {
    ...shape,
    read: (value, place) => {
      const written = shape.read(value, place);
      const given = [written.fibre, written.switch].filter((each) => each !== undefined).length;
      if (given !== 1 && !place.source.isSuspect(place.path)) {
        const found = given === 0 ? 'neither "fibre" nor "switch"' : 'both "fibre" and "switch"';
        place.complain({ found, expected: 'exactly one of fibre, switch' });
      }
      return written;
    },
  };
}
