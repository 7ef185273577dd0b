import { assert, suite } from '../../scripts/testing/suite.ts';
import type { MessageOf } from './messages.ts';
import { Participant } from './participant.ts';
import type { ParticipantOutput } from './participant-output.ts';
import { LIMITS } from './timings.ts';
import { at, limits } from './two-phase.fixture.ts';

const test = suite('participant');

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

test('who is asked again before it has an answer says that it is at it', () => {
  const p = new Participant('S', ['1', '2'], limits);
  const typesOf = (outputs: readonly ParticipantOutput[]): string[] =>
    outputs.map((o) => (o.kind === 'send' ? o.message.type : o.kind));
  const commit = (): ParticipantOutput[] =>
    p.commit('C', { type: 'commit', transaction: 't', path: 't', make: { a: '1', b: '2' } });
  p.prepare(prepareOf('t'), at(0));
  assert.equal(typesOf(p.prepare(prepareOf('t'), at(1))), ['send-working']);
  p.checked('t', []);
  p.preparedLogged('t', at(2));
  assert.equal(typesOf(commit()), ['change']);
  assert.equal(typesOf(commit()), ['send-working']);
  p.changed('t', 'done', '');
  p.finishLogged('t', 'done');
  assert.equal(typesOf(commit()), ['committed']);
});

test('one that goes first waits for a locked port, one that goes after is refused at once', () => {
  const p = new Participant('S', ['1', '2'], limits);
  prepared(p, 'm');
  assert.equal(votesOf(p.prepare(prepareOf('z'), at(0))), ['z locked']);
  assert.equal(votesOf(p.prepare(prepareOf('a'), at(0))), []);
  const woken = p.abort('m');
  assert.ok(woken.some((o) => o.kind === 'check' && o.transaction === 'a'));
});

test('a higher priority waits for a port that a lower one has locked, however often that has tried', () => {
  const p = new Participant('S', ['1', '2'], limits);
  const prepareAt = (id: string, priority: number, attempt = 1): ParticipantOutput[] =>
    p.prepare({ ...prepareOf(id), priority, rank: { attempt, transaction: id } }, at(0));
  prepareAt('m', 7, 5);
  p.checked('m', []);
  p.preparedLogged('m', at(0));
  assert.equal(votesOf(prepareAt('y', 7, 9)), []);
  assert.equal(votesOf(prepareAt('z', 0)), []);
  const woken = p.abort('m').flatMap((o) => (o.kind === 'check' ? [o.transaction] : []));
  assert.equal(woken, ['z']);
  assert.equal(votesOf(prepareAt('w', 7, 9)), ['w locked']);
});

test('a wait for a lock ends in a refusal at its limit', () => {
  const p = new Participant('S', ['1', '2'], limits);
  prepared(p, 'm');
  p.prepare(prepareOf('a'), at(0));
  assert.equal(votesOf(p.tick(at(0.7))), []);
  assert.equal(votesOf(p.tick(at(0.8))), ['a locked']);
});

test('several that waited for a port that stays taken are refused once each', () => {
  const p = new Participant('S', ['1', '2'], limits);
  prepared(p, 'm');
  for (const id of ['a', 'b', 'c']) p.prepare(prepareOf(id), at(0));
  p.commit('C', { type: 'commit', transaction: 'm', path: 'm', make: { a: '1', b: '2' } });
  p.changed('m', 'done', '');
  assert.equal(votesOf(p.finishLogged('m', 'done')), ['a busy', 'b busy', 'c busy']);
});

test('of transactions that were refused as many are remembered as of others, the last ones', () => {
  const p = new Participant('S', ['1', '2'], limits);
  const elsewhere = [{ a: '1', b: '9' }];
  const refused = (i: number): ParticipantOutput[] => {
    p.prepare(prepareOf(`t${i}`), at(0));
    return p.checked(`t${i}`, elsewhere);
  };
  for (let i = 0; i <= LIMITS.rememberedMax; i++) assert.equal(votesOf(refused(i)), [`t${i} busy`]);
  assert.equal(votesOf(p.prepare(prepareOf('t1'), at(1))), ['t1 failed'], 'aborted before');
  assert.equal(
    p.prepare(prepareOf('t0'), at(1)).map((o) => o.kind),
    ['check'],
  );
});

test('a prepared participant asks for ever and keeps its ports: only its coordinator can end it', () => {
  const p = new Participant('S', ['1', '2'], limits);
  prepared(p, 't');
  const asks = (s: number): number =>
    p.tick(at(s)).filter((o) => o.kind === 'send' && o.message.type === 'ask').length;
  assert.equal([0.5, 1, 1.5, 2, 3, 300, 86_400].map(asks), [0, 1, 0, 1, 1, 1, 1]);
  assert.is(p.ports.holderOf('1'), 't');
  assert.equal(votesOf(p.prepare(prepareOf('z'), at(86_400))), ['z locked']);
  p.abort('t');
  assert.is(p.ports.holderOf('1'), null);
});

test('what is prepared for a backup is busy to others, a lock only to its own path, and free when it is dropped', () => {
  const p = new Participant('S', ['1', '2'], limits);
  p.prepare({ ...prepareOf('t', 'kept'), isToHold: true }, at(0));
  assert.is(p.backupAt('1'), null, 'it is not prepared yet');
  p.checked('t', []);
  p.preparedLogged('t', at(0));
  assert.is(p.backupAt('1'), 'kept');
  const [refusal] = p.prepare(prepareOf('a', 'other'), at(1));
  assert.ok(refusal?.kind === 'send' && refusal.message.type === 'vote');
  assert.is(refusal.message.vote, 'busy');
  assert.is(refusal.message.reason, 'port 1 of S is kept for the backup of path kept');
  assert.equal(votesOf(p.prepare(prepareOf('z', 'kept'), at(1))), ['z locked']);
  p.abort('t');
  assert.is(p.backupAt('1'), null);
  assert.equal(votesOf(p.prepare(prepareOf('b', 'other'), at(2))), []);
});

