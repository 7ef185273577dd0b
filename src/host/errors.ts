// Node's error codes in the platform's words. The original error is kept as the cause.

import { NetworkError, type NetworkErrorCode, StoreError, type StoreErrorCode } from '../platform/errors.ts';

const NETWORK_CODES = new Map<string, NetworkErrorCode>([
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'reset'],
  ['ECONNABORTED', 'reset'],
  ['EPIPE', 'reset'],
  ['ETIMEDOUT', 'timed-out'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  ['EADDRNOTAVAIL', 'unreachable'],
  ['ENOTFOUND', 'unreachable'],
  ['EAI_AGAIN', 'unreachable'],
  ['EADDRINUSE', 'in-use'],
  // A port that is not ours to take: the caller can do about it what it can about one in use.
  ['EACCES', 'in-use'],
]);

const SOCKET_PATH_CODES = new Map<string, NetworkErrorCode>([
  ['ECONNREFUSED', 'refused'],
  ['ENOENT', 'unreachable'],
  ['EADDRINUSE', 'in-use'],
  ['EEXIST', 'in-use'],
]);

const STORE_CODES = new Map<string, StoreErrorCode>([
  ['ENOENT', 'not-found'],
  ['EEXIST', 'exists'],
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EACCES', 'denied'],
  ['EPERM', 'denied'],
  ['EROFS', 'denied'],
  ['EBADF', 'closed'],
]);

/** `otherwise`: the code for what Node reports and the table does not know. */
export const networkError = (operation: string, cause: unknown, otherwise: NetworkErrorCode): NetworkError =>
  new NetworkError(NETWORK_CODES.get(codeOf(cause)) ?? otherwise, operation, cause);

export const storeError = (operation: string, cause: unknown): StoreError =>
  cause instanceof StoreError
    ? cause
    : new StoreError(STORE_CODES.get(codeOf(cause)) ?? 'failed', operation, cause);

/** A socket's path that cannot be used as such, told in words for who chose it. `code` is Node's. */
export class SocketPathError extends NetworkError {
  readonly path: string;

  constructor(code: string, path: string, reason: string) {
    super(SOCKET_PATH_CODES.get(code) ?? 'unreachable', `socket ${path}`);
    this.message = `socket ${path}: ${reason}`;
    this.path = path;
  }
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
