// Each checker against a short record of a run that keeps its invariant and one that breaks it.

import { assert, suite } from '../../../scripts/testing/suite.ts';
import { instant, seconds } from '../../core/time.ts';
import type { TraceRecord } from '../../engine/trace.ts';
import { Checkers } from './all.ts';

const test = suite('checkers');

type Step = readonly [atSeconds: number, kind: string, fields: TraceRecord['fields']];

function violationsOf(
  steps: readonly Step[],
  endSeconds: number,
  lines: ReadonlyMap<string, readonly string[]> = new Map(),
  restsBySeconds: number | null = null,
): readonly string[] {
  const restsBy = restsBySeconds === null ? null : instant(restsBySeconds * 1e9);
  const checkers = new Checkers(seconds(30), lines, restsBy);
  for (const [at, kind, fields] of steps)
    checkers.observe({ at: instant(at * 1e9), where: 'test', kind, fields });
  checkers.settle(instant(endSeconds * 1e9));
  assert.is(checkers.count, checkers.violations.length);
  return checkers.violations.map((v) => `${v.checker}: ${v.message}`);
}

const connected = (input: string, output: string) => ({ switch: 's', input, output });
const up = (path: string, fibres: readonly string[]) => ({ path, fibres, crossconnects: [] });

test('a mirror that moves from one port to another breaks nothing', () => {
  const steps: Step[] = [
    [1, 'lease.granted', { path: 'p', switch: 's', ports: ['1', '2'] }],
    [1, 'switch.connected', connected('1', '2')],
    [2, 'switch.disconnected', connected('1', '2')],
    [2, 'switch.connected', connected('1', '3')],
  ];
  assert.equal(violationsOf(steps, 3), []);
});

test('a port in two cross-connects is found, at its input and at its output', () => {
  const steps: Step[] = [
    [1, 'lease.granted', { path: 'p', switch: 's', ports: ['1', '2'] }],
    [1, 'switch.connected', connected('1', '2')],
    [2, 'switch.connected', connected('1', '3')],
    [3, 'switch.connected', connected('4', '3')],
  ];
  assert.equal(violationsOf(steps, 3), [
    'port-once: s/1 is connected to s/2 and to s/3',
    'port-once: s/3 is connected to s/1 and to s/4',
  ]);
});

test('two live paths over one fibre are found; one after the other is fine', () => {
  const inTurn: Step[] = [
    [1, 'path.up', up('a', ['f', 'g'])],
    [2, 'path.released', { path: 'a' }],
    [3, 'path.up', up('b', ['g'])],
  ];
  assert.equal(violationsOf(inTurn, 4), []);
  const atOnce: Step[] = [
    [1, 'path.up', up('a', ['f', 'g'])],
    [3, 'path.up', up('b', ['g'])],
  ];
  assert.equal(violationsOf(atOnce, 4), ['paths-disjoint: fibre g is in path b and in path a']);
});

test('a path that moves has left what it moves away from as soon as that is decided', () => {
  const move = { path: 'a', revision: 1 };
  const steps = (isDecided: boolean): Step[] => [
    [1, 'path.up', up('a', ['f', 'g'])],
    [2, 'reroute.decided', { ...move, fibres: ['f', 'h'] }],
    ...(isDecided ? [[2, 'transaction.locked', { ...move, transaction: 't' }] satisfies Step] : []),
    [3, 'path.up', up('b', ['g'])],
    [3, 'path.up', up('c', ['f'])],
  ];
  const kept = 'paths-disjoint: fibre f is in path c and in path a';
  assert.equal(violationsOf(steps(true), 4), [kept]);
  assert.equal(violationsOf(steps(false), 4), ['paths-disjoint: fibre g is in path b and in path a', kept]);
});

