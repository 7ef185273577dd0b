// Names of places in a CD/CI: `1-A-5-1` is a port or TTP (bay-shelf-slot-subslot), `1-A-5-1-191` its time slot 191
// (samples of perfSONAR's CoreDirector.pm and MonALISA). Case does not matter in them; names of objects keep theirs.

export const slotAid = (port: string, slot: number): string => `${port}-${slot}`;

/** The port and the number of a time slot's AID; null for a text of another form. */
export function splitSlotAid(aid: string): { port: string; slot: number } | null {
  const [, port = '', digits = ''] = /^(\w+-\w+-\w+-\w+)-(\d{1,4})$/.exec(aid) ?? [];
  return port === '' ? null : { port: port.toUpperCase(), slot: Number(digits) };
}

/** The TTP that an Ethernet port `1-A-3-1-9` hangs on: `1-A-3-1`. */
export const ttpOf = (ettp: string): string => ettp.slice(0, ettp.lastIndexOf('-'));

/** Names that end in numbers, runs written as ranges: `1-A-5-1-1&&21&1-A-5-1-40`. */
export function joinRuns(names: readonly string[]): string {
  const runs: { prefix: string; first: number; last: number }[] = [];
  for (const name of names) {
    const [, prefix = '', digits = ''] = /^(.*?)(\d+)$/.exec(name) ?? [];
    const n = Number(digits);
    const run = runs.at(-1);
    if (run !== undefined && run.prefix === prefix && run.last + 1 === n) run.last = n;
    else runs.push({ prefix, first: n, last: n });
  }
  return runs
    .map(({ prefix, first, last }) => (first === last ? `${prefix}${first}` : `${prefix}${first}&&${last}`))
    .join('&');
}

/** OSRPLTP of a port: in MonALISA's sample, (slot - 1) x 8 + subslot [I]. */
export function osrpLtpOf(port: string): number {
  const [, , slot = '1', subslot = '1'] = port.split('-');
  return (Number(slot) - 1) * 8 + Number(subslot);
}
