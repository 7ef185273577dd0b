import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { instant, ms, seconds } from '../core/time.ts';
import { type CoordinatorOutput, CoordinatorTransaction, type TransactionPlan } from './coordinator.ts';
import type { AgentMessage, MessageOf } from './messages.ts';
import { Participant } from './participant.ts';
import type { ParticipantOutput } from './participant-output.ts';

const test = suite('two-phase commit');

const limits = { lockWait: ms(800), decisionLimit: seconds(1) };
const at = (s: number): ReturnType<typeof instant> => instant(s * 1e9);

const plan = (
  transaction: string,
  path: string,
  coordinator: string,
  switches: readonly string[],
): TransactionPlan => ({
  transaction,
  path,
  revision: 0,
  coordinator,
  rank: { attempt: 1, transaction },
  voters: switches.map((switchName) => ({ switchName, remove: null, make: { a: '1', b: '2' } })),
});

const prepareOf = (transaction: string, path = transaction): MessageOf<'prepare'> => ({
  type: 'prepare',
  transaction,
  path,
  revision: 0,
  coordinator: 'C',
  rank: { attempt: 1, transaction },
  remove: null,
  make: { a: '1', b: '2' },
});

const votesOf = (outputs: readonly ParticipantOutput[]): string[] =>
  outputs.flatMap((o) =>
    o.kind === 'send' && o.message.type === 'vote' ? [`${o.message.transaction} ${o.message.vote}`] : [],
  );

/** Brings a transaction to prepared. */
function prepared(p: Participant, id: string): ParticipantOutput[] {
  const outputs = p.prepare(prepareOf(id), at(0));
  if (outputs.some((o) => o.kind === 'check')) p.checked(id, []);
  return p.preparedLogged(id, at(0));
}

test('a vote is sent only when it is on disk, and repeated when it is asked for again', () => {
  const p = new Participant('S', ['1', '2'], limits);
  assert.equal(votesOf(p.prepare(prepareOf('t'), at(0))), []);
  assert.equal(votesOf(p.checked('t', [])), []);
  assert.equal(votesOf(p.preparedLogged('t', at(0))), ['t prepared']);
  assert.equal(votesOf(p.prepare(prepareOf('t'), at(1))), ['t prepared']);
});

test('one that goes first waits for a locked port, one that goes after is refused at once', () => {
  const p = new Participant('S', ['1', '2'], limits);
  prepared(p, 'm');
  assert.equal(votesOf(p.prepare(prepareOf('z'), at(0))), ['z locked']);
  assert.equal(votesOf(p.prepare(prepareOf('a'), at(0))), []);
  const woken = p.abort('m');
  assert.ok(woken.some((o) => o.kind === 'check' && o.transaction === 'a'));
});

test('a wait for a lock ends in a refusal at its limit', () => {
  const p = new Participant('S', ['1', '2'], limits);
  prepared(p, 'm');
  p.prepare(prepareOf('a'), at(0));
  assert.equal(votesOf(p.tick(at(0.7))), []);
  assert.equal(votesOf(p.tick(at(0.8))), ['a locked']);
});

test('a prepared participant asks for ever and keeps its ports: only its coordinator can end it', () => {
  const p = new Participant('S', ['1', '2'], limits);
  prepared(p, 't');
  const asks = (s: number): number =>
    p.tick(at(s)).filter((o) => o.kind === 'send' && o.message.type === 'ask').length;
  assert.equal([0.5, 1, 1.5, 2, 3, 300, 86_400].map(asks), [0, 1, 0, 1, 1, 1, 1]);
  assert.is(p.holderOf('1'), 't');
  assert.equal(votesOf(p.prepare(prepareOf('z'), at(86_400))), ['z locked']);
  p.abort('t');
  assert.is(p.holderOf('1'), null);
});

test('votes that do not come by the limit abort, and nothing is decided after that', () => {
  const c = new CoordinatorTransaction(plan('t', 'p', 'C', ['A', 'B']));
  const vote = {
    type: 'vote',
    transaction: 't',
    path: 'p',
    vote: 'prepared',
    port: null,
    reason: '',
  } as const;
  c.start();
  c.vote('A', vote);
  const ended = c.prepareLimitPassed().find((o) => o.kind === 'aborted');
  assert.equal(ended?.kind === 'aborted' ? ended.refusals.map((r) => r.switchName) : null, ['B']);
  const late = c.vote('B', vote);
  assert.equal(
    late.map((o) => (o.kind === 'send' ? o.message.type : o.kind)),
    ['abort'],
  );
});

test('a commit without answer counts as failed at the limit, and is told until it is answered', () => {
  const c = new CoordinatorTransaction(plan('t', 'p', 'C', ['A']), 'committing');
  assert.is(c.start().length, 1);
  const [outcome] = c.commitLimitPassed();
  assert.equal(outcome?.kind === 'committed' ? outcome.failed.map((f) => f.kind) : null, ['unreachable']);
  assert.is(c.resend().length, 1);
  const done = { type: 'committed', transaction: 't', path: 'p', outcome: 'done', reason: '' } as const;
  assert.equal(c.committed('A', done), [{ kind: 'settled', late: ['A'] }]);
  assert.is(c.resend().length, 0);
});

test('a release while a decision is out frees what was held, and what is made after it, too', () => {
  const p = new Participant('S', ['1', '2'], limits);
  prepared(p, 't');
  assert.equal(p.release('C', 't', 0), []);
  p.commit('C', { type: 'commit', transaction: 't', path: 't' });
  p.changed('t', 'done', '');
  const outputs = p.finishLogged('t', 'done');
  assert.equal(outputs.map((o) => o.kind).slice(-2), ['unheld', 'free']);
  assert.ok(p.freed('t', { a: '1', b: '2' }).some((o) => o.kind === 'send' && o.message.type === 'released'));
});

test('a prepare that comes again after its transaction ended makes nothing', () => {
  const c = new CoordinatorTransaction(plan('t', 'p', 'C', ['A', 'B']), 'committing');
  c.start();
  c.committed('A', { type: 'committed', transaction: 't', path: 'p', outcome: 'done', reason: '' });
  assert.equal(
    c.ask('A').map((o) => (o.kind === 'send' ? o.message.type : o.kind)),
    ['abort'],
  );
  assert.equal(
    c.ask('B').map((o) => (o.kind === 'send' ? o.message.type : o.kind)),
    ['commit'],
  );
});

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
      const holders = [...this.#participants.values()].filter((p) => p.holding(c.plan.path) !== null).length;
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
