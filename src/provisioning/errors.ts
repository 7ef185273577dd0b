// What goes wrong between agents, and on their disks, that a caller passes on.

/** A peer or client sent what is not a message: the connection is dropped. */
export class MessageError extends Error {
  override readonly name = 'MessageError';
  /** The start of the line, for the reader of a log. */
  readonly head: string;

  constructor(reason: string, line: string) {
    const head = line.slice(0, 120);
    super(`not a message (${reason}): ${head}`);
    this.head = head;
  }
}

/** The decision log is not what this program wrote. */
export class DecisionLogError extends Error {
  override readonly name = 'DecisionLogError';
}
