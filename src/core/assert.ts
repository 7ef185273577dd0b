// Assertions are for bugs, never for what the world may do: they are on in every world, and the run
// stops with what was asserted. Whoever catches one adds the seed, the time and the tail of the trace.

export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** A message that is put together from values is given as a function: most assertions hold, many a million times a run. */
export function assert(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new AssertionError(typeof message === 'string' ? message : message());
}

/** The value, when a map or an array is known to hold it; an `AssertionError` that names it otherwise. */
export function defined<T>(value: T | null | undefined, what: string): T {
  if (value === undefined || value === null) throw new AssertionError(`${what} is missing`);
  return value;
}

/** Marks a branch that the types say cannot be reached. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${JSON.stringify(value)}`);
}
