// The participant at work: carries out what the participant's state machine asks for on the switch and in the
// log, keeps the leases of what it holds, watches its light, and tells coordinators.

import { after, type Instant } from '../core/time.ts';
import type { OpticalSwitch } from '../optical/switch.ts';
import { withDeadline } from '../platform/deadline.ts';
import type { Platform } from '../platform/platform.ts';
import type { AgentContext } from './agent-context.ts';
import type { KeptBackup } from './backup-book.ts';
import { BackupDesk } from './backup-desk.ts';
import { BookingDesk } from './booking-desk.ts';
import type { DecisionLog } from './decision-log.ts';
import { LeaseTable } from './lease-table.ts';
import { LightReport } from './light-report.ts';
import { LightWatch } from './light-watch.ts';
import { LossDetector } from './loss-detector.ts';
import { type AgentMessage, inputsOf, isWayOf, type MessageOf, type PortPair } from './messages.ts';
import { Participant } from './participant.ts';
import type { ParticipantOutput } from './participant-output.ts';
import type { Holding, Objection } from './port-book.ts';
import { SwitchControl } from './switch-control.ts';

export class SwitchKeeper {
  readonly #c: AgentContext;
  readonly #platform: Platform;
  readonly #log: DecisionLog;
  readonly #control: SwitchControl;
  readonly #participant: Participant;
  readonly #desk: BookingDesk;
  readonly #backups: BackupDesk;
  readonly #leases: LeaseTable;
  readonly #detector: LossDetector;
  readonly #watch: LightWatch;
  readonly #report: LightReport;
  #foreign: ReadonlySet<string> | null = null;
  readonly #fibreAt: ReadonlyMap<string, string>;
  /** Counts changes on the switch, so that a read-back that began before one is not believed after it. */
  #changes = 0;
  /** Under way just now. */
  #changing = 0;

