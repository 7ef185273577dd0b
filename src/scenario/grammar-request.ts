// The grammar of a request for a light path, and the terms that an agent is told.

import type { Db, Metres } from '../core/quantity.ts';
import { type Duration, toMs } from '../core/time.ts';
import {
  LOWEST_PRIORITY,
  type PathTerms,
  type Reserve,
  type RouteTerms,
} from '../provisioning/path-terms.ts';
import { protection, revert } from './grammar-protection.ts';
import { defaulted, optional, record, required } from './record.ts';
import type { Scenario } from './schema.ts';
import type { RequestAction } from './schema-timeline.ts';
import { flag, list, name, oneOf, quantity, type Shape, wholeNumber } from './shape.ts';

export type WrittenRequest = Omit<RequestAction, 'kind' | 'agent'> & { readonly agent?: string };

export const request: Shape<WrittenRequest> = record<WrittenRequest>({
  path: required(name, 'how the light path is called from here on'),
  from: required(name, 'a host'),
  to: required(name, 'another host'),
  agent: optional(name, "the switch whose agent is asked; by default the one at the first host's fibre"),
  mode: defaulted(oneOf(['duplex', 'simplex']), 'duplex', 'whether light goes both ways, or to `to` only'),
  priority: optional(wholeNumber(0, LOWEST_PRIORITY), 'who goes first: 0 before 7, which is the default'),
  pinned: defaulted(
    flag,
    false,
    'whether it stays on its first route: cut, it is DOWN until that is whole again',
  ),
  preempt: defaulted(flag, false, 'whether it may take fibres from paths with a lower priority'),
  via: optional(list(name), 'fibres and switches to pass, in any order'),
  avoid: optional(list(name), 'fibres and switches to leave out'),
  along: optional(list(name), 'the fibres to take, all and only these, those at the hosts included'),
  maxLength: optional(quantity<Metres>('length'), 'of all fibres together'),
  powerBudget: optional(
    quantity<Db>('ratio'),
    "what light may lose from end to end; by default what the hosts' transceivers allow",
  ),
  least: optional(oneOf(['length', 'hops']), 'what is to be least; by default length'),
  start: optional(quantity<Duration>('time'), 'reserved from then on, since the start of the run'),
  end: optional(quantity<Duration>('time'), 'reserved until then, since the start of the run'),
  hold: optional(
    quantity<Duration>('time', { isAboveZero: true }),
    'its ports are kept that long, and connected when a `confirm` comes meanwhile',
  ),
  detached: optional(flag, 'whether the daemon of its host keeps it when the application has gone'),
  protection: optional(protection, 'a second route that takes over'),
  revert: optional(revert, 'the path goes back to its first route when that is mended'),
});

/** What the request's agent is asked to keep. `startOfRun` is in ms since 1970. */
export function termsOf(
  action: RequestAction,
  switches: Scenario['switches'],
  startOfRun: number,
): PathTerms {
  const isSwitch = (name: string): boolean => switches.some((s) => s.name === name);
  const { via, avoid, along, maxLength, powerBudget, least } = action;
  const route = whatIsGiven<RouteTerms>({
    along: along && [...along],
    viaFibres: via?.filter((name) => !isSwitch(name)),
    viaSwitches: via?.filter(isSwitch),
    avoidFibres: avoid?.filter((name) => !isSwitch(name)),
    avoidSwitches: avoid?.filter(isSwitch),
    maxLength,
    powerBudget,
    measure: least,
  });
  return {
    ...(action.mode === 'simplex' ? { isSimplex: true } : {}),
    ...(action.priority === undefined ? {} : { priority: action.priority }),
    ...(action.pinned ? { isPinned: true } : {}),
    ...(action.preempt ? { mayPreempt: true } : {}),
    ...(Object.keys(route).length === 0 ? {} : { route }),
    ...reserveOf(action, startOfRun),
    ...(action.protection === undefined ? {} : { protection: action.protection }),
    ...(action.revert === undefined ? {} : { waitToRestore_ns: action.revert.waitToRestore }),
  };
}

function whatIsGiven<T extends object>(properties: { [K in keyof T]?: T[K] | undefined }): Partial<T> {
  const entries = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}

function reserveOf({ start, end, hold }: RequestAction, startOfRun: number): Pick<PathTerms, 'reserve'> {
  const at = (time: Duration | undefined): number | undefined =>
    time === undefined ? undefined : startOfRun + Math.round(toMs(time));
  const reserve = whatIsGiven<Reserve>({ start: at(start), end: at(end), hold });
  return Object.keys(reserve).length === 0 ? {} : { reserve };
}
