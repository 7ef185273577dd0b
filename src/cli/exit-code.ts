// How a command ends, in the one number that scripts look at.

/** Everything asked for was done, and every expectation holds. */
export const EXIT_OK = 0;
/** It was done, and something does not hold: an expectation, a checksum, a trace that differs. */
export const EXIT_FAILED = 1;
/** It was not done: a wrong argument, a scenario that cannot be read. */
export const EXIT_USAGE = 2;

/** Ended by Ctrl-C; 128 and the signal's number, as shells have it. */
export const EXIT_INTERRUPTED = 130;

/** Wrong input from the command line: printed as it is, without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
