import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { formatTick, linearTicks, niceCeiling, timeTicks } from './ticks.ts';

const test = suite('ticks');

const interval = fc
  .record({
    from: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    span: fc.double({ min: 0.01, max: 1e6, noNaN: true }),
    most: fc.integer({ min: 3, max: 20 }),
  })
  .map(({ from, span, most }) => ({ from, to: from + span, most }));

for (const [name, ticks] of [
  ['linear', linearTicks],
  ['time', timeTicks],
] as const) {
  test(`${name} ticks lie within the interval, a step apart, and are not too many`, () => {
    fc.assert(
      fc.property(interval, ({ from, to, most }) => {
        const { step, values } = ticks(from, to, most);
        assert.ok(values.length <= most + 1, `${values.length} ticks of at most ${most}`);
        for (const [i, value] of values.entries()) {
          assert.ok(value >= from - step * 1e-6 && value <= to + step * 1e-6);
          if (i > 0) assert.ok(Math.abs(value - (values[i - 1] ?? 0) - step) < step * 1e-3);
        }
      }),
    );
  });
}

test('linear steps are 1, 2 or 5 times a power of ten, and there are enough of them', () => {
  fc.assert(
    fc.property(interval, ({ from, to, most }) => {
      const { step, values } = linearTicks(from, to, most);
      const mantissa = Number((step / 10 ** Math.floor(Math.log10(step) + 1e-9)).toPrecision(6));
      assert.ok([1, 2, 5].includes(mantissa), `step ${step}`);
      assert.ok(
        values.length >= Math.floor(most / 2.6) - 1,
        `${values.length} ticks where ${most} have room`,
      );
    }),
  );
});

test('eleven minutes are marked by the minute', () => {
  assert.equal(timeTicks(0, 660, 17), {
    step: 60,
    values: [0, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 660],
  });
  assert.is(formatTick(120, 60, true), '2');
  assert.is(formatTick(150, 30, true), '2:30');
  assert.is(formatTick(-5, 5, false), '-5');
});

test('the top of an axis is the next round number', () => {
  assert.is(niceCeiling(206, 6), 250);
  assert.is(niceCeiling(200, 6), 200);
  fc.assert(
    fc.property(fc.double({ min: 0.001, max: 1e9, noNaN: true }), (value) => {
      assert.ok(niceCeiling(value, 6) >= value * (1 - 1e-6));
      assert.ok(niceCeiling(value, 6) <= value * 2.5);
    }),
  );
});

test.run();
