// Every wait of an agent and of its clients, with its default and where the figure comes from. "Ours" marks
// a choice of this project, made for one-way control delays of up to 80 ms and TL1 commands of 20 to 50 ms.

import { type Duration, ms, seconds } from '../core/time.ts';

export interface AgentTimings {
  /** Life of a lease without renewal, and how often its holder renews. 30 s and 10 s: MonALISA Lease. */
  readonly lease: Duration;
  readonly heartbeat: Duration;
  /** An announcement at least this often: 10 s, MonALISA broadcast of OpticalSwitchInfo. It ages out after `announcementLife`: ours. */
  readonly announce: Duration;
  readonly announcementLife: Duration;
  /**
   * Changes are announced at most this often, and where they do not stop, ever more rarely up to the other, which takes
   * many agents. MonALISA coalesces for 700 ms; ours is shorter. OSPF throttles from 0 or 50 ms up to 5 s.
   */
  readonly announceGap: Duration;
  readonly announceGapMost: Duration;
  /** Others' news is passed on at most this often to one neighbour: ours. */
  readonly relayGap: Duration;
  /** Period of the power poll. MonALISA's published example is 15 s; below a second is what fast recovery needs. */
  readonly pollPeriod: Duration;
  /** The same for switches that send alarms, in case one was lost: ours. */
  readonly pollPeriodWithAlarms: Duration;
  /** The same while light is being waited for: ours. */
  readonly pollPeriodAwaiting: Duration;
  /** Loss counts after this long; 0 by default, as MonALISA acts on the first reading. */
  readonly holdOff: Duration;
  /** A port that has come into use is not lost before this long without light: ours, above `lightLimit`. */
  readonly firstLight: Duration;
  /** A host's receiver is given so long from when its switch sees the light that goes there: ours, above a transceiver's power-on. */
  readonly hostLight: Duration;
  /** A host that is asked whether it receives light counts as silent after this: ours, it is near its switch. */
  readonly hostLimit: Duration;
  /** A loss that lasts is reported again this often, in case the coordinator forgot the first: ours. */
  readonly reportAgain: Duration;
  /** Read-back of all cross-connects: 7 s, MonALISA's example of monOSCrossConns. */
  readonly auditPeriod: Duration;
  /** Votes must be in by then: MonALISA's master waits 4 s for its slaves; ours is shorter, being one round trip and one retrieve. */
  readonly prepareLimit: Duration;
  /** A prepared participant asks for the decision when it has waited this long, and again each time, for ever: ours. */
  readonly decisionLimit: Duration;
  /** An older transaction waits at most this long for a port that a younger one has locked: ours, below `prepareLimit`. */
  readonly lockWait: Duration;
  /** Commit, release and renewal are sent again this often until answered: ours. */
  readonly resend: Duration;
  /** A participant that has not confirmed a commit by then counts as failed; it is told further all the same: ours. */
  readonly commitLimit: Duration;
  /** Light must be back at every port of a path this long after its commit, beyond the propagation delay: ours. */
  readonly lightLimit: Duration;
  /** Evidence of where a failure lies is waited for this long: ours, a round trip and a power retrieve. */
  readonly locateLimit: Duration;
  /** Just after its start an agent waits this long for its peers before their silence counts: ours, six round trips and a retrieve. */
  readonly acquaintLimit: Duration;
  /** A path that was up, and has no other way, waits this long for the agents of its switches to come back: ours. */
  readonly returnLimit: Duration;
  /** Reroutes that are asked for within this of each other go by priority: ours, what agents need to tell of one cut's losses. */
  readonly gather: Duration;
  /** Paths that are asked for their fibres have this long to leave them: ours, two moves of theirs. */
  readonly preemptLimit: Duration;
  /** Maintenance is answered when nothing is left there, or after this long with what is: ours, some moves. */
  readonly drainLimit: Duration;
  /** A path that is DOWN tries again after this long, then after pauses that double up to `retryMost`: ours. */
  readonly retryFirst: Duration;
  readonly retryMost: Duration;
  /** A fibre found failed is not used again for this long unless light is seen on it: ours. */
  readonly failedFibreHold: Duration;
  /** Limits and leases are looked at this often: ours. */
  readonly tick: Duration;
  /** One command or retrieve of the switch: ours; the TL1 session below has limits of its own. */
  readonly deviceLimit: Duration;
  /** A switch that has answered nothing for this long hangs; one that has is busy with others: ours, some commands. */
  readonly busyLimit: Duration;
  /** What the switch did not do is tried again after this long: ours. */
  readonly deviceAgain: Duration;
  /** A leg of a protected path that is gone is made again after this long: ours, above the pause of a link that flaps. */
  readonly legAgain: Duration;
  /** A refused request with hope left is tried again after up to this long: ours. */
  readonly backOff: Duration;
  /**
   * A new path that others were faster than tries again after this and up to as long again, doubled each time: ours, in which
   * all agents hear what the others have taken.
   */
  readonly stepBack: Duration;
  /** Dialling a peer or agent, and the wait before dialling again: ours (MonALISA's OSDaemon reconnects every 1 s). */
  readonly connectLimit: Duration;
  readonly connectAgain: Duration;
  /** A silent connection is probed this often, and dropped when the probe is not answered by the next: ours. */
  readonly probePeriod: Duration;
  /**
   * A peer that was learned of, is at no fibre of the own switch, and of which nothing is heard for this long, while others
   * are, has been taken out of service, and is forgotten: ours, longer than works on a control network take.
   */
  readonly peerLife: Duration;
  /** A connection that was made to say something is closed when it is not used for this long: ours, three heartbeats. */
  readonly idleLimit: Duration;
}

