// One CD/CI as the driver talks to it: a session, retrieves that throw, and changes that are made certain. A refusal or
// a lost reply is followed by a retrieve, so that "already so" is done and "no answer" is never taken for "not done".

import { type Duration, seconds } from '../core/time.ts';
import type { Address, Platform } from '../platform/platform.ts';
import { Tl1CommandError } from '../tl1/errors.ts';
import type { Tl1Request } from '../tl1/link.ts';
import type { Tl1Notification } from '../tl1/message.ts';
import { describeFailure, type Tl1Outcome, unanswered } from '../tl1/outcome.ts';
import { Tl1Session, type Tl1SessionOptions } from '../tl1/session.ts';
import {
  type CienaObject,
  type Crs,
  type Eflow,
  type Gtp,
  parseObject,
  readCrs,
  readEflow,
  readGtp,
  readSnc,
  readVcg,
  type Snc,
  type Vcg,
} from './ciena-objects.ts';
import { type ObjectKey, removal, type Step } from './ciena-plan.ts';
import type { CircuitOutcome } from './circuit-service.ts';
import { CircuitError } from './errors.ts';

export interface CircuitTimings {
  /** For one command that changes something. DRAGON VLSR reads for 5 s; "in progress" begins the limit anew. */
  readonly changeLimit: Duration;
  /** For one retrieve; ours. */
  readonly retrieveLimit: Duration;
  /** Before a command that was answered RL ("repeat later") is sent again; ours. */
  readonly busyPause: Duration;
}

export const CIRCUIT_TIMINGS: CircuitTimings = {
  changeLimit: seconds(5),
  retrieveLimit: seconds(10),
  busyPause: seconds(1),
};

export interface CienaNodeOptions
  extends Pick<Platform, 'clock' | 'network' | 'log'>,
    Pick<Tl1SessionOptions, 'login'> {
  /** The node's TID: how other nodes and routes name it. */
  readonly name: string;
  readonly address: Address;
  readonly timings?: Partial<CircuitTimings>;
  readonly sessionTimings?: Tl1SessionOptions['timings'];
}

/** What a node has of what circuits are made of. DTLs are missing: no command that lists them is known. */
export interface Inventory {
  readonly vcgs: readonly Vcg[];
  readonly gtps: readonly Gtp[];
  readonly sncs: readonly Snc[];
  readonly crss: readonly Crs[];
  readonly eflows: readonly Eflow[];
}

/** A change is repeatable, so it is sent again when it turns out not to have been done; so often in all. */
const ATTEMPTS_MAX = 2;
/** A node that is busy is asked again so often. */
const BUSY_MAX = 5;

const DONE: CircuitOutcome = { kind: 'done' };

export class CienaNode {
  readonly name: string;
  readonly #clock: Platform['clock'];
  readonly #session: Tl1Session;
  readonly #timings: CircuitTimings;

