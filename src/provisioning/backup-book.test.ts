import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { metres } from '../core/quantity.ts';
import { BackupBook, type KeptBackup } from './backup-book.ts';
import { type BackupRisks, risksOf, sharedRisk } from './backup-risks.ts';
import { LogState } from './log-state.ts';
import type { Route } from './route.ts';
import { LIMITS } from './timings.ts';

const test = suite('ports kept for shared backups');

const risks = (fibres: string[], more: Partial<BackupRisks> = {}): BackupRisks => ({
  fibres,
  switches: [],
  srlgs: [],
  disjoint: 'edge',
  ...more,
});
const kept = (path: string, a: string, b: string, of = risks([path])): KeptBackup => ({
  path,
  transaction: `${path}#1`,
  coordinator: 'S1',
  pair: { a, b },
  risks: of,
});

test('what either path asked to be apart by is a risk that both share', () => {
  const x = risks(['f'], { switches: ['S'], srlgs: ['duct'] });
  const y = risks(['g'], { switches: ['S'], srlgs: ['duct'] });
  assert.is(sharedRisk(x, y), null);
  assert.is(sharedRisk({ ...x, disjoint: 'node' }, y), 'switch S');
  assert.is(sharedRisk(x, { ...y, disjoint: 'srlg' }), 'SRLG duct');
  assert.is(sharedRisk(x, risks(['h', 'f'])), 'fibre f');
});

test('a switch that the backup passes, too, is no risk that it is there for', () => {
  const via = (fibres: string[], ...switches: string[]): Route => ({
    from: 'T1',
    to: 'T2',
    fibres,
    hops: switches.map((switchName) => ({ switchName, pair: { a: '1', b: '2' } })),
    length: metres(1),
  });
  const working = via(['a', 'f', 'g', 'z'], 'S1', 'S2', 'S4');
  const backup = via(['a', 'h', 'i', 'z'], 'S1', 'S3', 'S4');
  const end = (node: string) => ({ node, port: '1' });
  const f = { id: 'f', a: end('S1'), b: end('S2'), weight: 1, length: metres(1), srlg: ['duct'] };
  const found = {
    fibres: ['a', 'f', 'g', 'z'],
    switches: ['S2'],
    srlgs: ['duct'],
    disjoint: 'node',
  } as const;
  assert.equal(risksOf([f], working, backup, 'node'), found);
  assert.equal(risksOf([f], working, null, 'node'), found);
});

test('backups share a port while no risk is common, and only so many', () => {
  const book = new BackupBook('S');
  book.keep(kept('p', '1', '2'));
  assert.is(book.objection(kept('q', '2', '3')), null);
  assert.match(book.objection(kept('q', '2', '3', risks(['p'])))?.reason ?? '', /port 2 of S.*fibre p/);
  // Its own stands in nobody's way.
  assert.is(book.objection(kept('p', '1', '2')), null);
  for (let i = 1; i < LIMITS.backupsMax; i++) book.keep(kept(`q${i}`, '2', '3'));
  assert.match(book.objection(kept('r', '2', '4'))?.reason ?? '', new RegExp(`${LIMITS.backupsMax} paths`));
});

test('a path gets ports that are kept for it, and no others that are kept', () => {
  const book = new BackupBook('S');
  book.keep(kept('p', '1', '2'));
  book.keep(kept('q', '3', '2'));
  assert.is(book.inTheWay('p', { a: '1', b: '2' }), null);
  assert.is(book.inTheWay('p', { a: '3', b: '2' })?.port, '3');
  assert.is(book.inTheWay('r', { a: '5', b: '2' })?.port, '2');
  assert.is(book.inTheWay('r', { a: '5', b: '6' }), null);
  assert.equal(
    book.lostTo('p', { a: '1', b: '2' }).map(({ path }) => path),
    ['q'],
  );
});

test('whatever is kept in whatever order, no two at one port share a risk', () => {
  const name = fc.constantFrom('f', 'g', 'h');
  const wish = fc.record({
    path: fc.constantFrom('p', 'q', 'r', 's'),
    port: fc.constantFrom('1', '2'),
    fibres: fc.uniqueArray(name, { minLength: 1, maxLength: 2 }),
    isDropped: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 30 }), (wishes) => {
      const book = new BackupBook('S');
      for (const { path, port, fibres, isDropped } of wishes) {
        const backup = kept(path, port, '9', risks(fibres));
        if (isDropped) book.drop(path);
        else if (book.objection(backup) === null) book.keep(backup);
        const all = book.at('9');
        for (const x of all)
          for (const y of all) assert.ok(x === y || x.risks.fibres.every((f) => !y.risks.fibres.includes(f)));
      }
    }),
  );
});

test('the log keeps what is kept, also when it is written anew; a drop that is late drops nothing newer', () => {
  const state = new LogState();
  const newer = { ...kept('p', '1', '3'), transaction: 'p#2' };
  state.apply({ kind: 'backup-held', backup: kept('p', '1', '2') });
  state.apply({ kind: 'backup-held', backup: newer });
  state.apply({ kind: 'backup-dropped', path: 'p', transaction: 'p#1' });
  const again = new LogState();
  for (const entry of state.entries()) again.apply(entry);
  assert.equal([...again.backups.values()], [newer]);
  again.apply({ kind: 'backup-dropped', path: 'p', transaction: 'p#2' });
  assert.is(again.backups.size, 0);
});

test.run();
