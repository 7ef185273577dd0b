// What an agent does about others' announcements: its view follows them, and who waits for something to come free,
// or to leave what is in maintenance, hears of it. Changes that do not fit what is known: it asks for all.

import { between, type Instant } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import type { Announcement, PortChanges } from './topology-messages.ts';

export interface TopologyHearingOptions {
  /** Of all the context only this is read. */
  readonly context: Pick<AgentContext, 'view' | 'platform' | 'timings' | 'news' | 'drainSoon' | 'send'>;
  /** Somebody has become known. */
  readonly changed: () => void;
  /** A peer that has crashed since and knows nobody: the link from here still leads to its last life. */
  readonly reborn: (peer: string) => void;
  /** The first that is heard of it. */
  readonly met: (peer: string) => void;
}

export class TopologyHearing {
  readonly #o: TopologyHearingOptions;
  /** When an agent was asked last to announce all. */
  readonly #asked = new Map<string, Instant>();

  constructor(options: TopologyHearingOptions) {
    this.#o = options;
  }

  announced(from: string, announcement: Announcement): void {
    const { context, changed, reborn, met } = this.#o;
    const { view, platform } = context;
    const boot = view.bootOf(from);
    const now = platform.clock.now();
    const tidings = view.tidingsIn(announcement, now);
    view.accept(announcement, now);
    if (tidings?.length !== 0) context.news(tidings);
    if (announcement.ports.some((port) => port.isOut)) context.drainSoon();
    if (boot !== null && announcement.boot > boot) reborn(from);
    changed();
    if (boot === null) met(from);
  }

  changes(from: string, changes: PortChanges): void {
    const { context, changed } = this.#o;
    const { view, platform } = context;
    const now = platform.clock.now();
    const wasRead = view.isRead(from);
    const freed = view.follow(changes, now);
    if (freed === null) return this.#askForAll(from, now);
    const isBack = !wasRead && view.isRead(from);
    if (isBack || freed.length > 0) context.news(isBack ? null : freed);
    if (changes.ports.some((port) => port.isOut)) context.drainSoon();
    changed();
  }

  /** Until the answer is here, more will come that do not fit. */
  #askForAll(from: string, now: Instant): void {
    const { send, timings } = this.#o.context;
    const asked = this.#asked.get(from);
    if (asked !== undefined && between(asked, now) < timings.resend) return;
    this.#asked.set(from, now);
    send(from, { type: 'tell' });
  }
}
