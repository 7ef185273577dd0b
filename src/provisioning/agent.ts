// One agent per optical switch, and nothing above them: it keeps its switch, takes part in others' light
// paths, and coordinates those that are asked of it. This is the shell that listens, dials and hands on.

import { type Duration, ns } from '../core/time.ts';
import type { OpticalSwitch } from '../optical/switch.ts';
import type { Connection, Platform } from '../platform/platform.ts';
import { Acquaintance } from './acquaintance.ts';
import type { AgentConfig } from './agent-config.ts';
import type { AgentContext } from './agent-context.ts';
import { Announcer } from './announcer.ts';
import { DecisionLog } from './decision-log.ts';
import { FailedFibres } from './failed-fibres.ts';
import { Flood } from './flood.ts';
import { Life } from './life.ts';
import { DEFAULT_HYSTERESIS, DEFAULT_THRESHOLD } from './loss-detector.ts';
import { Maintenance } from './maintenance.ts';
import { MessageConnection } from './message-connection.ts';
import type { AgentMessage, Message } from './messages.ts';
import type { Said } from './news-messages.ts';
import { OperatorDesk } from './operator-desk.ts';
import { ownPart } from './own-part.ts';
import { PathKeeper } from './path-keeper.ts';
import { Peers } from './peers.ts';
import { dropWhenSilent, type SilenceWatch } from './silence.ts';
import { SwitchKeeper } from './switch-keeper.ts';
import { DEFAULT_TIMINGS, LIMITS } from './timings.ts';
import { TopologyHearing } from './topology-hearing.ts';
import { TopologyView } from './topology-view.ts';
import { TurnQueue } from './turn-queue.ts';

/**
 * Runs for ever; rejects when the machine fails it (its TCP port is taken, its disk fails) or on a bug. Crash it
 * at any time: what it promised is in its decision log.
 */
export async function agentProgram(
  platform: Platform,
  config: AgentConfig,
  device: OpticalSwitch,
): Promise<void> {
  let fail = (_error: Error): void => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Whatever rejects first is thrown by the race below; nothing waits for it before.
  failed.catch(() => {});
  const log = await DecisionLog.open(platform, `agent-${config.switchName}.log`, fail);
  await log.append({ kind: 'boot', boot: log.state.boot + 1 });
  await new Agent(platform, config, device, log, fail).run(failed);
}

class Agent {
  readonly #context: AgentContext;
  readonly #switch: SwitchKeeper;
  readonly #paths: PathKeeper;
  readonly #maintenance: Maintenance;
  readonly #desk: OperatorDesk;
  readonly #peers: Peers;
  readonly #acquaintance: Acquaintance;
  readonly #announcer: Announcer;
  readonly #flood: Flood;
  readonly #life: Life;
  readonly #fail: (error: Error) => void;
  /** What it did before is not in its store; whether there was anything, others know. */
  readonly #hasForgotten: boolean;
  #connections = 0;

