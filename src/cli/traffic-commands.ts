// Points a host's traffic by commands that the user gives as templates; without --write they are only shown. For each peer
// there is what is wanted and what is so, and one task that makes the one of the other: the last word wins, and a command that
// fails is not believed.

import type { Duration } from '../core/time.ts';
import { seconds } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
import type { TrafficSteering } from '../provisioning/daemon-config.ts';
import { runCommand } from './command-run.ts';
import { UsageError } from './exit-code.ts';
import type { Pointed, TrafficJournal } from './traffic-journal.ts';

/** iproute2: the route of one host over the interface that the light path ends at, and its removal. */
export const USE_PATH = 'ip route replace {address} dev {interface}';
export const USE_ROUTED = 'ip route del {address} dev {interface}';

/** What iproute2 says of a route, or of an interface, that is not there: a command that failed at once left none. */
const NOTHING_THERE = /No such process|Cannot find device/;

/** A way back that fails is tried so often, with so long between: ours. */
const UNDO_TRIES_MAX = 3;
const UNDO_PAUSE: Duration = seconds(1);

const PLACES = ['path', 'peer', 'address', 'interface'] as const;

export interface TrafficCommandsOptions {
  readonly usePath: string;
  readonly useRouted: string;
  readonly interface: string;
  /** Where a peer's data goes. */
  readonly addressOf: (peer: string) => string;
  /** What is pointed now. Null: nothing is run, only shown. */
  readonly journal: TrafficJournal | null;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Told where the journal cannot be written. */
  readonly fail: (error: unknown) => void;
}

type Wanted = { readonly path: string; readonly failed: (reason: string) => void } | 'routed';

export class TrafficCommands implements TrafficSteering {
  readonly #o: TrafficCommandsOptions;
  /** By peer: what is still to be done. */
  readonly #wanted = new Map<string, Wanted>();
  readonly #tasks = new Map<string, Promise<void>>();
  /** Without a journal: what would be pointed. */
  readonly #shown = new Map<string, Pointed>();
  #isOver = false;

  /** Throws `UsageError` for a template that is none. */
  constructor(options: TrafficCommandsOptions) {
    for (const template of [options.usePath, options.useRouted]) checkTemplate(template);
    this.#o = options;
  }

  usePath(path: string, peer: string, failed: (reason: string) => void): void {
    // Who is told that it failed would only try again.
    if (!this.#isOver) this.#want(peer, { path, failed });
  }

  useRouted(peer: string): void {
    this.#want(peer, 'routed');
  }

  /** Everything goes back to the routed network. Resolves when that is done, or was given up. */
  async allRouted(): Promise<void> {
    const peers = this.#o.journal?.peers ?? [...this.#shown.keys()];
    for (const peer of new Set([...peers, ...this.#tasks.keys()])) this.useRouted(peer);
    await Promise.all(this.#tasks.values());
  }

  /** The same for good: light that is found while commands still run points nothing any more. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.allRouted();
  }

  #want(peer: string, wanted: Wanted): void {
    this.#wanted.set(peer, wanted);
    if (this.#tasks.has(peer)) return;
    const task = this.#work(peer).finally(() => this.#tasks.delete(peer));
    this.#tasks.set(peer, task);
    task.catch(this.#o.fail);
  }

  async #work(peer: string): Promise<void> {
    // Its caller goes on first.
    await null;
    for (let next = this.#wanted.get(peer); next !== undefined; next = this.#wanted.get(peer)) {
      this.#wanted.delete(peer);
      if (next === 'routed') await this.#undo(peer);
      else await this.#point(peer, next);
    }
  }

  /** Who fails may have done half of it, so that is undone, too, and owed until it is. */
  async #point(peer: string, { path, failed }: Exclude<Wanted, 'routed'>): Promise<void> {
    const values = { path, peer, address: this.#o.addressOf(peer), interface: this.#o.interface };
    this.#remember(values);
    const reason = await this.#run(this.#o.usePath, values);
    if (reason === null) return;
    await this.#undo(peer);
    // What is wanted meanwhile is not what failed.
    if (!this.#wanted.has(peer)) failed(reason);
  }

  async #undo(peer: string): Promise<void> {
    const values = this.#pointed(peer);
    if (values === undefined) return;
    for (let tries = 1; !(await this.#isUndone(values)); tries++) {
      if (tries === UNDO_TRIES_MAX) {
        const command = wordsOf(this.#o.useRouted, values).join(' ');
        return console.error(
          `lightbed: traffic for ${peer} may still go over path ${values.path}, and should not: ${command}`,
        );
      }
      await this.#o.clock.sleep(UNDO_PAUSE);
      if (this.#wanted.has(peer)) return;
    }
    this.#forget(peer);
  }

  async #isUndone(values: Pointed): Promise<boolean> {
    const reason = await this.#run(this.#o.useRouted, values);
    return reason === null || (this.#o.useRouted === USE_ROUTED && NOTHING_THERE.test(reason));
  }

  #pointed(peer: string): Pointed | undefined {
    return this.#o.journal === null ? this.#shown.get(peer) : this.#o.journal.of(peer);
  }

  #remember(values: Pointed): void {
    if (this.#o.journal === null) this.#shown.set(values.peer, values);
    else this.#o.journal.point(values);
  }

  #forget(peer: string): void {
    this.#shown.delete(peer);
    this.#o.journal?.forget(peer);
  }

  /** Null where it was done. */
  async #run(template: string, values: Pointed): Promise<string | null> {
    const [program = '', ...words] = wordsOf(template, values);
    const line = [program, ...words].join(' ');
    if (this.#o.journal === null) {
      console.log(`would run: ${line}`);
      return null;
    }
    const reason = await runCommand(program, words);
    console.log(reason === null ? `ran: ${line}` : `failed: ${line}: ${reason}`);
    return reason;
  }
}

/** Placeholders are put into words, never into a shell. */
export const wordsOf = (template: string, values: Pointed): string[] =>
  template
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => word.replace(/\{(\w+)\}/g, (_, place: keyof Pointed) => values[place] ?? ''));

function checkTemplate(template: string): void {
  if (template.trim() === '') throw new UsageError('a command to point traffic with is empty');
  for (const [, place = ''] of template.matchAll(/\{(\w+)\}/g))
    if (!PLACES.some((known) => known === place))
      throw new UsageError(
        `${template}: there is no {${place}}, only ${PLACES.map((p) => `{${p}}`).join(', ')}`,
      );
}
