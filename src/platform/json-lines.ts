// The control language of every room: one JSON object a line, in UTF-8, checked against its schema on receipt. Lines are
// bounded, so that a peer that never ends one costs that much memory and no more. The room names its own error.

import * as v from 'valibot';
import { joinBytes } from './chunk.ts';
import { encodeUtf8 } from './slab.ts';

/** Makes the error of the room from what was expected and what came instead. */
export type Fault = (expected: string, found: string) => Error;

const LINE_FEED = 10;

/** One line, with its end. */
export const formatLine = (message: object): Uint8Array => encodeUtf8(`${JSON.stringify(message)}\n`);

/** Throws the room's error for anything that is not exactly a message of the schema. */
export function parseLine<T>(schema: v.GenericSchema<unknown, T>, line: string, fault: Fault): T {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw fault('expected a JSON object a line', line);
  }
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [first] = result.issues;
  throw fault(`${v.getDotPath(first) ?? 'message'}: ${first.message}`, line);
}

/** Cuts a stream of bytes into lines, whatever pieces it comes in. */
export class LineFramer {
  readonly #lineBytesMax: number;
  readonly #fault: Fault;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  constructor(lineBytesMax: number, fault: Fault) {
    this.#lineBytesMax = lineBytesMax;
    this.#fault = fault;
  }

  /** The lines that `bytes` completes, without their line feeds. Throws the room's error. */
  push(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
      lines.push(this.#line(bytes.subarray(from, at)));
      from = at + 1;
    }
    if (from === bytes.length) return lines;
    const rest = bytes.slice(from);
    this.#count(rest);
    this.#held.push(rest);
    return lines;
  }

  #count(piece: Uint8Array): void {
    this.#heldBytes += piece.length;
    if (this.#heldBytes > this.#lineBytesMax)
      throw this.#fault(`expected a line within ${this.#lineBytesMax} bytes`, 'a longer one');
  }

  /** What is held, and its last piece. */
  #line(last: Uint8Array): string {
    this.#count(last);
    const whole = this.#held.length === 0 ? last : joinBytes([...this.#held, last]);
    this.#held = [];
    this.#heldBytes = 0;
    try {
      return this.#decoder.decode(whole);
    } catch {
      throw this.#fault('expected UTF-8', 'other bytes');
    }
  }
}
