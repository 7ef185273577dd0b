// The map of a what-if study, twice: each cable in the colour of the share of demands that are lost when it is cut, and
// in that of the way that those which are restored go round. Wider lines carry more demands.

import type { Metres } from '../core/quantity.ts';
import { formatLength, plural } from './format.ts';
import { placeLabels } from './label-places.ts';
import { type Layout, layOut, type Point } from './map-layout.ts';
import { type ColourName, colour } from './palette.ts';
import { picture } from './picture.ts';
import { line, text } from './plot.ts';
import { type CableDamage, isUp, type StudyReport } from './study-report.ts';
import { linearTicks } from './ticks.ts';
import { element, escapeXml, round } from './xml.ts';

const WIDTH = 1120;
const MARGIN = 24;
/** Names stick out beside the outermost nodes. */
const SIDE = 90;
const HEAD = 74;
const CAPTION = 74;
const FOOT = 40;

interface Scale {
  readonly title: string;
  readonly colourOf: (cable: CableDamage) => ColourName;
  readonly legend: readonly (readonly [ColourName, string])[];
}

/** A complete SVG document. */
export async function damageMapSvg(study: StudyReport): Promise<string> {
  const layout = await layOut(study, WIDTH - 2 * (MARGIN + SIDE));
  const up = study.demands.filter(isUp).length;
  const panelHeight = CAPTION + layout.height + FOOT;
  const panels = [lossScale(study, up), detourScale(study)].map((scale, i) =>
    element(
      'g',
      { transform: `translate(0 ${round(HEAD + i * panelHeight)})` },
      panel(study, layout, scale, up),
    ),
  );
  const subtitle = `${triedText(study)} · ${plural(up, 'demand')} · seed ${study.seed} · version ${study.version}`;
  return picture(
    `What cuts do to ${study.name}`,
    { width: WIDTH, height: round(HEAD + 2 * panelHeight) },
    text(MARGIN, 34, `What if: ${study.title}`, { size: 18, weight: 'bold' }),
    text(MARGIN, 55, subtitle, { fill: 'muted' }),
    ...panels,
  );
}

/** Of a sample, how many of how many. */
function triedText({ cutsKind, classes }: StudyReport): string {
  const what = { '1': 'of one cable', '2': 'of two cables', srlg: 'of shared-risk groups' };
  const { tried = 0, population = 0 } = classes.at(-1) ?? {};
  const share =
    tried < population ? `${tried} of ${population} cuts` : cutsKind === '1' ? 'every cut' : 'cuts';
  return `${share} ${what[cutsKind as keyof typeof what]}`;
}

const HARM: readonly ColourName[] = ['harm1', 'harm2', 'cut', 'harm4'];
const DETOUR: readonly ColourName[] = ['detour1', 'detour2', 'path', 'detour4'];
/** Upper ends of the first classes of demands lost, as shares of all. */
const lossSteps = [0.05, 0.1, 0.25];

function lossScale({ cutsKind }: StudyReport, up: number): Scale {
  const share = ({ lost }: CableDamage): number => lost / Math.max(1, up);
  return {
    title: `Demands without light after the cut${cutsKind === '2' ? ', mean over the second cuts' : ''}`,
    colourOf: (cable) =>
      cable.lost > 0 ? classOf(HARM, lossSteps, share(cable)) : cable.hit > 0 ? 'good' : 'line',
    legend: [
      ['line', 'carries no demand'],
      ['good', 'none lost'],
      ...classTexts(
        lossSteps.map((step) => 100 * step),
        '%',
      ).map((words, i) => [HARM[i] ?? 'cut', words] as const),
    ],
  };
}

function detourScale({ cables }: StudyReport): Scale {
  const most = Math.max(1, ...cables.map(({ extraLength }) => (extraLength ?? 0) / 1e3));
  const { values } = linearTicks(0, most, 4);
  const steps = values.filter((value) => value > 0 && value < most).slice(0, 3);
  return {
    title: 'Extra length of the demands that are restored, mean',
    colourOf: ({ extraLength, hit }) => {
      if (extraLength === null) return hit > 0 ? 'cut' : 'line';
      return extraLength <= 0 ? 'good' : classOf(DETOUR, steps, extraLength / 1e3);
    },
    legend: [
      ['line', 'carries no demand'],
      ['cut', 'none restored'],
      ['good', 'no longer'],
      ...classTexts(steps, 'km').map((words, i) => [DETOUR[i] ?? 'path', words] as const),
    ],
  };
}

const classOf = (colours: readonly ColourName[], steps: readonly number[], value: number): ColourName =>
  colours[steps.filter((step) => value > step).length] ?? 'ink';