  constructor(context: AgentContext, log: DecisionLog, device: OpticalSwitch) {
    const { platform, timings, config } = context;
    this.#c = context;
    this.#platform = platform;
    this.#log = log;
    this.#control = new SwitchControl(device, platform.clock, timings);
    const ports = config.ports.map((p) => p.port);
    this.#fibreAt = new Map(config.ports.map(({ port, fibre }) => [port, fibre]));
    this.#desk = new BookingDesk({
      context,
      log,
      holderOf: (port) => this.#participant.holderOf(port),
      isUsable: (port) =>
        config.isWatchOnly !== true && ports.includes(port) && this.#foreign?.has(port) !== true,
    });
    this.#backups = new BackupDesk({
      context,
      log,
      unusable: (backup) => this.#unusable(backup),
      taken: (backup) => this.#taken(backup),
      changed: () => this.#showPorts(),
    });
    this.#participant = new Participant(config.switchName, ports, timings, {
      objection: (prepare) =>
        this.#watchOnly() ?? this.#backupObjection(prepare) ?? this.#desk.objection(prepare),
      isDue: (path) => this.#desk.isDue(path),
    });
    this.#leases = new LeaseTable(timings.lease);
    const { threshold, hysteresis } = context;
    this.#detector = new LossDetector({
      threshold,
      drop: config.losDrop ?? null,
      hysteresis,
      holdOff: timings.holdOff,
      firstLight: timings.firstLight,
    });
    this.#report = new LightReport(context, this.#detector, () => this.#participant.holdings);
    this.#watch = new LightWatch({
      clock: platform.clock,
      device,
      detector: this.#detector,
      timings,
      detection: config.detection ?? 'both',
      changed: (port, change, power, by) => this.#report.changed(port, change, power, by),
      isAwaited: () => this.#report.isOwed,
      polled: (began) => this.#report.sayLit(began),
    });
  }

  /**
   * What the log says is held gets its lease anew; a coordinator that does not renew it lets it end. Its ports count
   * as lit: a fibre that was cut meanwhile must not be given time for first light.
   */
  restore(): void {
    const { holdings, inDoubt, toFree } = this.#log.state;
    this.#desk.restore();
    this.#participant.restore([...holdings.values()], [...inDoubt.values()], this.#now());
    this.#backups.restore();
    for (const holding of holdings.values()) this.#hold(holding, 'lit');
    for (const { path, pair } of toFree) this.#c.watch(this.#free(path, pair));
  }

  /** The tasks that never end. */
  run(): Promise<never>[] {
    return [this.#watch.run(), this.#tickForEver(), this.#auditForEver()];
  }

  handle(from: string, message: AgentMessage): void {
    const p = this.#participant;
    if (message.type === 'prepare') this.#do(p.prepare(message, this.#now()));
    else if (message.type === 'commit') this.#do(p.commit(from, message));
    else if (message.type === 'abort') this.#do(p.abort(message.transaction));
    else if (message.type === 'release') this.#do(p.release(from, message.path, message.revision));
    else if (message.type === 'renew') this.#renew(from, message);
    else if (message.type === 'book') this.#c.watch(this.#desk.book(from, message));
    else if (message.type === 'unbook') this.#desk.unbook(from, message);
    else if (message.type === 'hold-backup') this.#backups.hold(from, message);
    else if (message.type === 'drop-backup') this.#backups.drop(from, message);
    else if (message.type === 'probe') this.#c.watch(this.#answerProbe(from, message));
  }

  /** An operator frees what this switch has of a path; who did it stays in the records. */
  free(path: string, by: string): readonly string[] {
    const booked = this.#desk.portsOf(path);
    const ports = [...new Set([...this.#participant.portsOf(path), ...booked])];
    this.#record('operator.freed', { path, switch: this.#c.config.switchName, ports, by });
    this.#desk.drop(path);
    this.#backups.free(path, `freed by ${by}`);
    this.#do(this.#participant.free(path));
    return ports;
  }

  #do(outputs: readonly ParticipantOutput[]): void {
    for (const output of outputs) this.#carryOut(output);
    this.#showPorts(this.#participant.takeTouched());
  }

  #carryOut(o: ParticipantOutput): void {
    const p = this.#participant;
    if (o.kind === 'send') this.#c.send(o.to, o.message);
    else if (o.kind === 'check') this.#c.watch(this.#check(o.transaction));
    else if (o.kind === 'log-prepared')
      this.#logged({ kind: 'prepared', entry: o.entry }, () =>
        p.preparedLogged(o.entry.transaction, this.#now()),
      );
    else if (o.kind === 'change')
      this.#c.watch(this.#change(o.entry.transaction, o.entry.remove, o.entry.make));
    else if (o.kind === 'log-finished') {
      const { transaction, outcome } = o;
      this.#logged({ kind: 'finished', transaction, outcome }, () => p.finishLogged(transaction, outcome));
    } else if (o.kind === 'log-aborted')
      this.#c.watch(this.#log.append({ kind: 'aborted', transaction: o.transaction }));
    else if (o.kind === 'free') this.#c.watch(this.#free(o.path, o.pair));
    else if (o.kind === 'held') this.#hold(o.holding);
    else if (o.kind === 'unheld') this.#unhold(o.holding);
    else this.#recordEnd(o.entry.transaction, o.entry.path, o.end);
  }

  #logged(entry: Parameters<DecisionLog['append']>[0], then: () => ParticipantOutput[]): void {
    this.#c.watch(this.#log.append(entry).then(() => this.#do(then())));
  }

  async #check(transaction: string): Promise<void> {
    const limit = this.#c.timings.prepareLimit;
    const found = await withDeadline(this.#platform.clock, limit, 'check the ports', () =>
      this.#control.read(),
    ).catch((error: unknown) => String(error));
    const { switchName } = this.#c.config;
    if (typeof found === 'string') {
      this.#noteUnread();
      this.#do(this.#participant.checked(transaction, null, `${switchName}: ${found}`));
    } else {
      this.#noteForeign(found);
      this.#do(this.#participant.checked(transaction, found));
    }
  }

  async #change(transaction: string, remove: PortPair | null, make: PortPair): Promise<void> {
    this.#changing++;
    const result = await this.#control.change(remove, make);
    this.#changing--;
    this.#changes++;
    const reason = result.kind === 'done' ? '' : `${this.#c.config.switchName}: ${result.reason}`;
    this.#do(this.#participant.changed(transaction, result.kind, reason));
  }

  async #free(path: string, pair: PortPair): Promise<void> {
    this.#changing++;
    await this.#control.free(pair);
    this.#changing--;
    this.#changes++;
    await this.#log.append({ kind: 'freed', path, pair });
    this.#do(this.#participant.freed(path, pair));
  }

  #hold(holding: Holding, light: 'awaiting' | 'lit' = 'awaiting'): void {
    const { path, pair } = holding;
    const now = this.#now();
    const { config, timings } = this.#c;
    this.#desk.used(path);
    this.#backups.made(holding);
    this.#leases.grant(path, now);
    this.#record('lease.granted', {
      path,
      switch: config.switchName,
      ports: [pair.a, pair.b],
      lease_ns: timings.lease,
    });
    for (const port of inputsOf(pair)) this.#detector.watch(port, now, light);
    this.#report.oweLit(path);
    this.#watch.hurry();
  }

  #unhold({ path, pair }: Holding): void {
    for (const port of [pair.a, pair.b]) this.#detector.forget(port);
    this.#report.forget(path);
    if (this.#leases.release(path))
      this.#record('lease.released', { path, switch: this.#c.config.switchName });
  }

  #renew(from: string, message: MessageOf<'renew'>): void {
    const { path, revision } = message;
    const before = this.#participant.holding(path)?.revision;
    // A lease that ended while nobody looked has ended.
    this.#expireLeases();
    const isHeld = this.#participant.renew(from, message) && this.#leases.renew(path, this.#now());
    this.#c.send(from, { type: 'renewed', path, revision, isHeld });
    if (!isHeld || before === undefined || before >= revision) return;
    this.#report.oweLit(path);
    this.#watch.hurry();
  }

  async #answerProbe(from: string, { path, round }: MessageOf<'probe'>): Promise<void> {
    const holding = this.#participant.holding(path);
    const ports = holding === null ? [] : inputsOf(holding.pair);
    const limit = this.#c.timings.deviceLimit;
    const found = await withDeadline(this.#platform.clock, limit, 'answer a probe', () =>
      this.#control.power(ports),
    ).catch(() => []);
    const readings = ports.map((port) => {
      const reading = found.find((r) => r.port === port && r.direction === 'in');
      return { port, power: reading?.power ?? null, threshold: this.#detector.thresholdOf(port) };
    });
    this.#c.send(from, { type: 'readings', path, round, readings });
  }

  async #tickForEver(): Promise<never> {
    for (;;) {
      await this.#platform.clock.sleep(this.#c.timings.tick);
      this.#expireLeases();
      this.#backups.tick();
      for (const path of this.#desk.tick()) this.#do(this.#participant.expire(path));
      const outputs = this.#participant.tick(this.#now());
      if (outputs.length > 0) this.#do(outputs);
      this.#report.sayAgain();
    }
  }

  #expireLeases(): void {
    for (const path of this.#leases.takeExpired(this.#now())) {
      this.#record('lease.expired', { path, switch: this.#c.config.switchName });
      this.#do(this.#participant.expire(path));
    }
  }

  /**
   * Reads back the whole switch from time to time: what others have connected is not for us to use or touch, and what
   * they have disconnected of ours is gone: light alone does not show that where it leaves for a host. One that could not
   * be read is tried more often, so that its return becomes known: no fibre may tell of it.
   */
  async #auditForEver(): Promise<never> {
    const { timings } = this.#c;
    const { clock } = this.#platform;
    for (;;) {
      const before = this.#changes;
      const found = await this.#control.read().catch(() => null);
      if (found === null) this.#noteUnread();
      else if (before === this.#changes) {
        this.#noteForeign(found);
        if (this.#changing === 0) this.#giveUpMissing(found);
      }
      const next = after(this.#now(), timings.auditPeriod);
      do await clock.sleep(timings.deviceAgain);
      while (this.#foreign !== null && this.#now() < next);
    }
  }

  /** It does not answer: which of its ports are free is not known until it does. */
  #noteUnread(): void {
    this.#foreign = null;
    this.#showPorts();
  }

  /** What is left of such a cross-connect goes, too, and its coordinator makes it again, here or elsewhere. */
  #giveUpMissing(found: readonly PortPair[]): void {
    const { switchName } = this.#c.config;
    for (const { path, pair, coordinator, revision } of this.#participant.holdings) {
      const ways = found.filter((one) => isWayOf(one.a, one.b, pair)).length;
      if (ways >= inputsOf(pair).length) continue;
      this.#record('crossconnect.missing', { path, switch: switchName, ports: [pair.a, pair.b] });
      this.#do(this.#participant.expire(path));
      this.#c.send(coordinator, { type: 'renewed', path, revision, isHeld: false });
    }
  }

  #noteForeign(found: readonly PortPair[]): void {
    const isOurs = (pair: PortPair): boolean =>
      [pair.a, pair.b].some((port) => this.#participant.holderOf(port) !== null);
    const isBack = this.#foreign === null;
    this.#foreign = new Set(found.filter((pair) => !isOurs(pair)).flatMap((pair) => [pair.a, pair.b]));
    this.#showPorts();
    if (isBack) this.#c.news(null);
  }

  /** Those that may have changed: a large switch has hundreds, and a message concerns two. */
  #showPorts(ports: Iterable<string> = this.#fibreAt.keys()): void {
    let isNews = false;
    const freed: string[] = [];
    for (const port of ports) {
      const fibre = this.#fibreAt.get(port);
      if (fibre === undefined) continue;
      const holder = this.#participant.holderOf(port);
      const bare = this.#foreign === null ? 'unread' : this.#foreign.has(port) ? 'foreign' : 'free';
      const backups = holder === null && bare === 'free' ? this.#backups.at(port) : [];
      const isKept = holder !== null || backups.length > 0;
      const isNewTo = this.#c.view.setOwn(
        port,
        isKept ? 'held' : bare,
        isKept ? (holder ?? '(backup)') : null,
        this.#participant.keeperOf(port),
        backups.map((backup) => ({ path: backup.path, risks: backup.risks })),
      );
      if (!isNewTo) continue;
      isNews = true;
      if (!isKept && bare === 'free') freed.push(fibre);
    }
    if (freed.length > 0) this.#c.news(freed);
    if (isNews) this.#c.announceSoon();
  }

  #watchOnly(): Objection | null {
    const { isWatchOnly, switchName } = this.#c.config;
    return isWatchOnly === true ? failed(`the agent of ${switchName} only watches its switch`) : null;
  }

  /** Whoever has reserved the ports goes before backups when the time has come. */
  #backupObjection(prepare: MessageOf<'prepare'>): Objection | null {
    return this.#desk.isDue(prepare.path) ? null : this.#backups.objection(prepare);
  }

  #unusable({ path, transaction, coordinator, pair }: KeptBackup): Objection | null {
    const { config } = this.#c;
    const watches = this.#watchOnly();
    if (watches !== null) return watches;
    const ports = [pair.a, pair.b];
    const unknown = ports.find((port) => !config.ports.some((p) => p.port === port));
    if (unknown !== undefined) return failed(`${config.switchName} has no port ${unknown}`);
    const foreign = ports.find((port) => this.#foreign?.has(port) === true);
    if (foreign !== undefined) return this.#busy(foreign, 'has a cross-connect of somebody else');
    const rank = { attempt: 0, transaction };
    const prepare = { transaction, path, revision: 0, coordinator, rank, remove: null, make: pair };
    return this.#desk.objection({ type: 'prepare', ...prepare });
  }

  #taken({ path, pair }: KeptBackup): Objection | null {
    for (const port of [pair.a, pair.b]) {
      const holder = this.#participant.holderOf(port);
      if (holder === null || holder === path) continue;
      const isHeld = this.#participant.keeperOf(port) !== null;
      const objection = this.#busy(port, `is ${isHeld ? 'held' : 'wanted'} by path ${holder}`);
      return isHeld ? objection : { ...objection, vote: 'locked' };
    }
    return null;
  }

  #busy(port: string, why: string): Objection {
    return { vote: 'busy', port, reason: `port ${port} of ${this.#c.config.switchName} ${why}` };
  }

  #recordEnd(transaction: string, path: string, end: string): void {
    this.#record(`participant.${end}`, { transaction, path, switch: this.#c.config.switchName });
  }

  #record(kind: string, fields: Parameters<Platform['log']['record']>[1]): void {
    this.#platform.log.record(kind, fields);
  }

  #now(): Instant {
    return this.#platform.clock.now();
  }
}

const failed = (reason: string): Objection => ({ vote: 'failed', port: null, reason });
