// What can go wrong in a transfer beyond the network and the store. A caller of `send` never sees these as exceptions:
// they end a session, and the result says why.

import { CancelledError, NetworkError, StoreError, TimeoutError } from '../platform/errors.ts';

/** The other side broke the session protocol: no use in trying again. */
export class TransferProtocolError extends Error {
  override readonly name = 'TransferProtocolError';
  /** What was received, cut to a readable length. */
  readonly found: string;

  constructor(expected: string, found: string) {
    super(
      `the other side broke the transfer protocol: ${expected}, found ${found.slice(0, FOUND_CHARACTERS_MAX)}`,
    );
    this.found = found.slice(0, FOUND_CHARACTERS_MAX);
  }
}

const FOUND_CHARACTERS_MAX = 120;

/** A file that is not there, or that changed while it was being sent. */
export class TransferSourceError extends Error {
  override readonly name = 'TransferSourceError';
  readonly file: string;

  constructor(file: string, reason: string) {
    super(`${file}: ${reason}`);
    this.file = file;
  }
}

/** The receiver cannot take a file: its name, or what is already there. Its message goes to the sender. */
export class TransferRefusedError extends Error {
  override readonly name = 'TransferRefusedError';
}

/** The connection went: another may do. */
export const isBreak = (error: unknown): error is Error =>
  error instanceof NetworkError || error instanceof TimeoutError || error instanceof CancelledError;

/** No use in trying again, and nobody's bug. */
export const isFailure = (error: unknown): error is Error =>
  error instanceof StoreError ||
  error instanceof TransferProtocolError ||
  error instanceof TransferRefusedError ||
  error instanceof TransferSourceError;
