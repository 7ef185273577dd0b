// What can happen to a light path, as its coordinator hears of it.

import type { MessageOf } from './messages.ts';

export type PathEvent =
  | { readonly kind: 'loss'; readonly from: string; readonly message: MessageOf<'loss'> }
  | { readonly kind: 'lit'; readonly from: string; readonly message: MessageOf<'lit'> }
  | { readonly kind: 'readings'; readonly from: string; readonly message: MessageOf<'readings'> }
  /** The host at its end sees none of the light that leaves the last switch. */
  | { readonly kind: 'host-dark'; readonly from: string; readonly message: MessageOf<'host-dark'> }
  | { readonly kind: 'not-held'; readonly from: string; readonly revision: number }
  /** A way to that switch has opened: what was asked of it before may be lost. */
  | { readonly kind: 'in-touch'; readonly from: string }
  /** These fibres came free, or something came back (null): a path without light may have another way now. */
  | { readonly kind: 'news'; readonly fibres: readonly string[] | null }
  /** Something became known of fibres: it may be time to go back. */
  | { readonly kind: 'fibres' }
  /** Somebody wants it elsewhere: the order waits with the path. */
  | { readonly kind: 'ordered' }
  /** A path with a higher priority wants these fibres. */
  | { readonly kind: 'claimed' }
  | { readonly kind: 'stop' };

export type HostDark = PathEvent & { kind: 'host-dark' };

/** A switch of the path sees no light. */
export type PathLoss = PathEvent & { kind: 'loss' };
