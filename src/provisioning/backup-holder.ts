// The coordinator's side of shared backups: asks the switches of a backup to keep its ports, says so again as long as it
// is wanted, and hears when one of them has given them to another path. Nothing of it is decided: whoever needs the
// ports takes them by a transaction of its own, which a switch that has given them away refuses.

import { between, type Instant } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import type { BackupRisks } from './backup-risks.ts';
import type { Refusal, TransactionPlan } from './coordinator.ts';
import type { MessageOf } from './messages.ts';

export interface HeldBackup {
  readonly kind: 'held';
  /** False from when it was lost or dropped. */
  isHeld(): boolean;
  drop(): void;
}

export type BackupAnswer = HeldBackup | { readonly kind: 'aborted'; readonly refusals: readonly Refusal[] };

interface Wish {
  readonly plan: TransactionPlan;
  readonly risks: BackupRisks;
  /** When each switch last said that it keeps it. */
  readonly heard: Map<string, Instant>;
  readonly since: Instant;
  readonly answer: (answer: BackupAnswer) => void;
  readonly lost: (reason: string) => void;
  isHeld: boolean;
  saidAt: Instant;
}

export class BackupHolder {
  readonly #c: AgentContext;
  /** By transaction. */
  readonly #wishes = new Map<string, Wish>();

  constructor(context: AgentContext) {
    this.#c = context;
  }

  /** Asks all switches of the plan. `lost` hears once if it is held and then is not, without `drop`. */
  hold(plan: TransactionPlan, risks: BackupRisks, lost: (reason: string) => void): Promise<BackupAnswer> {
    const since = this.#now();
    return new Promise((answer) => {
      const heard = new Map<string, Instant>();
      const wish = { plan, risks, heard, since, answer, lost, isHeld: false, saidAt: since };
      this.#wishes.set(plan.transaction, wish);
      this.#say(wish, () => true);
    });
  }

  heard(from: string, { transaction, path, vote, port, reason }: MessageOf<'held-backup'>): void {
    const wish = this.#wishes.get(transaction);
    if (wish === undefined) {
      if (vote === 'prepared') this.#c.send(from, { type: 'drop-backup', transaction, path });
      return;
    }
    if (vote !== 'prepared') return this.#end(wish, [{ switchName: from, kind: vote, port, reason }]);
    wish.heard.set(from, this.#now());
    if (wish.isHeld || wish.heard.size < wish.plan.voters.length) return;
    wish.isHeld = true;
    const isHeld = (): boolean => this.#wishes.has(transaction);
    wish.answer({ kind: 'held', isHeld, drop: () => this.#drop(wish) });
  }

  /** A way to that switch has opened, perhaps to a new life of it. */
  inTouch(switchName: string): void {
    for (const wish of this.#wishes.values()) this.#say(wish, (name) => name === switchName);
  }

  /** What was not answered is asked again; what is held, renewed; what nobody confirms, given up. */
  tick(): void {
    const { prepareLimit, lease, heartbeat } = this.#c.timings;
    const now = this.#now();
    for (const wish of [...this.#wishes.values()]) {
      const limit = wish.isHeld ? lease : prepareLimit;
      const silent = wish.plan.voters.flatMap(({ switchName }) =>
        between(wish.heard.get(switchName) ?? wish.since, now) >= limit ? [switchName] : [],
      );
      if (wish.isHeld ? silent.length > 0 : between(wish.since, now) >= limit)
        this.#end(wish, this.#missing(wish, silent).map(unheard));
      else if (!wish.isHeld) this.#say(wish, (name) => !wish.heard.has(name));
      else if (between(wish.saidAt, now) >= heartbeat) {
        wish.saidAt = now;
        this.#say(wish, () => true);
      }
    }
  }

  #missing({ isHeld, plan, heard }: Wish, silent: readonly string[]): readonly string[] {
    return isHeld ? silent : plan.voters.map((v) => v.switchName).filter((name) => !heard.has(name));
  }

  #say({ plan: { transaction, path, voters }, risks }: Wish, isFor: (switchName: string) => boolean): void {
    for (const { switchName, make: pair } of voters)
      if (isFor(switchName))
        this.#c.send(switchName, { type: 'hold-backup', transaction, path, pair, risks });
  }

  #end(wish: Wish, refusals: readonly Refusal[]): void {
    this.#drop(wish);
    if (wish.isHeld) wish.lost(refusals.map(({ reason }) => reason).join('; '));
    else wish.answer({ kind: 'aborted', refusals });
  }

  #drop({ plan: { transaction, path, voters } }: Wish): void {
    if (!this.#wishes.delete(transaction)) return;
    for (const { switchName } of voters) this.#c.send(switchName, { type: 'drop-backup', transaction, path });
  }

  #now(): Instant {
    return this.#c.platform.clock.now();
  }
}

const unheard = (switchName: string): Refusal => ({
  switchName,
  kind: 'unreachable',
  port: null,
  reason: `${switchName} does not say that it keeps the backup`,
});
