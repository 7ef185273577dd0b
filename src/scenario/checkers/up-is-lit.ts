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

/** While no path is in the dark, no other record can find one there. */
const ABOUT_LIGHT = /^(path|light|loss|reroute|machine)\./;

export function upIsLit(grace: Duration, lines: FibreLines): Checker {
  const paths = new Map<string, PathState>();
  const light = new PathLight(lines);

  let isAnyDark = false;

  const review = (at: Instant): string[] => {
    isAnyDark = false;
    return [...paths].flatMap(([path, state]) => {
      const late = state.darkSince !== null && at - state.darkSince > grace;
      const since = state.darkSince ?? at;
      const isDark = state.isUp && light.darkOf(path).length > 0;
      isAnyDark ||= isDark;
      if (!isDark) state.darkSince = null;
      else if (state.darkSince === null || late) state.darkSince = at;
      return late ? [`path ${path} is reported up but has been dark for ${(at - since) / 1e9} s`] : [];
    });
  };

  return {
    name: 'up-is-lit',
    invariant: 'a path reported up carries light',
    observe(record) {
      if (!isAnyDark && !ABOUT_LIGHT.test(record.kind)) {
        light.observe(record);
        return [];
      }
      const late = review(record.at);
      light.observe(record);
      const { kind, where } = record;
      if (kind === 'path.up' || (kind === 'path.resumed' && textsOf(record, 'fibres').length > 0)) {
        const path = textOf(record, 'path');
        paths.set(path, { isUp: true, darkSince: paths.get(path)?.darkSince ?? null, by: where });
      } else if (kind === 'path.released') paths.delete(textOf(record, 'path'));
      else if (kind === 'machine.crashed') {
        for (const [path, { by }] of paths) if (by === where) paths.delete(path);
      } else if (noticed.includes(kind)) {
        const hit = paths.get(textOf(record, 'path'));
        if (hit !== undefined) hit.isUp = false;
      }
      return [...late, ...review(record.at)];
    },
    settle: review,
  };
}
