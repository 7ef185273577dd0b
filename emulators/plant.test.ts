import fc from 'fast-check';
import { assert, suite } from '../scripts/testing/suite.ts';
import { db, dbm, type Metres, metres } from '../src/core/quantity.ts';
import { ms, ns, us } from '../src/core/time.ts';
import { PlantError } from './errors.ts';
import { DARK_POWER } from './light.ts';
import { Plant } from './plant.ts';
import type { PlantSwitch } from './plant-switch.ts';
import { StepClock } from './testing/step-clock.fixture.ts';

const test = suite('plant');

/** Light needs 1 ms for this length. */
const MILLISECOND_OF_FIBRE = metres(204_000);
const POWER_ON_DELAY = ms(2);

interface Bench {
  readonly clock: StepClock;
  readonly plant: Plant;
  readonly seen: string[];
  readonly ring: PlantSwitch;
}

/** west ── 1 ms, 1 dB ── [1 switch 2] ── 10 ms, 3 dB ── east; the mirrors lose 1.5 dB and stand apart. */
function bench(): Bench {
  const clock = new StepClock();
  const seen: string[] = [];
  const see = (what: string): void => void seen.push(`${clock.now() / 1e6} ${what}`);
  const plant = new Plant({
    clock,
    observer: {
      fibreCut: (fibre, direction) => see(`cut ${fibre} ${direction}`),
      fibreRepaired: (fibre, direction) => see(`repaired ${fibre} ${direction}`),
      crossConnected: (name, input, output) => see(`connected ${name} ${input} ${output}`),
      disconnected: (name, input, output) => see(`disconnected ${name} ${input} ${output}`),
      lightLost: (terminal) => see(`lost ${terminal}`),
      lightRestored: (terminal, from, length) =>
        see(`restored ${terminal} from ${from} over ${length / 1000} km`),
    },
  });
  const ring = plant.addSwitch('s', { ports: ['1', '2', '3', '4'], insertionLoss: db(1.5) });
  for (const name of ['west', 'east'])
    plant.addTerminal(name, { launchPower: dbm(0), sensitivity: dbm(-14), powerOnDelay: POWER_ON_DELAY });
  const line = { west: { node: 'west', port: 'line' }, east: { node: 'east', port: 'line' } };
  plant.addFibre('short', {
    a: line.west,
    b: { node: 's', port: '1' },
    length: MILLISECOND_OF_FIBRE,
    loss: db(1),
  });
  const long = metres(10 * MILLISECOND_OF_FIBRE);
  plant.addFibre('long', { a: { node: 's', port: '2' }, b: line.east, length: long, loss: db(3) });
  return { clock, plant, seen, ring };
}

/** A bench with west and east talking to each other, at 20 ms. */
function lit(): Bench {
  const b = bench();
  b.clock.advance(ms(1));
  b.ring.connect('1', '2');
  b.ring.connect('2', '1');
  b.clock.advance(ms(19));
  b.seen.length = 0;
  return b;
}

test('light arrives after the delay of each fibre, weakened by fibres and mirrors', () => {
  const { clock, plant, ring, seen } = bench();
  clock.advance(ns(999_999));
  assert.is(ring.power('1', 'in'), DARK_POWER);
  clock.advance(ns(1));
  assert.is(ring.power('1', 'in'), -1);
  ring.connect('1', '2');
  assert.is(ring.power('2', 'out'), -2.5);
  clock.advance(ns(9_999_999));
  assert.is(plant.terminal('east').power, DARK_POWER);
  clock.advance(ns(1));
  assert.is(plant.terminal('east').power, -5.5);
  clock.advance(ms(2));
  assert.equal(seen, ['1 connected s 1 2', '13 restored east from west over 2244 km']);
});

test('darkness from a cut arrives after the delay from the cut to the end', () => {
  const { clock, plant, seen, ring } = lit();
  plant.cut('long', { at: 0.2 });
  clock.advance(ms(1.999999));
  assert.is(ring.power('2', 'in'), -3);
  clock.advance(ns(1));
  assert.is(ring.power('2', 'in'), DARK_POWER);
  clock.advance(ms(10));
  assert.equal(seen, ['20 cut long both', '23 lost west', '28 lost east']);
});

test('one direction can be cut alone', () => {
  const { clock, plant, seen } = lit();
  plant.cut('long', { direction: 'a-to-b', at: 0.5 });
  clock.advance(ms(30));
  assert.equal(seen, ['20 cut long a-to-b', '25 lost east']);
  assert.is(plant.cutDirection('long'), 'a-to-b');
  plant.cut('long', { at: 0.5 });
  plant.repair('long');
  assert.is(plant.cutDirection('long'), null);
  assert.equal(seen.slice(2), ['50 cut long b-to-a', '50 repaired long both']);
});

