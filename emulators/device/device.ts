// A TL1 network element: listens, holds sessions up to a limit, and tells all that are logged in what it says
// of its own accord. What it can be asked comes from its family as a table of verbs; what light does, from the
// optics behind those.

import type { Duration } from '../../src/core/time.ts';
import type { Platform, Random } from '../../src/platform/platform.ts';
import { headerTime } from '../../src/tl1/calendar.ts';
import type { Tl1Notification } from '../../src/tl1/message.ts';
import type { Announcement } from './announcement.ts';
import { DeviceSession, SESSION_COMMANDS } from './device-session.ts';
import { type DeviceManners, PLAIN_MANNERS } from './manners.ts';
import type { DeviceProfile } from './profile.ts';
import { spreadTime } from './spread.ts';
import type { Verbs } from './verb.ts';

export class Device {
  readonly #platform: Pick<Platform, 'clock' | 'network'>;
  readonly #times: Random;
  readonly profile: DeviceProfile;
  readonly verbs: Verbs;
  readonly manners: DeviceManners;
  readonly #sessions = new Set<DeviceSession>();
  #atag: number;

  constructor(
    platform: Pick<Platform, 'clock' | 'network' | 'random'>,
    profile: DeviceProfile,
    verbs: Verbs,
    manners = PLAIN_MANNERS,
  ) {
    this.#platform = platform;
    this.#times = platform.random.fork('command times');
    this.profile = profile;
    this.verbs = verbs;
    this.manners = manners;
    this.#atag = manners.atags.last;
    profile.rules.serve([...SESSION_COMMANDS, ...verbs.keys(), ...Object.keys(profile.listingsByName)]);
  }

  get clock(): Platform['clock'] {
    return this.#platform.clock;
  }

  /** How long it takes to act on the next command. */
  commandTime(): Duration {
    return spreadTime(this.profile.commandTime, this.profile.timeSpread, this.#times);
  }

  /** Serves until the profile's `until` is aborted. Rejects with what a session ran into, if that was no failure of the network. */
  async serve(): Promise<void> {
    const { listeners, listening, until } = this.profile;
    let fail: (error: unknown) => void = () => {};
    const stopped = new Promise<void>((resolve, reject) => {
      fail = reject;
      if (until.aborted) resolve();
      until.addEventListener('abort', () => resolve(), { once: true });
    });
    const open = await Promise.all(
      listeners.map((listener) =>
        this.#platform.network.listen(listener.tcpPort, (connection) => {
          if (this.#sessions.size >= this.profile.sessionsMax) return connection.abort();
          const session = new DeviceSession(this, listener, connection);
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

  /** Where this user is logged in. */
  sessionsOf(user: string): readonly DeviceSession[] {
    return [...this.#sessions].filter((session) => session.user === user);
  }

  /** Says it to every session that is logged in and did not inhibit messages. */
  announce(announcement: Announcement): void {
    const notification = this.notification(announcement);
    for (const session of this.#sessions) session.notify(notification);
  }

  /** The announcement with its header and the next ATAG. */
  notification(announcement: Announcement): Tl1Notification {
    const { first, last } = this.manners.atags;
    this.#atag = this.#atag >= last ? first : this.#atag + 1;
    return {
      kind: 'notification',
      ...announcement,
      ...this.header(),
      atag: String(this.#atag),
      comments: [],
      isLast: true,
    };
  }

  header(): { sid: string; date: string; time: string } {
    return { sid: this.profile.sid, ...headerTime(this.clock.wall()) };
  }
}
