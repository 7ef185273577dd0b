// What a participant wants done: the switch keeper carries it out, in order, and reports back by the call named.

import type { AgentMessage, MessageOf } from './messages.ts';
import type { PairClaim } from './pair-claims.ts';
import type { ParticipantTransaction, PreparedEntry } from './participant-transaction.ts';
import type { Holding, ReleaseDebt } from './port-book.ts';
import type { PortPair } from './port-pair.ts';

export type ParticipantOutput =
  | { readonly kind: 'send'; readonly to: string; readonly message: AgentMessage }
  /** The same, of what is under way, unless the switch hangs. */
  | { readonly kind: 'send-working'; readonly to: string; readonly message: MessageOf<'working'> }
  /** Retrieve the switch's cross-connects, then call `checked`. */
  | { readonly kind: 'check'; readonly transaction: string }
  /** Put it on disk, then call `preparedLogged`. */
  | { readonly kind: 'log-prepared'; readonly entry: PreparedEntry }
  /** Remove and make cross-connects, then call `changed`. */
  | { readonly kind: 'change'; readonly entry: PreparedEntry }
  /** Put it on disk, then call `finishLogged`. */
  | { readonly kind: 'log-finished'; readonly transaction: string; readonly outcome: 'done' | 'failed' }
  /** Need not be on disk: unknown means aborted. */
  | { readonly kind: 'log-aborted'; readonly transaction: string }
  /** Remove the cross-connect until it is gone, then call `freed`. */
  | { readonly kind: 'free'; readonly path: string; readonly pair: PortPair }
  /** That coordinator takes it for made here; this agent knows nothing of it. */
  | { readonly kind: 'claimed'; readonly claim: PairClaim }
  | { readonly kind: 'held'; readonly holding: Holding }
  | { readonly kind: 'unheld'; readonly holding: Holding }
  | {
      readonly kind: 'ended';
      readonly entry: PreparedEntry;
      readonly end: 'prepared' | 'committed' | 'failed' | 'aborted' | 'lapsed';
    };

/** To the transaction's coordinator. */
export const send = (t: ParticipantTransaction, message: AgentMessage): ParticipantOutput => ({
  kind: 'send',
  to: t.prepare.coordinator,
  message,
});

export const released = (path: string, { to, revision }: ReleaseDebt): ParticipantOutput => ({
  kind: 'send',
  to,
  message: { type: 'released', path, revision },
});

export const working = (t: ParticipantTransaction): ParticipantOutput => ({
  kind: 'send-working',
  to: t.prepare.coordinator,
  message: t.working(),
});
