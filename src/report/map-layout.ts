// Where the nodes of a network lie in a picture: where they lie on Earth, if all of them say so; else where Graphviz
// (neato; its mode sgd does not cross the sides of a ring) puts them by the fibres between them. Distances east shrink
// with the cosine of the middle latitude.

import { loadGraphviz } from './graphviz.ts';
import type { StudyNode, StudyReport } from './study-report.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly height: number;
  /** By the node's name. */
  readonly points: ReadonlyMap<string, Point>;
}

const heightLeast = 320;
const heightMost = 760;

/** Points within `width` and as much height as the shape of the network asks for. */
export async function layOut(
  { nodes, cables }: Pick<StudyReport, 'nodes' | 'cables'>,
  width: number,
): Promise<Layout> {
  const onEarth = nodes.flatMap((node) =>
    node.place === null ? [] : [[node.name, projected(node, nodes)] as const],
  );
  const raw = onEarth.length === nodes.length ? new Map(onEarth) : await byGraphviz(nodes, cables);
  return fitted(raw, width);
}

function projected({ place }: StudyNode, nodes: readonly StudyNode[]): Point {
  const latitudes = nodes.flatMap((node) => node.place?.latitude ?? []);
  const middle = (Math.min(...latitudes) + Math.max(...latitudes)) / 2;
  const { latitude = 0, longitude = 0 } = place ?? {};
  return { x: longitude * Math.cos((middle * Math.PI) / 180), y: -latitude };
}

async function byGraphviz(
  nodes: readonly StudyNode[],
  cables: StudyReport['cables'],
): Promise<ReadonlyMap<string, Point>> {
  const number = new Map(nodes.map(({ name }, i) => [name, i]));
  const edges = cables.map(({ ends: [a, b] }) => `n${number.get(a)} -- n${number.get(b)};`);
  const source = `graph { mode=sgd; ${nodes.map((_, i) => `n${i};`).join(' ')} ${edges.join(' ')} }`;
  const plain = (await loadGraphviz()).layout(source, 'plain', 'neato');
  const points = [...plain.matchAll(/^node n(\d+) (\S+) (\S+)/gm)].map(([, i, x, y]) => {
    return [nodes[Number(i)]?.name ?? '', { x: Number(x), y: -Number(y) }] as const;
  });
  return new Map(points);
}

function fitted(raw: ReadonlyMap<string, Point>, width: number): Layout {
  const xs = [...raw.values()].map(({ x }) => x);
  const ys = [...raw.values()].map(({ y }) => y);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const across = Math.max(...xs) - left || 1;
  const down = Math.max(...ys) - top || 1;
  const scale = Math.min(width / across, heightMost / down);
  const height = Math.max(heightLeast, down * scale);
  const [marginX, marginY] = [(width - across * scale) / 2, (height - down * scale) / 2];
  const points = [...raw].map(([name, { x, y }]) => {
    return [name, { x: marginX + (x - left) * scale, y: marginY + (y - top) * scale }] as const;
  });
  return { height, points: new Map(points) };
}
