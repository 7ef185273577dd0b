// Goodput over time as a picture: the whole run with its cuts and repairs, and beneath it a closer look at
// each cut, with the stages of its reroute on a scale of their own, because they are over in a moment.

import { CIRCUIT_DASH, CIRCUIT_STROKE, circuitLine, circuitPoints, spanMarks } from './circuit-line.ts';
import { cutZoom, ZOOM } from './cut-zoom.ts';
import type { ColourName } from './palette.ts';
import { picture } from './picture.ts';
import { axes, goodputLine, line, type PlotFrame, text, xOf } from './plot.ts';
import { rateBins } from './rate-bins.ts';
import type { CutReport, RunReport, TransferReport } from './run-report.ts';
import { runLine } from './summary-table.ts';
import { niceCeiling } from './ticks.ts';

const WIDTH = 1120;
const MARGIN = 24;
const LEFT = 64;
const RIGHT = 20;
const OVERVIEW = { y: 122, height: 240 };
const ZOOMS_Y = OVERVIEW.y + OVERVIEW.height + 84;
const GAP = 76;
/** A cut that hits several light paths is shown once; more cuts than this are in the tables only. */
const zoomsMax = 24;

const LINES: readonly ColourName[] = ['path', 'second', 'third'];

export interface ThroughputLine {
  readonly transfer: TransferReport;
  readonly stroke: ColourName;
}

/** A complete SVG document. */
export function throughputSvg(report: RunReport): string {
  const lines = report.transfers.map((transfer, i) => ({
    transfer,
    stroke: LINES[i % LINES.length] ?? 'path',
  }));
  const top = topRate(report, lines);
  const zooms = report.cuts
    .filter((c, i) => report.cuts.findIndex((o) => o.cut === c.cut) === i)
    .slice(0, zoomsMax);
  const zoomWidth = (WIDTH - LEFT - RIGHT - GAP) / 2;
  const panels = zooms.map((cut, i) =>
    cutZoom(report, cut, lines, {
      x: LEFT + (i % 2) * (zoomWidth + GAP),
      y: ZOOMS_Y + Math.floor(i / 2) * ZOOM.pitch,
      width: zoomWidth,
      top,
    }),
  );
  const height =
    panels.length === 0 ? ZOOMS_Y - 20 : ZOOMS_Y + Math.ceil(panels.length / 2) * ZOOM.pitch - 10;
  return picture(
    'Goodput over time',
    { width: WIDTH, height },
    heading(report, lines),
    overview(report, lines, top),
    ...panels,
  );
}

function heading(report: RunReport, lines: readonly ThroughputLine[]): string {
  const legend = lines.map(({ transfer, stroke }, i) => {
    const x = MARGIN + i * 260;
    return (
      line([x, 76, x + 22, 76], stroke, 3) +
      text(x + 30, 80, `${transfer.name}: ${transfer.from} to ${transfer.to}`)
    );
  });
  const circuits = report.circuits.map(({ name }, i) => {
    const x = MARGIN + (lines.length + i) * 260;
    return (
      line([x, 76, x + 22, 76], CIRCUIT_STROKE, 1.3, CIRCUIT_DASH) +
      text(x + 30, 80, `${name}: bandwidth of the circuit`)
    );
  });
  return (
    text(MARGIN, 34, 'Goodput at the receiver', { size: 18, weight: 'bold' }) +
    text(MARGIN, 55, runLine(report), { fill: 'muted' }) +
    [...legend, ...circuits].join('')
  );
}

function overview(report: RunReport, lines: readonly ThroughputLine[], top: number): string {
  const frame: PlotFrame = {
    ...OVERVIEW,
    x: LEFT,
    width: WIDTH - LEFT - RIGHT,
    from: 0,
    to: report.duration / 1e9,
    top,
    origin: 0,
  };
  // Two pixels a bin, and a second at least, so that the rounds of TCP do not hide the shape.
  const bin = Math.max(Math.min(1, frame.to / 100), (frame.to / frame.width) * 2);
  const curves = lines.map(({ transfer, stroke }) =>
    goodputLine(frame, rateBins(transfer.series, 0, frame.to, bin), stroke, lines.length === 1),
  );
  return [
    axes(frame, 'time'),
    ...curves,
    ...report.circuits.map((circuit) => circuitLine(frame, circuit)),
    ...spanMarks(report, frame),
    ...repairMarks(report, frame),
    ...cutMarks(report.cuts, frame),
  ].join('');
}

function repairMarks(report: RunReport, f: PlotFrame): string[] {
  return report.repairs.map((repair) => {
    const x = xOf(f, repair.at / 1e9);
    const bottom = f.y + f.height;
    return (
      line([x, f.y, x, bottom], 'good', 1, '3 4') +
      text(x, f.y - 6, 'repaired', { size: 11, fill: 'good', anchor: 'middle' })
    );
  });
}

function cutMarks(cuts: readonly CutReport[], f: PlotFrame): string[] {
  return cuts.map((cut) => {
    const x = xOf(f, cut.at / 1e9);
    const isRight = x > f.x + f.width - 120;
    return (
      line([x, f.y - 4, x, f.y + f.height], 'cut', 1.5) +
      text(x, f.y - 18, `cut ${cut.cut}`, {
        fill: 'cut',
        anchor: isRight ? 'end' : 'middle',
        weight: 'bold',
      }) +
      text(x, f.y - 6, cut.fibre, { size: 11, fill: 'cut', anchor: isRight ? 'end' : 'middle' })
    );
  });
}

/** One scale for all plots, so that they compare. */
function topRate(report: RunReport, lines: readonly ThroughputLine[]): number {
  const end = report.duration / 1e9;
  const rates = lines.flatMap(({ transfer }) =>
    rateBins(transfer.series, 0, end, ZOOM.bin).map((p) => p.rate),
  );
  for (const circuit of report.circuits) rates.push(...circuitPoints(circuit, end).map((p) => p.rate));
  return niceCeiling(rates.reduce((a, b) => Math.max(a, b), 1e6) / 1e6, 6) * 1e6;
}
