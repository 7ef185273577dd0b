// What operators ask of this agent: paths that it coordinates are moved, frozen and thawed, its switch or a fibre of it
// goes into maintenance and comes back, and a path is freed everywhere. Who did it stays in the records.
//
// Whatever comes into maintenance, here or at any other switch, is left by the paths of this agent one after the
// other, those with the highest priority first; those that have no other way, or are fixed, stay and are named.

import { after, type Duration } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import type { DecisionLog } from './decision-log.ts';
import type { LightPath } from './light-path.ts';
import type { Maintenance } from './maintenance.ts';
import type { AgentMessage, ClientMessage, MessageOf } from './messages.ts';
import type { OperatorAnswer, OperatorOrder } from './operator-order.ts';
import type { PathKeeper } from './path-keeper.ts';
import { priorityOf } from './path-terms.ts';
import { askedFor } from './protection.ts';

export interface OperatorDeskOptions {
  readonly context: AgentContext;
  readonly log: DecisionLog;
  readonly paths: Pick<PathKeeper, 'all' | 'find' | 'isProtected'>;
  readonly maintenance: Maintenance;
  /** Has this agent's switch let go of what it has of a path; returns its ports. */
  readonly free: (path: string, by: string) => readonly string[];
}

interface Voice {
  send(message: ClientMessage): void;
}

type Order<K extends OperatorOrder['kind']> = Extract<OperatorOrder, { kind: K }>;

export class OperatorDesk {
  readonly #o: OperatorDeskOptions;
  readonly #c: AgentContext;
  #isDraining = false;
  #isDue = false;
  #isAwaited = false;
  /** The fibres that were to be left last. */
  #drained = '';
  /** By path, why it was said to stay last. */
  readonly #staying = new Map<string, string>();
  /** By path that is being freed, what switches have said. */
  readonly #freed = new Map<string, Map<string, readonly string[]>>();

  constructor(options: OperatorDeskOptions) {
    this.#o = options;
    this.#c = options.context;
  }

  async operate(client: Voice, { by, order }: MessageOf<'operate'>): Promise<void> {
    const answer = await this.#carryOut(order, by);
    if (!answer.isDone) this.#record('operator.refused', { order: order.kind, by, reason: answer.reason });
    client.send({ type: 'operated', ...answer });
  }

  handle(from: string, message: AgentMessage): void {
    if (message.type === 'freed-path') this.#freed.get(message.path)?.set(from, message.ports);
  }

  /** By an operator's word to that agent. */
  freeFor(from: string, { path, by }: { readonly path: string; readonly by: string }): void {
    this.#c.send(from, { type: 'freed-path', path, ports: [...this.#o.free(path, by)] });
  }

  isFrozen(path: string): boolean {
    const { frozen } = this.#o.log.state;
    return frozen.has(path) || frozen.has(askedFor(path));
  }

  /** A protected path is over; of others the log knows. */
  ended(path: string): void {
    if (this.#o.log.state.frozen.has(path))
      this.#c.watch(this.#o.log.append({ kind: 'frozen', path, by: null }));
  }

  /** Something came free: paths that had to stay may have a way now. */
  news(): void {
    if (this.#staying.size > 0) this.#drainLater();
  }

  /** Sees to it that paths leave what is in maintenance; those that tried in vain wait a while, or they would wake each other. */
  drainSoon(): void {
    if (this.#staying.size > 0 && `${this.#fibresOut()}` === this.#drained) return this.#drainLater();
    this.#drainNow();
  }

  #drainLater(): void {
    if (this.#isAwaited) return;
    this.#isAwaited = true;
    this.#c.platform.clock.timer(this.#c.timings.legAgain, () => {
      this.#isAwaited = false;
      this.#drainNow();
    });
  }

  #drainNow(): void {
    this.#isDue = true;
    if (!this.#isDraining) this.#c.watch(this.#drain());
  }

  #carryOut(order: OperatorOrder, by: string): Promise<OperatorAnswer> {
    switch (order.kind) {
      case 'move':
        return this.#move(order, by);
      case 'freeze':
        return this.#freeze(order, by);
      case 'thaw':
        return this.#thaw(order, by);
      case 'maintain':
        return this.#maintain(order, by);
      case 'end-maintenance':
        return this.#endMaintenance(order, by);
      case 'free':
        return this.#free(order, by);
    }
  }

  async #move({ path: name, along: asked }: Order<'move'>, by: string): Promise<OperatorAnswer> {
    const along = asked ?? null;
    const path = this.#o.paths.find(name);
    if (path === null) return no(this.#whoHas(name));
    const known = this.#c.view.fibres(this.#c.platform.clock.now());
    const unknown = along?.find((fibre) => !known.some((each) => each.id === fibre));
    if (unknown !== undefined) return no(`no switch has told of a fibre ${unknown}`);
    this.#record('operator.move', { path: name, by, along: along === null ? null : [...along] });
    const problem = await new Promise<string | null>((answer) =>
      path.order({ why: 'operator', by, along, answer }),
    );
    return problem === null ? yes(`over ${path.route?.fibres.join(', ')}`) : no(problem);
  }

  async #freeze({ path }: Order<'freeze'>, by: string): Promise<OperatorAnswer> {
    if (!this.#isHere(path)) return no(this.#whoHas(path));
    await this.#o.log.append({ kind: 'frozen', path, by });
    this.#record('operator.frozen', { path, by });
    return yes('');
  }

