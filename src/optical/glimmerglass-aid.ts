// AIDs of a Glimmerglass: input port n is 10000 + n, output port n is 20000 + n; with two digits or fewer that
// is `100NN` and `200NN` (MonALISA Sys300Telnet). Beyond 99 the same sum is assumed [inferred].

import type { Direction, PortLabel } from './switch.ts';

const BASE: Readonly<Record<Direction, number>> = { in: 10_000, out: 20_000 };
const PORT_MAX = 9_999;

/** The AID, or null for a label that is no port number. */
export function glimmerglassAid(port: PortLabel, direction: Direction): string | null {
  const number = /^\d{1,4}$/.test(port) ? Number(port) : 0;
  return number === 0 ? null : String(BASE[direction] + number);
}

/** The port that an AID means, or null: `0` stands for "not connected". */
export function glimmerglassPort(aid: string | undefined): { port: PortLabel; direction: Direction } | null {
  const number = aid !== undefined && /^\d{5}$/.test(aid) ? Number(aid) : 0;
  for (const direction of ['out', 'in'] as const) {
    const port = number - BASE[direction];
    if (port > 0 && port <= PORT_MAX) return { port: String(port), direction };
  }
  return null;
}
