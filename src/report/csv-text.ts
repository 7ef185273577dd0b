// Comma-separated values for spreadsheets and scripts: naked numbers, and in every row first what it belongs to.

import { stringify } from 'csv-stringify/sync';

/** Null is left empty. */
export type Cell = string | number | null;

/** `about`: names and values that are the same in all rows. */
export function csvText(
  about: Readonly<Record<string, string>>,
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  const first = Object.values(about);
  return stringify([[...Object.keys(about), ...header], ...rows.map((row) => [...first, ...row])], {
    record_delimiter: 'unix',
  });
}
