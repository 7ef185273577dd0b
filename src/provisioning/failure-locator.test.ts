import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { metres } from '../core/quantity.ts';
import { FailureLocator } from './failure-locator.ts';
import type { Route } from './route.ts';

const test = suite('failure locator');

/** T1 -f0- S0 -f1- S1 … -fn- T2, ports a towards T1 and b towards T2. */
function routeOf(hops: number): Route {
  return {
    from: 'T1',
    to: 'T2',
    fibres: Array.from({ length: hops + 1 }, (_, i) => `f${i}`),
    hops: Array.from({ length: hops }, (_, i) => ({ switchName: `S${i}`, pair: { a: 'a', b: 'b' } })),
    length: metres(0),
  };
}

test('a cut of both directions is located from one report of each side, with nobody asked', () => {
  const locator = new FailureLocator(routeOf(4));
  locator.reportDark('S2', 'a');
  assert.equal(locator.verdict(false), { kind: 'waiting' });
  locator.reportDark('S1', 'b');
  assert.equal(locator.verdict(false), { kind: 'located', fibres: ['f2'] });
});

test('a cut of one direction needs the lit input of the sending switch, asked for after the report', () => {
  const locator = new FailureLocator(routeOf(3));
  const early = locator.ask();
  locator.reportDark('S2', 'a');
  locator.answer('S1', 'a', false, early);
  assert.equal(locator.verdict(false), { kind: 'waiting' });
  const late = locator.ask();
  locator.answer('S1', 'a', false, late);
  assert.equal(locator.verdict(false), { kind: 'waiting' });
  locator.answer('S2', 'a', true, late);
  assert.equal(locator.verdict(false), { kind: 'located', fibres: ['f2'] });
});

test('a lit reading from before the report does not move suspicion past the switch it was read at', () => {
  const locator = new FailureLocator(routeOf(3));
  const early = locator.ask();
  locator.answer('S1', 'a', false, early);
  locator.reportDark('S2', 'a');
  const late = locator.ask();
  locator.answer('S2', 'a', true, late);
  assert.equal(locator.verdict(false), { kind: 'waiting' });
  locator.answer('S1', 'a', true, late);
  locator.answer('S0', 'a', false, late);
  assert.equal(locator.verdict(false), { kind: 'located', fibres: ['f1'] });
});

test('an old report that the switch takes back when asked is no failure', () => {
  const locator = new FailureLocator(routeOf(2));
  locator.reportDark('S1', 'a');
  const round = locator.ask();
  for (const name of ['S0', 'S1']) for (const port of ['a', 'b']) locator.answer(name, port, false, round);
  assert.equal(locator.verdict(false), { kind: 'clear' });
});

test('the first input dark is the terminal, not a fibre between switches', () => {
  const locator = new FailureLocator(routeOf(3));
  locator.reportDark('S2', 'a');
  const round = locator.ask();
  for (const name of ['S0', 'S1', 'S2']) locator.answer(name, 'a', true, round);
  assert.equal(locator.verdict(false), { kind: 'terminal', terminal: 'T1', fibre: 'f0' });
});

test('a host is in the dark by its own fibre only where all switches before it see light', () => {
  const allLit = (locator: FailureLocator, round: number, dark: readonly string[] = []): void => {
    for (const name of ['S0', 'S1', 'S2'])
      for (const port of ['a', 'b']) locator.answer(name, port, port === 'a' && dark.includes(name), round);
  };
  const lost = new FailureLocator(routeOf(3));
  lost.reportHostDark('f3');
  const asked = lost.ask();
  allLit(lost, asked);
  assert.equal(lost.verdict(false), { kind: 'waiting' });
  lost.answerHost('f3', true, asked);
  assert.equal(lost.verdict(false), { kind: 'access', terminal: 'T2', fibre: 'f3' });
  for (const [dark, verdict] of [
    [['S1', 'S2'], { kind: 'located', fibres: ['f1'] }],
    [['S0', 'S1', 'S2'], { kind: 'terminal', terminal: 'T1', fibre: 'f0' }],
  ] as const) {
    const before = new FailureLocator(routeOf(3));
    before.reportHostDark('f3');
    const round = before.ask();
    before.answerHost('f3', true, round);
    allLit(before, round, dark);
    assert.equal(before.verdict(false), verdict);
  }
});

