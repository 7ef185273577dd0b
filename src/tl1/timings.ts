// How long a session waits for what, with where each figure comes from.

import { type Duration, ms, seconds } from '../core/time.ts';

export interface Tl1Timings {
  /**
   * MonALISA OSTelnet dials for 20 s. Ours is long enough for a SYN that was lost twice (RFC 6298: again after 1 s and 3 s)
   * and no longer: its repeats come ever more rarely, and a device that is back would be dialled anew sooner.
   */
  readonly connectLimit: Duration;
  /** Whatever a device says after connecting, it has said by then; MonALISA OSTelnet: 20 s. */
  readonly greetingLimit: Duration;
  /** A device that says nothing for so long after connecting has no prompt (raw TL1 ports); ours. */
  readonly quiet: Duration;
  /**
   * For a command that brings no limit of its own. MonALISA OSTelnet reads for 90 s, too long to reroute by; ours, below
   * what agents wait for: one that is not answered is in the way of the next.
   */
  readonly commandLimit: Duration;
  /**
   * For the first login, doubled each time that one is not answered, up to the limit of a command: a lost answer costs
   * little, and a slow device is let finish; ours.
   */
  readonly loginFirst: Duration;
  /** MonALISA OSTelnet: RTRV-HDR after 60 s idle. */
  readonly keepAliveAfter: Duration;
  /** First wait before a reconnect, doubled up to the longest; ours. MonALISA OSTelnet waits 60 s each time. */
  readonly reconnectFirst: Duration;
  readonly reconnectLongest: Duration;
  /**
   * The same after a dial or a login that nobody has answered: unlike a login that is refused it counts for nothing at the
   * device, and nothing else tells that it is back; ours. There is one session a device, so no crowd comes back at once.
   */
  readonly redialLongest: Duration;
  /** A Calient may refuse the first command after the login; Pynt waits 0.5 s. */
  readonly loginSettling: Duration;
  /** A device that does not answer the logout is left after so long; ours. */
  readonly closeLimit: Duration;
}

export const TL1_TIMINGS: Tl1Timings = {
  connectLimit: seconds(4),
  greetingLimit: seconds(20),
  quiet: ms(500),
  commandLimit: seconds(4),
  loginFirst: seconds(2),
  keepAliveAfter: seconds(60),
  reconnectFirst: seconds(1),
  reconnectLongest: seconds(30),
  redialLongest: seconds(4),
  loginSettling: ms(500),
  closeLimit: seconds(1),
};
