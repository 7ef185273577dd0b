// What a search for a path under constraints can come to. Such searches are exact and can take exponentially
// long, so each has a named bound; beyond it the answer is that nobody knows, never a path that may not be the best.

import type { ShortestPath } from './shortest-path.ts';

export type PathResult =
  | { readonly kind: 'found'; readonly path: ShortestPath }
  /** `isCut`: no usable edges lead there at all, whatever else is asked. */
  | { readonly kind: 'none'; readonly isCut?: true }
  | GaveUp;

export interface GaveUp {
  readonly kind: 'gave-up';
  /** Which bound was reached. */
  readonly reason: string;
}