test('after a repair light goes on from the cut, and the receiver waits for its power-on delay', () => {
  const { clock, plant, seen } = lit();
  plant.cut('long', { direction: 'a-to-b', at: 0.2 });
  clock.advance(ms(80));
  plant.repair('long');
  clock.advance(ms(20));
  assert.equal(seen.slice(1), [
    '28 lost east',
    '100 repaired long a-to-b',
    '110 restored east from west over 2244 km',
  ]);
});

test('light that is not steady for the power-on delay is not believed', () => {
  const { clock, plant, seen } = lit();
  plant.cut('long', { direction: 'a-to-b', at: 1 });
  for (let flicker = 0; flicker < 5; flicker++) {
    clock.advance(ms(10));
    plant.repair('long');
    clock.advance(ms(1.9));
    plant.cut('long', { direction: 'a-to-b', at: 1 });
  }
  clock.advance(ms(10));
  assert.equal(
    seen.filter((line) => line.includes('restored')),
    [],
  );
});

test('a cut shorter than the delay is seen at the end for as long as it lasted', () => {
  const { clock, plant, seen } = lit();
  plant.cut('long', { direction: 'a-to-b', at: 0 });
  clock.advance(ms(3));
  plant.repair('long');
  clock.advance(ms(30));
  assert.equal(seen, [
    '20 cut long a-to-b',
    '23 repaired long a-to-b',
    '30 lost east',
    '35 restored east from west over 2244 km',
  ]);
});

test('a receiver below its sensitivity stays dark', () => {
  const { clock, plant, seen } = lit();
  plant.setTransmitter('west', true, dbm(-8.6));
  clock.advance(ms(20));
  assert.equal(seen, ['31 lost east']);
  assert.is(plant.terminal('east').power, dbm(-8.6 - 1 - 1.5 - 3));
  plant.setTransmitter('west', true, dbm(-8.5));
  clock.advance(ms(20));
  assert.equal(seen.slice(1), ['53 restored east from west over 2244 km']);
});

test('a transmitter that is switched off darkens what it lit', () => {
  const { clock, plant, seen } = lit();
  plant.setTransmitter('west', false);
  clock.advance(ms(20));
  assert.equal(seen, ['31 lost east']);
  assert.is(plant.terminal('east').light, null);
  assert.equal(plant.terminal('west').light, { from: 'east', length: metres(11 * MILLISECOND_OF_FIBRE) });
});

test('light moved to another path in an instant still starts the receiver again', () => {
  const { clock, plant, ring, seen } = lit();
  plant.addTerminal('north', { launchPower: dbm(0), sensitivity: dbm(-14), powerOnDelay: POWER_ON_DELAY });
  const [a, b] = [
    { node: 'north', port: 'line' },
    { node: 's', port: '3' },
  ];
  plant.addFibre('other', { a, b, length: metres(1000), loss: db(1) });
  clock.advance(ms(1));
  ring.disconnect('1', '2');
  ring.connect('3', '2');
  clock.advance(ms(20));
  assert.equal(
    seen.filter((line) => line.includes('east')),
    ['31 lost east', '33 restored east from north over 2041 km'],
  );
});

test('an output without its mirror is dark at once', () => {
  const { clock, ring, seen } = lit();
  ring.disconnect('1', '2');
  assert.is(ring.power('1', 'in'), -1);
  assert.is(ring.power('2', 'out'), DARK_POWER);
  clock.advance(ms(10));
  assert.equal(seen, ['20 disconnected s 1 2', '30 lost east']);
});

test('an input goes to at most one output, and the reverse', () => {
  const { ring } = lit();
  assert.throws(() => ring.connect('1', '3'), /s:1: is in another cross-connect/);
  assert.throws(() => ring.connect('3', '2'), /s:2: is in another cross-connect/);
  assert.throws(() => ring.disconnect('1', '3'), /s:1: is not connected to 3/);
  ring.connect('1', '2');
  assert.equal(ring.crossConnects(), [
    ['1', '2'],
    ['2', '1'],
  ]);
});

test('the switch tells of power only at ports where it changed', () => {
  const { clock, plant, ring } = lit();
  const told: string[] = [];
  const stop = ring.onPower((port, direction, power) =>
    told.push(`${clock.now() / 1e6} ${port} ${direction} ${power}`),
  );
  plant.cut('short', { direction: 'a-to-b', at: 0.5 });
  clock.advance(ms(20));
  stop();
  plant.repair('short');
  clock.advance(ms(20));
  assert.equal(told, ['20.5 1 in -50', '20.5 2 out -50']);
});

