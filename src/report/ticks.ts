// Where an axis has its ticks: round numbers of which a reader can interpolate.

export interface Ticks {
  readonly step: number;
  /** Rising, all within the interval. */
  readonly values: readonly number[];
}

/** Multiples of 1, 2 or 5 times a power of ten within [from, to]: at most `most`, and more than a fifth of that. */
export function linearTicks(from: number, to: number, most: number): Ticks {
  const least = Math.max((to - from) / most, Number.MIN_VALUE);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((n) => n * power).find((s) => (to - from) / s < most) ?? 10 * power;
  return multiples(step, from, to);
}

const TIME_STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];

/** Ticks of a time axis in seconds: multiples that a clock face knows; below a second and beyond a day, round numbers. */
export function timeTicks(from: number, to: number, most: number): Ticks {
  const span = to - from;
  const step = span / 1 < most && span < 2 ? undefined : TIME_STEPS_S.find((s) => span / s < most);
  return step === undefined ? linearTicks(from, to, most) : multiples(step, from, to);
}

/** `90 s`, or `2:30` on a long axis. */
export function formatTick(seconds: number, step: number, isLong: boolean): string {
  if (!isLong) return String(Number(seconds.toPrecision(12)));
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds - minutes * 60);
  return step % 60 === 0 ? String(minutes) : `${minutes}:${String(rest).padStart(2, '0')}`;
}

/** The smallest tick-friendly number at or above `value`, for the top of an axis. */
export function niceCeiling(value: number, most: number): number {
  const { step } = linearTicks(0, value, most);
  return Math.max(step, Math.ceil(value / step - 1e-9) * step);
}

function multiples(step: number, from: number, to: number): Ticks {
  const values: number[] = [];
  for (let n = Math.ceil(from / step - 1e-9); n * step <= to + step * 1e-9; n++)
    values.push(Number((n * step).toPrecision(12)));
  return { step, values };
}
