// Which life of its switch's agents an agent is in. Lives are counted on disk; where that was lost, they begin anew, and
// whoever heard the agent before takes what it says for old. Then he says so, and the agent goes above what he has heard, as
// a router does of which others hold newer link states than it has made (RFC 2328, section 13.4).

import type { Clock } from '../platform/platform.ts';
import type { DecisionLog } from './decision-log.ts';
import { type AgentTimings, LIMITS } from './timings.ts';

export interface LifeOptions {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly timings: Pick<AgentTimings, 'resend'>;
  readonly log: Pick<DecisionLog, 'state' | 'append'>;
  /** Others have said what they remember of the last life, which a word in another one would replace. */
  readonly recalled: () => Promise<void>;
  /** It is in a later life from now on. */
  readonly risen: (boot: number) => void;
  readonly watch: (task: Promise<unknown>) => void;
}

export class Life {
  readonly #o: LifeOptions;
  #heard = 0;
  #isRising = false;

  constructor(options: LifeOptions) {
    this.#o = options;
  }

  get boot(): number {
    return this.#o.log.state.boot;
  }

  /** Somebody has heard of a later life than this one, or of more in this one than has been said. */
  outlived(boot: number): void {
    if (boot < this.boot || boot >= LIMITS.livesMax) return;
    this.#heard = Math.max(this.#heard, boot);
    if (this.#isRising) return;
    this.#isRising = true;
    this.#o.watch(this.#rise());
  }

  /** With a pause: of two agents that were given one name by mistake, each would go above the other as fast as they can. */
  async #rise(): Promise<void> {
    const { log, recalled, risen, clock, timings } = this.#o;
    while (this.#heard >= this.boot) {
      const boot = this.#heard + 1;
      await Promise.all([log.append({ kind: 'boot', boot }), recalled()]);
      risen(boot);
      await clock.sleep(timings.resend);
    }
    this.#isRising = false;
  }
}
