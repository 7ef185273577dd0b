import { assert, suite } from '../../scripts/testing/suite.ts';
import { instant, seconds } from '../core/time.ts';
import type { Announcement } from './topology-messages.ts';
import { TopologyView } from './topology-view.ts';

const test = suite('topology view');
const at = (s: number): ReturnType<typeof instant> => instant(s * 1e9);

const part = (me: string, other: string, o: Partial<Announcement> = {}): Announcement => ({
  switchName: me,
  boot: 1,
  sequence: 1,
  ports: [
    {
      port: '1',
      fibre: 'ab',
      far: { kind: 'switch', switchName: other, port: '1' },
      weight: 5,
      length: 5,
      state: 'free',
      holder: null,
    },
  ],
  ...o,
});

const view = (): TopologyView => new TopologyView(part('A', 'B'), seconds(30));

test('a fibre is there while both its ends say so, and goes with the age of the announcement', () => {
  const v = view();
  assert.is(v.fibres(at(0)).length, 0);
  v.accept(part('B', 'A'), at(0));
  assert.equal(
    v.fibres(at(29)).map((f) => f.id),
    ['ab'],
  );
  assert.is(v.fibres(at(30)).length, 0);
});

test('an old announcement does not undo a newer one, and a restart begins a new count', () => {
  const v = view();
  assert.ok(v.accept(part('B', 'A', { sequence: 7 }), at(0)));
  assert.not.ok(v.accept(part('B', 'A', { sequence: 6, ports: [] }), at(1)));
  assert.not.ok(v.accept(part('B', 'A', { sequence: 7, ports: [] }), at(1)));
  assert.ok(v.accept(part('B', 'A', { boot: 2, sequence: 1, ports: [] }), at(1)));
  assert.not.ok(v.accept(part('B', 'A', { sequence: 9 }), at(2)));
  assert.is(v.fibres(at(2)).length, 0);
});

test('a held port is free for its own path only', () => {
  const v = view();
  v.accept(part('B', 'A'), at(0));
  assert.ok(v.setOwn('1', 'held', 'p'));
  assert.not.ok(v.setOwn('1', 'held', 'p'));
  const [fibre] = v.fibres(at(1));
  assert.ok(fibre?.isFreeFor('p') === true && fibre.isFreeFor('q') === false);
  v.setOwn('1', 'foreign', null);
  assert.not.ok(v.fibres(at(1))[0]?.isFreeFor('p'));
});

test('the list of fibres is the same while only states change, and another when a fibre or a switch does', () => {
  const v = view();
  v.accept(part('B', 'A'), at(0));
  const fibres = v.fibres(at(0));
  v.setOwn('1', 'held', 'p');
  const held = part('B', 'A', { sequence: 2 });
  v.accept({ ...held, ports: held.ports.map((port) => ({ ...port, state: 'held', holder: 'q' })) }, at(20));
  assert.ok(v.fibres(at(49)) === fibres);
  assert.not.ok(fibres[0]?.isFreeFor('p'));
  v.setOwn('1', 'free', null);
  assert.ok(fibres[0]?.isFreeFor('q'));
  assert.is(v.fibres(at(50)).length, 0);
  v.accept(part('B', 'A', { sequence: 3 }), at(51));
  assert.is(v.fibres(at(51)).length, 1);
  const longer = part('B', 'A', { sequence: 4 });
  v.accept({ ...longer, ports: longer.ports.map((port) => ({ ...port, weight: 9 })) }, at(52));
  assert.is(v.fibres(at(52))[0]?.weight, 9);
  v.accept(part('B', 'A', { sequence: 5, ports: [] }), at(53));
  assert.is(v.fibres(at(53)).length, 0);
});