test('a transaction that one participant commits and another aborts is found', () => {
  const steps: Step[] = [
    [1, 'participant.committed', { transaction: 't', switch: 'a' }],
    [1, 'participant.committed', { transaction: 't', switch: 'b' }],
    [2, 'participant.aborted', { transaction: 't', switch: 'c' }],
  ];
  assert.equal(violationsOf(steps, 4), [
    'decisions-agree: transaction t was committed by a and aborted by c',
  ]);
});

test('a refusal that an agent forgot as it crashed is no end, an abort of what it had prepared is', () => {
  const steps = (isPrepared: boolean): Step[] => [
    ...(isPrepared ? [[1, 'participant.prepared', { transaction: 't', switch: 'a' }] as Step] : []),
    [2, 'participant.aborted', { transaction: 't', switch: 'a' }],
    [3, 'machine.crashed', { machine: 'test' }],
    [4, 'participant.committed', { transaction: 't', switch: 'b' }],
  ];
  const disagree = 'decisions-agree: transaction t was aborted by a and committed by b';
  const decided = (isPrepared: boolean): readonly string[] => {
    const checkers = new Checkers(seconds(30));
    for (const [at, kind, fields] of steps(isPrepared))
      checkers.observe({ at: instant(at * 1e9), where: 'a-agent', kind, fields });
    return checkers.violations.map((v) => `${v.checker}: ${v.message}`);
  };
  assert.equal(decided(false), []);
  assert.equal(decided(true), [disagree]);
});

test('who commits and who aborts may differ in what an agent had decided that has lost its disk since, and in nothing else', () => {
  const decided = (disk: object, transaction: string): readonly string[] => {
    const checkers = new Checkers(seconds(30));
    for (const [at, kind, fields] of [
      [1, 'participant.prepared', { transaction, switch: 'b' }],
      [1, 'participant.committed', { transaction, switch: 'c' }],
      [3, 'machine.crashed', { machine: 'a-agent', ...disk }],
      [4, 'participant.aborted', { transaction, switch: 'b' }],
    ] as const)
      checkers.observe({ at: instant(at * 1e9), where: 'a-agent', kind, fields });
    return checkers.violations.map((v) => v.checker);
  };
  assert.equal(decided({ disk: 'lost' }, 'a#1.1'), []);
  assert.equal(decided({}, 'a#1.1'), ['decisions-agree']);
  assert.equal(decided({ disk: 'lost' }, 'b#1.1'), ['decisions-agree']);
});

test('a cross-connect may outlive its lease by the lease time, not longer', () => {
  const held: Step[] = [
    [1, 'lease.granted', { path: 'p', switch: 's', ports: ['1', '2'] }],
    [1, 'switch.connected', connected('1', '2')],
    [50, 'lease.expired', { path: 'p', switch: 's' }],
  ];
  assert.equal(violationsOf([...held, [79, 'switch.disconnected', connected('1', '2')]], 200), []);
  assert.equal(violationsOf(held, 81), ['leases-cover: s has held 1>2 for 31 s without a lease']);
});

test('while a fault keeps an agent from its switch the time of its cross-connects does not count', () => {
  const fault = (device?: string) => ({ fault: 'no answer', ...(device === undefined ? {} : { device }) });
  const after = (ended: Step): Step[] => [[1, 'switch.connected', connected('1', '2')], ended];
  const kept = 'leases-cover: s has held 1>2 for';
  assert.equal(violationsOf(after([20, 'fault.ended', fault('s')]), 45), []);
  assert.equal(violationsOf(after([20, 'fault.ended', fault('s')]), 51), [`${kept} 31 s without a lease`]);
  assert.equal(violationsOf(after([20, 'fault.ended', fault()]), 45), []);
  for (const other of [fault('t'), { fault: 'dark', host: 'a' }, { fault: 'clock', machine: 's-agent' }])
    assert.equal(violationsOf(after([20, 'fault.ended', other]), 45), [`${kept} 44 s without a lease`]);
});

