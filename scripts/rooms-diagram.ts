// The picture of the rooms in ARCHITECTURE.md, drawn from the table that the tidy test enforces. Only what a
// room imports beyond core and platform is drawn: everything rests on those two.

import { rooms } from './layers.ts';

const BLOCKS = [
  { block: 'product', title: 'the product: cannot tell which world it runs in' },
  { block: 'world', title: 'the worlds' },
  { block: 'outside', title: 'outside: puts both together' },
  { block: 'ground', title: 'the ground: everything rests on it' },
] as const;

/** The document with its one Mermaid block replaced by the picture of the table. */
export const withRoomsDiagram = (document: string): string =>
  document.replace(/```mermaid\n[\s\S]*?```/, `\`\`\`mermaid\n${roomsDiagram()}\n\`\`\``);

/** Mermaid text, in the order of the table. */
function roomsDiagram(): string {
  const blocks = BLOCKS.flatMap(({ block, title }) => [
    `  subgraph ${block}["${title}"]`,
    ...rooms.filter((r) => r.block === block).map((r) => `    ${r.name}["${r.name}<br/>${r.purpose}"]`),
    '  end',
  ]);
  const arrows = rooms.flatMap((r) => drawn(r.name, r.imports).map((to) => `  ${r.name} --> ${to}`));
  return ['flowchart TD', ...blocks, ...arrows].join('\n');
}

/** The composition roots import everything; only what nobody else imports is worth an arrow there. */
function drawn(name: string, imports: readonly string[]): string[] {
  if (name === 'cli') return ['scenario', 'planning', 'report', 'host'];
  if (name === 'planning') return ['scenario'];
  if (name === 'scenario') return ['emulators', 'provisioning', 'transfer', 'sim', 'host', 'report'];
  if (name === 'platform') return [...imports];
  return imports.filter((to) => to !== 'core' && to !== 'platform');
}
