// Where the names of nodes go in a map: beside, above or below their node, whichever overlaps the least with names that
// are there already, with nodes, and with the lines between them. In the order given, so that it always comes out the same.

import type { Point } from './map-layout.ts';

export interface Label {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Of the font's size; Helvetica's mean over names (inferred). */
const glyphWidth = 0.54;

export function placeLabels(
  nodes: readonly { readonly text: string; readonly at: Point }[],
  lines: readonly (readonly [Point, Point])[],
  size: number,
): Label[] {
  const dots = nodes.map(({ at: { x, y } }) => ({ left: x - 4, right: x + 4, top: y - 4, bottom: y + 4 }));
  const along = lines.flatMap(([a, b]) => dotsAlong(a, b));
  const taken: Box[] = [];
  return nodes.map(({ text, at }, i) => {
    const others = dots.filter((_, j) => j !== i);
    const cost = (box: Box): number =>
      20 * sum(taken, (other) => overlap(box, other)) +
      10 * sum(others, (other) => overlap(box, other)) +
      sum(along, (dot) => overlap(box, dot));
    const candidates = around(text, at, size).map((label, rank) => {
      const box = boxOf(label, size);
      return { label, box, cost: cost(box) + rank };
    });
    const best = candidates.reduce((least, each) => (each.cost < least.cost ? each : least));
    taken.push(best.box);
    return best.label;
  });
}

function around(text: string, { x, y }: Point, size: number): Label[] {
  const middle = y + size * 0.35;
  const [above, below] = [y - 8, y + 7 + size * 0.8];
  return [
    { text, x: x + 8, y: middle, anchor: 'start' },
    { text, x: x - 8, y: middle, anchor: 'end' },
    { text, x, y: above, anchor: 'middle' },
    { text, x, y: below, anchor: 'middle' },
    { text, x: x + 6, y: above + 1, anchor: 'start' },
    { text, x: x - 6, y: above + 1, anchor: 'end' },
    { text, x: x + 6, y: below - 1, anchor: 'start' },
    { text, x: x - 6, y: below - 1, anchor: 'end' },
  ];
}

function boxOf({ text, x, y, anchor }: Label, size: number): Box {
  const width = [...text].length * size * glyphWidth;
  const left = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { left, right: left + width, top: y - size * 0.8, bottom: y + size * 0.2 };
}

/** Squares of 6 pixels along a line. */
function dotsAlong(a: Point, b: Point): Box[] {
  const count = Math.max(1, Math.floor(Math.hypot(b.x - a.x, b.y - a.y) / 6));
  return Array.from({ length: count }, (_, i) => {
    const [x, y] = [a.x + ((b.x - a.x) * (i + 0.5)) / count, a.y + ((b.y - a.y) * (i + 0.5)) / count];
    return { left: x - 3, right: x + 3, top: y - 3, bottom: y + 3 };
  });
}

/** Square pixels. */
const overlap = (a: Box, b: Box): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

const sum = (boxes: readonly Box[], of: (box: Box) => number): number =>
  boxes.reduce((total, box) => total + of(box), 0);
