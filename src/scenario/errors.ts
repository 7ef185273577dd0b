// What is wrong with a scenario file: all of it at once, each with its place, what stands there and what
// was expected, so that a person or an editor can mend the file without running it again.

/** One mistake in a scenario file. Lines and columns count from 1. */
export interface ScenarioProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly found: string;
  readonly expected: string;
  /** What the writer probably meant, or null. */
  readonly suggestion: string | null;
  /** The line of the file, and below it the characters that are meant. */
  readonly excerpt: string;
}

/** A scenario that cannot be run as it is written. `message` is the whole list, ready to print. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly problems: readonly ScenarioProblem[];

  constructor(problems: readonly ScenarioProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** One line `file:line:column: …`, then the excerpt. */
function formatProblem(p: ScenarioProblem): string {
  const suggestion = p.suggestion === null ? '' : `; did you mean ${p.suggestion}?`;
  return `${p.file}:${p.line}:${p.column}: found ${p.found}, expected ${p.expected}${suggestion}\n${p.excerpt}`;
}
