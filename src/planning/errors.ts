// What stops a plan or an apply before anything is changed: messages for people, ready to print.

/** A change that cannot be made in the state that there is. `message` is the whole list. */
export class PlanError extends Error {
  override readonly name = 'PlanError';

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** A file of ours that is not what we wrote: of another format, or changed since. */
export class FileFormatError extends Error {
  override readonly name = 'FileFormatError';
}
