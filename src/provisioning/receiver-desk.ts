// What hosts at this switch's fibres say of their receivers. A host's word counts against the fibre to it when light
// that this switch sees, and sends there, does not arrive: the switch is read first, so that what is dark before it is
// left to those who see that, and a cross-connect that is gone to the audit. Then the path's coordinator is told, and again
// while it lasts.

import type { Dbm } from '../core/quantity.ts';
import { after, type Duration, EPOCH, type Instant, ns } from '../core/time.ts';
import { withDeadline } from '../platform/deadline.ts';
import type { PortConfig } from './agent-config.ts';
import type { AgentContext } from './agent-context.ts';
import type { Message, MessageOf } from './messages.ts';
import type { Holding } from './port-book.ts';
import { isOutput } from './port-pair.ts';

interface Voice {
  send(message: Message): void;
}

interface Word {
  readonly voice: Voice;
  readonly isLit: boolean;
  readonly since: Instant;
  readonly settling: Duration;
}

/** A receiver that a path is to give light, and what has been made of its darkness. */
interface Case {
  readonly path: string;
  readonly revision: number;
  isLost: boolean;
  /** When it was looked into or told last. */
  at: Instant;
}

export interface ReceiverDeskOptions {
  readonly context: AgentContext;
  readonly holdingAt: (port: string) => Holding | null;
  /** Since when light has come in there; null while none does. */
  readonly litSince: (port: string) => Instant | null;
  /** What comes in there now; null where that cannot be read. */
  readonly power: (port: string) => Promise<Dbm | null>;
  readonly thresholdOf: (port: string) => Dbm;
  /** Reads the cross-connects back, and gives up what is missing. */
  readonly audit: () => Promise<void>;
  /** A host has light on a fibre that a path has, where that is news. */
  readonly lit: (holding: Holding, fibre: string) => void;
}

export class ReceiverDesk {
  readonly #o: ReceiverDeskOptions;
  readonly #c: AgentContext;
  /** The ports that fibres to hosts end at, by fibre. */
  readonly #ports: ReadonlyMap<string, PortConfig>;
  readonly #words = new Map<string, Word>();
  readonly #cases = new Map<string, Case>();
  readonly #questions = new Map<number, (isLit: boolean) => void>();
  /** When the path of that name last changed: what its host says of the time before is of no use. */
  readonly #changedAt = new Map<string, Instant>();
  #asked = 0;

  constructor(options: ReceiverDeskOptions) {
    this.#o = options;
    this.#c = options.context;
    const toHosts = this.#c.config.ports.filter(({ far }) => far.kind === 'terminal');
    this.#ports = new Map(toHosts.map((port) => [port.fibre, port]));
  }

  /** Only the host at the fibre's other end is believed, and from its own machine where that is known. */
  heard(voice: Voice, machine: string, message: MessageOf<'receiver'>): void {
    const { host, fibre, isLit, settling_ns, answers } = message;
    const port = this.#ports.get(fibre);
    if (port?.far.kind !== 'terminal' || port.far.terminal !== host) return;
    if (port.speaker !== undefined && port.speaker !== machine) return;
    const known = this.#words.get(fibre);
    const since = known?.isLit === isLit ? known.since : this.#now();
    this.#words.set(fibre, { voice, isLit, since, settling: ns(settling_ns) });
    if (answers !== null) this.#questions.get(answers)?.(isLit);
    if (!isLit) return this.#review(fibre, port);
    const isNews = known === undefined || this.#cases.get(fibre)?.isLost === true;
    this.#cases.delete(fibre);
    const holding = this.#holdingAt(port);
    if (isNews && holding !== null) this.#o.lit(holding, fibre);
  }

