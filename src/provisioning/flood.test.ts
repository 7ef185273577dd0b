import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, ns, seconds } from '../core/time.ts';
import { FloodBed } from './flood.fixture.ts';
import type { Said } from './news-messages.ts';

const test = suite('flood');

type Links = readonly (readonly [number, number])[];

const nameOf = (i: number): string => `n${String(i).padStart(3, '0')}`;
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const line = (n: number): Links => upTo(n - 1).map((i) => [i, i + 1]);
const ring = (n: number): Links => upTo(n).map((i) => [i, (i + 1) % n]);
const star = (n: number): Links => upTo(n - 1).map((i) => [0, i + 1]);
const mesh = (n: number): Links => upTo(n).flatMap((i) => upTo(i).map((j) => [i, j] as const));
/** Two rings in one, as agents of a large network keep it. */
const chords = (n: number): Links => [...ring(n), ...upTo(n).map((i) => [i, (i + 2) % n] as const)];

/** All know each other. */
function settled(n: number, links: Links): FloodBed {
  const bed = new FloodBed();
  for (const i of upTo(n)) bed.start(nameOf(i));
  for (const [a, b] of links) bed.link(nameOf(a), nameOf(b));
  bed.run(seconds(5));
  assertAllKnown(bed);
  bed.counts.clear();
  return bed;
}

function assertAllKnown(bed: FloodBed): void {
  assert.equal(
    [...bed.agents.keys()].flatMap((name) => bed.mistakes(name)),
    [],
  );
}

for (const [shape, links] of Object.entries({ line, ring, star, mesh, chords }))
  test(`in a ${shape} a change reaches everybody, and costs no more than two messages a link`, () => {
    const bed = settled(12, links(12));
    bed.change(nameOf(3), 'p');
    bed.run(seconds(2));
    assertAllKnown(bed);
    assert.ok(bed.messages <= 2 * bed.links.length, `${bed.messages}`);
    assert.equal([...bed.counts.keys()], ['news']);
  });

test('in a mesh a change costs one message an agent: nobody passes on what all have been told', () => {
  const bed = settled(8, mesh(8));
  bed.change(nameOf(3), 'p');
  bed.run(seconds(2));
  assert.is(bed.messages, 7);
});

test('what a change costs grows with the links and not with their square', () => {
  const costs = [12, 24, 48].map((n) => {
    const bed = settled(n, chords(n));
    bed.change(nameOf(3), 'p');
    bed.run(seconds(3));
    assertAllKnown(bed);
    return bed.messages / bed.links.length;
  });
  for (const cost of costs) assert.ok(cost <= 1.6, `${costs}`);
});

test('a start of all at once fetches each announcement once for each agent', () => {
  const bed = new FloodBed();
  const n = 24;
  for (const i of upTo(n)) bed.start(nameOf(i));
  for (const [a, b] of chords(n)) bed.link(nameOf(a), nameOf(b));
  bed.run(seconds(5));
  assertAllKnown(bed);
  // Whatever a neighbour has not said itself is wanted once.
  assert.ok((bed.counts.get('news') ?? 0) <= n * n, `${bed.counts.get('news')}`);
});

test('changes that come faster than they can be passed on go together', () => {
  const bed = settled(6, line(6));
  for (let i = 0; i < 20; i++) {
    for (const name of ['n000', 'n001']) bed.change(name, i % 2 === 0 ? `p${i}` : null);
    bed.run(ms(1));
  }
  bed.run(seconds(2));
  assertAllKnown(bed);
  // 40 on their first link, and on each of the four after it one at once and what followed.
  assert.ok(bed.messages < 40 + 20 + 5 * 4, `${bed.messages}`);
});

test('a bulletin is heard by everybody once, in the time of the links, though messages come twice', () => {
  const bed = settled(10, ring(10));
  bed.isDoubling = true;
  bed.at('n000').flood.tellAll({ type: 'whole', fibres: ['f'] });
  bed.at('n000').flood.tellAll({ type: 'failed', fibres: ['g'], wasLit: true });
  bed.run(ms(2 * 5 * 5 + 1));
  for (const { name, heard } of bed.agents.values())
    assert.equal(heard.map(({ type }) => type).sort(), name === 'n000' ? [] : ['failed', 'whole']);
  assert.ok(bed.messages <= 2 * 2 * 2 * 10, `${bed.messages}`);
});

