import { assert, suite } from '../../scripts/testing/suite.ts';
import { type Duration, ms, seconds } from '../core/time.ts';
import { Bed, type BedOptions } from './bed.fixture.ts';
import { granted, LINE, REQUEST } from './line.fixture.ts';

const test = suite('detection of loss');

const AROUND = { ...LINE, ac: 'S1 S3 900', ad: 'S1 S3 2000' };
const ALARMS = ['S1', 'S2', 'S3'];

async function up(o: Partial<BedOptions>, task: (bed: Bed) => Promise<void>): Promise<void> {
  const bed = new Bed({ fibres: AROUND, delay: ms(20), ...o });
  await bed.run(async () => {
    granted(await bed.newClient('S1').request(REQUEST), bed);
    await bed.sleep(seconds(5));
    await task(bed);
  });
}

async function detected(bed: Bed, fibre = 'ac'): Promise<{ by: unknown; after: Duration }> {
  const from = bed.engine.now();
  const known = bed.records('loss.detected').length;
  bed.plant.cut(fibre);
  const seen = await bed.until('loss.detected', known + 1);
  return { by: seen.fields['by'], after: (seen.at - from) as Duration };
}

test('alarms alone, polls alone, or both: what is set is what notices', async () => {
  const timings = { pollPeriod: ms(400), pollPeriodWithAlarms: seconds(2) };
  await up({ alarms: ALARMS, timings, config: { detection: 'alarm' } }, async (bed) => {
    const { by, after } = await detected(bed);
    assert.is(by, 'alarm');
    assert.ok(after < ms(20), `${after / 1e6} ms`);
  });
  await up({ alarms: ALARMS, timings, config: { detection: 'poll' } }, async (bed) => {
    const { by, after } = await detected(bed);
    assert.is(by, 'poll');
    assert.ok(after < ms(500), `${after / 1e6} ms`);
  });
  await up({ alarms: ALARMS, timings }, async (bed) => assert.is((await detected(bed)).by, 'alarm'));
});

test('a switch that sends no alarms is polled, whatever is set', async () => {
  await up({ config: { detection: 'alarm' } }, async (bed) => assert.is((await detected(bed)).by, 'poll'));
});

test('a fibre that fails again and again under a path is left out, and used again when that is long ago', async () => {
  const flapping = {
    penalty: 1000,
    suppress: 1500,
    reuse: 750,
    halfLife: seconds(60),
    longest: seconds(600),
  };
  await up({ config: { flapping }, timings: { failedFibreHold: seconds(5) } }, async (bed) => {
    const last = (): unknown => bed.records('path.up').at(-1)?.fields['fibres'];
    const cutAndBack = async (fibre: string): Promise<void> => {
      const ups = bed.records('path.up').length;
      bed.plant.cut(fibre);
      await bed.until('path.up', ups + 1);
      bed.plant.repair(fibre);
      await bed.sleep(seconds(6));
    };
    assert.equal(last(), ['aa', 'ac', 'cc']);
    await cutAndBack('ac');
    assert.equal(last(), ['aa', 'ab', 'bc', 'cc']);
    await cutAndBack('ab');
    assert.equal(last(), ['aa', 'ac', 'cc']);
    await cutAndBack('ac');
    assert.equal(
      bed.records('fibre.damped').map((r) => r.fields['fibre']),
      ['ac'],
    );
    await cutAndBack('bc');
    assert.equal(last(), ['aa', 'ad', 'cc'], 'ac is damped');
    await bed.sleep(seconds(70));
    await cutAndBack('ad');
    assert.equal(last(), ['aa', 'ac', 'cc']);
  });
});

test.run();