  constructor(
    platform: Platform,
    config: AgentConfig,
    device: OpticalSwitch,
    log: DecisionLog,
    fail: (error: Error) => void,
  ) {
    this.#fail = fail;
    this.#context = this.#contextOf(platform, config, log);
    this.#switch = new SwitchKeeper(this.#context, log, device);
    this.#paths = new PathKeeper(this.#context, log);
    this.#maintenance = new Maintenance(this.#context, log);
    this.#desk = new OperatorDesk({
      context: this.#context,
      log,
      paths: this.#paths,
      maintenance: this.#maintenance,
      free: (path, by) => this.#switch.free(path, by),
    });
    this.#peers = this.#peersOf(log);
    this.#acquaintance = this.#acquaintanceOf();
    this.#announcer = new Announcer({
      clock: platform.clock,
      timings: this.#context.timings,
      peerCount: () => this.#peers.names.length,
      announce: () => this.#flood.tellChanges(),
    });
    this.#flood = this.#floodOf();
    this.#life = this.#lifeOf(log);
    this.#hasForgotten = log.isNew;
  }

  async run(failed: Promise<never>): Promise<void> {
    const { platform, config } = this.#context;
    // Before anybody can ask: to one that is not known, a decision would be denied.
    this.#switch.restore();
    for (const task of this.#paths.restore()) this.#watch(task);
    await platform.network.listen(config.tcpPort, (connection) => this.#accept(connection));
    this.#peers.run();
    this.#maintenance.restore();
    await Promise.race([failed, ...this.#switch.run(), ...this.#paths.run(), this.#announcer.runForEver()]);
  }

  #contextOf(platform: Platform, config: AgentConfig, log: DecisionLog): AgentContext {
    const timings = { ...DEFAULT_TIMINGS, ...config.timings };
    return {
      platform,
      config,
      timings,
      threshold: config.losThreshold ?? DEFAULT_THRESHOLD,
      hysteresis: config.hysteresis ?? DEFAULT_HYSTERESIS,
      view: new TopologyView(
        ownPart(config, log.state.boot, platform.clock.wall()),
        timings.announcementLife,
      ),
      failed: new FailedFibres(timings.failedFibreHold, config.flapping),
      isFrozen: (path) => this.#desk.isFrozen(path),
      ended: (path) => this.#desk.ended(path),
      drainSoon: () => this.#desk.drainSoon(),
      turns: new TurnQueue(
        config.reroutesMax ?? LIMITS.reroutesMax,
        (over) => void platform.clock.timer(timings.gather, over),
      ),
      setUpTurns: new TurnQueue(LIMITS.setUpsMax),
      send: (to, message) => this.#send(to, message),
      sendAll: (said) => {
        this.#flood.tellAll(said);
        if (said.type === 'failed') this.#paths.heardOf('failed', said.fibres);
      },
      announceSoon: () => {
        this.#acquaintance.changed();
        this.#announcer.soon();
      },
      whole: (fibres) => this.#whole(fibres),
      news: (fibres) => this.#news(fibres),
      meet: (peers, until) => this.#acquaintance.meet(peers, until),
      watch: (task) => this.#watch(task),
    };
  }

  #peersOf(log: DecisionLog): Peers {
    const { platform, config, timings } = this.#context;
    return new Peers({
      platform,
      config,
      timings,
      log,
      received: (from, message) => isAgentMessage(message) && this.#handle(from, message),
      changed: () => this.#acquaintance.changed(),
      met: (peer) => this.#inTouch(peer),
      joined: (peer) => this.#flood.joined(peer),
      left: (peer) => this.#flood.left(peer),
      boot: () => this.#context.view.own.boot,
      outlived: (boot) => this.#life.outlived(boot),
      forgotten: (peer) => {
        platform.log.record('peer.forgotten', { peer });
        this.#flood.forget(peer);
      },
      isHeard: (peer) => this.#context.view.hears(peer, platform.clock.now()),
      watch: (task) => this.#watch(task),
    });
  }

  #acquaintanceOf(): Acquaintance {
    const { platform, config, timings } = this.#context;
    return new Acquaintance({
      clock: platform.clock,
      limit: timings.acquaintLimit,
      peers: () => [config.switchName, ...this.#peers.names, ...this.#flood.awaited],
      isAlone: () => this.#peers.isAlone,
      isInTouch: (peer) => this.#isInTouch(peer),
      reach: (peers) => this.#peers.reach(peers),
    });
  }

  #lifeOf(log: DecisionLog): Life {
    const { platform, timings, view } = this.#context;
    return new Life({
      clock: platform.clock,
      timings,
      log,
      recalled: async () => {
        if (this.#hasForgotten) await this.#flood.remember();
      },
      risen: (boot) => {
        platform.log.record('agent.risen', { boot });
        view.liveIn(boot);
        this.#peers.introduceAgain();
      },
      watch: (task) => this.#watch(task),
    });
  }

  #inTouch(peer: string): void {
    this.#paths.inTouch(peer);
    this.#switch.inTouch(peer);
  }

  #floodOf(): Flood {
    const { platform, config, timings, view } = this.#context;
    const hearing = this.#hearingOf();
    return new Flood({
      clock: platform.clock,
      timings,
      switchName: config.switchName,
      view,
      outlived: (boot) => this.#life.outlived(boot),
      send: (peers, message) => this.#peers.tell(peers, message),
      remembered: (announcement) => this.#switch.inherit(announcement),
      announced: (announcement) => hearing.announced(announcement),
      changed: (changes) => hearing.changes(changes),
      said: (from, said, age) => this.#heard(from, said, age),
    });
  }

  #hearingOf(): TopologyHearing {
    return new TopologyHearing({
      context: this.#context,
      learned: ({ switchName, at, boot }) => at && this.#peers.learned({ switchName, address: at }, boot),
      changed: () => this.#acquaintance.changed(),
      reborn: (peer, boot) => this.#peers.reborn(peer, boot),
      met: (peer, boot) => {
        this.#peers.returned(peer, boot);
        this.#inTouch(peer);
      },
    });
  }

  /** An announcement of this life has come, and questions reach it. */
  #isInTouch(peer: string): boolean {
    const isOwn = peer === this.#context.config.switchName;
    return (isOwn || this.#peers.isReachable(peer)) && this.#context.view.isRead(peer);
  }

  #send(to: string, message: AgentMessage): void {
    if (to === this.#context.config.switchName)
      this.#watch(Promise.resolve().then(() => this.#handle(to, message)));
    else this.#peers.send(to, message);
  }

  #handle(from: string, message: AgentMessage): void {
    if (message.type === 'news' || message.type === 'offer' || message.type === 'want')
      this.#flood.handle(from, message);
    else {
      this.#switch.handle(from, message);
      this.#desk.handle(from, message);
      this.#paths.handle(from, message);
    }
  }

  /** To everybody, by the agent of that switch. */
  #heard(from: string, said: Said, age: Duration): void {
    const { failed, platform } = this.#context;
    if (said.type === 'failed') {
      for (const fibre of said.fibres) failed.mark(fibre, platform.clock.now(), said.wasLit, age);
      this.#paths.heardOf('failed', said.fibres);
    } else if (said.type === 'whole') this.#heardWhole(said.fibres);
    else this.#desk.freeFor(from, said);
  }

  #accept(connection: Connection): void {
    if (this.#connections >= LIMITS.connectionsMax) {
      connection.abort();
      return;
    }
    this.#connections++;
    const messages = new MessageConnection(connection);
    const { platform, timings } = this.#context;
    const silence = (most: number): SilenceWatch => dropWhenSilent(messages, platform.clock, ns(most));
    // Clients and peers both probe; a client that is silent for a lease time, and has missed a probe, has gone.
    let idle = silence(Math.max(timings.lease, 2 * timings.probePeriod));
    let from: string | null = null;
    const served = messages.receive((message) => {
      idle.heard();
      if (message.type !== 'hello') return this.#receive(messages, from, message);
      from = this.#peers.greeted(messages, message);
      idle.cancel();
      idle = silence(LIMITS.missedProbesMax * timings.probePeriod);
    });
    this.#watch(
      served.then(() => {
        this.#connections--;
        this.#switch.receivers.gone(messages);
        idle.cancel();
        if (from !== null) this.#peers.hungUp(from, messages);
      }),
    );
  }

  #news(fibres: readonly string[] | null): void {
    this.#paths.news(fibres);
    this.#desk.news();
  }

  #whole(fibres: readonly string[]): void {
    this.#context.sendAll({ type: 'whole', fibres: [...fibres] });
    this.#heardWhole(fibres);
  }

  #heardWhole(fibres: readonly string[]): void {
    const { failed } = this.#context;
    if (fibres.filter((fibre) => failed.clear(fibre)).length > 0) this.#news(null);
    this.#paths.heardOf('whole', fibres);
  }

  /** `from` is null for a client. */
  #receive(connection: MessageConnection, from: string | null, message: Message): void {
    if (message.type === 'ping') connection.send({ type: 'pong', number: message.number });
    else if (message.type === 'request') {
      const task = this.#paths.request(connection, message);
      if (task !== null) this.#watch(task);
    } else if (message.type === 'mended') this.#whole(message.fibres);
    else if (message.type === 'give-back') this.#paths.giveBack(connection, message.path);
    else if (message.type === 'free') {
      const ports = [...this.#switch.free(message.path, message.by)];
      connection.send({ type: 'freed', path: message.path, ports });
    } else if (message.type === 'operate') this.#watch(this.#desk.operate(connection, message));
    else if (message.type === 'confirm') this.#paths.confirm(connection, message.path);
    else if (message.type === 'receiver') this.#switch.receivers.heard(connection, connection.peer, message);
    else if (message.type === 'keep') this.#paths.keepAlive(connection, message.paths);
    else if (from !== null && isAgentMessage(message)) this.#handle(from, message);
  }

  #watch(task: Promise<unknown>): void {
    task.catch((error: unknown) => this.#fail(error instanceof Error ? error : new Error(String(error))));
  }
}

const notForAgents: readonly string[] = [
  'hello',
  'pong',
  'granted',
  'refused',
  'given-back',
  'path-state',
  'mended',
  'light',
  'receiver',
  'look',
  'operated',
];

const isAgentMessage = (message: Message): message is AgentMessage => !notForAgents.includes(message.type);