test('bulletins that overtake each other are both heard', () => {
  const bed = settled(2, line(2));
  const b = bed.at('n001');
  const bulletin = (number: number, fibre: string): void =>
    b.flood.handle('n000', {
      type: 'news',
      bulletins: [{ switchName: 'n000', boot: 1, number, said: { type: 'whole', fibres: [fibre] } }],
    });
  for (const [number, fibre] of [
    [2, 'y'],
    [1, 'x'],
    [2, 'y'],
    [1, 'x'],
  ] as const)
    bulletin(number, fibre);
  assert.equal(
    b.heard.map((said) => said.type === 'whole' && said.fibres[0]),
    ['y', 'x'],
  );
});

const said = (bed: FloodBed, name: string): string[] =>
  bed.at(name).heard.map((word) => (word.type === 'free-path' ? word.path : `${word.type} ${word.fibres}`));
const failed = (fibre: string): Said => ({ type: 'failed', fibres: [fibre], wasLit: true });

test('what was said on connections that had died is heard when others have come in their place', () => {
  const bed = settled(4, line(4));
  bed.die('n001', 'n002');
  bed.at('n000').flood.tellAll(failed('f'));
  bed.run(seconds(3));
  bed.at('n001').flood.tellAll({ type: 'whole', fibres: ['f'] });
  bed.at('n001').flood.tellAll({ type: 'free-path', path: 'p', by: 'alice' });
  bed.run(seconds(4));
  assert.equal(said(bed, 'n003'), []);
  bed.cut('n001', 'n002');
  bed.link('n001', 'n002');
  bed.run(seconds(1));
  for (const name of ['n002', 'n003']) assert.equal(said(bed, name), ['failed f', 'whole f']);
  assert.equal(said(bed, 'n000'), ['whole f', 'p'], 'nobody hears twice what he has heard');
});

test('an agent that starts again hears which fibres failed of late, and of those before nothing', () => {
  const bed = settled(4, mesh(4));
  bed.at('n000').flood.tellAll(failed('old'));
  bed.run(seconds(25));
  bed.at('n000').flood.tellAll(failed('new'));
  bed.run(seconds(6));
  bed.counts.clear();
  bed.restart('n002');
  bed.run(seconds(1));
  assert.equal(said(bed, 'n002'), ['failed new']);
  assert.equal(said(bed, 'n000'), []);
});

test('an agent that starts again hears what it said itself of fibres in the life before, and no order of then', () => {
  const bed = settled(3, line(3));
  bed.at('n001').flood.tellAll(failed('f'));
  bed.at('n001').flood.tellAll(failed('g'));
  bed.at('n001').flood.tellAll({ type: 'free-path', path: 'p', by: 'alice' });
  bed.run(seconds(2));
  bed.restart('n001');
  bed.run(seconds(1));
  assert.equal(said(bed, 'n001'), ['failed f', 'failed g']);
  for (const name of ['n000', 'n002']) assert.equal(said(bed, name), ['failed f', 'failed g', 'p']);
  // It has said that in this life, and takes nobody's word for what it said itself.
  bed.at('n001').flood.tellAll({ type: 'whole', fibres: ['f'] });
  bed.run(seconds(1));
  bed.cut('n000', 'n001');
  bed.link('n000', 'n001');
  bed.run(seconds(1));
  assert.equal(said(bed, 'n001'), ['failed f', 'failed g']);
});