const classTexts = (steps: readonly number[], unit: string): string[] =>
  steps.length === 0
    ? [`above 0 ${unit}`]
    : [...steps.map((step) => `up to ${step} ${unit}`), `above ${steps.at(-1)} ${unit}`];

function panel(study: StudyReport, { points, height }: Layout, scale: Scale, up: number): string {
  const at = (name: string): Point => points.get(name) ?? { x: 0, y: 0 };
  const placed = study.cables.map((cable) => ({ cable, a: at(cable.ends[0]), b: at(cable.ends[1]) }));
  const size = study.nodes.length > 40 ? 10 : 12;
  const labels = placeLabels(
    study.nodes.map(({ name, title }) => ({ text: title.replaceAll('_', ' '), at: at(name) })),
    placed.map(({ a, b }) => [a, b]),
    size,
  );
  const names = labels.map((label) => nameText(label, size));
  return [
    text(MARGIN, 18, scale.title, { size: 14, weight: 'bold' }),
    legend(scale, study.cables.some(isUntried)),
    element(
      'g',
      { transform: `translate(${MARGIN + SIDE} ${CAPTION})`, 'data-height': height },
      ...cableLines(placed, scale, up),
      ...study.nodes.map(({ name }) => nodeMark(at(name))),
      ...names,
    ),
  ].join('');
}

const nodeMark = ({ x, y }: Point): string =>
  element('circle', { cx: x, cy: y, r: 3.5, fill: colour.paper, stroke: colour.ink, 'stroke-width': 1.2 });

interface PlacedCable {
  readonly cable: CableDamage;
  readonly a: Point;
  readonly b: Point;
}

function cableLines(placed: readonly PlacedCable[], scale: Scale, up: number): string[] {
  const seen = new Map<string, number>();
  return placed.map((each) => {
    const pair = [...each.cable.ends].sort().join(' ');
    const nth = seen.get(pair) ?? 0;
    seen.set(pair, nth + 1);
    return cableLine(each, nth, scale.colourOf(each.cable), up);
  });
}

/** With a rim of paper, so that lines behind it do not disturb. */
const nameText = (label: ReturnType<typeof placeLabels>[number], size: number): string => {
  const all = { x: label.x, y: label.y, 'font-size': size, 'text-anchor': label.anchor };
  const words = escapeXml(label.text);
  const rim = { stroke: colour.paper, 'stroke-width': 3, 'stroke-linejoin': 'round', fill: colour.paper };
  return element('text', { ...all, ...rim }, words) + element('text', { ...all, fill: colour.ink }, words);
};

/** The second and further cables between the same nodes are bent, to either side in turn. */
function cableLine({ cable, a, b }: PlacedCable, nth: number, name: ColourName, up: number): string {
  const bend = nth === 0 ? 0 : (nth % 2 === 1 ? 1 : -1) * 16 * Math.ceil(nth / 2);
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  const [x, y] = [
    (a.x + b.x) / 2 - ((b.y - a.y) / length) * bend,
    (a.y + b.y) / 2 + ((b.x - a.x) / length) * bend,
  ];
  const width = cable.hit === 0 ? 1.5 : 2.5 + 6 * Math.min(1, cable.hit / Math.max(1, up));
  const d = `M${round(a.x)} ${round(a.y)}Q${round(x)} ${round(y)} ${round(b.x)} ${round(b.y)}`;
  const stroke = {
    ...{ stroke: colour[name], 'stroke-width': width, fill: 'none', 'stroke-linecap': 'round' },
    ...(isUntried(cable) && { 'stroke-dasharray': UNTRIED }),
  };
  return element('path', { d, ...stroke }, element('title', {}, escapeXml(told(cable))));
}

function told(cable: CableDamage): string {
  const { name, ends, length, hit, lost, extraLength } = cable;
  const extra =
    extraLength === null
      ? ''
      : `, ${formatLength(Math.abs(extraLength) as Metres)} ${extraLength < 0 ? 'less' : 'more'}`;
  const place = `${name}: ${ends.join(' – ')}, ${formatLength(length as Metres)}`;
  if (isUntried(cable)) return `${place}; not tried`;
  return `${place}; hits ${round(hit)}, ${round(lost)} lost${extra}`;
}

/** What nobody cut says nothing of what it carries. */
const isUntried = ({ cuts }: CableDamage): boolean => cuts === 0;
const UNTRIED = '2 5';

function legend({ legend: entries }: Scale, hasUntried: boolean): string {
  const all = hasUntried ? [...entries, ['line', 'not tried'] as const] : entries;
  return all
    .map(([name, label], i) => {
      const at = `translate(${MARGIN + i * 150} 42)`;
      return element(
        'g',
        { transform: at },
        line([0, 0, 26, 0], name, name === 'line' ? 1.5 : 4, i === entries.length ? UNTRIED : null),
        text(34, 4, label),
      );
    })
    .join('');
}
