// A closer look at one cut: goodput from 5 s before it to 25 s after, and a strip with the stages of the
// reroute in ms.

import { formatStage } from './format.ts';
import { type ColourName, colour } from './palette.ts';
import { axes, goodputLine, line, type PlotFrame, text, xOf } from './plot.ts';
import { rateBins } from './rate-bins.ts';
import { type CutReport, type RunReport, STAGES, type Stage } from './run-report.ts';
import { newFibres, STAGE_TITLES } from './tables.ts';
import type { ThroughputLine } from './throughput.ts';
import { linearTicks } from './ticks.ts';
import { element } from './xml.ts';

const BEFORE_S = 5;
const AFTER_S = 25;

/** Heights in pixels; `bin` in seconds. */
export const ZOOM = { plot: 130, pitch: 340, bin: 0.25 };

interface Spot {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** Of the axis of rates, in bytes per second. */
  readonly top: number;
}

export function cutZoom(
  report: RunReport,
  cut: CutReport,
  lines: readonly ThroughputLine[],
  spot: Spot,
): string {
  const at = cut.at / 1e9;
  const from = Math.max(0, at - BEFORE_S);
  const to = Math.min(report.duration / 1e9, at + AFTER_S);
  const frame: PlotFrame = { ...spot, y: spot.y + 48, height: ZOOM.plot, from, to, origin: at };
  const curves = lines.map(({ transfer, stroke }) =>
    goodputLine(frame, rateBins(transfer.series, from, to, ZOOM.bin), stroke, lines.length === 1),
  );
  return [
    text(spot.x, spot.y + 8, `Cut ${cut.cut}: ${cut.fibre}`, { size: 14, weight: 'bold' }),
    text(spot.x, spot.y + 26, subtitle(cut), { fill: 'muted' }),
    axes(frame, 'time since the cut'),
    ...curves,
    mark(frame, 0, 'cut', null),
    ...(cut.stages.tcp === null
      ? []
      : [mark(frame, cut.stages.tcp / 1e9, 'good', `90 % after ${formatStage(cut.stages.tcp)}`)]),
    stageStrip(cut, spot.x, frame.y + frame.height + 76, spot.width, scaleEnd(report)),
  ].join('');
}

function subtitle(cut: CutReport): string {
  const direction = cut.direction === 'both' ? 'both directions' : `direction ${cut.direction} only`;
  const then = cut.fibresAfter === null ? newFibres(cut) : `moved to ${newFibres(cut)}`;
  return `at ${cut.at / 1e9} s, ${direction}; ${then}`;
}

function mark(f: PlotFrame, sinceCut: number, stroke: ColourName, label: string | null): string {
  const x = xOf(f, f.origin + sinceCut);
  if (x > f.x + f.width) return '';
  const isRight = x > f.x + f.width - 110;
  return (
    line([x, f.y, x, f.y + f.height], stroke, 1.5) +
    (label === null
      ? ''
      : text(x + (isRight ? -6 : 6), f.y + f.height - 10, label, {
          fill: stroke,
          anchor: isRight ? 'end' : 'start',
        }))
  );
}

const STRIP_HEIGHT = 14;
type LightStage = Exclude<Stage, 'tcp'>;
const LIGHT_STAGES: readonly LightStage[] = STAGES.filter((stage) => stage !== 'tcp');
const SHADES: Readonly<Record<LightStage, number>> = {
  detect: 0.3,
  decide: 1,
  lock: 0.45,
  switch: 0.65,
  light: 0.85,
  data: 0.55,
};
/** Labels stand in rows of three above the strip. */
const LABELS_A_ROW = 3;
const LABEL_ROW_HEIGHT = 14;

const lastStage = (cut: CutReport): number =>
  Math.max(0, ...LIGHT_STAGES.map((stage) => cut.stages[stage] ?? 0));

/** One scale for the strips of all cuts, so that they compare; in ns. */
const scaleEnd = (report: RunReport): number => Math.max(1, ...report.cuts.map(lastStage)) * 1.02;

/** What the time from the cut to the data link went into; each stage starts where the one before it ended. */
function stageStrip(cut: CutReport, x: number, y: number, width: number, end: number): string {
  if (lastStage(cut) === 0) return text(x, y, 'no stage of a reroute followed', { fill: 'muted' });
  const scale = (ns: number): number => (ns / end) * width;
  let before = 0;
  const rows = Math.ceil(LIGHT_STAGES.length / LABELS_A_ROW);
  const segments = LIGHT_STAGES.map((stage, i) => {
    const until = cut.stages[stage];
    const label = stageLabel(
      cut,
      stage,
      x + ((i % LABELS_A_ROW) / LABELS_A_ROW) * width,
      y - 12 - (rows - 1 - Math.floor(i / LABELS_A_ROW)) * LABEL_ROW_HEIGHT,
    );
    if (until === null || until < before) return label;
    const rect = element('rect', {
      x: x + scale(before),
      y,
      width: Math.max(1, scale(until - before)),
      height: STRIP_HEIGHT,
      fill: colour.path,
      'fill-opacity': SHADES[stage],
    });
    before = until;
    return rect + label;
  });
  const { values } = linearTicks(0, end / 1e6, 8);
  return segments.join('') + stripAxis(values, x, y + STRIP_HEIGHT, (v) => scale(v * 1e6));
}

function stageLabel(cut: CutReport, stage: LightStage, x: number, y: number): string {
  const swatch = { x, y: y - 9, width: 10, height: 10, fill: colour.path, 'fill-opacity': SHADES[stage] };
  return (
    element('rect', swatch) +
    text(x + 15, y, `${STAGE_TITLES[stage]} ${formatStage(cut.stages[stage])}`, { size: 11 })
  );
}

const stripAxis = (values: readonly number[], x: number, y: number, scale: (v: number) => number): string =>
  values
    .map((v, i) => {
      const at = x + scale(v);
      const label = i === values.length - 1 ? `${v} ms` : String(v);
      return (
        line([at, y, at, y + 4], 'line') +
        text(at, y + 16, label, { size: 11, anchor: i === 0 ? 'start' : 'middle', fill: 'muted' })
      );
    })
    .join('');
