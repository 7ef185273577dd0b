// Circuits in the plot of goodput: what each can carry, as a dashed step line on the same scale, and marks where spans
// are cut and repaired.

import type { ColourName } from './palette.ts';
import { goodputLine, line, type PlotFrame, text, xOf } from './plot.ts';
import type { RatePoint } from './rate-bins.ts';
import type { CircuitReport, RunReport } from './run-report.ts';

export const CIRCUIT_STROKE: ColourName = 'muted';
export const CIRCUIT_DASH = '5 3';

/** Zero before its first step; the last holds to the end. */
export function circuitPoints({ steps }: CircuitReport, to: number): RatePoint[] {
  const points = steps.map(({ at, bandwidth }, i) => ({
    from: at / 1e9,
    to: Math.min(to, (steps[i + 1]?.at ?? Infinity) / 1e9),
    rate: bandwidth / 8,
  }));
  return [{ from: 0, to: points[0]?.from ?? to, rate: 0 }, ...points];
}

export const circuitLine = (frame: PlotFrame, circuit: CircuitReport): string =>
  goodputLine(frame, circuitPoints(circuit, frame.to), CIRCUIT_STROKE, false, CIRCUIT_DASH);

export const spanMarks = ({ spanChanges }: RunReport, f: PlotFrame): string[] =>
  spanChanges.map(({ kind, at, span, slots }) => {
    const x = xOf(f, at / 1e9);
    const stroke = kind === 'cut' ? 'cut' : 'good';
    const what = slots === null ? span : `${slots.length} slots of ${span}`;
    const anchor = x > f.x + f.width - 120 ? 'end' : 'middle';
    return (
      line([x, f.y, x, f.y + f.height], stroke, kind === 'cut' ? 1.5 : 1, kind === 'cut' ? null : '3 4') +
      text(x, f.y - 6, `${what} ${kind}`, { size: 11, fill: stroke, anchor })
    );
  });
