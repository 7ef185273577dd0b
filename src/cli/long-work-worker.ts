// The thread that shows long work. It writes to the file descriptor itself: streams of a worker wait for the main thread, which
// is busy.

import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { DRAWING, IDLE, type LongWorkView } from './long-work.ts';

/** ms. On a terminal it is seen at once; elsewhere only what takes long is told, and then now and then. */
const terminal = { first: 200, every: 200 };
const plain = { first: 2_000, every: 15_000 };

const { isTerminal, columns, turn } = workerData as LongWorkView;
const { first, every } = isTerminal ? terminal : plain;
const startedMs = performance.now();
let what = '';

function draw(): void {
  if (Atomics.compareExchange(turn, 0, IDLE, DRAWING) !== IDLE) return;
  const line = `${what}: ${((performance.now() - startedMs) / 1000).toFixed(0)} s`;
  try {
    writeSync(2, isTerminal ? `\r\x1b[K${line.slice(0, columns - 1)}` : `${line}\n`);
  } catch {
    // Nobody reads it any more.
  } finally {
    Atomics.store(turn, 0, IDLE);
    Atomics.notify(turn, 0);
  }
}

parentPort?.on('message', (next: string) => {
  what = next;
});
setTimeout(() => {
  draw();
  setInterval(draw, every);
}, first);
