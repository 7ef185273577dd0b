// A path reported up carries light: its terminals are lit soon after the report, and when they go dark the
// agents notice. `grace` covers the receivers' power-on delay and the time light needs through the fibre. An agent
// that has crashed reports nothing: its word counts again when it is back and has said which paths it resumes, for
// those; what its log does not name has ended.

import type { Duration, Instant } from '../../core/time.ts';
import type { TraceRecord } from '../../engine/trace.ts';
import { type Checker, textOf, textsOf } from './checker.ts';
import { type FibreLines, PathLight } from './path-light.ts';

interface PathState {
  isUp: boolean;
  darkSince: Instant | null;
  /** The machine that reported the path up. */
  readonly by: string;
}

/** What says that darkness has been noticed, or that nobody claims to know. */
const NOTICED = ['loss.detected', 'reroute.started', 'path.dark', 'path.down', 'path.unheard'];

export function upIsLit(grace: Duration, lines: FibreLines): Checker {
  const light = new PathLight(lines);
  const reported = new ReportedPaths();
  const overdue = (at: Instant): string[] => reported.overdue(at, grace);
  return {
    name: 'up-is-lit',
    invariant: 'a path reported up carries light',
    observe(record) {
      const late = overdue(record.at);
      const touched = new Set([...light.observe(record), ...reported.observe(record)]);
      for (const path of touched) reported.look(path, light.darkOf(path).length > 0, record.at);
      return late;
    },
    settle: overdue,
  };
}

/** What agents say of their paths, and since when those that they say are up are dark. */
class ReportedPaths {
  readonly #paths = new Map<string, PathState>();
  /** Those that are reported up and dark. */
  readonly #inTheDark = new Set<string>();

  /** Returns the paths of which something else is said now. */
  observe(record: TraceRecord): readonly string[] {
    const { kind, where } = record;
    if (kind === 'machine.crashed') return this.#silenced(where);
    if (kind === 'path.released') this.#paths.delete(textOf(record, 'path'));
    else if (isReportedUp(record)) this.#up(textOf(record, 'path'), where);
    else if (NOTICED.includes(kind)) this.#noticed(textOf(record, 'path'));
    else return [];
    return [textOf(record, 'path')];
  }

  look(path: string, isWithoutLight: boolean, at: Instant): void {
    const state = this.#paths.get(path);
    const isDark = state?.isUp === true && isWithoutLight;
    if (state !== undefined) state.darkSince = isDark ? (state.darkSince ?? at) : null;
    if (isDark) this.#inTheDark.add(path);
    else this.#inTheDark.delete(path);
  }

  /** Told once for each grace that passes. */
  overdue(at: Instant, grace: Duration): string[] {
    if (this.#inTheDark.size === 0) return [];
    return [...this.#inTheDark].flatMap((path) => {
      const state = this.#paths.get(path);
      const since = state?.darkSince ?? at;
      if (state === undefined || at - since <= grace) return [];
      state.darkSince = at;
      return [`path ${path} is reported up but has been dark for ${(at - since) / 1e9} s`];
    });
  }

  #up(path: string, by: string): void {
    this.#paths.set(path, { isUp: true, darkSince: this.#paths.get(path)?.darkSince ?? null, by });
  }

  #noticed(path: string): void {
    const state = this.#paths.get(path);
    if (state !== undefined) state.isUp = false;
  }

  #silenced(machine: string): string[] {
    const own = [...this.#paths].filter(([, { by }]) => by === machine).map(([path]) => path);
    for (const path of own) this.#paths.delete(path);
    return own;
  }
}

const isReportedUp = (record: TraceRecord): boolean =>
  record.kind === 'path.up' || (record.kind === 'path.resumed' && textsOf(record, 'fibres').length > 0);