export const DEFAULT_TIMINGS: AgentTimings = {
  lease: seconds(30),
  heartbeat: seconds(10),
  announce: seconds(10),
  announcementLife: seconds(30),
  announceGap: ms(50),
  announceGapMost: ms(500),
  relayGap: ms(50),
  pollPeriod: ms(100),
  pollPeriodWithAlarms: seconds(5),
  pollPeriodAwaiting: ms(50),
  holdOff: ms(0),
  firstLight: seconds(3),
  hostLight: seconds(1),
  hostLimit: ms(150),
  reportAgain: seconds(1),
  auditPeriod: seconds(7),
  prepareLimit: seconds(2),
  decisionLimit: seconds(1),
  lockWait: ms(800),
  resend: seconds(1),
  commitLimit: seconds(3),
  lightLimit: ms(600),
  locateLimit: ms(350),
  acquaintLimit: seconds(2),
  returnLimit: seconds(6),
  gather: ms(2),
  preemptLimit: seconds(8),
  drainLimit: seconds(10),
  retryFirst: seconds(1),
  retryMost: seconds(300),
  failedFibreHold: seconds(30),
  tick: ms(100),
  deviceLimit: seconds(5),
  busyLimit: ms(500),
  deviceAgain: seconds(1),
  legAgain: seconds(5),
  backOff: ms(200),
  stepBack: ms(120),
  connectLimit: seconds(5),
  connectAgain: seconds(1),
  probePeriod: seconds(3),
  peerLife: seconds(24 * 3600),
  idleLimit: seconds(30),
};

/** Bounds of memory and effort: ours. */
export const LIMITS = {
  /** Tries of one request or one recovery, each with what failed before left out. */
  attemptsMax: 5,
  /** Tries beside these that failed only because others were faster. */
  contentionsMax: 40,
  /** Waits of one move for ways that others are after, before it takes one by suspects. */
  soundWaitsMax: 2,
  /** Times that the limit of one question to a switch begins again while it answers others. */
  busyWaitsMax: 8,
  /** Times that a limit of one transaction begins again for those that say that they are at it: a hub that thousands of paths are asked of is, for half a minute. */
  extensionsMax: 24,
  /** Times that a new path's switches are waited for to say what light they see, each twice as long as the last. */
  silencesMax: 4,
  /** Of `stepBack`: up to 1.1 s. */
  stepBackDoublings: 3,
  /** Waits of one move for what others are deciding, each of about `backOff`: longer than a transaction and its limits take. */
  waitsMax: 40,
  /** So many of these waits, about a second, are longer than the news of who has a port takes to get about. */
  newsWaits: 6,
  /** New paths that one coordinator sets up at once. */
  setUpsMax: 2,
  /** Tries of a path that is DOWN, before only news brings another: with the pauses above, about 25 min. */
  downTriesMax: 12,
  /** Reroutes that one coordinator has under way at once, where nothing else is said. */
  reroutesMax: 16,
  /** Tries of one change on a switch before it counts as failed. */
  deviceTriesMax: 3,
  lineBytesMax: 1 << 20,
  queuedMessagesMax: 1_000,
  connectionsMax: 1_000,
  /** Up to so many, changes are told at the least gap; of more, at so much longer a one where they do not stop. */
  eagerPeersMax: 8,
  /** Of the last bulletins of each agent it is known whether they have been heard. */
  bulletinsRemembered: 256,
  /** In one message, of ports, fibres and whatever goes with them: some 100 kB, and no line too long though each has 200 letters. */
  namesToldMax: 1_500,
  /** Of one fibre: ours, more than there are ducts and bridges on its way. What one port has to tell goes into one line. */
  srlgsMax: 100,
  /** Of one switch: ours, several times what switches have. */
  portsMax: 5_000,
  /** Neighbours that are asked for one announcement. */
  wantTriesMax: 5,
  /** A peer that has dialled says something at each probe; after so many without a word it has gone. */
  missedProbesMax: 3,
  /** For one peer, while it is dialled. */
  waitingMessagesMax: 100,
  /** That an agent counts, and believes others to have counted. */
  livesMax: 2 ** 52,
  /** Agents that one knows. */
  peersMax: 1_000,
  pathsMax: 10_000,
  /** Paths whose backups share one port: ours. */
  backupsMax: 8,
  /** In one switch's calendar. */
  bookingsMax: 10_000,
  /** Routes tried for one reservation, and rounds of telling its switches. */
  bookingTriesMax: 20,
  /** Of one path, that it has not got round to. */
  ordersMax: 10,
  confirmTriesMax: 10,
  /** Rounds of questions about one loss. */
  probeRoundsMax: 6,
  /** Paths that one message renews. */
  renewalsMax: 500,
  waitingPreparesMax: 1_000,
  /** Releases that switches have not confirmed; the oldest is left to its lease. */
  owedReleasesMax: 10_000,
  /** Transactions remembered after their end, so that late messages about them are recognised. */
  rememberedMax: 2_000,
  logRecordsMax: 2_000,
} as const;
