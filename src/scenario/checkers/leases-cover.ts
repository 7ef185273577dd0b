// No cross-connect outlives its lease by more than the lease time: every cross-connect of the mirrors is
// between ports that some path holds a lease of, but for that long. While a switch or its agent is away, or a fault keeps
// the one from the other, nobody can take anything away: the time counts from the return, or the end of the fault.

import type { Duration, Instant } from '../../core/time.ts';
import type { TraceRecord } from '../../engine/trace.ts';
import { agentMachine } from '../schema.ts';
import { type Checker, textOf, textsOf } from './checker.ts';

export function leasesCover(leaseTime: Duration): Checker {
  const switches = new Map<string, SwitchCover>();
  const away = new Set<string>();

  const overdue = (at: Instant): string[] => {
    const wrong: string[] = [];
    for (const [name, { bareSince }] of switches) {
      if (bareSince.size === 0 || isAway(away, name)) continue;
      for (const [crossConnect, since] of bareSince) {
        if (at - since <= leaseTime) continue;
        bareSince.set(crossConnect, at);
        wrong.push(`${name} has held ${crossConnect} for ${(at - since) / 1e9} s without a lease`);
      }
    }
    return wrong;
  };

  return {
    name: 'leases-cover',
    invariant: 'no cross-connect is without a living lease for longer than the lease time',
    observe(record) {
      const wrong = overdue(record.at);
      if (record.kind.startsWith('machine.')) comeAndGo(switches, away, record);
      else if (record.kind === 'fault.ended') relieve(switches, record);
      if (!/^(switch|lease|foreign)\./.test(record.kind)) return wrong;
      const name = textOf(record, 'switch');
      const cover = switches.get(name) ?? new SwitchCover();
      switches.set(name, cover);
      follow(cover, record);
      return wrong;
    },
    settle: overdue,
  };
}

const isAway = (away: ReadonlySet<string>, name: string): boolean =>
  away.has(name) || away.has(agentMachine(name));

/** An agent that returns says anew which leases it has. */
function comeAndGo(switches: ReadonlyMap<string, SwitchCover>, away: Set<string>, record: TraceRecord): void {
  const { where, at } = record;
  for (const [name, cover] of switches)
    if (where === agentMachine(name)) cover.loseLeases(at);
    else if (where === name) cover.startAnew(at);
  if (record.kind === 'machine.crashed') away.add(where);
  else away.delete(where);
}

/** Of a device, or of the packets between machines, whichever these are. */
function relieve(switches: ReadonlyMap<string, SwitchCover>, { at, fields }: TraceRecord): void {
  const { device, host, machine } = fields;
  if (host !== undefined || machine !== undefined) return;
  for (const [name, cover] of switches) if (device === undefined || device === name) cover.startAnew(at);
}

function follow(cover: SwitchCover, record: TraceRecord): void {
  const { kind, at } = record;
  const crossConnect = `${record.fields['input']}>${record.fields['output']}`;
  if (kind === 'foreign.connect' || kind === 'foreign.connect-refused')
    for (const each of [crossConnect, crossConnect.split('>').toReversed().join('>')])
      cover.setForeign(each, kind === 'foreign.connect');
  else if (kind === 'switch.connected') cover.connected(crossConnect, at);
  else if (kind === 'switch.disconnected') cover.disconnected(crossConnect);
  else if (kind === 'lease.granted') cover.hold(textOf(record, 'path'), textsOf(record, 'ports'), at);
  else if (kind.startsWith('lease.')) cover.hold(textOf(record, 'path'), [], at);
}

/**
 * One switch: its cross-connects, by `input>output`, and the leases of its ports. What changes is looked at again where
 * it touches a port, so that a switch with hundreds of cross-connects costs no more than one with a few.
 */
class SwitchCover {
  /** Cross-connects that the mirrors make, and since when without a lease, for those that have none. */
  readonly bareSince = new Map<string, Instant>();
  readonly #made = new Set<string>();
  readonly #madeAt = new Map<string, Set<string>>();
  /** The ports that each path holds, and the paths that hold each. */
  readonly #held = new Map<string, readonly string[]>();
  readonly #holders = new Map<string, Set<string>>();
  /** Connected by somebody else, who asks no agent for a lease. */
  readonly #foreign = new Set<string>();

  connected(crossConnect: string, at: Instant): void {
    this.#made.add(crossConnect);
    this.bareSince.delete(crossConnect);
    for (const port of crossConnect.split('>')) setAt(this.#madeAt, port).add(crossConnect);
    this.#review(crossConnect, at);
  }

  disconnected(crossConnect: string): void {
    this.#made.delete(crossConnect);
    this.bareSince.delete(crossConnect);
    this.#foreign.delete(crossConnect);
    for (const port of crossConnect.split('>')) this.#madeAt.get(port)?.delete(crossConnect);
  }

  /** What is there already is not made foreign, nor ours, by being asked for. */
  setForeign(crossConnect: string, isForeign: boolean): void {
    if (this.#made.has(crossConnect)) return;
    if (isForeign) this.#foreign.add(crossConnect);
    else this.#foreign.delete(crossConnect);
  }

  /** No ports: the lease has ended. */
  hold(path: string, ports: readonly string[], at: Instant): void {
    const before = this.#held.get(path) ?? [];
    for (const port of before) this.#holders.get(port)?.delete(path);
    this.#held.set(path, ports);
    if (ports.length === 0) this.#held.delete(path);
    for (const port of ports) setAt(this.#holders, port).add(path);
    const touched = new Set([...before, ...ports].flatMap((port) => [...(this.#madeAt.get(port) ?? [])]));
    for (const crossConnect of touched) this.#review(crossConnect, at);
  }

  loseLeases(at: Instant): void {
    this.#held.clear();
    this.#holders.clear();
    for (const crossConnect of this.#made)
      if (!this.#foreign.has(crossConnect)) this.bareSince.set(crossConnect, at);
  }

  /** What is without a lease is so from now on. */
  startAnew(at: Instant): void {
    for (const crossConnect of this.bareSince.keys()) this.bareSince.set(crossConnect, at);
  }

  #review(crossConnect: string, at: Instant): void {
    const [input = '', output = ''] = crossConnect.split('>');
    const isCovered =
      this.#foreign.has(crossConnect) ||
      [...(this.#holders.get(input) ?? [])].some((path) => this.#held.get(path)?.includes(output));
    if (isCovered) this.bareSince.delete(crossConnect);
    else if (!this.bareSince.has(crossConnect)) this.bareSince.set(crossConnect, at);
  }
}

function setAt(sets: Map<string, Set<string>>, key: string): Set<string> {
  const known = sets.get(key) ?? new Set();
  sets.set(key, known);
  return known;
}
