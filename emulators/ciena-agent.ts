// The TL1 agent of a CD/CI: listens, holds sessions up to a limit, and tells those that are logged in what the node
// says of its own accord. What it can be asked comes as a table of verbs.

import type { Duration } from '../src/core/time.ts';
import type { Platform, Random } from '../src/platform/platform.ts';
import { headerTime } from '../src/tl1/calendar.ts';
import type { Tl1Notification } from '../src/tl1/message.ts';
import { CienaSession } from './ciena-session.ts';
import type { Announcement } from './device/announcement.ts';
import type { DeviceProfile } from './device/profile.ts';
import { spreadTime } from './device/spread.ts';
import type { Verbs } from './device/verb.ts';

export interface CienaAgentProfile extends DeviceProfile {
  /** Whether telnet options are negotiated; their offer is part of the greeting. */
  readonly negotiates: boolean;
  /** Whether REPT EVT SESSION follows a login. */
  readonly announcesLogin: boolean;
  /** What becomes of a retrieve with its CTAG in the place of the AID, as MonALISA's monCienaOCn sends it. */
  readonly misplacedCtag: 'deny' | 'take';
}

/** CoreDirectorTL1 begins with this ATAG; where it wraps is [U], ADC's counters do at 65535. */
const ATAG_FIRST = 100_000;
const ATAG_MAX = 999_999;

export class CienaAgent {
  readonly profile: CienaAgentProfile;
  readonly verbs: Verbs;
  readonly #platform: Pick<Platform, 'clock' | 'network'>;
  readonly #times: Random;
  readonly #sessions = new Set<CienaSession>();
  #atag = ATAG_FIRST - 1;

  constructor(
    platform: Pick<Platform, 'clock' | 'network' | 'random'>,
    profile: CienaAgentProfile,
    verbs: Verbs,
  ) {
    this.#platform = platform;
    this.#times = platform.random.fork('command times');
    this.profile = profile;
    this.verbs = verbs;
  }

  get clock(): Platform['clock'] {
    return this.#platform.clock;
  }

  commandTime(): Duration {
    return spreadTime(this.profile.commandTime, this.profile.timeSpread, this.#times);
  }

  /** Serves until the profile's `until` is aborted. Rejects with what a session ran into, if that was no failure of the network. */
  async serve(): Promise<void> {
    const { listeners, listening, until, sessionsMax } = this.profile;
    let fail: (error: unknown) => void = () => {};
    const stopped = new Promise<void>((resolve, reject) => {
      fail = reject;
      if (until.aborted) resolve();
      until.addEventListener('abort', () => resolve(), { once: true });
    });
    const open = await Promise.all(
      listeners.map((listener) =>
        this.#platform.network.listen(listener.tcpPort, (connection) => {
          if (this.#sessions.size >= sessionsMax) return connection.abort();
          const session = new CienaSession(this, listener, connection);
          this.#sessions.add(session);
          session.run().then(() => void this.#sessions.delete(session), fail);
        }),
      ),
    );
    listening(open.map(({ address }) => address));
    try {
      await stopped;
    } finally {
      await Promise.all(open.map((listener) => listener.close()));
      for (const session of this.#sessions) session.drop();
    }
  }

  /** Says it to every session that is logged in and did not inhibit messages. */
  announce(announcement: Announcement): void {
    const notification = this.notification(announcement);
    for (const session of this.#sessions) session.notify(notification);
  }

  notification(announcement: Announcement): Tl1Notification {
    this.#atag = this.#atag >= ATAG_MAX ? ATAG_FIRST : this.#atag + 1;
    const atag = String(this.#atag);
    return { kind: 'notification', ...announcement, ...this.header(), atag, comments: [], isLast: true };
  }

  /** `"NODE:NO,"` after each login; what NO means is [U]. */
  loginNotification(): Tl1Notification {
    const lines = [`${this.profile.sid}:NO,`];
    return this.notification({ alarmCode: 'A', verb: 'REPT EVT SESSION', lines });
  }

  header(): { sid: string; date: string; time: string } {
    return { sid: this.profile.sid, ...headerTime(this.clock.wall()) };
  }

  /** `rtrv-ocn::rocn` as `rtrv-ocn::ALL:rocn`, where the profile takes it so. */
  straighten(text: string): string {
    if (this.profile.misplacedCtag === 'deny') return text;
    return text.replace(/^(rtrv-[a-z-]+)::([a-z0-9]{1,6})$/i, '$1::ALL:$2');
  }
}
