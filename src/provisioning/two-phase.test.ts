import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { type CoordinatorOutput, CoordinatorTransaction } from './coordinator.ts';
import type { AgentMessage } from './messages.ts';
import { Participant } from './participant.ts';
import type { ParticipantOutput } from './participant-output.ts';
import { at, limits, plan } from './two-phase.fixture.ts';

const test = suite('two-phase commit');

test('whatever is lost, doubled or overtaken, all end alike, and never do two hold one port', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1_000_000), { minLength: 20, maxLength: 200 }), (choices) => {
      const world = new Turmoil(choices);
      world.play();
      world.settle();
      world.check();
    }),
    { numRuns: 400 },
  );
});

const SWITCHES = ['A', 'B', 'C'] as const;

/** Two coordinators want the same ports of three switches; any message may be lost, doubled or overtaken. */
class Turmoil {
  readonly #choices: readonly number[];
  readonly #participants = new Map(
    SWITCHES.map((s) => [s as string, new Participant(s, ['1', '2'], limits)]),
  );
  readonly #coordinators = new Map<string, CoordinatorTransaction>();
  readonly #ends = new Map<string, Set<string>>();
  readonly #held = new Map<string, string>();
  /** Messages may be lost or doubled; what a machine does by itself happens once. */
  #todo: { act: () => void; isMessage: boolean }[] = [];
  #now = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
    for (const [i, name] of ['X', 'Y'].entries()) {
      const c = new CoordinatorTransaction(
        plan(`${name}#1`, name, name, i === 0 ? SWITCHES : [...SWITCHES].reverse()),
      );
      this.#coordinators.set(name, c);
      this.#coordinate(name, c.start());
    }
  }

  play(): void {
    for (const choice of this.#choices) {
      const fate = choice % 10;
      const index = choice % Math.max(1, this.#todo.length);
      const step = this.#todo[index];
      if (step === undefined || fate === 0) this.#tick(choice);
      if (step === undefined) continue;
      if (fate !== 1 || !step.isMessage) this.#todo.splice(index, 1);
      if (fate !== 2 || !step.isMessage) step.act();
    }
  }

  /** From here on nothing is lost. */
  settle(): void {
    for (let i = 0; i < 50; i++) {
      for (const step of this.#todo.splice(0)) step.act();
      this.#tick(i);
    }
  }

  check(): void {
    for (const [transaction, ends] of this.#ends)
      assert.ok(ends.size <= 1, `${transaction}: ${[...ends].join(' and ')}`);
    for (const c of this.#coordinators.values()) {
      const holders = [...this.#participants.values()].filter(
        (p) => p.ports.holding(c.plan.path) !== null,
      ).length;
      assert.is(holders, c.state === 'committed' ? 3 : 0, `${c.plan.transaction} is ${c.state}`);
    }
    for (const p of this.#participants.values()) assert.equal(p.tick(at(86_400)), [], 'in doubt for ever');
  }

  #tick(choice: number): void {
    this.#now += 1;
    for (const [name, c] of this.#coordinators) {
      if (choice % 4 === 1) this.#coordinate(name, c.prepareLimitPassed());
      this.#coordinate(name, c.resend());
    }
    for (const [name, p] of this.#participants) this.#participate(name, p.tick(at(this.#now)));
  }

  #coordinate(name: string, outputs: readonly CoordinatorOutput[]): void {
    const c = this.#coordinators.get(name);
    for (const o of outputs) {
      if (o.kind === 'send')
        this.#todo.push({ act: () => this.#deliver(name, o.to, o.message), isMessage: true });
      if (o.kind === 'log')
        this.#todo.push({
          act: () => c?.state === 'deciding' && this.#coordinate(name, c.decisionLogged()),
          isMessage: false,
        });
    }
  }

  #participate(name: string, outputs: readonly ParticipantOutput[]): void {
    const p = this.#participants.get(name) as Participant;
    const then = (next: () => ParticipantOutput[]): unknown =>
      this.#todo.push({ act: () => this.#participate(name, next()), isMessage: false });
    for (const o of outputs) {
      if (o.kind === 'send')
        this.#todo.push({ act: () => this.#deliver(name, o.to, o.message), isMessage: true });
      else if (o.kind === 'check') then(() => p.checked(o.transaction, []));
      else if (o.kind === 'log-prepared') then(() => p.preparedLogged(o.entry.transaction, at(this.#now)));
      else if (o.kind === 'change') then(() => p.changed(o.entry.transaction, 'done', ''));
      else if (o.kind === 'log-finished') then(() => p.finishLogged(o.transaction, o.outcome));
      else if (o.kind === 'held') this.#hold(name, o.holding.path);
      else if (o.kind === 'ended' && o.end !== 'prepared')
        this.#ends.set(o.entry.transaction, (this.#ends.get(o.entry.transaction) ?? new Set()).add(o.end));
    }
  }

  #hold(name: string, path: string): void {
    assert.is(this.#held.get(name) ?? path, path, `${name} is held twice`);
    this.#held.set(name, path);
  }

  #deliver(from: string, to: string, m: AgentMessage): void {
    const p = this.#participants.get(to);
    const c = this.#coordinators.get(to);
    if (p !== undefined && m.type === 'prepare') this.#participate(to, p.prepare(m, at(this.#now)));
    if (p !== undefined && m.type === 'commit') this.#participate(to, p.commit(from, m));
    if (p !== undefined && m.type === 'abort') this.#participate(to, p.abort(m.transaction));
    if (c !== undefined && m.type === 'vote') this.#coordinate(to, c.vote(from, m));
    if (c !== undefined && m.type === 'committed') this.#coordinate(to, c.committed(from, m));
    if (c !== undefined && m.type === 'ask') this.#coordinate(to, c.ask(from));
  }
}

test.run();