  /** A host whose connection has ended says nothing any more. */
  gone(voice: Voice): void {
    for (const [fibre, word] of this.#words) if (word.voice === voice) this.#words.delete(fibre);
  }

  /** The path has come to this switch, or another route of it is known here. */
  changed(path: string): void {
    this.#changedAt.set(path, this.#now());
  }

  forget(path: string): void {
    this.#changedAt.delete(path);
  }

  tick(): void {
    for (const [fibre, { isLit }] of this.#words) {
      const port = this.#ports.get(fibre);
      if (!isLit && port !== undefined) this.#review(fibre, port);
    }
  }

  /** What counts now of the hosts that the path leads to from here: those that were dark are asked again. */
  async receiversOf(holding: Holding): Promise<{ fibre: string; isLit: boolean }[]> {
    const fibres = [...this.#ports].filter(([, { port }]) => isOutput(holding.pair, port));
    const found = await Promise.all(
      fibres.map(async ([fibre, port]) => {
        const word = this.#words.get(fibre);
        if (word === undefined || (!word.isLit && !this.#counts(holding, port, word))) return [];
        const isLit = word.isLit || (await this.#ask(fibre, word));
        return isLit === null ? [] : [{ fibre, isLit }];
      }),
    );
    return found.flat();
  }

  #review(fibre: string, port: PortConfig): void {
    const word = this.#words.get(fibre);
    const holding = this.#holdingAt(port);
    if (word === undefined || word.isLit || holding === null || !this.#counts(holding, port, word)) return;
    const { path, revision } = holding;
    const known = this.#cases.get(fibre);
    const isKnown = known?.path === path && known.revision === revision;
    const now = this.#now();
    if (isKnown && after(known.at, this.#c.timings.reportAgain) > now) return;
    if (isKnown && known.isLost) {
      known.at = now;
      this.#tell(holding, fibre, port);
    } else {
      const opened = { path, revision, isLost: false, at: now };
      this.#cases.set(fibre, opened);
      this.#c.watch(this.#look(opened, holding, fibre, port));
    }
  }

  /** Not before the light has had the time to get there, and has been missed for the hold-off. */
  #counts(holding: Holding, { port }: PortConfig, word: Word): boolean {
    const { hostLight, holdOff } = this.#c.timings;
    const litSince = this.#o.litSince(otherPort(holding, port));
    if (litSince === null) return false;
    const from = latest(litSince, this.#changedAt.get(holding.path) ?? EPOCH);
    const settled = after(from, ns(Math.max(hostLight, word.settling)));
    return latest(settled, after(word.since, holdOff)) <= this.#now();
  }

  async #look(opened: Case, holding: Holding, fibre: string, port: PortConfig): Promise<void> {
    const word = this.#words.get(fibre);
    if (word === undefined) return;
    const input = otherPort(holding, port.port);
    const [isLit, power] = await Promise.all([this.#ask(fibre, word), this.#o.power(input)]);
    if (isLit !== false || power === null || power < this.#o.thresholdOf(input)) return;
    await this.#o.audit();
    const now = this.#holdingAt(port);
    const { path, revision } = opened;
    const isSame = now?.path === path && now.revision === revision;
    if (!isSame || this.#cases.get(fibre) !== opened) return;
    opened.isLost = true;
    const { switchName } = this.#c.config;
    const fields = { path, switch: switchName, port: port.port, power_dbm: null, by: 'host' };
    this.#c.platform.log.record('loss.detected', fields);
    this.#tell(now, fibre, port);
  }

  #tell({ path, revision, coordinator }: Holding, fibre: string, { far }: PortConfig): void {
    if (far.kind !== 'terminal') return;
    this.#c.send(coordinator, { type: 'host-dark', path, revision, host: far.terminal, fibre });
  }

  /** Null when the host does not answer. */
  async #ask(fibre: string, { voice }: Word): Promise<boolean | null> {
    const { clock } = this.#c.platform;
    const number = ++this.#asked;
    const answer = await withDeadline(clock, this.#c.timings.hostLimit, `ask of fibre ${fibre}`, () => {
      const answered = new Promise<boolean>((done) => this.#questions.set(number, done));
      voice.send({ type: 'look', fibre, number });
      return answered;
    }).catch(() => null);
    this.#questions.delete(number);
    return answer;
  }

  #holdingAt({ port }: PortConfig): Holding | null {
    const holding = this.#o.holdingAt(port);
    return holding !== null && isOutput(holding.pair, port) ? holding : null;
  }

  #now(): Instant {
    return this.#c.platform.clock.now();
  }
}

const otherPort = ({ pair: { a, b } }: Holding, port: string): string => (a === port ? b : a);

const latest = (x: Instant, y: Instant): Instant => (x > y ? x : y);
