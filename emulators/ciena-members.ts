// The members of one end of a VCG, each a time slot that has signal or not. With LCAS a member that fails disturbs the
// whole group until the hold-off is over, then leaves it, and returns without a hit; without LCAS the group needs all of
// its members. That it is so is known of Cisco's ONS and inferred for a CD/CI. Left out: the two directions apart.

import { assert } from '../src/core/assert.ts';
import type { Duration } from '../src/core/time.ts';
import type { Clock, Timer } from '../src/platform/platform.ts';

/** `failing`: without signal, and the hold-off not over yet. `joining`: with signal again, and not acknowledged yet. */
export type MemberState = 'out' | 'joining' | 'active' | 'failing';

const TRANSITIONS: Readonly<Record<MemberState, readonly MemberState[]>> = {
  out: ['joining', 'active'],
  joining: ['active', 'out'],
  active: ['failing', 'out'],
  failing: ['active', 'out'],
};

interface Member {
  state: MemberState;
  timer: Timer | null;
}

export interface MemberGroupOptions {
  readonly clock: Pick<Clock, 'timer'>;
  readonly slots: readonly number[];
  readonly isLcas: boolean;
  /** From the loss of a member to its leaving. */
  readonly holdOff: Duration;
  /** From the return of a member's signal to its carrying again. */
  readonly rsAck: Duration;
  /** Called after a member changed by the passing of time. */
  readonly changed: () => void;
}

export class MemberGroup {
  readonly #o: MemberGroupOptions;
  readonly #members = new Map<number, Member>();

  constructor(options: MemberGroupOptions) {
    this.#o = options;
    for (const slot of options.slots) this.#members.set(slot, { state: 'out', timer: null });
  }

  /** STS-1 that the device counts as working: OPERBW. */
  get operational(): number {
    const counted = this.#count('active') + this.#count('failing');
    return this.#o.isLcas || counted === this.#members.size ? counted : 0;
  }

  /** STS-1 that traffic really gets: none while a failed member still takes part. */
  get carrying(): number {
    return this.#count('failing') > 0 ? 0 : this.operational;
  }

  /** Whether a member is on its way back. */
  get isJoining(): boolean {
    return this.#count('joining') > 0;
  }

  stateOf(slot: number): MemberState {
    return this.#members.get(slot)?.state ?? 'out';
  }

  /** What the slot receives from now on. */
  signal(slot: number, isUp: boolean): void {
    const member = this.#members.get(slot);
    if (member === undefined) return;
    const { state } = member;
    if (isUp === (state === 'active' || state === 'joining')) return;
    if (state === 'failing') this.#become(member, isUp ? 'active' : state);
    else if (!this.#o.isLcas) this.#become(member, isUp ? 'active' : 'out');
    else if (state === 'joining') this.#become(member, 'out');
    else if (state === 'out' && isUp) this.#becomeLater(member, 'joining', this.#o.rsAck, 'active');
    else if (state === 'active') this.#becomeLater(member, 'failing', this.#o.holdOff, 'out');
  }

  /** The group is no more. */
  close(): void {
    for (const member of this.#members.values()) member.timer?.cancel();
  }

  #count(state: MemberState): number {
    let n = 0;
    for (const member of this.#members.values()) if (member.state === state) n++;
    return n;
  }

  #becomeLater(member: Member, now: MemberState, wait: Duration, then: MemberState): void {
    this.#become(member, now);
    member.timer = this.#o.clock.timer(wait, () => {
      this.#become(member, then);
      this.#o.changed();
    });
  }

  #become(member: Member, next: MemberState): void {
    if (next === member.state) return;
    assert(
      TRANSITIONS[member.state].includes(next),
      `a VCG's member does not go from ${member.state} to ${next}`,
    );
    member.timer?.cancel();
    member.timer = null;
    member.state = next;
  }
}
