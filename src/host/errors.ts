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

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
