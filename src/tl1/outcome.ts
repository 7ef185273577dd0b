// What became of a command, and how messages add up to it: parts of a response are collected until the last,
// an acknowledgement ends the command or says that its answer takes longer (GR-831). No clock, no sockets.

import type { CompletionCode, Tl1Acknowledgement, Tl1Response } from './message.ts';

export type Tl1Outcome =
  /** COMPLD; or PRTL, when only some of several AIDs were done; or DELAY, when it is queued. */
  | {
      readonly kind: 'completed';
      readonly code: Exclude<CompletionCode, 'DENY'>;
      readonly lines: readonly string[];
      readonly comments: readonly string[];
    }
  /** Refused, and nothing done. The error code is empty when the device gave none; RL and NG are acknowledgements. */
  | { readonly kind: 'denied'; readonly errorCode: string; readonly comments: readonly string[] }
  /** No answer. Whether it was done is not known, unless `isSent` is false. */
  | { readonly kind: 'unanswered'; readonly reason: string; readonly isSent: boolean };

/** A device that says "in progress" more often than this is not waited for any longer. */
export const EXTENSIONS_MAX = 20;
/** Lines and comments of one response over all its parts; a bound on memory, far above any device's port count. */
export const RESPONSE_LINES_MAX = 200_000;

export class Tl1Reply {
  readonly #lines: string[] = [];
  readonly #comments: string[] = [];
  #extensions = 0;

  /** The outcome, or `more` when the answer is not complete, or `longer` when the time limit begins anew. */
  take(message: Tl1Response | Tl1Acknowledgement): Tl1Outcome | 'more' | 'longer' {
    return message.kind === 'response' ? this.#part(message) : this.#acknowledged(message.code);
  }

  #part({ code, errorCode = '', lines, comments, isLast }: Tl1Response): Tl1Outcome | 'more' {
    for (const line of lines) this.#lines.push(line);
    for (const comment of comments) this.#comments.push(comment);
    if (this.#lines.length + this.#comments.length > RESPONSE_LINES_MAX)
      return unanswered(`more than ${RESPONSE_LINES_MAX} lines`);
    // GR-831: RTRV is never the last part.
    if (!isLast || code === 'RTRV') return 'more';
    if (code === 'DENY') return { kind: 'denied', errorCode, comments: this.#comments };
    return { kind: 'completed', code, lines: this.#lines, comments: this.#comments };
  }

  #acknowledged(code: Tl1Acknowledgement['code']): Tl1Outcome | 'more' | 'longer' {
    switch (code) {
      case 'IP':
      case 'PF':
        return this.#extensions++ < EXTENSIONS_MAX ? 'longer' : 'more';
      case 'OK':
        return { kind: 'completed', code: 'COMPLD', lines: [], comments: [] };
      case 'NA':
        return unanswered('the device gave no acknowledgement (NA)');
      case 'NG':
        return {
          kind: 'denied',
          errorCode: 'NG',
          comments: ['no good: it conflicts with the present state'],
        };
      case 'RL':
        return { kind: 'denied', errorCode: 'RL', comments: ['repeat later: the system is busy'] };
    }
  }
}

export const unanswered = (reason: string, isSent = true): Tl1Outcome => ({
  kind: 'unanswered',
  reason,
  isSent,
});

/** What the device said, or why it said nothing, in one line. */
export function describeFailure(outcome: Tl1Outcome): string {
  if (outcome.kind === 'unanswered') return outcome.reason;
  if (outcome.kind === 'denied') return ['denied', outcome.errorCode, ...outcome.comments].join(' ').trim();
  return `answered ${outcome.code}`;
}