test('of a dead connection in a mesh another of those that were told makes up at once, at one message an agent', () => {
  const n = 8;
  for (const lost of ['n000', 'n004', 'n007']) {
    const bed = settled(n, mesh(n));
    bed.die('n003', lost);
    bed.at('n003').flood.tellAll(failed('f'));
    bed.run(ms(11));
    for (const name of bed.agents.keys()) assert.equal(said(bed, name), name === 'n003' ? [] : ['failed f']);
    // Of the lost one to all others, too: he cannot know that they have been told.
    assert.ok(bed.messages <= 2 * (n - 1) + n, `${bed.messages}`);
  }
  const bed = settled(n, mesh(n));
  bed.at('n003').flood.tellAll(failed('f'));
  bed.run(seconds(1));
  assert.ok(bed.messages <= 2 * (n - 1), `${bed.messages}`);
});

for (const isDoubling of [false, true])
  test(`what is too long for a line goes in parts${isDoubling ? ', though messages come twice' : ''}`, () => {
    const bed = new FloodBed();
    bed.isDoubling = isDoubling;
    for (const i of upTo(3)) bed.start(nameOf(i), i === 0 ? 3_000 : 1);
    for (const [a, b] of line(3)) bed.link(nameOf(a), nameOf(b));
    bed.run(seconds(3));
    assertAllKnown(bed);
    const ports = bed
      .at('n000')
      .view.announce()
      .ports.map(({ port }) => port);
    bed.change('n000', 'p', ports);
    bed.run(seconds(3));
    assertAllKnown(bed);
  });

test('two halves that were apart know the same again, and what happened in either', () => {
  const bed = settled(10, ring(10));
  bed.cut('n000', 'n009');
  bed.cut('n004', 'n005');
  bed.run(seconds(1));
  for (const [i, name] of ['n002', 'n004', 'n007'].entries()) bed.change(name, `p${i}`);
  bed.restart('n006');
  bed.run(seconds(1));
  assert.ok(bed.mistakes('n001').length > 0);
  bed.link('n004', 'n005');
  bed.run(seconds(1));
  assertAllKnown(bed);
});

test('an agent that has started again is known anew by all, and knows all', () => {
  const bed = settled(8, ring(8));
  bed.change('n005', 'p');
  bed.restart('n005');
  bed.run(seconds(1));
  assertAllKnown(bed);
});

for (const lives of [0, 3])
  test(`an agent that has lost count of its lives is believed again, after ${lives + 1} of them`, () => {
    const bed = settled(6, ring(6));
    for (let i = 0; i < lives; i++) bed.restart('n002');
    for (const path of ['p', 'q', 'r']) bed.change('n002', path);
    bed.run(seconds(1));
    bed.restart('n002', 1);
    bed.run(seconds(1));
    assertAllKnown(bed);
    bed.change('n002', 's');
    bed.run(seconds(1));
    assertAllKnown(bed);
  });

test('an agent that lost its first life long ago is believed again', () => {
  const bed = settled(4, line(4));
  for (const path of ['p', 'q', 'r']) bed.change('n000', path);
  bed.run(seconds(1));
  bed.isolate('n000');
  bed.run(seconds(40));
  bed.start('n000', 1, 1);
  bed.link('n000', 'n001');
  for (const name of bed.agents.keys()) bed.refresh(name);
  bed.run(seconds(1));
  assertAllKnown(bed);
});

test('an agent that has lost count of its lives, and whose neighbour has not heard it before, is told of them from afar', () => {
  const bed = settled(4, line(4));
  for (let i = 0; i < 3; i++) bed.restart('n000');
  bed.run(seconds(1));
  bed.isolate('n000');
  for (let i = 0; i < 3; i++) {
    bed.run(seconds(20));
    for (const name of ['n001', 'n002', 'n003']) bed.refresh(name);
  }
  bed.restart('n001');
  bed.run(seconds(1));
  assert.is(bed.at('n001').view.standing('n000'), null);
  bed.start('n000', 1, 1);
  bed.link('n000', 'n001');
  bed.run(seconds(1));
  assertAllKnown(bed);
});

