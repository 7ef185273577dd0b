// The participant at work: carries out what the participant's state machine asks for on the switch and in the log, keeps
// the leases of what it holds, and gives what is said to it to whom it concerns.

import type { Instant } from '../core/time.ts';
import type { OpticalSwitch } from '../optical/switch.ts';
import type { Platform } from '../platform/platform.ts';
import type { AgentContext } from './agent-context.ts';
import { BackupDesk } from './backup-desk.ts';
import { BackupObstacles, watchOnly } from './backup-obstacles.ts';
import { BookingDesk } from './booking-desk.ts';
import type { DecisionLog } from './decision-log.ts';
import { HeldLight } from './held-light.ts';
import { LeaseTable } from './lease-table.ts';
import type { AgentMessage, MessageOf } from './messages.ts';
import { claimedOf, type PairClaim, PairClaims } from './pair-claims.ts';
import { Participant, type Renewal } from './participant.ts';
import type { ParticipantOutput } from './participant-output.ts';
import { type Legacy, legacyOf, type PathPair } from './past-life.ts';
import type { Holding, Objection } from './port-book.ts';
import { inputsOf, isWayOf, type PortPair } from './port-pair.ts';
import { PortStates, type PortUse } from './port-states.ts';
import type { ReceiverDesk } from './receiver-desk.ts';
import { SwitchAudit } from './switch-audit.ts';
import { SwitchControl } from './switch-control.ts';
import type { Announcement } from './topology-messages.ts';

export class SwitchKeeper {
  readonly #c: AgentContext;
  readonly #platform: Platform;
  readonly #log: DecisionLog;
  readonly #control: SwitchControl;
  readonly #participant: Participant;
  readonly #desk: BookingDesk;
  readonly #backups: BackupDesk;
  readonly #leases: LeaseTable;
  readonly #light: HeldLight;
  readonly #states: PortStates;
  readonly #audit: SwitchAudit;
  /** The last announcement of a forgotten life, until the switch has been read. */
  #past: Announcement | null = null;
  /** Of a life that has forgotten what was before. */
  readonly #claims: PairClaims | null;