test('a lease of one path does not cover the cross-connect of another', () => {
  const steps: Step[] = [
    [1, 'lease.granted', { path: 'p', switch: 's', ports: ['1', '2'] }],
    [1, 'switch.connected', connected('1', '2')],
    [1, 'switch.connected', connected('3', '4')],
  ];
  assert.equal(violationsOf(steps, 32), ['leases-cover: s has held 3>4 for 31 s without a lease']);
});

test('a path reported up in the dark is found after the grace, not while it settles', () => {
  const asked: Step = [1, 'path.requested', { path: 'p', from: 'a', to: 'b' }];
  const lit = (terminal: string, at: number): Step => [at, 'light.restored', { terminal }];
  const isUp: Step = [2, 'path.up', up('p', ['f'])];
  assert.equal(violationsOf([asked, isUp, lit('a', 2.5), lit('b', 2.6)], 60), []);
  assert.equal(violationsOf([asked, isUp, lit('a', 2.5)], 5), [
    'up-is-lit: path p is reported up but has been dark for 3 s',
  ]);
});

test('the word of a crashed agent does not count until it says that it resumes the path', () => {
  const steps: Step[] = [
    [1, 'path.requested', { path: 'p', from: 'a', to: 'b' }],
    [2, 'path.up', up('p', ['f'])],
    [2, 'light.restored', { terminal: 'a' }],
    [2, 'light.restored', { terminal: 'b' }],
    [3, 'machine.crashed', { machine: 'test' }],
    [4, 'light.lost', { terminal: 'b' }],
    [9, 'machine.restarted', { machine: 'test' }],
  ];
  const resumed: Step = [9, 'path.resumed', up('p', ['f'])];
  assert.equal(violationsOf(steps, 60), []);
  assert.equal(violationsOf([...steps, resumed, [10, 'path.down', { path: 'p' }]], 60), []);
  assert.equal(violationsOf([...steps, resumed, [10, 'path.unheard', { path: 'p' }]], 60), []);
  assert.equal(violationsOf([...steps, resumed], 12), [
    'up-is-lit: path p is reported up but has been dark for 3 s',
  ]);
});

test('what a crashed coordinator had may be taken by another path', () => {
  const steps: Step[] = [
    [1, 'path.up', up('a', ['f'])],
    [2, 'machine.crashed', { machine: 'test' }],
    [3, 'path.up', up('b', ['f'])],
  ];
  assert.equal(violationsOf(steps, 4), []);
  assert.equal(violationsOf([...steps, [5, 'path.up', up('a', ['f'])]], 6), [
    'paths-disjoint: fibre f is in path a and in path b',
  ]);
});

test('a fibre may be taken once the leases at both its ends have expired, and not before', () => {
  const expired = (name: string): Step => [2, 'lease.expired', { path: 'a', switch: name }];
  const steps = (...names: readonly string[]): Step[] => [
    [
      1,
      'path.up',
      { ...up('a', ['e', 'f', 'g']), crossconnects: ['s', 't'].map((name) => [name, '1', '2']) },
    ],
    ...names.map(expired),
    [3, 'path.up', up('b', ['f'])],
    [3, 'path.up', up('c', ['g'])],
  ];
  const [middle, last] = ['b', 'c'].map(
    (p, i) => `paths-disjoint: fibre ${'fg'[i]} is in path ${p} and in path a`,
  );
  assert.equal(violationsOf(steps(), 4), [middle, last]);
  assert.equal(violationsOf(steps('s'), 4), [middle, last]);
  assert.equal(violationsOf(steps('t'), 4), [middle]);
  assert.equal(violationsOf(steps('s', 't'), 4), []);
});

