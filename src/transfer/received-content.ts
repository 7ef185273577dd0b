// What a receive session needs of one file, whether it goes to a disk or is only looked at.

import type { Chunk } from '../platform/chunk.ts';
import type { RangeSet } from './range-set.ts';

export interface ReceivedContent {
  readonly name: string;
  readonly size: number;
  /** What of it is there; to be read only. */
  readonly held: RangeSet;
  /** Set once the file was verified, in this session or an earlier one. */
  readonly checksum: string | null;
  /** Takes a whole block that was not there. */
  write(offset: number, runs: readonly Chunk[]): Promise<void>;
  /** Once all is there: compares with the sender's checksum. False: corrupt, and what was there is gone. */
  verify(expected: string): Promise<boolean>;
  /** Makes durable what is there, and lets go of it; a later session resumes. */
  close(): Promise<void>;
  /** The sender knows that all is well: nothing needs to be remembered. */
  forget(): Promise<void>;
}
