// How each path that was asked for has ended, by the records of a run and the fibres of its scenario alone: up, with
// light at both ends, or refused, and then no way was free: one that nobody used from shortly before the refusal to the
// end of the run shows that it was wrong, whatever was tried. Nothing that agents use is used here: a breadth-first
// search over the fibres, by what the switches connected and when.

import type { TraceRecord } from '../../src/engine/trace.ts';
import type { FibreEnd, Scenario } from '../../src/scenario/schema.ts';

const LOST_TO_OTHERS = ['port-busy', 'contention'];
/** What the whole network may take to hear that a fibre has come free, ns: ours. */
const HEARD_WITHIN = 1e9;

export class Settlement {
  /** The fibres of each path that is up. */
  readonly up = new Map<string, readonly string[]>();
  readonly kinds = new Map<string, number>();
  readonly wrong: string[] = [];
  /** When the last was settled. */
  last = 0;
  readonly #refusals = new Map<
    string,
    { readonly kind: string; readonly reason: string; readonly at: number }
  >();
  readonly #lit = new Set<string>();
  /** By port: how many cross-connects it is in, and when it was last in one. */
  readonly #inUse = new Map<string, number>();
  readonly #usedUntil = new Map<string, number>();
  /** Node to node: from when on one of the fibres between them was never used again. */
  readonly #freeFrom = new Map<string, Map<string, number>>();

  constructor(scenario: Pick<Scenario, 'fibres' | 'timeline'>, records: readonly TraceRecord[]) {
    for (const record of records) this.#follow(record);
    const taken = new Set<string>();
    for (const [path, fibres] of this.up)
      for (const fibre of fibres) {
        if (taken.has(fibre)) this.wrong.push(`${path} shares fibre ${fibre}`);
        taken.add(fibre);
      }
    for (const { name, between } of scenario.fibres) if (!taken.has(name)) this.#join(between);
    for (const { action } of scenario.timeline) if (action.kind === 'request') this.#judge(action);
  }

  #follow({ kind, at, fields }: TraceRecord): void {
    const path = String(fields['path']);
    if (kind === 'light.restored') this.#lit.add(String(fields['terminal']));
    else if (kind === 'light.lost') this.#lit.delete(String(fields['terminal']));
    else if (kind === 'switch.connected' || kind === 'switch.disconnected') {
      const change = kind === 'switch.connected' ? 1 : -1;
      for (const side of ['input', 'output']) this.#use(`${fields['switch']} ${fields[side]}`, change, at);
    } else if (kind === 'path.up') this.up.set(path, fields['fibres'] as readonly string[]);
    else if (kind === 'path.down' || kind === 'path.released') this.up.delete(path);
    else if (kind !== 'path.refused' && kind !== 'request.refused') return;
    if (kind === 'path.refused' || kind === 'request.refused')
      this.#refusals.set(path, {
        kind: String(fields['kind']),
        reason: String(fields['reason']),
        at: this.#refusals.get(path)?.at ?? at,
      });
    if (kind.startsWith('path.') || kind === 'request.refused') this.last = Math.max(this.last, at);
  }

  #judge({ path, from, to }: { path: string; from: string; to: string }): void {
    const refusal = this.#refusals.get(path);
    if (this.up.has(path)) {
      for (const end of [from, to])
        if (!this.#lit.has(end)) this.wrong.push(`${path} is up, and ${end} dark`);
      if (refusal !== undefined) this.wrong.push(`${path} is up and refused: ${refusal.reason}`);
      return;
    }
    if (refusal === undefined) {
      this.wrong.push(`${path} is neither up nor refused`);
      return;
    }
    this.kinds.set(refusal.kind, (this.kinds.get(refusal.kind) ?? 0) + 1);
    const isFree = this.#isJoined(from, to, refusal.at - HEARD_WITHIN);
    if (refusal.reason === '' || !LOST_TO_OTHERS.includes(refusal.kind) || isFree)
      this.wrong.push(
        `${path} was refused as ${refusal.kind}${isFree ? ', and a way is free' : ''}: ${refusal.reason}`,
      );
  }

  #use(port: string, change: 1 | -1, at: number): void {
    const count = (this.#inUse.get(port) ?? 0) + change;
    this.#inUse.set(port, count);
    this.#usedUntil.set(port, count > 0 ? Infinity : at);
  }

  #join([a, b]: readonly [FibreEnd, FibreEnd]): void {
    const usedUntil = (end: FibreEnd): number =>
      end.kind === 'host' ? 0 : (this.#usedUntil.get(`${end.switchName} ${end.port}`) ?? 0);
    const free = Math.max(usedUntil(a), usedUntil(b));
    for (const [one, other] of [
      [nodeOf(a), nodeOf(b)],
      [nodeOf(b), nodeOf(a)],
    ] as const) {
      const joined = this.#freeFrom.get(one) ?? new Map<string, number>();
      this.#freeFrom.set(one, joined.set(other, Math.min(joined.get(other) ?? Infinity, free)));
    }
  }

  #isJoined(from: string, to: string, since: number): boolean {
    const seen = new Set([from]);
    for (const node of seen)
      for (const [next, free] of this.#freeFrom.get(node) ?? []) if (free <= since) seen.add(next);
    return seen.has(to);
  }
}

const nodeOf = (end: FibreEnd): string => (end.kind === 'host' ? end.host : end.switchName);
