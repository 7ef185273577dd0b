// A line of the bench: it measures one thing and reports figures, each beside a peer or a physical limit that was
// measured in the same run, and beside its target. Every line runs in a process of its own.

export interface BenchLine {
  readonly name: string;
  /** Hours, so that it is measured only where it is named. */
  readonly takesHours?: boolean;
  measure(): Promise<readonly BenchFigure[]>;
}

export type BenchFigure = MeasuredFigure | SkippedFigure;

export interface MeasuredFigure {
  readonly kind: 'measured';
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Which way is better, and how good is good enough; on the value, or on its ratio to the reference. */
  readonly target: { readonly of: 'value' | 'ratio'; readonly atLeast?: number; readonly atMost?: number };
  /** Somebody else's, or the least that the machine can take for it. `ratio` is value to reference, the median of repetitions. */
  readonly reference: {
    readonly kind: 'peer' | 'limit';
    readonly name: string;
    readonly value: number;
    readonly ratio: number;
  };
}

export interface SkippedFigure {
  readonly kind: 'skipped';
  readonly name: string;
  readonly reason: string;
}

export function meetsTarget(figure: MeasuredFigure): boolean {
  const measured = figure.target.of === 'value' ? figure.value : figure.reference.ratio;
  return measured >= (figure.target.atLeast ?? -Infinity) && measured <= (figure.target.atMost ?? Infinity);
}

/** One line of text: `ok   10.2 M events/s  … 1.04 × C++ …, target ≥ 1`. */
export function formatFigure(figure: BenchFigure): string {
  if (figure.kind === 'skipped') return `skip ${figure.name}: ${figure.reason}`;
  const { target, reference, unit } = figure;
  const bound = target.atLeast === undefined ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
  const wanted = target.of === 'ratio' ? `${bound} × ${reference.kind}` : `${bound} ${unit}`;
  const mark = meetsTarget(figure) ? 'ok  ' : 'LOW ';
  const ratio = `${reference.ratio.toFixed(2)} × ${reference.name} (${short(reference.value)})`;
  return `${mark} ${figure.name}: ${short(figure.value)} ${unit}, ${ratio}; target ${wanted}`;
}

const short = (value: number): string =>
  value >= 1e6 ? `${(value / 1e6).toPrecision(3)} M` : String(Number(value.toPrecision(3)));

/** Those named, or without names all that end within an hour. */
export const chosenLines = (lines: readonly BenchLine[], names: readonly string[]): readonly BenchLine[] =>
  names.length === 0
    ? lines.filter(({ takesHours = false }) => !takesHours)
    : names.flatMap((name) => lines.filter((line) => line.name === name));
