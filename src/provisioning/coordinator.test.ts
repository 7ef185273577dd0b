import { assert, suite } from '../../scripts/testing/suite.ts';
import { CoordinatorTransaction } from './coordinator.ts';
import { LIMITS } from './timings.ts';
import { plan } from './two-phase.fixture.ts';

const test = suite('coordinator');

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

test('who says that it is at it gets more time, a bounded number of times, where nobody misses light', () => {
  const limitsPassed = (isPatient: boolean, who: readonly string[]): number => {
    const agreed = plan('t', 'p', 'C', ['A', 'B']);
    const c = new CoordinatorTransaction(isPatient ? { ...agreed, isPatient } : agreed);
    c.start();
    for (let count = 1; ; count++) {
      for (const name of who) c.working(name);
      if (c.prepareLimitPassed().length > 0) return count;
    }
  };
  assert.is(limitsPassed(true, ['A', 'B']), LIMITS.extensionsMax + 1);
  assert.is(limitsPassed(true, ['A']), 1);
  assert.is(limitsPassed(false, ['A', 'B']), 1);
  const told = new CoordinatorTransaction({ ...plan('t', 'p', 'C', ['A']), isPatient: true }, 'committing');
  told.start();
  told.working('A');
  assert.equal(told.commitLimitPassed(), []);
  assert.is(told.state, 'committing');
  assert.is(told.commitLimitPassed().length, 1);
});

test('refusals of an aborted try that come late are known to the next', () => {
  const c = new CoordinatorTransaction(plan('t', 'p', 'C', ['A', 'B', 'D']));
  c.start();
  const refuses = (from: string, port: string): ReturnType<typeof c.vote> =>
    c.vote(from, { type: 'vote', transaction: 't', path: 'p', vote: 'locked', port, reason: '' });
  const aborted = refuses('A', '1').find((o) => o.kind === 'aborted');
  assert.equal([...refuses('B', '2'), ...refuses('B', '2'), ...refuses('A', '1')], []);
  const refusals = aborted?.kind === 'aborted' ? aborted.refusals : [];
  assert.equal(
    refusals.map(({ switchName, port }) => `${switchName} ${port}`),
    ['A 1', 'B 2'],
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

test.run();
