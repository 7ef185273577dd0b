// How the machine lets the engine wait: the only thing an engine asks of the runtime it lives in. It is
// passed in, so that the engine itself names no timer and no runtime.

export interface Turn {
  /** Calls `next` once every microtask has run, with all that those queued in turn, however deep. */
  afterMicrotasks(next: () => void): void;
  /** Calls `next` after the runtime has looked at signals and I/O; the microtasks have run by then, too. */
  afterIo(next: () => void): void;
}
