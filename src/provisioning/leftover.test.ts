import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { Checkers } from '../scenario/checkers/all.ts';
import { Bed } from './bed.fixture.ts';
import { granted, REQUEST } from './line.fixture.ts';
import { LogState } from './log-state.ts';
import type { MessageOf } from './messages.ts';
import { Participant } from './participant.ts';
import type { ParticipantOutput } from './participant-output.ts';
import { at, limits } from './two-phase.fixture.ts';

const test = suite('leftovers of an older revision');

const prepareOf = (revision: number, make = { a: '1', b: '2' }): MessageOf<'prepare'> => ({
  type: 'prepare',
  transaction: `t${revision}`,
  path: 'p',
  revision,
  coordinator: 'C',
  // Later transactions may well have the name that goes behind.
  rank: { attempt: 1, transaction: `t${revision}` },
  remove: null,
  make,
});

const kinds = (outputs: readonly ParticipantOutput[]): string[] => outputs.map((o) => o.kind);

/** A switch that carried out a commit which its coordinator had given up. */
function withLeftover(): Participant {
  const p = new Participant('S', ['1', '2', '3'], limits);
  p.prepare(prepareOf(1), at(0));
  p.checked('t1', []);
  p.preparedLogged('t1', at(0));
  p.commit('C', { type: 'commit', transaction: 't1', path: 'p', make: { a: '1', b: '2' } });
  p.changed('t1', 'done', '');
  p.finishLogged('t1', 'done');
  return p;
}

test('a newer prepare of the same path replaces what an older one made late', () => {
  const p = withLeftover();
  p.prepare(prepareOf(2, { a: '1', b: '3' }), at(1));
  assert.equal(
    kinds(
      p.checked('t2', [
        { a: '1', b: '2' },
        { a: '2', b: '1' },
      ]),
    ),
    ['log-prepared'],
  );
  p.preparedLogged('t2', at(1));
  const [change] = p.commit('C', { type: 'commit', transaction: 't2', path: 'p', make: { a: '1', b: '3' } });
  assert.equal(change?.kind === 'change' && change.entry.remove, { a: '1', b: '2' });
});

test('it waits for an older one that is still being carried out, whatever their ranks', () => {
  const p = new Participant('S', ['1', '2', '3'], limits);
  p.prepare(prepareOf(1), at(0));
  p.checked('t1', []);
  p.preparedLogged('t1', at(0));
  assert.equal(p.prepare(prepareOf(2, { a: '1', b: '3' }), at(0)), []);
  p.commit('C', { type: 'commit', transaction: 't1', path: 'p', make: { a: '1', b: '2' } });
  p.changed('t1', 'done', '');
  const outputs = p.finishLogged('t1', 'done');
  assert.ok(outputs.some((o) => o.kind === 'check' && o.transaction === 't2'));
});

test('a commit waits until an older cross-connect of its ports is gone', () => {
  const p = withLeftover();
  p.prepare(prepareOf(2), at(1));
  p.checked('t2', []);
  p.preparedLogged('t2', at(1));
  const commit = { type: 'commit', transaction: 't2', path: 'p', make: { a: '1', b: '2' } } as const;
  assert.ok(kinds(p.release('C', 'p', 1)).includes('free'));
  assert.equal(kinds(p.commit('C', commit)), ['send-working']);
  p.freed('p', { a: '1', b: '2' });
  assert.equal(kinds(p.commit('C', commit)), ['change']);
});

test('an older prepare does not replace a newer cross-connect, nor does another coordinator', () => {
  const p = withLeftover();
  for (const prepare of [prepareOf(0), { ...prepareOf(3), coordinator: 'D' }]) {
    const [vote] = p.prepare({ ...prepare, transaction: 'x' }, at(1));
    assert.is(vote?.kind === 'send' && vote.message.type === 'vote' && vote.message.vote, 'failed');
  }
});

test('what was being freed is freed after a restart, also when its path has got other ports meanwhile', () => {
  const log = new LogState();
  const [old, made] = [
    { a: '1', b: '2' },
    { a: '3', b: '4' },
  ];
  for (const [transaction, make] of [['t1', old] as const, ['t2', made] as const]) {
    const entry = { transaction, path: 'p', revision: 0, coordinator: 'C', remove: null, make };
    log.apply({ kind: 'prepared', entry });
    log.apply({ kind: 'finished', transaction, outcome: 'done' });
  }
  assert.equal(log.holdings.get('p')?.pair, made);
  assert.equal(log.toFree, [{ path: 'p', pair: old }]);
  log.apply({ kind: 'freed', path: 'p', pair: old });
  assert.equal(log.toFree, []);
});

/** Three lines between the switches; the second of them runs through S4. */
const MAP = {
  aa: 'T1 S1 1',
  ab: 'S1 S2 700',
  an: 'S1 S4 900',
  nb: 'S4 S2 900',
  ax: 'S1 S5 2000',
  xb: 'S5 S2 2000',
  cc: 'S2 T2 1',
};

/** S2 crashes a little after the cut, stays away, and meanwhile the next line is cut as well. */
async function awayAround(crashAfter: number, secondCut: number, away: number): Promise<Bed> {
  const bed = new Bed({ fibres: MAP, delay: ms(20), seed: `${crashAfter} ${secondCut}` });
  await bed.run(async () => {
    granted(await bed.newClient('S1').request(REQUEST), bed);
    await bed.sleep(seconds(2));
    bed.plant.cut('ab');
    await bed.sleep(ms(crashAfter));
    bed.at('S2').crash();
    await bed.sleep(ms(secondCut));
    bed.plant.cut('an');
    await bed.sleep(ms(away));
    bed.at('S2').restart();
    await bed.sleep(seconds(45));
  });
  return bed;
}

for (const crashAfter of [150, 200, 230, 260, 290, 320, 350, 400])
  test(`a switch that goes ${crashAfter} ms after a cut and comes back after a second one does not end the path`, async () => {
    for (const [secondCut, away] of [
      [500, 3_000],
      [1_000, 2_500],
      [2_500, 1_000],
    ] as const) {
      const bed = await awayAround(crashAfter, secondCut, away);
      const tail = (): string => bed.trace.tail(60).join('\n');
      assert.equal(
        bed.records('path.down').map((r) => r.fields['reason']),
        [],
        tail(),
      );
      assert.equal(bed.records('path.up').at(-1)?.fields['fibres'], ['aa', 'ax', 'xb', 'cc'], tail());
      assert.is(bed.crossConnects().length, 6, tail());
      const checkers = new Checkers(seconds(30));
      for (const record of bed.trace.records) checkers.observe(record);
      checkers.settle(bed.engine.now());
      assert.equal(checkers.violations, []);
    }
  });

test.run();
