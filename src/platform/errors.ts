// The failures that any world's network, store or clock may report. Both worlds throw these, with the same
// codes, so that a product's handling of them is exercised in the virtual one.

export type NetworkErrorCode =
  /** Nobody listens there. */
  | 'refused'
  /** The other side went away without a good-bye, or its machine restarted. */
  | 'reset'
  /** No answer in time: connection set-up or retransmission gave up. */
  | 'timed-out'
  /** No machine of that name, or no route to it. */
  | 'unreachable'
  /** The address is already listened at. */
  | 'in-use'
  /** This side ended or aborted the connection, then used it. */
  | 'closed';

export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly code: NetworkErrorCode;
  /** What was being done, with the address: `connect to gva-agent:3400`. */
  readonly operation: string;

  constructor(code: NetworkErrorCode, operation: string, cause?: unknown) {
    super(`${operation}: ${code}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.operation = operation;
  }
}

export type StoreErrorCode = 'not-found' | 'exists' | 'full' | 'denied' | 'closed' | 'failed';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  readonly operation: string;

  constructor(code: StoreErrorCode, operation: string, cause?: unknown) {
    super(`${operation}: ${code}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.operation = operation;
  }
}

/** A wait that its caller's signal ended. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';

  constructor(operation: string, cause?: unknown) {
    super(`${operation}: cancelled`, cause === undefined ? undefined : { cause });
  }
}

/** A wait that ran into its time limit. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
  readonly operation: string;

  constructor(operation: string, limit: string) {
    super(`${operation}: no answer within ${limit}`);
    this.operation = operation;
  }
}
