// A path reported up carries light: its terminals are lit soon after the report, and when they go dark the
// agents notice. `grace` covers the receivers' power-on delay and the time light needs through the fibre. An agent
// that has crashed reports nothing: its word counts again when it is back and has said which paths it resumes, for
// those; what its log does not name has ended.

import type { Duration, Instant } from '../../core/time.ts';
import { type Checker, textOf, textsOf } from './checker.ts';
import { type FibreLines, PathLight } from './path-light.ts';

interface PathState {
  isUp: boolean;
  darkSince: Instant | null;
  /** The machine that reported the path up. */
  by: string;
}

/** What says that darkness has been noticed, or that nobody claims to know. */
const noticed = ['loss.detected', 'reroute.started', 'path.dark', 'path.down', 'path.unheard'];

export function upIsLit(grace: Duration, lines: FibreLines): Checker {
  const paths = new Map<string, PathState>();
  const light = new PathLight(lines);

  /** Those that are reported up and dark. */
  const inTheDark = new Set<string>();

  const overdue = (at: Instant): string[] => {
    if (inTheDark.size === 0) return [];
    return [...inTheDark].flatMap((path) => {
      const state = paths.get(path);
      const since = state?.darkSince ?? at;
      if (state === undefined || at - since <= grace) return [];
      state.darkSince = at;
      return [`path ${path} is reported up but has been dark for ${(at - since) / 1e9} s`];
    });
  };

  const look = (path: string, at: Instant): void => {
    const state = paths.get(path);
    const isDark = state?.isUp === true && light.darkOf(path).length > 0;
    if (state !== undefined) state.darkSince = isDark ? (state.darkSince ?? at) : null;
    if (isDark) inTheDark.add(path);
    else inTheDark.delete(path);
  };

  return {
    name: 'up-is-lit',
    invariant: 'a path reported up carries light',
    observe(record) {
      const late = overdue(record.at);
      const touched = new Set(light.observe(record));
      const { kind, where } = record;
      if (kind === 'path.up' || (kind === 'path.resumed' && textsOf(record, 'fibres').length > 0)) {
        const path = textOf(record, 'path');
        touched.add(path);
        paths.set(path, { isUp: true, darkSince: paths.get(path)?.darkSince ?? null, by: where });
      } else if (kind === 'path.released') paths.delete(textOf(record, 'path'));
      else if (kind === 'machine.crashed') {
        for (const [path, { by }] of paths)
          if (by === where) {
            paths.delete(path);
            touched.add(path);
          }
      } else if (noticed.includes(kind)) {
        const hit = paths.get(textOf(record, 'path'));
        if (hit !== undefined) hit.isUp = false;
        touched.add(textOf(record, 'path'));
      }
      for (const path of touched) look(path, record.at);
      return late;
    },
    settle: overdue,
  };
}