  constructor(context: AgentContext, log: DecisionLog, device: OpticalSwitch) {
    const { platform, timings, config } = context;
    this.#c = context;
    this.#platform = platform;
    this.#log = log;
    this.#control = new SwitchControl(device, platform.clock, timings);
    const use: PortUse = {
      holderOf: (port) => this.#participant.ports.holderOf(port),
      keeperOf: (port) => this.#participant.ports.keeperOf(port),
      isBackup: (port) => this.#participant.backupAt(port) !== null,
      backupsAt: (port) => this.#backups.at(port),
    };
    this.#states = new PortStates(context, use);
    this.#desk = new BookingDesk({
      context,
      log,
      holderOf: use.holderOf,
      isUsable: (port) =>
        config.isWatchOnly !== true && this.#states.has(port) && !this.#states.isForeign(port),
    });
    const obstacles = new BackupObstacles({ config, states: this.#states, use, bookings: this.#desk });
    this.#backups = new BackupDesk({ context, log, obstacles, changed: () => this.#states.show() });
    const ports = config.ports.map((p) => p.port);
    this.#participant = new Participant(config.switchName, ports, timings, {
      objection: (prepare) =>
        watchOnly(config) ?? this.#backupObjection(prepare) ?? this.#desk.objection(prepare),
      isDue: (path) => this.#desk.isDue(path),
    });
    this.#leases = new LeaseTable(timings.lease);
    this.#claims = log.isNew ? new PairClaims(this.#now(), timings.lease) : null;
    const holdings = this.#participant.ports;
    const audit = (): Promise<void> => this.#audit.look();
    this.#light = new HeldLight({ context, device, control: this.#control, holdings, audit });
    const settled = (found: readonly PortPair[]): void => {
      this.#inheritRemembered(found);
      this.#inheritClaimed(found);
      this.#giveUpMissing(found);
    };
    this.#audit = new SwitchAudit({ context, control: this.#control, states: this.#states, settled });
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

  /** Was announced of this switch in a life that its agent has forgotten: what is there of it still comes under leases again. */
  inherit(past: Announcement): void {
    if (this.#c.config.isWatchOnly === true) return;
    this.#past = past;
    this.#c.watch(this.#audit.look());
  }

  /** The tasks that never end. */
  run(): Promise<never>[] {
    return [this.#light.run(), this.#tickForEver(), this.#audit.run()];
  }

  /** What hosts say of their receivers. */
  get receivers(): ReceiverDesk {
    return this.#light.receivers;
  }

  handle(from: string, message: AgentMessage): void {
    const p = this.#participant;
    if (message.type === 'prepare') this.#do(p.prepare(message, this.#now()));
    else if (message.type === 'commit') this.#do(p.commit(from, message));
    else if (message.type === 'undecided') p.undecided(from, message, this.#now());
    else if (message.type === 'abort') this.#do(p.abort(message.transaction));
    else if (message.type === 'release') this.#do(p.release(from, message.path, message.revision));
    else if (message.type === 'renew') {
      this.#c.send(from, { type: 'renewed', ...this.#renew(from, message) });
    } else if (message.type === 'renew-all') {
      const paths = message.paths.map((renewal) => this.#renew(from, renewal));
      this.#c.send(from, { type: 'renewed-all', paths });
    } else if (message.type === 'book') this.#c.watch(this.#desk.book(from, message));
    else if (message.type === 'unbook') this.#c.watch(this.#desk.unbook(from, message));
    else if (message.type === 'hold-backup') this.#backups.hold(from, message);
    else if (message.type === 'drop-backup') this.#backups.drop(from, message);
    else if (message.type === 'probe') this.#answerProbe(from, message);
  }

  /** A way to that agent has opened. */
  inTouch(peer: string): void {
    this.#desk.inTouch(peer);
  }

  /** An operator frees what this switch has of a path; who did it stays in the records. */
  free(path: string, by: string): readonly string[] {
    const booked = this.#desk.portsOf(path);
    const ports = [...new Set([...this.#participant.ports.portsOf(path), ...booked])];
    this.#record('operator.freed', { path, switch: this.#c.config.switchName, ports, by });
    this.#desk.drop(path);
    this.#backups.free(path, `freed by ${by}`);
    this.#do(this.#participant.free(path));
    return ports;
  }

  #do(outputs: readonly ParticipantOutput[]): void {
    for (const output of outputs) this.#carryOut(output);
    this.#states.show(this.#participant.ports.takeTouched());
  }

  #carryOut(o: ParticipantOutput): void {
    const p = this.#participant;
    if (o.kind === 'send') this.#c.send(o.to, o.message);
    else if (o.kind === 'send-working') {
      if (this.#control.isAnswering) this.#c.send(o.to, o.message);
    } else if (o.kind === 'check') this.#c.watch(this.#check(o.transaction));
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
    else if (o.kind === 'claimed') this.#claimed(o.claim);
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
    const found = await this.#control
      .patiently(limit, 'check the ports', this.#control.read())
      .catch((error: unknown) => String(error));
    const { switchName } = this.#c.config;
    if (typeof found === 'string') {
      if (!this.#control.isAnswering) this.#states.unread();
      this.#do(this.#participant.checked(transaction, null, `${switchName}: ${found}`));
    } else {
      this.#states.read(found);
      this.#do(this.#participant.checked(transaction, found));
    }
  }

  async #change(transaction: string, remove: PortPair | null, make: PortPair): Promise<void> {
    this.#audit.changeBegins();
    const result = await this.#control.change(remove, make);
    this.#audit.changeEnds();
    const reason = result.kind === 'done' ? '' : `${this.#c.config.switchName}: ${result.reason}`;
    this.#do(this.#participant.changed(transaction, result.kind, reason));
  }

  async #free(path: string, pair: PortPair): Promise<void> {
    this.#audit.changeBegins();
    await this.#control.free(pair);
    this.#audit.changeEnds();
    await this.#log.append({ kind: 'freed', path, pair });
    this.#do(this.#participant.freed(path, pair));
  }

  #hold(holding: Holding, light: 'awaiting' | 'lit' = 'awaiting'): void {
    const { path, pair } = holding;
    const { config, timings } = this.#c;
    this.#desk.used(path);
    this.#backups.made(holding);
    this.#leases.grant(path, this.#now());
    this.#record('lease.granted', {
      path,
      switch: config.switchName,
      ports: [pair.a, pair.b],
      lease_ns: timings.lease,
    });
    this.#light.hold(holding, light);
  }

  #unhold(holding: Holding): void {
    const { path } = holding;
    this.#light.unhold(holding);
    if (this.#leases.release(path))
      this.#record('lease.released', { path, switch: this.#c.config.switchName });
  }

  #renew(from: string, message: Renewal): MessageOf<'renewed-all'>['paths'][number] {
    const { path, revision } = message;
    const before = this.#participant.ports.holding(path)?.revision;
    // A lease that ended while nobody looked has ended.
    this.#expireLeases();
    const isHeld = this.#participant.renew(from, message) && this.#leases.renew(path, this.#now());
    if (before === undefined) this.#claimed({ path, pair: message.pair, coordinator: from });
    if (isHeld && before !== undefined && before < revision) this.#light.await(path);
    return { path, revision, isHeld };
  }

  #answerProbe(from: string, message: MessageOf<'probe'>): void {
    this.#c.watch(this.#light.answerProbe(from, message, this.#participant.ports.holding(message.path)));
  }

  async #tickForEver(): Promise<never> {
    for (;;) {
      await this.#platform.clock.sleep(this.#c.timings.tick);
      this.#expireLeases();
      this.#backups.tick();
      for (const path of this.#desk.tick()) this.#do(this.#participant.expire(path));
      const outputs = this.#participant.tick(this.#now());
      if (outputs.length > 0) this.#do(outputs);
      this.#light.sayAgain();
    }
  }

  #expireLeases(): void {
    for (const path of this.#leases.takeExpired(this.#now())) {
      this.#record('lease.expired', { path, switch: this.#c.config.switchName });
      this.#do(this.#participant.expire(path));
    }
  }

  /** Who has lost nothing knows what it has made, and what else is there is not the path's. */
  #claimed(claim: PairClaim): void {
    if (this.#c.config.isWatchOnly === true || !this.#states.has(claim.pair.a)) return;
    if (this.#claims?.add(claim, this.#now()) === true) this.#c.watch(this.#audit.look());
  }

  #inheritRemembered(found: readonly PortPair[]): void {
    const past = this.#past;
    this.#past = null;
    if (past === null) return;
    const unclaimed = found.filter((pair) => this.#isUnclaimed(pair));
    const { view } = this.#c;
    this.#takeOver(legacyOf(past, unclaimed, (path) => view.coordinatorOf(path, this.#now())));
    this.#states.read(found);
  }

  /** After what neighbours remember. */
  #inheritClaimed(found: readonly PortPair[]): void {
    const claims = this.#claims?.take(this.#now()) ?? [];
    for (const claim of claims) {
      const isOpen = this.#participant.ports.holding(claim.path) === null && this.#isUnclaimed(claim.pair);
      const holding = isOpen ? claimedOf(this.#c.config.switchName, claim, found) : null;
      if (holding !== null) this.#takeOver({ holdings: [holding], left: [] });
    }
    if (claims.length > 0) this.#states.read(found);
  }

  #isUnclaimed(pair: PortPair): boolean {
    const { ports } = this.#participant;
    const isOpen = (port: string): boolean =>
      ports.holdingAt(port) === null && !this.#participant.hasFoundFree(port);
    return isOpen(pair.a) && isOpen(pair.b) && !ports.isBeingFreed(pair);
  }

  #takeOver(legacy: Legacy): void {
    const { switchName } = this.#c.config;
    const { ports } = this.#participant;
    const isNew = ({ path }: PathPair): boolean => ports.holding(path) === null;
    const holdings = legacy.holdings.filter(isNew);
    // Its coordinator has made it anew at other ports.
    const left = [...legacy.left, ...legacy.holdings.filter((holding) => !isNew(holding))];
    for (const { path, pair } of holdings)
      this.#record('crossconnect.inherited', { path, switch: switchName, ports: [pair.a, pair.b] });
    for (const holding of holdings) this.#c.watch(this.#log.append({ kind: 'holding', holding }));
    this.#do(this.#participant.inherit(holdings, left));
  }

  /** What is left of such a cross-connect goes, too, and its coordinator makes it again, here or elsewhere. */
  #giveUpMissing(found: readonly PortPair[]): void {
    const { switchName } = this.#c.config;
    for (const { path, pair, coordinator, revision } of this.#participant.ports.holdings) {
      const ways = found.filter((one) => isWayOf(one.a, one.b, pair)).length;
      if (ways >= inputsOf(pair).length) continue;
      this.#record('crossconnect.missing', { path, switch: switchName, ports: [pair.a, pair.b] });
      this.#do(this.#participant.expire(path));
      this.#c.send(coordinator, { type: 'renewed', path, revision, isHeld: false });
    }
  }

  /** Whoever has reserved the ports goes before backups when the time has come. */
  #backupObjection(prepare: MessageOf<'prepare'>): Objection | null {
    return this.#desk.isDue(prepare.path) ? null : this.#backups.objection(prepare);
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
