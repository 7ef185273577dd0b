// Makes a failing list of incidents small: delta debugging over the list (Zeller's ddmin), then over the numbers
// of what is left, as long as the same checker objects. It asks in an order that nothing but its input decides.

import type { Incident } from './incident.ts';

/** Whether this list still fails in the same way. */
export type StillFails = (incidents: readonly Incident[]) => Promise<boolean>;

/** Runs that one shrinking may take: ours. */
const triesMax = 400;

export async function shrink(
  incidents: readonly Incident[],
  stillFails: StillFails,
): Promise<readonly Incident[]> {
  let tries = 0;
  const asks: StillFails = async (list) => tries++ < triesMax && (await stillFails(list));
  const few = await fewest(incidents, asks);
  return await plainest(few, asks);
}

/** No single one of the result can be left out. */
async function fewest(all: readonly Incident[], stillFails: StillFails): Promise<readonly Incident[]> {
  let list = all;
  let size = Math.ceil(list.length / 2);
  while (list.length > 0 && size >= 1) {
    const smaller = await without(list, size, stillFails);
    if (smaller !== null) {
      list = smaller;
      size = Math.min(size, Math.ceil(list.length / 2));
    } else if (size === 1) break;
    else size = Math.ceil(size / 2);
  }
  return list;
}

/** The first list without `size` neighbours that still fails. */
async function without(
  list: readonly Incident[],
  size: number,
  stillFails: StillFails,
): Promise<readonly Incident[] | null> {
  for (let from = 0; from < list.length; from += size) {
    const rest = [...list.slice(0, from), ...list.slice(from + size)];
    if (await stillFails(rest)) return rest;
  }
  return null;
}

/** us: the roundest number that still does is kept. */
const grains = [1e6, 1e5, 1e4, 1e3, 100];

async function plainest(list: readonly Incident[], stillFails: StillFails): Promise<readonly Incident[]> {
  let best = await withDisks(list, stillFails);
  for (let i = 0; i < best.length; i++)
    for (const part of ['at', 'lasts'] as const)
      for (const grain of grains) {
        const rounder = roundedAt(best, i, part, grain);
        if (rounder === null || !(await stillFails(rounder))) continue;
        best = rounder;
        break;
      }
  return best;
}

/** A crash that costs the disk is the rarer one: it is told of only where nothing less will do. */
async function withDisks(list: readonly Incident[], stillFails: StillFails): Promise<readonly Incident[]> {
  let best = list;
  for (const [i, incident] of list.entries()) {
    const { disk, ...fields } = incident.fields;
    if (disk === undefined) continue;
    const plainer = best.with(i, { ...incident, fields });
    if (await stillFails(plainer)) best = plainer;
  }
  return best;
}

/** Null where that changes nothing or leaves nothing. */
function roundedAt(
  list: readonly Incident[],
  index: number,
  part: 'at' | 'lasts',
  grain: number,
): readonly Incident[] | null {
  const incident = list[index];
  const value = incident?.[part] ?? null;
  if (incident === undefined || value === null) return null;
  const rounded = Math.round(value / grain) * grain;
  if (rounded === value || (part === 'lasts' && rounded === 0)) return null;
  return list.with(index, { ...incident, [part]: rounded });
}
