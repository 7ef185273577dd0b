// The equipment of a Calient PXC as its inventory tells it: shelves, cards of eight ports, ports. The commands are known
// (MonALISA), their lines are not [U]: here the AID with what the profile gives for each kind.

import { formatNamed } from '../src/tl1/fields.ts';
import { dbmText, type Thresholds } from './calient-lines.ts';

export type EquipmentKind = 'shelf' | 'card' | 'port';

/** Names and values that a line of each kind has. */
export type EquipmentFields = Readonly<Record<EquipmentKind, readonly (readonly [string, string])[]>>;

/** RTRV-EQPT: all shelves and cards; of a shelf, its cards; of a card, its ports. Null where the AID is none of these. */
export function equipmentLines(
  aid: string,
  ports: readonly string[],
  fields: EquipmentFields,
): string[] | null {
  const cards = parents(ports);
  const shelves = parents(cards);
  const lines = (kind: EquipmentKind, aids: readonly string[]): string[] =>
    aids.map((each) => formatNamed(each, [['TYPE', kind.toUpperCase()], ...fields[kind]]));
  if (aid === '') return [...lines('shelf', shelves), ...lines('card', cards)];
  if (shelves.includes(aid)) return lines('card', childrenOf(aid, cards));
  return cards.includes(aid) ? lines('port', childrenOf(aid, ports)) : null;
}

/** RTRV-CFG-SWC of a matrix: the names are known (MonALISA), their order is [I]. */
export const thresholdLine = (matrix: string, { degraded, critical }: Thresholds): string =>
  formatNamed(matrix, [
    ['DEGRADETHRESHOLD', dbmText(degraded)],
    ['CRITICALTHRESHOLD', dbmText(critical)],
  ]);

/** `10.1a` of `10.1a.3`, `10` of `10.1a`; each once, in order. */
const parents = (aids: readonly string[]): string[] => [
  ...new Set(aids.map((aid) => aid.slice(0, aid.lastIndexOf('.')))),
];

const childrenOf = (aid: string, children: readonly string[]): string[] =>
  children.filter((child) => child.startsWith(`${aid}.`));