/** A path over one switch, up and lit, long before all has to rest. */
const atRest: Step[] = [
  [1, 'path.requested', { path: 'p', from: 'a', to: 'b' }],
  [1, 'participant.prepared', { switch: 's', transaction: 't1', path: 'p' }],
  [1, 'participant.committed', { switch: 's', transaction: 't1', path: 'p' }],
  [1, 'lease.granted', { path: 'p', switch: 's', ports: ['1', '2'] }],
  [1, 'switch.connected', connected('1', '2')],
  [1, 'light.restored', { terminal: 'a' }],
  [1, 'light.restored', { terminal: 'b' }],
  [2, 'path.up', { path: 'p', fibres: ['f'], crossconnects: [['s', '1', '2']] }],
];
const leftOf = (steps: readonly Step[]): readonly string[] => violationsOf(steps, 50, new Map(), 40);

test('what living paths have may be left, and nothing else', () => {
  assert.equal(leftOf(atRest), []);
  assert.equal(leftOf([...atRest, [5, 'path.released', { path: 'p' }]]), [
    'nothing-left: cross-connect s 1>2 belongs to no living path',
    'nothing-left: switch and path s p: 1 and 2 are kept for nothing',
  ]);
  assert.equal(
    leftOf([
      ...atRest,
      [5, 'foreign.connect', connected('3', '4')],
      [5, 'switch.connected', connected('3', '4')],
    ]),
    [],
  );
  assert.equal(leftOf([...atRest, [45, 'switch.connected', connected('3', '4')]]), [
    'nothing-left: cross-connect s 3>4 belongs to no living path',
  ]);
  assert.equal(leftOf(atRest.filter(([, kind]) => kind !== 'switch.connected')), [
    'nothing-left: p has not got s 1>2',
  ]);
});

test('a path that is down keeps what it says, and no more', () => {
  const down = (crossconnects: string[][]): Step => [
    5,
    'path.down',
    { path: 'p', crossconnects, reason: '' },
  ];
  assert.equal(leftOf([...atRest, down([['s', '1', '2']])]), []);
  assert.equal(leftOf([...atRest, down([])]), [
    'nothing-left: cross-connect s 1>2 belongs to no living path',
    'nothing-left: switch and path s p: 1 and 2 are kept for nothing',
  ]);
});

test('ports may stay locked for the backup of a living path, and for nothing else', () => {
  const locked: Step = [3, 'participant.prepared', { switch: 's', transaction: 't2', path: 'p' }];
  const isBackup: Step = [4, 'path.protected', { path: 'p', backup: ['g'], transaction: 't2' }];
  const isLocked = ['nothing-left: transaction and switch t2 s are still locked'];
  assert.equal(leftOf([...atRest, locked]), isLocked);
  assert.equal(leftOf([...atRest, locked, isBackup]), []);
  assert.equal(leftOf([...atRest, locked, isBackup, [5, 'path.unprotected', { path: 'p' }]]), isLocked);
});

test('calendars may have what living paths reserved, and nothing else', () => {
  const booked: Step[] = [
    [2, 'path.requested', { path: 'q', from: 'a', to: 'b' }],
    [3, 'booking.held', { path: 'q', switch: 's', ports: ['3', '4'], start_ms: 0, end_ms: null }],
    [4, 'path.reserved', { path: 'q', fibres: ['g'] }],
    [5, 'booking.confirmed', { path: 'q', switch: 's', ports: ['3', '4'], start_ms: 0, end_ms: null }],
  ];
  const over: Step = [6, 'path.released', { path: 'q' }];
  const isLeft = ['calendars-clear: the calendar of s still has path q, which is over'];
  assert.equal(leftOf([...atRest, ...booked]), []);
  assert.equal(leftOf([...atRest, ...booked, over]), isLeft);
  assert.equal(leftOf([...atRest, ...booked, over, [7, 'booking.ended', { path: 'q', switch: 's' }]]), []);
  assert.equal(leftOf([...atRest, ...booked, [6, 'path.refused', { path: 'q', reason: 'no way' }]]), isLeft);
});