test('what is held is kept while its coordinator says so, and given up after a lease without a word', () => {
  const p = new Participant('S', ['1', '2'], limits);
  p.prepare({ ...prepareOf('t'), isToHold: true }, at(0));
  p.checked('t', []);
  p.preparedLogged('t', at(0));
  const undecided = { type: 'undecided', transaction: 't', path: 't' } as const;
  const messagesAt = (s: number): string[] =>
    p.tick(at(s)).flatMap((o) => (o.kind === 'send' ? [o.message.type] : o.kind === 'ended' ? [o.end] : []));
  assert.equal(messagesAt(1), ['ask']);
  p.undecided('C', undecided, at(2));
  assert.equal([5, 11].map(messagesAt), [[], []]);
  assert.equal(messagesAt(12), ['ask']);
  p.undecided('somebody else', undecided, at(20));
  assert.equal(messagesAt(31.9), ['ask']);
  assert.is(p.ports.holderOf('1'), 't');
  assert.equal(messagesAt(33), ['lapsed', 'vote']);
  assert.is(p.ports.holderOf('1'), null);
  const [late] = p.commit('C', { type: 'commit', transaction: 't', path: 't', make: { a: '1', b: '2' } });
  assert.ok(late?.kind === 'send' && late.message.type === 'committed' && late.message.outcome === 'failed');
});

test('after a restart a commit that is told again is confirmed by what it made', () => {
  const p = new Participant('S', ['1', '2'], limits);
  const pair = { a: '1', b: '2' };
  const holding = { path: 'p', transaction: 't', pair, coordinator: 'C', revision: 0 };
  p.restore([holding], [], at(0));
  const outcomeOf = (transaction: string): unknown =>
    p
      .commit('C', { type: 'commit', transaction, path: 'p', make: { a: '1', b: '2' } })
      .map((o) => (o.kind === 'send' && o.message.type === 'committed' ? o.message.outcome : o.kind));
  assert.equal(outcomeOf('t'), ['done']);
  assert.equal(outcomeOf('other'), ['failed', 'claimed']);
});

test('one that comes to know after a restart that nothing was decided takes away what it may have made, and nothing that it held', () => {
  const made = (holdings: Parameters<Participant['restore']>[0]): unknown => {
    const p = new Participant('S', ['1', '2', '3', '4'], limits);
    p.restore(holdings, [prepareOf('t', 'p')], at(0));
    return p.abort('t').flatMap((o) => (o.kind === 'free' ? [o.pair] : []));
  };
  const { make } = prepareOf('t', 'p');
  assert.equal(made([]), [make]);
  assert.equal(made([{ path: 'p', transaction: 's', pair: make, coordinator: 'C', revision: 0 }]), []);
  const p = new Participant('S', ['1', '2'], limits);
  prepared(p, 't');
  assert.equal(
    p.abort('t').filter(({ kind }) => kind === 'free'),
    [],
  );
});

test('a release while a decision is out frees what was held, and what is made after it, too', () => {
  const p = new Participant('S', ['1', '2'], limits);
  prepared(p, 't');
  assert.equal(p.release('C', 't', 0), []);
  p.commit('C', { type: 'commit', transaction: 't', path: 't', make: { a: '1', b: '2' } });
  p.changed('t', 'done', '');
  const outputs = p.finishLogged('t', 'done');
  assert.equal(outputs.map((o) => o.kind).slice(-2), ['unheld', 'free']);
  assert.ok(p.freed('t', { a: '1', b: '2' }).some((o) => o.kind === 'send' && o.message.type === 'released'));
});

test('a change of a path waits for an earlier one of it, at whatever ports, and replaces what that made', () => {
  const p = new Participant('S', ['1', '2', '3', '4'], limits);
  const later = { ...prepareOf('later', 'p'), revision: 1, make: { a: '3', b: '4' } };
  p.prepare(prepareOf('t', 'p'), at(0));
  p.checked('t', []);
  p.preparedLogged('t', at(0));
  assert.equal(p.prepare(later, at(0)), []);
  p.commit('C', { type: 'commit', transaction: 't', path: 'p', make: { a: '1', b: '2' } });
  p.changed('t', 'done', '');
  const woken = p.finishLogged('t', 'done');
  assert.ok(woken.some((o) => o.kind === 'check' && o.transaction === 'later'));
  p.checked('later', []);
  p.preparedLogged('later', at(0));
  const [change] = p.commit('C', {
    type: 'commit',
    transaction: 'later',
    path: 'p',
    make: { a: '3', b: '4' },
  });
  assert.ok(change?.kind === 'change');
  assert.equal(change.entry.remove, { a: '1', b: '2' });
});

test('one that waited too long for an earlier change of its path says so, and names a port of its own', () => {
  const p = new Participant('S', ['1', '2', '3', '4'], limits);
  p.restore([], [prepareOf('t', 'p')], at(0));
  p.prepare({ ...prepareOf('later', 'p'), revision: 1, make: { a: '3', b: '4' } }, at(0));
  const messages = p.tick(at(0.8)).flatMap((o) => (o.kind === 'send' ? [o.message] : []));
  const refusals = messages.filter(({ type }) => type === 'vote');
  const reason = 'an earlier change of path p at S has not ended';
  assert.equal(refusals, [
    { type: 'vote', transaction: 'later', path: 'p', vote: 'locked', port: '3', reason },
  ]);
});

test.run();