test('light caught in a ring of cross-connects dies out', () => {
  for (const [length, loss] of [
    [metres(0), db(0)],
    [MILLISECOND_OF_FIBRE, db(1)],
  ] as const) {
    const clock = new StepClock();
    const plant = new Plant({ clock });
    const ring = plant.addSwitch('s', { ports: ['1', '2', '3'], insertionLoss: loss });
    plant.addTerminal('t', { launchPower: dbm(0), sensitivity: dbm(-14), powerOnDelay: ms(1) });
    plant.addFibre('loop', { a: { node: 's', port: '2' }, b: { node: 's', port: '3' }, length, loss });
    plant.addFibre('feed', {
      a: { node: 't', port: 'line' },
      b: { node: 's', port: '1' },
      length: metres(0),
      loss,
    });
    ring.connect('1', '2');
    ring.connect('2', '3');
    clock.advance(ms(1.5));
    ring.disconnect('1', '2');
    ring.disconnect('2', '3');
    ring.connect('3', '2');
    clock.advance(ms(10_000));
    assert.ok(clock.fired < 3000, `${clock.fired} timers`);
    assert.is(ring.power('3', 'in'), DARK_POWER);
  }
});

test('mistakes in the description are errors that name the thing', () => {
  const { plant, ring } = bench();
  const fibre = (a: string, b: string): void => {
    const [x = '', y = ''] = a.split(':');
    const [z = '', w = ''] = b.split(':');
    plant.addFibre('f', { a: { node: x, port: y }, b: { node: z, port: w }, length: metres(1), loss: db(0) });
  };
  assert.throws(() => fibre('s:1', 's:3'), /s:1: both fibre short and fibre f end here/);
  assert.throws(() => fibre('s:3', 'east:line'), /east:line: both fibre long and fibre f end here/);
  assert.throws(() => fibre('s:9', 's:3'), /s:9: fibre f ends at an unknown port/);
  assert.throws(() => fibre('s:3', 'east:1'), /east:1: fibre f ends at an unknown port/);
  assert.throws(() => fibre('x:1', 's:3'), /x:1: fibre f ends at an unknown switch or terminal/);
  assert.throws(() => fibre('s:3', 's:3'), /f: both ends are at s:3/);
  assert.throws(() => plant.cut('f'), /f: no such fibre/);
  assert.throws(() => plant.cut('long', { at: 1.5 }), /long: a cut lies at a share of 0 to 1/);
  assert.throws(() => plant.setTransmitter('s', false), /s: no such terminal/);
  assert.throws(() => ring.power('5', 'in'), /s:5: no such port/);
  assert.throws(() => ring.connect('1', '5'), /s:5: no such port/);
  assert.throws(
    () => plant.addSwitch('east', { ports: [], insertionLoss: db(0) }),
    (error: unknown) => error instanceof PlantError && error.subject === 'east',
  );
});

/**
 * The straightforward model: at each moment, the light at the far end is what entered one delay ago, if no cut stood at
 * the cut's place when it passed there.
 */
test('a fibre under any sequence of cuts, repairs and switchings shows what the formula says', () => {
  const step = fc.record({
    wait: fc.integer({ min: 1, max: 400 }),
    act: fc.constantFrom('cut', 'repair', 'on', 'off'),
    at: fc.integer({ min: 0, max: 10 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const clock = new StepClock();
      const plant = new Plant({ clock });
      const length: Metres = metres(204_000 / 5);
      const delay = 200;
      plant.addTerminal('t', { launchPower: dbm(0), sensitivity: dbm(-14), powerOnDelay: ms(1) });
      const end = plant.addSwitch('s', { ports: ['1'], insertionLoss: db(0) });
      plant.addFibre('f', {
        a: { node: 't', port: 'line' },
        b: { node: 's', port: '1' },
        length,
        loss: db(0),
      });
      const heard: { at: number; isLit: boolean }[] = [{ at: 0, isLit: false }];
      end.onPower((_, __, power) => heard.push({ at: clock.now() / 1000, isLit: power > DARK_POWER }));

      const entering: { at: number; isOn: boolean }[] = [{ at: 0, isOn: true }];
      const cuts: { from: number; to: number; at: number }[] = [];
      let now = 0;
      for (const { wait, act, at } of steps) {
        now += wait;
        clock.advance(us(wait));
        const open = cuts.findLast((cut) => cut.to === Infinity);
        if (act === 'cut') plant.cut('f', { direction: 'a-to-b', at: at / 10 });
        if (act === 'cut' && open === undefined)
          cuts.push({ from: now, to: Infinity, at: (at / 10) * delay });
        if (act === 'repair') plant.repair('f');
        if (act === 'repair' && open !== undefined) open.to = now;
        if (act === 'on' || act === 'off') {
          plant.setTransmitter('t', act === 'on');
          entering.push({ at: now, isOn: act === 'on' });
        }
      }
      clock.advance(ms(1));

      // Between whole microseconds, where nothing happens, so that both agree on which side of a change a moment lies.
      for (let t = 0.5; t < now + delay; t++) {
        const entered = t - delay;
        const isOn = entering.findLast((e) => e.at <= entered)?.isOn ?? false;
        const isStopped = cuts.some((cut) => cut.from <= entered + cut.at && entered + cut.at < cut.to);
        const isLit = heard.findLast((h) => h.at <= t)?.isLit;
        if (isLit !== (isOn && !isStopped)) return false;
      }
      return true;
    }),
    { numRuns: 200 },
  );
});

test.run();
