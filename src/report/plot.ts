// One plot: goodput over time in a frame with round ticks, marks across it, lines in it. Pure geometry and
// markup; what is marked is the caller's.

import { type ColourName, colour } from './palette.ts';
import type { RatePoint } from './rate-bins.ts';
import { formatTick, linearTicks, timeTicks } from './ticks.ts';
import { element, escapeXml, round } from './xml.ts';

export interface PlotFrame {
  /** Of the drawing area, in pixels; labels of the axes lie left of and below it. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Seconds. */
  readonly from: number;
  readonly to: number;
  /** Top of the axis of rates, in bytes per second. */
  readonly top: number;
  /** Added to the seconds of the axis to get those of the label: a zoom counts from its cut. */
  readonly origin: number;
}

const TICK_SPACE_X = 60;
const TICK_SPACE_Y = 38;

/** More than this many seconds are labelled in minutes. */
const LONG_S = 150;

export const xOf = (f: PlotFrame, s: number): number => f.x + ((s - f.from) / (f.to - f.from)) * f.width;
const yOf = (f: PlotFrame, rate: number): number =>
  f.y + f.height - (Math.min(rate, f.top) / f.top) * f.height;

export const text = (
  x: number,
  y: number,
  content: string,
  o: { size?: number; fill?: ColourName; anchor?: 'start' | 'middle' | 'end'; weight?: 'bold' } = {},
): string =>
  element(
    'text',
    {
      x,
      y,
      'font-size': o.size ?? 12,
      fill: colour[o.fill ?? 'ink'],
      'text-anchor': o.anchor ?? 'start',
      'font-weight': o.weight ?? null,
    },
    escapeXml(content),
  );

export const line = (
  [x1, y1, x2, y2]: readonly [number, number, number, number],
  stroke: ColourName,
  width = 1,
  dash: string | null = null,
): string =>
  element('line', {
    x1,
    y1,
    x2,
    y2,
    stroke: colour[stroke],
    'stroke-width': width,
    'stroke-dasharray': dash,
  });

/** Ticks, grid and units. */
export function axes(f: PlotFrame, timeTitle: string): string {
  const isLong = f.to - f.from > LONG_S;
  const times = timeTicks(f.from - f.origin, f.to - f.origin, Math.floor(f.width / TICK_SPACE_X));
  const rates = linearTicks(0, f.top / 1e6, Math.floor(f.height / TICK_SPACE_Y) + 1);
  const bottom = f.y + f.height;
  const vertical = times.values.map((s) => {
    const x = xOf(f, s + f.origin);
    const label = formatTick(s, times.step, isLong);
    return (
      line([x, bottom, x, bottom + 5], 'line') +
      text(x, bottom + 19, label, { anchor: 'middle', fill: 'muted' })
    );
  });
  const horizontal = rates.values.map((mb) => {
    const y = yOf(f, mb * 1e6);
    const grid = mb === 0 ? '' : line([f.x, y, f.x + f.width, y], 'rule');
    return grid + text(f.x - 8, y + 4, String(mb), { anchor: 'end', fill: 'muted' });
  });
  const unit = isLong ? (times.step % 60 === 0 ? 'min' : 'min:s') : 's';
  return [
    ...horizontal,
    ...vertical,
    line([f.x, bottom, f.x + f.width, bottom], 'line'),
    text(f.x + f.width, bottom + 35, `${timeTitle} / ${unit}`, { anchor: 'end', fill: 'muted' }),
    text(f.x - 8, f.y - 12, 'MB/s', { anchor: 'end', fill: 'muted' }),
  ].join('');
}

/** The line of one transfer, in steps because each rate is a mean over its bin, and the area below it if it is the only one. */
export function goodputLine(
  f: PlotFrame,
  points: readonly RatePoint[],
  stroke: ColourName,
  isFilled: boolean,
  dash: string | null = null,
): string {
  const [first] = points;
  if (first === undefined) return '';
  const steps = points.map((p) => `V${round(yOf(f, p.rate))}H${round(xOf(f, p.to))}`).join('');
  const floor = f.y + f.height;
  const start = `M${round(xOf(f, first.from))}`;
  const d = `${start} ${round(yOf(f, first.rate))}${steps}`;
  const outline = {
    d,
    fill: 'none',
    stroke: colour[stroke],
    'stroke-width': 1.3,
    'stroke-linejoin': 'round',
    'stroke-dasharray': dash,
  };
  return (
    (isFilled ? element('path', { d: `${start} ${floor}${steps}V${floor}Z`, fill: colour.pathSoft }) : '') +
    element('path', outline)
  );
}