test('a reservation whose coordinator crashed must be said anew, and a calendar reads its log', () => {
  const entered: Step = [3, 'booking.confirmed', { path: 'q', switch: 's', ports: ['3', '4'] }];
  const coordinatorCrashed: Step[] = [
    [2, 'path.reserved', { path: 'q', fibres: ['g'] }],
    entered,
    [5, 'machine.crashed', { machine: 'test' }],
  ];
  const isLeft = ['calendars-clear: the calendar of s still has path q, which is over'];
  assert.equal(leftOf(coordinatorCrashed), isLeft);
  assert.equal(leftOf([...coordinatorCrashed, [6, 'path.reserved', { path: 'q', fibres: ['g'] }]]), []);
});

test('a path that waits on its route keeps its backup, one that leaves it does not', () => {
  const held: Step[] = [
    [3, 'backup.held', { switch: 's', transaction: 't2', path: 'p', ports: ['3', '4'], risks: {} }],
    [4, 'path.protected', { path: 'p', backup: ['g'], transaction: 't2' }],
  ];
  const down = (crossconnects: string[][]): Step => [5, 'path.down', { path: 'p', crossconnects }];
  const up: Step = [6, 'path.up', { path: 'p', fibres: ['f'], crossconnects: [['s', '1', '2']] }];
  assert.equal(leftOf([...atRest, ...held, down([['s', '1', '2']]), up]), []);
  assert.equal(leftOf([...atRest, ...held, down([]), up]), [
    'nothing-left: transaction and switch t2 s are still locked',
  ]);
});

test('a path that its coordinator resumed must come to rest', () => {
  const crashed: Step[] = [...atRest, [5, 'machine.crashed', { machine: 'test' }]];
  const resumed: Step = [6, 'path.resumed', { path: 'p', fibres: ['f'], crossconnects: [['s', '1', '2']] }];
  const again: Step = [8, 'path.up', { path: 'p', fibres: ['f'], crossconnects: [['s', '1', '2']] }];
  assert.equal(leftOf([...crashed, resumed, again]), []);
  assert.equal(leftOf([...crashed, resumed]), ['paths-at-rest: path p is still moving']);
});

test('darkness that an agent has noticed is no violation', () => {
  const steps: Step[] = [
    [1, 'path.requested', { path: 'p', from: 'a', to: 'b' }],
    [1, 'light.restored', { terminal: 'a' }],
    [1, 'light.restored', { terminal: 'b' }],
    [2, 'path.up', up('p', ['f'])],
    [10, 'light.lost', { terminal: 'a' }],
    [11, 'loss.detected', { path: 'p' }],
  ];
  assert.equal(violationsOf(steps, 60), []);
});

test('a path with two lit legs may lose one, and is in the dark without both', () => {
  const legs = ['p/1', 'p/2'];
  const asked = (path: string): Step => [1, 'path.requested', { path, from: 'a', to: 'b' }];
  const lines = new Map([
    ['f', ['a', 'b']],
    ['g', ['a/2', 'b/2']],
  ]);
  const lit = (terminal: string): Step => [2, 'light.restored', { terminal }];
  const start: Step[] = [
    ...['p', ...legs].map(asked),
    ...['a', 'b', 'a/2', 'b/2'].map(lit),
    [2, 'path.up', up('p/1', ['f'])],
    [2, 'path.up', up('p/2', ['g'])],
    [2, 'path.up', { ...up('p', []), legs }],
    [10, 'light.lost', { terminal: 'b' }],
    [10, 'loss.detected', { path: 'p/1' }],
    [10, 'path.unprotected', { path: 'p', legs: ['p/2'] }],
  ];
  assert.equal(violationsOf(start, 60, lines), []);
  const both: Step[] = [...start, [20, 'light.lost', { terminal: 'a/2' }]];
  assert.equal(
    violationsOf(
      [...both, [21, 'loss.detected', { path: 'p/2' }], [21, 'path.dark', { path: 'p' }]],
      60,
      lines,
    ),
    [],
  );
  assert.equal(violationsOf(both, 23, lines), [
    'up-is-lit: path p/2 is reported up but has been dark for 3 s',
    'up-is-lit: path p is reported up but has been dark for 3 s',
  ]);
});

