// What a conformance suite needs of an implementation of the seam: two fresh machines that reach one another,
// and a way to run a body that uses both. The assertions are the same wherever the suite runs.

import { suite } from '../../scripts/testing/suite.ts';
import { type Chunk, joinBytes, materialise } from './chunk.ts';
import type { Connection, Platform } from './platform.ts';

export interface Pair {
  readonly left: Platform;
  readonly right: Platform;
}

export interface PairFixture {
  /** What is held to the suite: `host`. */
  readonly name: string;
  /** Runs `body` with machines named `left` and `right`; `nowhere` is the name of no machine. */
  run(body: (pair: Pair) => Promise<void>): Promise<void>;
  /** Facts that do not hold here, each with the reason. */
  readonly skips?: ReadonlyMap<string, string>;
}

export interface Conformance {
  (fact: string, body: (pair: Pair) => Promise<void>): void;
  run(): void;
}

export function conformance(subject: string, fixture: PairFixture): Conformance {
  const test = suite(`${subject} of ${fixture.name}`);
  const add = (fact: string, body: (pair: Pair) => Promise<void>): void => {
    const reason = fixture.skips?.get(fact);
    if (reason === undefined) test(fact, () => fixture.run(body));
    else test.skip(fact, reason);
  };
  return Object.assign(add, { run: () => test.run() });
}

/** All bytes up to the end of the stream. */
export async function readToEnd(connection: Connection): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (let piece = await connection.read(); piece !== null; piece = await connection.read())
    pieces.push(materialise(piece));
  return concat(pieces);
}

export const concat = (chunks: readonly Chunk[]): Uint8Array => joinBytes(chunks.map(materialise));

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
