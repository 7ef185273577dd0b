// One thing that the search does to a run: an action of the timeline, as a writer of scenarios would give it, so
// that whatever the search finds can be written to a file.

export interface Incident {
  /** us since the start of the run. */
  readonly at: number;
  /** us; null for one that is over at once. */
  readonly lasts: number | null;
  /** The name of the action, and what it says beside its times, as the file has them. */
  readonly action: string;
  readonly fields: { readonly [key: string]: string | number | boolean | object };
}

/** A line of a timeline, with its time in us to sort by. */
export interface TimelineLine {
  readonly at: number;
  readonly text: string;
}

export const overAt = ({ at, lasts }: Incident): number => at + (lasts ?? 0);

export function lineOf({ at, lasts, action, fields }: Incident): TimelineLine {
  const all = lasts === null ? fields : { ...fields, for: formatUs(lasts) };
  const said = Object.entries(all).map(([key, value]) => `${key}: ${formatValue(value)}`);
  return { at, text: `{ at: ${formatUs(at)}, ${action}: { ${said.join(', ')} } }` };
}

export const formatUs = (us: number): string => (us % 1e6 === 0 ? `${us / 1e6} s` : `${us / 1e3} ms`);

/** YAML takes JSON for what it is; a list or an amount reads better plain. */
const formatValue = (value: Incident['fields'][string]): string =>
  typeof value === 'string' && /^[a-z0-9][\w.%/ -]*$/i.test(value) ? value : JSON.stringify(value);
