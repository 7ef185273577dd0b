// How Node lets a loop wait for promises. The microtask queue, however deep, is empty when the tick queue is
// next looked at from within it; that is twice as fast as one trip through the event loop per wake.
// Everything ambient is captured here at import, so that a guard put over the globals later does not stop it.

const { setImmediate } = globalThis;
const nextTick = process.nextTick.bind(process);
const settled = Promise.resolve();

export const hostTurn = {
  /** Calls `next` when every promise chain that can go on now has gone as far as it can. */
  afterMicrotasks(next: () => void): void {
    // A bare promise: Node wraps what is given to `queueMicrotask` into an asynchronous resource of its own each time.
    void settled.then(() => nextTick(next));
  },

  /** Calls `next` after the event loop has looked at signals, sockets and timers, too. */
  afterIo(next: () => void): void {
    setImmediate(next);
  },
};