test('a path that comes back from DOWN must carry light again', () => {
  const steps: Step[] = [
    [1, 'path.requested', { path: 'p', from: 'a', to: 'b' }],
    [1, 'light.restored', { terminal: 'a' }],
    [1, 'light.restored', { terminal: 'b' }],
    [2, 'path.up', up('p', ['f'])],
    [10, 'light.lost', { terminal: 'a' }],
    [11, 'path.down', { path: 'p' }],
  ];
  assert.equal(violationsOf(steps, 60), []);
  assert.equal(violationsOf([...steps, [20, 'path.up', up('p', ['f'])]], 23), [
    'up-is-lit: path p is reported up but has been dark for 3 s',
  ]);
});

const keptFor = (path: string, fibres: readonly string[], more: object = {}) => ({
  path,
  transaction: `${path}#1`,
  switch: 's',
  ports: ['1', '2'],
  risks: { fibres, switches: [], srlgs: [], disjoint: 'edge', ...more },
});

test('backups at one port whose working routes share a risk are found; one after the other is fine', () => {
  const steps = (isDropped: boolean, q: object): Step[] => [
    [1, 'backup.held', keptFor('p', ['f'], { switches: ['x'] })],
    ...(isDropped ? [[2, 'backup.dropped', keptFor('p', [])] satisfies Step] : []),
    [3, 'backup.held', keptFor('q', ['g'], q)],
  ];
  const apart = 'backups-apart: q and p have a backup at s/1 and share';
  assert.equal(violationsOf(steps(false, { switches: ['x'] }), 4), []);
  assert.equal(violationsOf(steps(false, { fibres: ['g', 'f'] }), 4), [`${apart} f`]);
  assert.equal(violationsOf(steps(false, { switches: ['x'], disjoint: 'node' }), 4), [`${apart} x`]);
  assert.equal(violationsOf(steps(true, { fibres: ['g', 'f'] }), 4), []);
});

test('a backup behind a route that the path has not is found', () => {
  const guarded = (fibres: readonly string[]) => ({
    path: 'p',
    transaction: 'p#1',
    backup: ['h'],
    working: fibres,
  });
  const steps = (told: readonly string[], said: readonly string[]): Step[] => [
    [1, 'path.up', up('p', ['f', 'g'])],
    [2, 'backup.held', keptFor('p', told)],
    [3, 'path.protected', guarded(said)],
  ];
  assert.equal(violationsOf(steps(['f', 'g'], ['f', 'g']), 4), []);
  const wrong = ['backups-apart: p is protected behind f, which it has not'];
  assert.equal(violationsOf(steps(['f'], ['f', 'g']), 4), wrong);
  assert.equal(violationsOf(steps(['f', 'g'], ['f']), 4), wrong);
});

test('ports kept for a backup that no living path has are found at rest', () => {
  const steps: Step[] = [
    [1, 'path.up', up('p', ['f'])],
    [2, 'backup.held', keptFor('p', ['f'])],
  ];
  const isProtected: Step = [
    3,
    'path.protected',
    { path: 'p', transaction: 'p#1', backup: [], working: ['f'] },
  ];
  assert.equal(leftOf([...steps, isProtected]), []);
  assert.equal(leftOf(steps), ['nothing-left: transaction and switch p#1 s are still locked']);
  assert.equal(leftOf([...steps, [4, 'backup.dropped', keptFor('p', [])]]), []);
});

test('a path that a bug has ended is found', () => {
  const failed: Step = [1, 'path.failed', { path: 'p', reason: 'no such hop' }];
  assert.equal(violationsOf([failed], 2), ['tasks-whole: path p has ended by a bug: no such hop']);
});

test.run();
