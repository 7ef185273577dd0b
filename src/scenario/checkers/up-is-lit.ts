// A path reported up carries light: its terminals are lit soon after the report, and when they go dark the
// agents notice. `grace` covers the receivers' power-on delay and the time light needs through the fibre. An agent
// that has crashed reports nothing: its word counts again from its restart on. A host may have several terminals:
// those count at which the path's fibres end.

import type { Duration, Instant } from '../../core/time.ts';
import { type Checker, textOf, textsOf } from './checker.ts';

/** By fibre, the terminals of hosts that it ends at. */
export type FibreLines = ReadonlyMap<string, readonly string[]>;

interface PathState {
  /** The hosts' first terminals until the path's fibres are known. */
  terminals: readonly string[];
  /** Light goes to the last terminal only. */
  readonly isSimplex: boolean;
  /** Of a protected path: it is lit while one of these is. */
  legs: readonly string[];
  isUp: boolean;
  darkSince: Instant | null;
  /** The machine that reported the path up. */
  by: string;
}

/** What says that darkness has been noticed. */
const noticed = ['loss.detected', 'reroute.started', 'path.dark', 'path.down'];

export function upIsLit(grace: Duration, lines: FibreLines): Checker {
  const paths = new Map<string, PathState>();
  const lit = new Set<string>();
  const crashed = new Set<string>();

  const isLit = ({ terminals, legs }: PathState): boolean => {
    if (legs.length === 0) return terminals.every((t) => lit.has(t));
    return legs.some((leg) => paths.get(leg)?.terminals.every((t) => lit.has(t)) ?? false);
  };

  const review = (at: Instant): string[] =>
    [...paths].flatMap(([path, state]) => {
      const late = state.darkSince !== null && at - state.darkSince > grace;
      const since = state.darkSince ?? at;
      const isDark = state.isUp && !crashed.has(state.by) && !isLit(state);
      if (!isDark) state.darkSince = null;
      else if (state.darkSince === null || late) state.darkSince = at;
      return late ? [`path ${path} is reported up but has been dark for ${(at - since) / 1e9} s`] : [];
    });

  return {
    name: 'up-is-lit',
    invariant: 'a path reported up carries light',
    observe(record) {
      const late = review(record.at);
      const path = record.kind.startsWith('path.') ? paths.get(textOf(record, 'path')) : undefined;
      if (record.kind === 'path.requested') {
        const isSimplex = record.fields['simplex'] === true;
        const [from, to] = [textOf(record, 'from'), textOf(record, 'to')];
        const terminals = isSimplex ? [to] : [from, to];
        const state = { terminals, isSimplex, legs: [], isUp: false, darkSince: null, by: '' };
        paths.set(textOf(record, 'path'), state);
      } else if (record.kind === 'light.restored') lit.add(textOf(record, 'terminal'));
      else if (record.kind === 'light.lost') lit.delete(textOf(record, 'terminal'));
      else if (record.kind === 'machine.crashed') crashed.add(textOf(record, 'machine'));
      else if (record.kind === 'machine.restarted') crashed.delete(textOf(record, 'machine'));
      else if (record.kind === 'path.up' && path !== undefined) {
        path.isUp = true;
        const fibres = textsOf(record, 'fibres').slice(path.isSimplex ? -1 : 0);
        const ends = fibres.flatMap((fibre) => lines.get(fibre) ?? []);
        if (ends.length > 0) path.terminals = ends;
        if (record.fields['legs'] !== undefined) path.legs = textsOf(record, 'legs');
        path.by = record.where;
      } else if (record.kind === 'path.released') paths.delete(textOf(record, 'path'));
      else if (record.kind === 'path.protected' || record.kind === 'path.unprotected') {
        if (path !== undefined && record.fields['legs'] !== undefined) path.legs = textsOf(record, 'legs');
      } else if (noticed.includes(record.kind)) {
        const hit = paths.get(textOf(record, 'path'));
        if (hit !== undefined) hit.isUp = false;
      }
      return [...late, ...review(record.at)];
    },
    settle: review,
  };
}