  async #thaw({ path }: Order<'thaw'>, by: string): Promise<OperatorAnswer> {
    if (!this.#o.log.state.frozen.has(path))
      return no(this.#isHere(path) ? 'it is not frozen' : this.#whoHas(path));
    await this.#o.log.append({ kind: 'frozen', path, by: null });
    this.#record('operator.thawed', { path, by });
    for (const own of this.#o.paths.all)
      if (own.name === path || askedFor(own.name) === path) own.put({ kind: 'news', fibres: null });
    this.#drainNow();
    return yes('');
  }

  async #maintain(order: Order<'maintain'>, by: string): Promise<OperatorAnswer> {
    const fibre = order.fibre ?? null;
    const { maintenance } = this.#o;
    if (!maintenance.has(fibre)) return no(`no fibre ${fibre} ends at ${this.#c.config.switchName}`);
    await maintenance.begin(fibre, by);
    const ports = maintenance.portsOf(fibre);
    const limit = after(this.#c.platform.clock.now(), this.#c.timings.drainLimit);
    await this.#until(limit, () => this.#holders(ports).length === 0);
    const paths = this.#holders(ports);
    this.#record('operator.drained', { switch: this.#c.config.switchName, fibre, by, paths });
    return { ...yes(paths.length === 0 ? '' : `still there: ${paths.join(', ')}`), paths };
  }

  async #endMaintenance(order: Order<'end-maintenance'>, by: string): Promise<OperatorAnswer> {
    const fibre = order.fibre ?? null;
    const wasOut = await this.#o.maintenance.end(fibre, by);
    return wasOut ? yes('') : no(`${fibre ?? this.#c.config.switchName} is not in maintenance here`);
  }

  /** Every agent that can be reached is told; those that do not answer are named. */
  async #free({ path }: Order<'free'>, by: string): Promise<OperatorAnswer> {
    const { switchName } = this.#c.config;
    const answers = new Map([[switchName, this.#o.free(path, by)]]);
    this.#freed.set(path, answers);
    const { view, platform, timings } = this.#c;
    const others = view.others(platform.clock.now());
    this.#c.sendAll({ type: 'free-path', path, by });
    await this.#until(after(platform.clock.now(), timings.commitLimit), () =>
      others.every((name) => answers.has(name)),
    );
    this.#freed.delete(path);
    // Whose news was still fresh when it was asked may have grown silent meanwhile.
    const unheard = view.silent(platform.clock.now());
    const silent = [...new Set([...others.filter((name) => !answers.has(name)), ...unheard])];
    const ports = [...answers].flatMap(([name, own]) => own.map((port) => ({ switchName: name, port })));
    const reason = silent.length === 0 ? '' : `nothing is heard of ${silent.join(', ')}`;
    return { isDone: silent.length === 0, reason, paths: [], ports };
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    while (this.#isDue) {
      this.#isDue = false;
      const out = this.#fibresOut();
      this.#drained = `${out}`;
      const inOrder = this.#o.paths.all.toSorted((x, y) => priorityOf(x.terms) - priorityOf(y.terms));
      for (const path of inOrder) await this.#leave(path, out);
    }
    this.#isDraining = false;
  }

  async #leave(path: LightPath, out: readonly string[]): Promise<void> {
    if (out.length > 0) path.leaveBackup(out);
    const fibres = path.state === 'up' ? path.fibresOut : [];
    if (fibres.length === 0) {
      this.#staying.delete(path.name);
      return;
    }
    const { fixed } = path;
    const along = null;
    const reason =
      fixed !== null
        ? `it is ${fixed}`
        : await new Promise<string | null>((answer) =>
            path.order({ why: 'maintenance', by: 'maintenance', along, answer }),
          );
    if (reason === null || reason === this.#staying.get(path.name)) return;
    this.#staying.set(path.name, reason);
    this.#record('operator.stays', { path: path.name, fibres: [...fibres], reason });
  }

  #fibresOut(): readonly string[] {
    const fibres = this.#c.view.fibres(this.#c.platform.clock.now());
    return fibres.flatMap((fibre) => (fibre.isOut() ? [fibre.id] : []));
  }

  /** The paths that have one of these ports of this switch. */
  #holders(ports: readonly string[]): string[] {
    return [...new Set(ports.flatMap((port) => this.#c.view.holderOf(port) ?? []))];
  }

  #isHere(path: string): boolean {
    return this.#o.paths.find(path) !== null || this.#o.paths.isProtected(path);
  }

  #whoHas(path: string): string {
    if (this.#o.paths.isProtected(path))
      return `${path} is protected: its legs ${path}/1, ${path}/2 and so on are moved each by itself`;
    const coordinator = this.#c.view.coordinatorOf(path, this.#c.platform.clock.now());
    return coordinator === null ? `${path} is not known here` : `${path} is coordinated by ${coordinator}`;
  }

  async #until(limit: number, isDone: () => boolean): Promise<void> {
    const { clock } = this.#c.platform;
    const pause: Duration = this.#c.timings.tick;
    while (!isDone() && clock.now() < limit) await clock.sleep(pause);
  }

  #record(kind: string, fields: Parameters<AgentContext['platform']['log']['record']>[1]): void {
    this.#c.platform.log.record(kind, fields);
  }
}

const yes = (reason: string): OperatorAnswer => ({ isDone: true, reason, paths: [], ports: [] });
const no = (reason: string): OperatorAnswer => ({ isDone: false, reason, paths: [], ports: [] });
