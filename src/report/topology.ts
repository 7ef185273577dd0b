// The optical topology as a picture: at the start with its first light path, and then once for each cut, with
// the path that the agents moved to. Graphviz finds the places; this file tells the story in panels.

import { formatInstant } from './format.ts';
import { loadGraphviz } from './graphviz.ts';
import { colour } from './palette.ts';
import { picture } from './picture.ts';
import { line, text } from './plot.ts';
import type { CutReport, RunReport } from './run-report.ts';
import { carriedText, spanCuts, spansCutAt } from './span-panel.ts';
import { runLine } from './summary-table.ts';
import { newFibres } from './tables.ts';
import { type Detail, type TopologyState, topologyDot } from './topology-dot.ts';
import { element, round } from './xml.ts';

/** Cuts beyond this many are left to the tables. */
const panelsMax = 24;

const WIDTH = 1120;
const MARGIN = 24;
const HEAD = 100;
const CAPTION = 46;
const GAP = 28;
const FULL = WIDTH - 2 * MARGIN;
const HALF = (FULL - GAP) / 2;

interface Panel {
  readonly title: string;
  readonly subtitle: string;
  readonly state: TopologyState;
}

interface Drawing {
  readonly width: number;
  readonly height: number;
  /** The contents of Graphviz' picture, in its own coordinates. */
  readonly body: string;
}

/** A complete SVG document. */
export async function topologySvg(report: RunReport): Promise<string> {
  const graphviz = await loadGraphviz();
  const [start, ...cuts] = panelsOf(report);
  const draw = (panel: Panel, detail: Detail): Drawn => ({
    panel,
    drawing: read(graphviz.dot(topologyDot(report.topology, panel.state, detail))),
  });
  const small: Detail = { fibresNamed: namedInPanels(report) };
  const rows = [[draw(start, 'full')], ...pairs(cuts.slice(0, panelsMax).map((panel) => draw(panel, small)))];
  let y = HEAD;
  const placed = rows.flatMap((row) => {
    const width = row.length === 1 && row[0]?.panel === start ? FULL : HALF;
    const scales = row.map(({ drawing }) => Math.min(width / drawing.width, width === FULL ? 1 : 0.75));
    const markup = row.map((drawn, i) => place(drawn, MARGIN + i * (HALF + GAP), y, width, scales[i] ?? 1));
    y += CAPTION + Math.max(...row.map(({ drawing }, i) => drawing.height * (scales[i] ?? 1))) + GAP;
    return markup;
  });
  return document(report, placed, round(y));
}

interface Drawn {
  readonly panel: Panel;
  readonly drawing: Drawing;
}

const pairs = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / 2) }, (_, i) => items.slice(2 * i, 2 * i + 2));

function document(report: RunReport, panels: readonly string[], height: number): string {
  return picture(
    'Switches, fibres and light paths',
    { width: WIDTH, height },
    text(MARGIN, 34, 'Switches, fibres and the light path', { size: 18, weight: 'bold' }),
    text(MARGIN, 55, runLine(report), { fill: 'muted' }),
    legend(),
    ...panels,
  );
}

function legend(): string {
  const items = [
    [line([0, 0, 26, 0], 'path', 4), 'light path'],
    [line([0, 0, 26, 0], 'path', 1.5, '2 3'), 'left by the path'],
    [line([0, 0, 26, 0], 'cut', 2, '6 4'), 'cut'],
    [line([0, 0, 26, 0], 'line', 1.5), 'not in use'],
  ] as const;
  return items
    .map(([mark, label], i) => {
      const at = `translate(${MARGIN + i * 150} 78)`;
      return element('g', { transform: at }, mark, text(34, 4, label));
    })
    .join('');
}

/** A drawing in the middle of its width, below its caption. */
function place({ panel, drawing }: Drawn, x: number, y: number, width: number, scale: number): string {
  const left = round(x + (width - drawing.width * scale) / 2);
  const transform = `translate(${left} ${round(y + CAPTION)}) scale(${scale.toFixed(4)})`;
  return (
    text(x, y + 14, panel.title, { size: 14, weight: 'bold' }) +
    text(x, y + 32, panel.subtitle, { fill: 'muted' }) +
    element('g', { transform }, drawing.body)
  );
}

