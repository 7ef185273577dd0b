// What an agent does about others' announcements: its view follows them, and who waits for something to come free,
// or to leave what is in maintenance, hears of it.

import type { AgentContext } from './agent-context.ts';
import type { Announcement, PortChanges } from './topology-messages.ts';

export interface TopologyHearingOptions {
  /** Of all the context only this is read. */
  readonly context: Pick<AgentContext, 'view' | 'platform' | 'news' | 'drainSoon'>;
  /** Where the agent of an announcement can be dialled. */
  readonly learned: (announcement: Announcement) => void;
  /** Somebody has become known. */
  readonly changed: () => void;
  /** An agent that has crashed since and knows nobody: ways from here still lead to its last life. */
  readonly reborn: (peer: string, boot: number) => void;
  /** The first that is heard of it, or the first for long. */
  readonly met: (peer: string, boot: number) => void;
}

export class TopologyHearing {
  readonly #o: TopologyHearingOptions;

  constructor(options: TopologyHearingOptions) {
    this.#o = options;
  }

  announced(announcement: Announcement): void {
    const { context, learned, changed, reborn, met } = this.#o;
    const { view, platform } = context;
    const { switchName, boot, ports } = announcement;
    const now = platform.clock.now();
    const before = view.standing(switchName);
    const wasHeard = view.hears(switchName, now);
    const tidings = view.tidingsIn(announcement, now);
    view.accept(announcement, now);
    learned(announcement);
    if (tidings?.length !== 0) context.news(tidings);
    if (ports.some((port) => port.isOut)) context.drainSoon();
    if (before !== null && boot > before.boot) reborn(switchName, boot);
    else if (!wasHeard) met(switchName, boot);
    changed();
  }

  /** False when they follow something that is not known here. */
  changes(changes: PortChanges): boolean {
    const { context, changed } = this.#o;
    const { view, platform } = context;
    const { switchName, ports } = changes;
    const wasRead = view.isRead(switchName);
    const freed = view.follow(changes, platform.clock.now());
    if (freed === null) return false;
    const isBack = !wasRead && view.isRead(switchName);
    if (isBack || freed.length > 0) context.news(isBack ? null : freed);
    if (ports.some((port) => port.isOut)) context.drainSoon();
    changed();
    return true;
  }
}