  constructor(options: CienaNodeOptions) {
    const { clock, network, log, address, login, sessionTimings } = options;
    this.name = options.name;
    this.#clock = clock;
    this.#timings = { ...CIRCUIT_TIMINGS, ...options.timings };
    this.#session = new Tl1Session({
      clock,
      network,
      log,
      address,
      ...(login !== undefined && { login }),
      ...(sessionTimings !== undefined && { timings: sessionTimings }),
    });
  }

  async inventory(): Promise<Inventory> {
    return {
      vcgs: await this.vcgs(),
      gtps: await this.#gtps(),
      sncs: await this.#sncs(),
      crss: await this.#crss(),
      eflows: await this.#eflows(),
    };
  }

  async vcgs(): Promise<readonly Vcg[]> {
    return (await this.#objects('rtrv-vcg')).map(readVcg);
  }

  /** Lines of the answer. Rejects with `CircuitError` when there is none, or a refusal. */
  async retrieve(request: Tl1Request): Promise<readonly string[]> {
    const outcome = await this.#execute(request, this.#timings.retrieveLimit);
    if (outcome.kind === 'completed') return outcome.lines;
    throw new CircuitError(this.name, request.verb, outcome);
  }

  /** Makes sure that the object is there. */
  enter(step: Step): Promise<CircuitOutcome> {
    if (!isListed(step)) {
      // Refused after it was sent once without an answer, it is there: the first one was done.
      return this.#bringAbout(
        step.enter,
        async (outcome, attempt) => outcome.kind === 'denied' && attempt > 1,
      );
    }
    return this.#bringAbout(step.enter, async () => (await this.#find(step)) !== null);
  }

  /** Makes sure that the object is gone, locking it first. One that cannot be listed is gone after any answer, or none. */
  async remove(key: ObjectKey): Promise<CircuitOutcome> {
    const { lock, remove } = removal(key);
    if (lock !== null) {
      const locked = await this.#bringAbout(lock, async () => (await this.#find(key))?.isLocked !== false);
      if (locked.kind !== 'done') return locked;
    }
    return this.#bringAbout(remove, async () => (await this.#find(key)) === null);
  }

  subscribe(listener: (notification: Tl1Notification) => void): () => void {
    return this.#session.subscribe(listener);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /** `isSo` says, after an answer other than COMPLD, whether the goal is reached all the same. */
  async #bringAbout(
    request: Tl1Request,
    isSo: (outcome: Tl1Outcome, attempt: number) => Promise<boolean>,
  ): Promise<CircuitOutcome> {
    try {
      for (let attempt = 1; ; attempt++) {
        const outcome = await this.#execute(request, this.#timings.changeLimit);
        if (outcome.kind === 'completed' && outcome.code === 'COMPLD') return DONE;
        if (await isSo(outcome, attempt)) return DONE;
        if (outcome.kind === 'denied') return this.#refused(request, outcome);
        if (attempt === ATTEMPTS_MAX)
          return { kind: 'unknown', reason: `${this.name}: ${request.verb}: ${describeFailure(outcome)}` };
      }
    } catch (error) {
      if (error instanceof CircuitError) return { kind: 'unknown', reason: error.message };
      throw error;
    }
  }

  #refused(request: Tl1Request, outcome: Extract<Tl1Outcome, { kind: 'denied' }>): CircuitOutcome {
    const reason = `${this.name}: ${request.verb}: ${describeFailure(outcome)}`;
    return { kind: 'refused', errorCode: outcome.errorCode, reason };
  }

  async #execute(request: Tl1Request, limit: Duration): Promise<Tl1Outcome> {
    for (let tries = 1; ; tries++) {
      const outcome = await this.#executeOnce(request, limit);
      const isBusy = outcome.kind === 'denied' && outcome.errorCode === 'RL';
      if (!isBusy || tries === BUSY_MAX) return outcome;
      await this.#clock.sleep(this.#timings.busyPause);
    }
  }

  /** A name from a garbled listing may be one that TL1 cannot write: nothing is sent then. */
  async #executeOnce(request: Tl1Request, limit: Duration): Promise<Tl1Outcome> {
    try {
      return await this.#session.execute(request, { limit });
    } catch (error) {
      if (error instanceof Tl1CommandError) return unanswered(error.message, false);
      throw error;
    }
  }

  /** Null where it is not there, or cannot be listed. */
  async #find({ kind, name }: ObjectKey): Promise<{ readonly isLocked?: boolean } | null> {
    const list = await this.#listOf(kind);
    return list.find((object) => object.name === name) ?? null;
  }

  #listOf(
    kind: ObjectKey['kind'],
  ): Promise<readonly { readonly name: string; readonly isLocked?: boolean }[]> {
    switch (kind) {
      case 'vcg':
        return this.vcgs();
      case 'gtp':
        return this.#gtps();
      case 'snc':
        return this.#sncs();
      case 'crs':
        return this.#crss();
      case 'eflow':
        return this.#eflows();
      case 'dtl':
      case 'dtl-set':
        return Promise.resolve([]);
    }
  }

  async #gtps(): Promise<readonly Gtp[]> {
    return (await this.#objects('rtrv-gtp')).map(readGtp);
  }

  async #sncs(): Promise<readonly Snc[]> {
    return (await this.#objects('rtrv-snc-stspc')).map(readSnc);
  }

  async #crss(): Promise<readonly Crs[]> {
    // MonALISA asks without an AID.
    return (await this.#objects('rtrv-crs', '')).map(readCrs);
  }

  async #eflows(): Promise<readonly Eflow[]> {
    return (await this.#objects('rtrv-eflow', '')).map(readEflow);
  }

  async #objects(verb: string, aid = 'ALL'): Promise<CienaObject[]> {
    return (await this.retrieve({ verb, aid })).map(parseObject);
  }
}

/** No command that lists DTLs is known (CoreDirectorTL1 has none). */
const isListed = ({ kind }: ObjectKey): boolean => kind !== 'dtl' && kind !== 'dtl-set';
