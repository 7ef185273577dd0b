// The optical topology in the language of Graphviz: sites as clusters, switches as boxes with a cell for each
// port that has a fibre, hosts, fibres. Colours tell which light path is lit and what is cut; the layout does
// not depend on them, so that pictures of different times can be compared.

import { formatLength } from './format.ts';
import { colour } from './palette.ts';
import type { Topology, TopologyEnd, TopologyFibre } from './run-report.ts';
import { escapeXml } from './xml.ts';

/** What is to be seen at a moment. */
export interface TopologyState {
  /** Fibres of light paths that are up, with the colour of their path. */
  readonly lit: ReadonlyMap<string, string>;
  /** Fibres of the light path before, which it has left. */
  readonly left: ReadonlySet<string>;
  /** Fibres with a cut in at least one direction, and what to say of it. */
  readonly cut: ReadonlyMap<string, string>;
}

/** How much is said: everything, or what a small picture has room for. */
export type Detail = 'full' | { readonly fibresNamed: ReadonlySet<string> };

export function topologyDot(topology: Topology, state: TopologyState, detail: Detail): string {
  const drawn: Drawn = { topology, state, detail, places: placesOf(topology) };
  const sites = topology.sites.map((site, i) => cluster(drawn, site, i));
  const fibres = topology.fibres.map((fibre) => fibreEdge(drawn, fibre));
  const space = detail === 'full' ? 'ranksep=0.8, nodesep=0.4' : 'ranksep=0.45, nodesep=0.35';
  return `graph lightbed {
  graph [rankdir=LR, bgcolor=transparent, ${space}, splines=spline, fontname=Helvetica, pad=0.1, outputorder=edgesfirst];
  node [shape=plain, fontname=Helvetica, fontsize=${detail === 'full' ? 15 : 17}, fontcolor="${colour.ink}"];
  edge [fontname=Helvetica, fontsize=${labelSize(detail)}];
${[...fibres, ...sites].join('\n')}
}
`;
}

interface Drawn {
  readonly topology: Topology;
  readonly state: TopologyState;
  readonly detail: Detail;
  readonly places: ReadonlyMap<string, number>;
}

/** How far right each node lies: its distance in fibres from the first host, less that to the host furthest from there. */
function placesOf(topology: Topology): ReadonlyMap<string, number> {
  const nodes = [...topology.hosts, ...topology.switches].map((n) => n.name);
  const fromFirst = distances(topology, nodes[0] ?? '');
  const lastHost = topology.hosts
    .map((h) => h.name)
    .reduce((best, h) => ((fromFirst.get(h) ?? 0) > (fromFirst.get(best) ?? 0) ? h : best), nodes[0] ?? '');
  const toLast = distances(topology, lastHost);
  return new Map(nodes.map((n) => [n, (fromFirst.get(n) ?? 0) - (toLast.get(n) ?? 0)]));
}

function distances(topology: Topology, start: string): ReadonlyMap<string, number> {
  const found = new Map([[start, 0]]);
  for (const [node, distance] of found)
    for (const near of neighbours(topology, node)) if (!found.has(near)) found.set(near, distance + 1);
  return found;
}

const neighbours = (topology: Topology, node: string): string[] =>
  topology.fibres.flatMap(({ between: [a, b] }) =>
    a.node === node ? [b.node] : b.node === node ? [a.node] : [],
  );

function cluster(drawn: Drawn, site: Topology['sites'][number], index: number): string {
  const { topology, detail } = drawn;
  const hosts = topology.hosts.filter((h) => h.site === site.name).map((h) => hostNode(drawn, h.name));
  const switches = topology.switches.filter((s) => s.site === site.name).map((s) => switchNode(drawn, s));
  const nodes = [...hosts, ...switches].join('\n');
  if (nodes === '' || detail !== 'full') return nodes;
  const style = `style="filled,rounded", color="${colour.rule}", fillcolor="${colour.panel}", margin=14`;
  const label = `label=<${bold(site.title)}>, labeljust=l, fontsize=15, fontcolor="${colour.muted}"`;
  return `  subgraph cluster_${index} {\n    graph [${label}, ${style}];\n${nodes}\n  }`;
}

function hostNode({ topology, state }: Drawn, name: string): string {
  const lit = topology.fibres.find(
    (f) => state.lit.has(f.name) && f.between.some((end) => end.node === name),
  );
  const fill = lit === undefined ? colour.device : colour.pathSoft;
  const table = `<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="7" STYLE="ROUNDED" COLOR="${colour.line}" BGCOLOR="${fill}">`;
  return `    ${quote(name)} [label=<${table}<TR><TD>${bold(name)}</TD></TR></TABLE>>];`;
}

