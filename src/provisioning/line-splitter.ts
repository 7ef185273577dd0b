// Cuts a stream of bytes into lines, whatever pieces it comes in. Bounded: a line longer than the limit is an error.

import { MessageError } from './errors.ts';
import { LIMITS } from './timings.ts';

export class LineSplitter {
  #rest = '';
  readonly #decoder = new TextDecoder('utf-8', { fatal: false });

  /** The lines that are complete now, without their ends. */
  push(bytes: Uint8Array): string[] {
    const parts = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#rest = parts.pop() ?? '';
    if (this.#rest.length > LIMITS.lineBytesMax) throw new MessageError('a line without end', this.#rest);
    return parts.filter((line) => line.length > 0);
  }
}
