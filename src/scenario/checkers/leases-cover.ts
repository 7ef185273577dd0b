// No cross-connect outlives its lease by more than the lease time: every cross-connect of the mirrors is
// between ports that some path holds a lease of, but for that long. While a switch or its agent is away nobody can
// take anything away: the time counts from its return.

import type { Duration, Instant } from '../../core/time.ts';
import type { TraceRecord } from '../../engine/trace.ts';
import { agentMachine } from '../schema.ts';
import { type Checker, textOf, textsOf } from './checker.ts';

interface SwitchState {
  /** Cross-connects that the mirrors make, by `input>output`, and since when without a lease; null while there is one. */
  readonly bareSince: Map<string, Instant | null>;
  /** The ports that each path holds. */
  readonly held: Map<string, readonly string[]>;
  /** Connected by somebody else, who asks no agent for a lease. */
  readonly foreign: Set<string>;
}

export function leasesCover(leaseTime: Duration): Checker {
  const switches = new Map<string, SwitchState>();
  const away = new Set<string>();

  const overdue = (at: Instant): string[] =>
    [...switches].flatMap(([name, { bareSince }]) =>
      [...(isAway(away, name) ? [] : bareSince)].flatMap(([crossConnect, since]) => {
        if (since === null || at - since <= leaseTime) return [];
        bareSince.set(crossConnect, at);
        return [`${name} has held ${crossConnect} for ${(at - since) / 1e9} s without a lease`];
      }),
    );

  return {
    name: 'leases-cover',
    invariant: 'no cross-connect is without a living lease for longer than the lease time',
    observe(record) {
      const wrong = overdue(record.at);
      if (record.kind.startsWith('machine.')) comeAndGo(switches, away, record);
      if (!/^(switch|lease|foreign)\./.test(record.kind)) return wrong;
      const name = textOf(record, 'switch');
      const state = switches.get(name) ?? { bareSince: new Map(), held: new Map(), foreign: new Set() };
      switches.set(name, state);
      follow(state, record);
      review(state, record.at);
      return wrong;
    },
    settle: overdue,
  };
}

const isAway = (away: ReadonlySet<string>, name: string): boolean =>
  away.has(name) || away.has(agentMachine(name));

/** An agent that returns says anew which leases it has. */
function comeAndGo(switches: ReadonlyMap<string, SwitchState>, away: Set<string>, record: TraceRecord): void {
  const { where } = record;
  for (const [name, { bareSince, held }] of switches) {
    if (where !== name && where !== agentMachine(name)) continue;
    if (where !== name) held.clear();
    for (const [crossConnect, since] of bareSince)
      if (since !== null || where !== name) bareSince.set(crossConnect, record.at);
  }
  if (record.kind === 'machine.crashed') away.add(where);
  else away.delete(where);
}

function follow({ bareSince, held, foreign }: SwitchState, record: TraceRecord): void {
  const crossConnect = `${record.fields['input']}>${record.fields['output']}`;
  if (record.kind === 'foreign.connect') {
    for (const each of [crossConnect, reversed(crossConnect)]) if (!bareSince.has(each)) foreign.add(each);
  } else if (record.kind === 'foreign.connect-refused') {
    for (const each of [crossConnect, reversed(crossConnect)]) if (!bareSince.has(each)) foreign.delete(each);
  } else if (record.kind === 'switch.connected') bareSince.set(crossConnect, null);
  else if (record.kind === 'switch.disconnected') {
    bareSince.delete(crossConnect);
    foreign.delete(crossConnect);
  } else if (record.kind === 'lease.granted') held.set(textOf(record, 'path'), textsOf(record, 'ports'));
  else if (record.kind.startsWith('lease.')) held.delete(textOf(record, 'path'));
}

const reversed = (crossConnect: string): string => crossConnect.split('>').toReversed().join('>');

function review({ bareSince, held, foreign }: SwitchState, at: Instant): void {
  for (const [crossConnect, since] of bareSince) {
    const ends = crossConnect.split('>');
    const isCovered =
      foreign.has(crossConnect) ||
      [...held.values()].some((ports) => ends.every((port) => ports.includes(port)));
    bareSince.set(crossConnect, isCovered ? null : (since ?? at));
  }
}