/** Takes Graphviz' document apart; its size is in points, its contents in a group of their own. */
function read(svg: string): Drawing {
  const size = /<svg width="([\d.]+)pt" height="([\d.]+)pt"/.exec(svg);
  const body = svg.slice(svg.indexOf('<g id="graph0"'), svg.lastIndexOf('</svg>'));
  const clean = body
    .replace(/<title>[^<]*<\/title>\n?/g, '')
    .replace(/<!--.*?-->\n?/gs, '')
    .replace(/ id="[^"]*"/g, '')
    .replaceAll('&#45;', '-')
    .replace(/ font-family="[^"]*"/g, '');
  return { width: Number(size?.[1] ?? 1), height: Number(size?.[2] ?? 1), body: clean };
}

function panelsOf(report: RunReport): readonly [Panel, ...Panel[]] {
  const [first] = report.paths;
  const cuts = [report.cuts[0]?.at, report.spanChanges[0]?.at].filter((at) => at !== undefined);
  const before = Math.min(report.duration, ...cuts);
  const start: Panel = {
    title: cuts.length === 0 ? 'At the end' : 'Before the first cut',
    subtitle:
      first === undefined
        ? carriedText(report, before - 1) || 'no light path came up'
        : `light path ${first.path}, up at ${formatInstant(first.at)} over ${first.fibres.join(', ')}`,
    state: { lit: litAt(report, before), left: new Set(), cut: new Map() },
  };
  const moves = report.cuts
    .filter((c) => c.path !== null)
    .map((cut) => ({ at: cut.at, panel: cutPanel(report, cut) }));
  const spans = spanCuts(report).map(({ at, title, subtitle }) => ({
    at,
    panel: spanPanel(report, at, title, subtitle),
  }));
  return [start, ...[...moves, ...spans].sort((a, b) => a.at - b.at).map(({ panel }) => panel)];
}

const spanPanel = (report: RunReport, at: number, title: string, subtitle: string): Panel => ({
  title,
  subtitle,
  state: { lit: litAt(report, at), left: new Set(), cut: cutsAt(report, at) },
});

function cutPanel(report: RunReport, cut: CutReport): Panel {
  const moved = report.paths.find((p) => p.path === cut.path && p.at > cut.at);
  const lit = litAt(report, cut.fibresAfter === null ? cut.at : (moved?.at ?? cut.at));
  if (cut.fibresAfter === null) for (const fibre of cut.fibresBefore) lit.delete(fibre);
  return {
    title: `Cut ${cut.cut} at ${formatInstant(cut.at)}: ${cut.fibre}`,
    subtitle:
      cut.fibresAfter === null
        ? `light path ${cut.path} was not restored`
        : `light path ${cut.path} moved to ${newFibres(cut)}`,
    state: {
      lit,
      left: new Set(cut.fibresBefore.filter((f) => cut.fibresAfter?.includes(f) !== true)),
      cut: cutsAt(report, cut.at),
    },
  };
}

const PATH_COLOURS = [colour.path, colour.second, colour.third];

/** The fibres of every light path at that time, each path in its colour. */
function litAt(report: RunReport, at: number): Map<string, string> {
  const names = [...new Set(report.paths.map((p) => p.path))];
  return new Map(
    names.flatMap((name, i) => {
      const phase = report.paths.findLast((p) => p.path === name && p.at <= at);
      return (phase?.fibres ?? []).map(
        (fibre) => [fibre, PATH_COLOURS[i % PATH_COLOURS.length] ?? ''] as const,
      );
    }),
  );
}

/** What the small panels speak of: fibres that were cut, left or taken. */
function namedInPanels({ cuts, spanChanges }: RunReport): ReadonlySet<string> {
  return new Set([
    ...spanChanges.map(({ span }) => span),
    ...cuts.flatMap(({ fibre, fibresBefore, fibresAfter }) => {
      const after = fibresAfter ?? fibresBefore;
      const changed = [...fibresBefore, ...after].filter(
        (f) => !fibresBefore.includes(f) || !after.includes(f),
      );
      return [fibre, ...changed];
    }),
  ]);
}

/** Fibres and spans that are cut just after `now`, and what to say of each. */
function cutsAt(report: RunReport, now: number): ReadonlyMap<string, string> {
  const isRepaired = ({ fibre, at }: CutReport): boolean =>
    report.repairs.some((r) => r.fibre === fibre && r.at >= at && r.at <= now);
  const standing = report.cuts.filter((c) => c.at <= now && !isRepaired(c));
  const fibres = standing.map(
    (c) => [c.fibre, c.direction === 'both' ? 'cut' : `cut ${c.direction}`] as const,
  );
  return new Map([...fibres, ...spansCutAt(report, now)]);
}