test('changes are told once each, and whoever follows them sees what an announcement would show', () => {
  const a = view();
  const b = new TopologyView(part('B', 'A'), seconds(30));
  a.accept(b.announce(), at(0));
  const [fibre] = a.fibres(at(0));
  b.setOwn('1', 'held', 'p', { coordinator: 'C', priority: 3 });
  const held = b.takeChanges();
  assert.equal(held.ports, [
    { port: '1', state: 'held', holder: 'p', keeper: { coordinator: 'C', priority: 3 } },
  ]);
  assert.equal(a.follow(held, at(20)), []);
  assert.not.ok(fibre?.isFreeFor('q'));
  b.setOwn('1', 'free', null);
  assert.equal(a.follow(b.takeChanges(), at(20)), ['ab']);
  assert.ok(fibre?.isFreeFor('q'));
  assert.equal(a.follow(held, at(21)), []);
  assert.ok(fibre?.isFreeFor('q'));
  // Nothing has changed: that alone keeps it alive.
  const same = b.takeChanges();
  assert.equal(same.ports, []);
  a.follow(same, at(40));
  assert.is(a.fibres(at(69)).length, 1);
  assert.is(a.fibres(at(70)).length, 0);
});

test('what changes and changes back is not told, not even to one who asks in between', () => {
  const a = view();
  const b = new TopologyView(part('B', 'A'), seconds(30));
  b.setOwn('1', 'held', 'p');
  a.accept(b.announce(), at(0));
  b.setOwn('1', 'free', null);
  const changes = b.takeChanges();
  assert.equal(changes.ports, []);
  a.follow(changes, at(0));
  assert.ok(a.fibres(at(0))[0]?.isFreeFor('q'));
});

test('changes that follow what was missed, or an agent not heard of, are not taken', () => {
  const a = view();
  const b = new TopologyView(part('B', 'A'), seconds(30));
  assert.is(a.follow(b.takeChanges(), at(0)), null);
  a.accept(b.announce(), at(0));
  b.setOwn('1', 'foreign', null);
  b.takeChanges();
  b.setOwn('1', 'held', 'p');
  assert.is(a.follow(b.takeChanges(), at(1)), null);
  a.accept(b.announce(), at(1));
  assert.equal(a.follow(b.takeChanges(), at(1)), []);
  const reborn = new TopologyView(part('B', 'A', { boot: 2 }), seconds(30));
  assert.is(a.follow(reborn.takeChanges(), at(2)), null);
});

test('what both kinds of fibres lose, share and end at is told', () => {
  const far = { kind: 'terminal', terminal: 'T' } as const;
  const port = { port: '2', fibre: 'at', far, weight: 1, length: 1, state: 'free', holder: null } as const;
  const transceiver = { power: 0, sensitivity: -20 };
  const ports = [{ ...port, loss: 0.5, srlg: ['duct'], portType: 'sm', transceiver }];
  const v = new TopologyView(part('A', 'B', { insertionLoss: 1.5, ports }), seconds(30));
  const [fibre] = v.fibres(at(0));
  assert.equal(fibre?.a, { node: 'T', port: null, transceiver });
  assert.equal(fibre?.b, { node: 'A', port: '2', type: 'sm', loss: 1.5 });
  assert.is(fibre?.loss, 0.5);
  assert.equal(fibre?.srlg, ['duct']);
});

test('a switch that could not be read is back as soon as it is, whatever is free there', () => {
  const v = view();
  const said = (sequence: number, state: 'unread' | 'held' | 'free'): Announcement =>
    part('B', 'A', { sequence, ports: part('B', 'A').ports.map((port) => ({ ...port, state })) });
  assert.is(v.tidingsIn(said(1, 'held'), at(0)), null);
  v.accept(said(1, 'held'), at(0));
  assert.equal(v.tidingsIn(said(2, 'free'), at(1)), ['ab']);
  v.accept(said(2, 'unread'), at(1));
  assert.equal(v.tidingsIn(said(3, 'unread'), at(2)), []);
  assert.is(v.tidingsIn(said(3, 'held'), at(2)), null);
});

test.run();
