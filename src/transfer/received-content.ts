// What a receive session needs of one file, whether it goes to a disk or is only looked at.

import type { Chunk } from '../platform/chunk.ts';

export interface ReceivedContent {
  readonly name: string;
  readonly size: number;
  /** Bytes that are there, each once. */
  readonly covered: number;
  /** Set once the file was verified, in this session or an earlier one. */
  readonly checksum: string | null;
  has(offset: number, length: number): boolean;
  /** The ranges that are there. */
  ranges(): [from: number, to: number][];
  /** Takes a whole block that was not there. */
  write(offset: number, runs: readonly Chunk[]): Promise<void>;
  /** Once all is there: compares with the sender's checksum. False: corrupt, and what was there is gone. */
  verify(expected: string): Promise<boolean>;
  /** Makes durable what is there, and lets go of it; a later session resumes. */
  close(): Promise<void>;
  /** The sender knows that all is well: nothing needs to be remembered. */
  forget(): Promise<void>;
}
