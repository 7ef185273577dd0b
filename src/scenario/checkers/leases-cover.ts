// No cross-connect outlives its lease by more than the lease time. Which lease holds a cross-connect is not
// told by the mirrors: a switch's cross-connects are covered while some path holds a lease there.

import type { Duration, Instant } from '../../core/time.ts';
import { type Checker, textOf } from './checker.ts';

export function leasesCover(leaseTime: Duration): Checker {
  const connected = new Map<string, Set<string>>();
  const leases = new Map<string, Set<string>>();
  /** Since when a switch has had cross-connects without any lease. */
  const bareSince = new Map<string, Instant>();

  const overdue = (at: Instant): string[] =>
    [...bareSince].flatMap(([name, since]) => {
      if (at - since <= leaseTime) return [];
      bareSince.set(name, at);
      return [
        `${name} has held ${[...held(connected, name)].join(', ')} for ${(at - since) / 1e9} s without a lease`,
      ];
    });

  return {
    name: 'leases-cover',
    invariant: 'no cross-connect is without a living lease for longer than the lease time',
    observe(record) {
      const wrong = overdue(record.at);
      const change = changeOf(record.kind);
      if (change === null) return wrong;
      const name = textOf(record, 'switch');
      const isLease = record.kind.startsWith('lease.');
      const key = isLease ? textOf(record, 'path') : `${textOf(record, 'input')}>${textOf(record, 'output')}`;
      const set = held(isLease ? leases : connected, name);
      if (change === 'add') set.add(key);
      else set.delete(key);
      const isBare = held(connected, name).size > 0 && held(leases, name).size === 0;
      if (!isBare) bareSince.delete(name);
      else if (!bareSince.has(name)) bareSince.set(name, record.at);
      return wrong;
    },
    settle: overdue,
  };
}

function changeOf(kind: string): 'add' | 'remove' | null {
  if (kind === 'switch.connected' || kind === 'lease.granted') return 'add';
  if (kind === 'switch.disconnected' || kind === 'lease.expired' || kind === 'lease.released')
    return 'remove';
  return null;
}

function held(map: Map<string, Set<string>>, name: string): Set<string> {
  const set = map.get(name) ?? new Set<string>();
  map.set(name, set);
  return set;
}