interface PortCell {
  readonly port: string;
  /** Of the light path through it, or null. */
  readonly lit: string | null;
}

/** Ports towards the left of the picture are on the left side of the box, the others on the right. */
function switchNode(drawn: Drawn, { name, family }: Topology['switches'][number]): string {
  const cells = portsOf(drawn, name);
  const left = cells.filter((cell) => cell.isLeft);
  const right = cells.filter((cell) => !cell.isLeft);
  const rows = Array.from(
    { length: Math.max(left.length, right.length, 1) },
    (_, i) => `<TR>${portCell(left[i])}${portCell(right[i])}</TR>`,
  );
  const kind = drawn.detail === 'full' ? `<BR/>${font(family, 12, colour.muted)}` : '';
  const title = `<TR><TD COLSPAN="2" CELLPADDING="5">${bold(name)}${kind}</TD></TR>`;
  const table = `<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="3" CELLPADDING="3" COLOR="${colour.line}" BGCOLOR="${colour.device}">`;
  return `    ${quote(name)} [label=<${table}${title}${rows.join('')}</TABLE>>];`;
}

function portsOf(drawn: Drawn, name: string): (PortCell & { readonly isLeft: boolean })[] {
  return drawn.topology.fibres.flatMap(({ between: [a, b], name: fibre }) =>
    [
      [a, b],
      [b, a],
    ].flatMap(([near, far]) => {
      if (near === undefined || far === undefined || near.node !== name || near.port === null) return [];
      return [
        { port: near.port, lit: drawn.state.lit.get(fibre) ?? null, isLeft: isLeftOf(far, near, drawn) },
      ];
    }),
  );
}

function isLeftOf(a: TopologyEnd, b: TopologyEnd, { places }: Drawn): boolean {
  const [atA, atB] = [places.get(a.node) ?? 0, places.get(b.node) ?? 0];
  return atA === atB ? a.node < b.node : atA < atB;
}

function portCell(cell: PortCell | undefined): string {
  if (cell === undefined) return '<TD></TD>';
  const border = cell.lit ?? colour.rule;
  const fill = cell.lit === null ? colour.panel : colour.pathSoft;
  const label = font(cell.port, 12, cell.lit ?? colour.muted);
  return `<TD PORT="${portId(cell.port)}" BORDER="1" COLOR="${border}" BGCOLOR="${fill}">${label}</TD>`;
}

function fibreEdge(drawn: Drawn, fibre: TopologyFibre): string {
  const [a, b] = fibre.between;
  const [from, to] = isLeftOf(a, b, drawn) ? [a, b] : [b, a];
  const style = fibreStyle(fibre.name, drawn.state);
  return `  ${endOf(from, 'e')} -- ${endOf(to, 'w')} [${style}${fibreLabel(drawn, fibre)}];`;
}

function fibreLabel({ state, detail }: Drawn, { name, length }: TopologyFibre): string {
  if (detail !== 'full' && !detail.fibresNamed.has(name)) return '';
  const cut = state.cut.get(name);
  const size = labelSize(detail);
  const ink = cut === undefined ? colour.ink : colour.cut;
  const below = cut ?? (detail === 'full' && length > 0 ? formatLength(length) : ' ');
  const text = `${font(name, size, ink)}<BR/>${font(below, size, cut === undefined ? colour.muted : colour.cut)}`;
  return `, label=<<TABLE BORDER="0" CELLPADDING="3"><TR><TD>${text}</TD></TR></TABLE>>`;
}

function fibreStyle(name: string, state: TopologyState): string {
  const lit = state.lit.get(name);
  if (lit !== undefined) return `color="${lit}", penwidth=4`;
  if (state.cut.has(name)) return `color="${colour.cut}", penwidth=2, style=dashed`;
  if (state.left.has(name)) return `color="${colour.path}", penwidth=1.5, style=dotted`;
  return `color="${colour.line}", penwidth=1.5`;
}

const endOf = ({ node, port }: TopologyEnd, side: 'e' | 'w'): string =>
  port === null ? `${quote(node)}:${side}` : `${quote(node)}:${portId(port)}:${side}`;

/** A port's name inside Graphviz, where `:` and `.` mean something and `n`, `e`, `s`, `w` are points of the compass. */
const portId = (port: string): string => `port_${port.replace(/[^0-9A-Za-z]/g, '_')}`;

const labelSize = (detail: Detail): number => (detail === 'full' ? 13 : 16);

const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;
const bold = (text: string): string => `<B>${escapeXml(text)}</B>`;
const font = (text: string, size: number, ink: string): string =>
  `<FONT POINT-SIZE="${size}" COLOR="${ink}">${escapeXml(text)}</FONT>`;
