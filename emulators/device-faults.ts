// Faults of a device's optics and controller, each put in by a call and taken out by its handle. Faults on single
// commands are rules (command-rules.ts); a fibre that is cut is the plant's.

import type { Db } from '../src/core/quantity.ts';
import type { Duration } from '../src/core/time.ts';
import type { Clock } from '../src/platform/platform.ts';
import { formatFields, parseFields } from '../src/tl1/fields.ts';
import type { PlantSwitch } from './plant-switch.ts';

export interface Fault {
  /** Repeatable. */
  remove(): void;
}

/** All power monitors show what they showed last; alarms, which rest on them, neither come nor go. */
export const stickReadings = (optics: PlantSwitch): Fault => ({ remove: optics.freezeMonitors() });

/** Each mirror that guides this input's light, now or later, loses so much more of it. */
export function weakenMirror(optics: PlantSwitch, input: string, loss: Db): Fault {
  optics.setExtraLoss(input, loss);
  return { remove: () => optics.setExtraLoss(input, null) };
}

/** The input's connector is loose: dark for `dark`, lit for `lit`, and so on, beginning with dark. */
export function flapPort(
  clock: Pick<Clock, 'timer'>,
  optics: PlantSwitch,
  port: string,
  { dark, lit }: { readonly dark: Duration; readonly lit: Duration },
): Fault {
  let timer = clock.timer(dark, () => turn(false));
  const turn = (isDark: boolean): void => {
    optics.obstruct(port, isDark);
    timer = clock.timer(isDark ? dark : lit, () => turn(!isDark));
  };
  optics.obstruct(port, true);
  return {
    remove: () => {
      timer.cancel();
      optics.obstruct(port, false);
    },
  };
}

/** For an `alter` rule: the named fields of each line the other way round, with one more that nobody knows, as another release might have them. */
export function asOtherRelease(line: string): string {
  const { aid, blocks } = parseFields(line);
  if (blocks.length === 0 || /[=,]/.test(aid)) return line.split(':').map(inOtherOrder).join(':');
  const altered = blocks.map((block) =>
    block.every(({ name }) => name !== null)
      ? [{ name: 'NEWFIELD', value: 'a, b' }, ...block.toReversed()]
      : block,
  );
  return formatFields({ aid, blocks: altered });
}

/** `c1,PST=IS,SUPPTTP=1-A-3-1`, as a CD/CI writes: the object stays in front. Fields without names mean their places, and stay. */
function inOtherOrder(line: string): string {
  const [first = '', ...rest] = line.split(/,(?![^[{"]*[\]}])/);
  const isNamed = (part: string): boolean => /^[A-Z][A-Z0-9_-]*=/i.test(part);
  if (rest.length === 0 || !rest.every(isNamed)) return line;
  const fields = ['NEWFIELD=a&b', ...rest.toReversed()];
  return (isNamed(first) ? [...fields, first] : [first, ...fields]).join(',');
}