test('whoever is heard no more is forgotten at the same time everywhere, though others still know of it', () => {
  const bed = settled(6, ring(6));
  bed.isolate('n003');
  bed.run(seconds(20));
  for (const { name } of bed.agents.values()) if (name !== 'n003') bed.refresh(name);
  // Another meets them late, and is told of the lost one with its age.
  bed.start('n099');
  bed.link('n099', 'n000');
  bed.run(seconds(4));
  assert.ok(bed.at('n099').view.hears('n003', bed.now));
  bed.run(seconds(2));
  for (const { name, view } of bed.agents.values())
    if (name !== 'n003') assert.not.ok(view.hears('n003', bed.now), name);
  assert.ok(bed.at('n000').view.hears('n004', bed.now));
});

test('one that is asked for an announcement and dies is asked no more: another is', () => {
  const bed = settled(3, mesh(3));
  bed.start('n099');
  const late = bed.at('n099');
  bed.link('n099', 'n000');
  bed.link('n099', 'n001');
  bed.run(ms(6));
  assert.ok(late.flood.awaited.length > 0);
  bed.isolate('n000');
  bed.run(seconds(2));
  assert.equal(bed.mistakes('n099'), []);
});

test('what changes have told meanwhile is not asked for again', () => {
  const bed = settled(4, mesh(4));
  const { flood, view } = bed.at('n003');
  const { boot = 0, sequence: since = 0 } = view.standing('n000') ?? {};
  // Asked at once, nobody can answer: they know no more than this one did.
  flood.handle('n001', { type: 'offer', known: [['n000', boot, since + 2]] });
  const changes = [{ switchName: 'n000', boot, since, sequence: since + 2, ports: [] }];
  flood.handle('n002', { type: 'news', changes });
  assert.equal(flood.awaited, []);
  bed.run(seconds(6));
  assert.is(bed.counts.get('want'), 1);
});

/** Whatever happens to links and agents: once all links hold, all know what all others are. */
test('after any schedule of cuts, repairs, restarts and changes everybody knows everything', () => {
  const n = 7;
  const agent = fc.integer({ min: 0, max: n - 1 });
  const act = fc.oneof(
    fc.record({ kind: fc.constant('cut' as const), a: agent, b: agent }),
    fc.record({ kind: fc.constant('link' as const), a: agent, b: agent }),
    fc.record({ kind: fc.constant('restart' as const), a: agent, b: agent }),
    fc.record({ kind: fc.constant('change' as const), a: agent, b: agent }),
    fc.record({ kind: fc.constant('refresh' as const), a: agent, b: agent }),
  );
  const step = fc.record({ act, wait: fc.constantFrom(0, 1, 3, 7, 30, 400) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, isDoubling) => {
      const bed = new FloodBed();
      bed.isDoubling = isDoubling;
      for (const i of upTo(n)) bed.start(nameOf(i));
      for (const [i, { act, wait }] of steps.entries()) {
        const [a, b] = [nameOf(act.a), nameOf(act.b)];
        if (act.kind === 'cut') bed.cut(a, b);
        else if (act.kind === 'link') bed.link(a, b);
        else if (act.kind === 'restart') bed.restart(a);
        else if (act.kind === 'refresh') bed.refresh(a);
        else bed.change(a, i % 3 === 0 ? null : `p${i}`);
        bed.run(ms(wait));
      }
      for (const [a, b] of line(n)) bed.link(nameOf(a), nameOf(b));
      bed.run(seconds(4));
      assertAllKnown(bed);
    }),
    { numRuns: 60 },
  );
});

test('who has forgotten what it said gives those that it asks a second, whether they answer, go, or are silent', async () => {
  for (const what of ['answer', 'go', 'are silent']) {
    const bed = new FloodBed(ms(5));
    for (const name of ['A', 'B', 'C']) bed.start(name);
    for (const other of ['B', 'C']) bed.link('A', other);
    bed.run(seconds(1));
    if (what === 'are silent') bed.die('A', 'B');
    let isOver = false;
    void bed
      .at('A')
      .flood.remember()
      .then(() => {
        isOver = true;
      });
    if (what === 'go') bed.isolate('A');
    bed.run(ns(seconds(1) - ms(1)));
    await new Promise(setImmediate);
    assert.not.ok(isOver, `${what}: too early`);
    bed.run(ms(1));
    await new Promise(setImmediate);
    assert.ok(isOver, what);
  }
});

test.run();