test('the word of a host that says nothing when asked is not believed in the end, and of another fibre never', () => {
  const locator = new FailureLocator(routeOf(2));
  locator.reportHostDark('f0');
  const round = locator.ask();
  for (const name of ['S0', 'S1']) for (const port of ['a', 'b']) locator.answer(name, port, false, round);
  assert.equal(locator.verdict(false), { kind: 'waiting' });
  assert.equal(locator.verdict(true), { kind: 'clear' });
  const other = new FailureLocator(routeOf(2));
  const asked = other.ask();
  assert.not.ok(other.answerHost('f1', true, asked));
  assert.not.ok(other.answerHost('elsewhere', true, asked));
});

test('a host that neither receives nor is received has lost its fibre', () => {
  const locator = new FailureLocator(routeOf(2));
  locator.reportDark('S1', 'b');
  locator.reportHostDark('f2');
  assert.equal(locator.verdict(false), { kind: 'access', terminal: 'T2', fibre: 'f2' });
});

test('without answers every fibre before the dark input is suspected', () => {
  const locator = new FailureLocator(routeOf(3));
  locator.reportDark('S2', 'a');
  locator.ask();
  assert.equal(locator.verdict(true), { kind: 'located', fibres: ['f1', 'f2'] });
});

test('nobody dark and nobody heard is silence, not light', () => {
  const locator = new FailureLocator(routeOf(2));
  locator.ask();
  assert.equal(locator.verdict(true), { kind: 'silent', switches: ['S1', 'S0'] });
});

test('a cut whose darkness spreads slowly is never located elsewhere, in whatever order evidence comes', () => {
  const scene = fc.record({
    hops: fc.integer({ min: 2, max: 6 }),
    cutAt: fc.nat(),
    direction: fc.constantFrom('forward', 'backward', 'both'),
    spread: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 8, maxLength: 8 }),
    report: fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 16, maxLength: 16 }),
    answer: fc.array(fc.tuple(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 80 })), {
      minLength: 6,
      maxLength: 6,
    }),
  });
  fc.assert(
    fc.property(scene, ({ hops, cutAt, direction, spread, report, answer }) => {
      const cut = 1 + (cutAt % (hops - 1));
      assert.equal(simulate({ hops, cut, direction, spread, report, answer }), {
        kind: 'located',
        fibres: [`f${cut}`],
      });
    }),
    { numRuns: 500 },
  );
});

/** Darkness leaves fibre `cut` at time 0, spreads hop by hop; reports and answers take their own time. */
function simulate(s: {
  hops: number;
  cut: number;
  direction: string;
  spread: readonly number[];
  report: readonly number[];
  answer: readonly (readonly [number, number])[];
}): ReturnType<FailureLocator['verdict']> {
  const darkAt = (i: number, port: 'a' | 'b'): number => {
    if (port === 'a') {
      if (s.direction === 'backward' || i < s.cut) return Number.POSITIVE_INFINITY;
      return s.spread.slice(0, i - s.cut + 1).reduce((x, y) => x + y, 0);
    }
    if (s.direction === 'forward' || i >= s.cut) return Number.POSITIVE_INFINITY;
    return s.spread.slice(0, s.cut - i).reduce((x, y) => x + y, 0);
  };
  const locator = new FailureLocator(routeOf(s.hops));
  const queue: { at: number; act: (now: number) => void }[] = [];
  const push = (at: number, act: (now: number) => void): void => void queue.push({ at, act });
  const ask = (now: number): void => {
    const round = locator.ask();
    for (let i = 0; i < s.hops; i++) {
      const [there, back] = s.answer[i] ?? [0, 0];
      push(now + there, (read) => {
        const seen = (['a', 'b'] as const).map((port) => [port, darkAt(i, port) <= read] as const);
        push(read + back, () => {
          for (const [port, isDark] of seen) locator.answer(`S${i}`, port, isDark, round);
        });
      });
    }
  };
  for (let i = 0; i < s.hops; i++)
    for (const port of ['a', 'b'] as const) {
      const dark = darkAt(i, port);
      if (dark !== Number.POSITIVE_INFINITY)
        push(dark + (s.report[2 * i + (port === 'a' ? 0 : 1)] ?? 0), (now) => {
          if (locator.reportDark(`S${i}`, port)) ask(now);
        });
    }
  while (queue.length > 0) {
    queue.sort((x, y) => x.at - y.at);
    const next = queue.shift();
    next?.act(next.at);
    const verdict = locator.verdict(false);
    if (verdict.kind !== 'waiting') return verdict.kind === 'clear' ? locator.verdict(true) : verdict;
  }
  return locator.verdict(true);
}

test.run();
