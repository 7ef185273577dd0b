// Plain-text tables for a terminal: columns as wide as they need, numbers to the right.

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

export const left = (title: string): Column => ({ title, align: 'left' });
export const right = (title: string): Column => ({ title, align: 'right' });

/** Header, rule, rows; no trailing spaces. Widths count code points, which is right for the text reports use. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, i) =>
    Math.max(...[column.title, ...rows.map((r) => r[i] ?? '')].map(width)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, i) => pad(cells[i] ?? '', widths[i] ?? 0, align))
      .join('  ')
      .trimEnd();
  const rule = widths
    .map((w) => '─'.repeat(w))
    .join('  ')
    .trimEnd();
  return [line(columns.map((c) => c.title)), rule, ...rows.map(line)].join('\n');
}

const width = (text: string): number => [...text].length;

function pad(text: string, to: number, align: Column['align']): string {
  const space = ' '.repeat(Math.max(0, to - width(text)));
  return align === 'left' ? text + space : space + text;
}
