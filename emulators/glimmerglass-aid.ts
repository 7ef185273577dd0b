// The AIDs of a Glimmerglass: input n is 10000 + n, output n is 20000 + n, `all` is every input and then every
// output; lists and ranges as everywhere in TL1.

import { parseAidList } from '../src/tl1/fields.ts';
import type { PlantSwitch, PortDirection } from './plant-switch.ts';

/** One side of a port, as an AID names it. */
export interface PortSide {
  readonly port: string;
  readonly direction: PortDirection;
}

export interface Pair {
  readonly input: string;
  readonly output: string;
}

export type ParsedPairs =
  | { readonly kind: 'pairs'; readonly pairs: readonly Pair[] }
  | { readonly kind: 'invalid' }
  /** Not as many inputs as outputs, or one of them twice. */
  | { readonly kind: 'misgrouped' };

export const inputAid = (port: string): string => String(10_000 + Number(port));
export const outputAid = (port: string): string => String(20_000 + Number(port));

/** What an AID block names, or null where some of it does not exist. */
export function parseSides(aid: string, optics: PlantSwitch): readonly PortSide[] | null {
  if (aid.toLowerCase() === 'all') {
    const all = (direction: PortDirection): PortSide[] => optics.ports.map((port) => ({ port, direction }));
    return [...all('in'), ...all('out')];
  }
  const list = parseAidList(aid);
  if (list.kind === 'malformed') return null;
  const sides = list.aids.map((each) => parseSide(each, optics));
  return sides.every((side) => side !== null) ? sides : null;
}

/** `I[&I…],O[&O…]`, paired in order. */
export function parsePairs(aid: string, optics: PlantSwitch): ParsedPairs {
  const [inputs = null, outputs = null, ...more] = aid.split(',').map((list) => parseSides(list, optics));
  if (inputs === null || outputs === null || more.length > 0) return { kind: 'invalid' };
  const isWrongWay = inputs.some((i) => i.direction !== 'in') || outputs.some((o) => o.direction !== 'out');
  if (isWrongWay) return { kind: 'invalid' };
  const isOnce = (sides: readonly PortSide[]): boolean =>
    new Set(sides.map(({ port }) => port)).size === sides.length;
  if (inputs.length !== outputs.length || !isOnce(inputs) || !isOnce(outputs)) return { kind: 'misgrouped' };
  const pairs = inputs.map(({ port }, i) => ({ input: port, output: outputs[i]?.port ?? '' }));
  return { kind: 'pairs', pairs };
}

function parseSide(aid: string, optics: PlantSwitch): PortSide | null {
  const number = /^[12]\d{4}$/.test(aid) ? Number(aid) : 0;
  const port = String(number % 10_000);
  return optics.hasPort(port) ? { port, direction: number < 20_000 ? 'in' : 'out' } : null;
}
