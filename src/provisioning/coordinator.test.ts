import { assert, suite } from '../../scripts/testing/suite.ts';
import { CoordinatorTransaction } from './coordinator.ts';
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
