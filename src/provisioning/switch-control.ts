// Changes on the switch, made certain: an answer that did not come is resolved by reading back what is there,
// and what is done counts as done only when the read-back shows it.

import { after, type Duration, EPOCH, type Instant } from '../core/time.ts';
import type { OpticalSwitch, PowerReading, SwitchOutcome } from '../optical/switch.ts';
import { withDeadline } from '../platform/deadline.ts';
import { TimeoutError } from '../platform/errors.ts';
import type { Clock } from '../platform/platform.ts';
import { inputsOf, isSamePair, isWayOf, type PortPair } from './port-pair.ts';
import { type AgentTimings, LIMITS } from './timings.ts';

export type ChangeResult = { kind: 'done' } | { kind: 'failed'; reason: string };
const DONE: ChangeResult = { kind: 'done' };

export class SwitchControl {
  readonly #device: OpticalSwitch;
  readonly #clock: Pick<Clock, 'now' | 'timer' | 'sleep'>;
  readonly #timings: Pick<AgentTimings, 'deviceLimit' | 'deviceAgain' | 'busyLimit'>;
  /** When the switch last answered. */
  #answeredAt: Instant = EPOCH;
  #reading: Promise<PortPair[]> | null = null;
  #nextReading: Promise<PortPair[]> | null = null;

  constructor(
    device: OpticalSwitch,
    clock: Pick<Clock, 'now' | 'timer' | 'sleep'>,
    timings: Pick<AgentTimings, 'deviceLimit' | 'deviceAgain' | 'busyLimit'>,
  ) {
    this.#device = device;
    this.#clock = clock;
    this.#timings = timings;
  }

  /** Whether it answers, so that what it has not done yet waits its turn. */
  get isAnswering(): boolean {
    return this.#clock.now() <= after(this.#answeredAt, this.#timings.busyLimit);
  }

  /**
   * Every one-way cross-connect of the switch as (input, output), as it is now or later. Rejects when it cannot be read.
   * A switch does one command at a time: those who ask while it is being read share the next reading.
   */
  read(): Promise<PortPair[]> {
    if (this.#reading === null) {
      this.#reading = this.#readNow().finally(() => {
        this.#reading = null;
      });
      return this.#reading;
    }
    this.#nextReading ??= this.#reading
      .catch(() => {})
      .then(() => {
        this.#nextReading = null;
        return this.read();
      });
    return this.#nextReading;
  }

  async #readNow(): Promise<PortPair[]> {
    const found = await this.#limited('read the cross-connects', () => this.#device.listCrossConnects());
    return found.map(({ input, output }) => ({ a: input, b: output }));
  }

  /** Rejects when it cannot be read: that is not darkness. */
  power(ports: readonly string[]): Promise<readonly PowerReading[]> {
    return this.#limited('read port power', () => this.#device.readPower(ports));
  }

  /** Removes one cross-connect and makes another. Repeatable. A try that fails is repeated a few times. */
  async change(remove: PortPair | null, make: PortPair): Promise<ChangeResult> {
    let result: ChangeResult = DONE;
    for (let i = 0; i < LIMITS.deviceTriesMax; i++) {
      if (i > 0) await this.#clock.sleep(this.#timings.deviceAgain);
      const stays = remove === null || isSamePair(remove, make);
      result = stays ? DONE : await this.#try('disconnect', remove);
      if (result.kind === 'done') result = await this.#try('connect', make);
      if (result.kind === 'done') return result;
    }
    return result;
  }

  /** Removes it and keeps at it until it is seen gone. */
  async free(pair: PortPair): Promise<void> {
    while ((await this.#try('disconnect', pair)).kind !== 'done')
      await this.#clock.sleep(this.#timings.deviceAgain);
  }

  async #try(verb: 'connect' | 'disconnect', pair: PortPair): Promise<ChangeResult> {
    const { a, b } = pair;
    const way = pair.way ?? 'two';
    const outcome = await this.#limited(verb, () => this.#device[verb](a, b, way)).catch(
      (error: unknown): SwitchOutcome => ({ kind: 'unknown', reason: String(error) }),
    );
    if (outcome.kind === 'done' && verb === 'disconnect') return DONE;
    const found = await this.read().catch(() => null);
    const reason = outcome.kind === 'done' ? 'not there when read back' : outcome.reason;
    if (found === null) return { kind: 'failed', reason: `${verb} ${a} and ${b}: ${reason}` };
    const ways = found.filter((one) => isWayOf(one.a, one.b, pair)).length;
    if (ways === (verb === 'disconnect' ? 0 : inputsOf(pair).length)) return DONE;
    return { kind: 'failed', reason: `${verb} ${a} and ${b}: ${reason}` };
  }

  /**
   * Waits for what was asked of the switch: so long, and as long again each time that it has answered others meanwhile, as the
   * question then only waits its turn.
   */
  async patiently<T>(limit: Duration, what: string, running: Promise<T>): Promise<T> {
    for (let waits = 0; ; waits++) {
      try {
        return await withDeadline(this.#clock, limit, what, () => running);
      } catch (error) {
        const isBusy = error instanceof TimeoutError && this.isAnswering;
        if (!isBusy || waits === LIMITS.busyWaitsMax) throw error;
      }
    }
  }

  async #limited<T>(what: string, operation: () => Promise<T>): Promise<T> {
    const answer = await this.patiently(this.#timings.deviceLimit, what, operation());
    this.#answeredAt = this.#clock.now();
    return answer;
  }
}
