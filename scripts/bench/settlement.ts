// How each path that was asked for has ended, by the records of a run and the fibres of its scenario alone: up, with
// light at both ends, or refused, and then by what the network was like a way could not be had. Nothing that agents use is used here:
// a breadth-first search over the fibres that no path which is up has.

import type { TraceRecord } from '../../src/engine/trace.ts';
import type { FibreEnd, Scenario } from '../../src/scenario/schema.ts';

/** What others were faster at: the records must show that the path tried. */
const LOST_TO_OTHERS = ['port-busy', 'contention'];

export class Settlement {
  /** The fibres of each path that is up. */
  readonly up = new Map<string, readonly string[]>();
  readonly kinds = new Map<string, number>();
  readonly wrong: string[] = [];
  /** When the last was settled. */
  last = 0;
  readonly #refusals = new Map<string, { readonly kind: string; readonly reason: string }>();
  readonly #tries = new Map<string, number>();
  readonly #lit = new Set<string>();
  /** Node to the free fibres there, each with the node at its other end. */
  readonly #free = new Map<string, Set<string>>();

  constructor(scenario: Scenario, records: readonly TraceRecord[]) {
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
    else if (kind === 'transaction.aborted') this.#tries.set(path, (this.#tries.get(path) ?? 0) + 1);
    else if (kind === 'path.up') this.up.set(path, fields['fibres'] as readonly string[]);
    else if (kind === 'path.down' || kind === 'path.released') this.up.delete(path);
    else if (kind !== 'path.refused' && kind !== 'request.refused') return;
    if (kind === 'path.refused' || kind === 'request.refused')
      this.#refusals.set(path, { kind: String(fields['kind']), reason: String(fields['reason']) });
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
    const isFull = !this.#isJoined(from, to);
    const hasTried = (this.#tries.get(path) ?? 0) > 0;
    if (refusal.reason === '' || !LOST_TO_OTHERS.includes(refusal.kind) || !(isFull || hasTried))
      this.wrong.push(`${path} was refused as ${refusal.kind}, and a way is free: ${refusal.reason}`);
  }

  #join([a, b]: readonly [FibreEnd, FibreEnd]): void {
    const [x, y] = [nodeOf(a), nodeOf(b)];
    for (const [one, other] of [
      [x, y],
      [y, x],
    ] as const) {
      const joined = this.#free.get(one) ?? new Set();
      this.#free.set(one, joined.add(other));
    }
  }

  #isJoined(from: string, to: string): boolean {
    const seen = new Set([from]);
    for (const node of seen) for (const next of this.#free.get(node) ?? []) seen.add(next);
    return seen.has(to);
  }
}

const nodeOf = (end: FibreEnd): string => (end.kind === 'host' ? end.host : end.switchName);
