// What the drivers report when a device's light or its controller fails.

import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { db } from '../core/quantity.ts';
import { ms, seconds } from '../core/time.ts';
import { SwitchError } from './errors.ts';
import { DONE, FAMILIES, forEach, MAKE, pairs, powerAt } from './faulty-device.fixture.ts';
import type { SwitchNotification } from './switch.ts';

const test = suite('optical drivers, when light and controllers fail');

forEach(
  test,
  ['glimmerglass', 'calient', 'calient-s'],
  'a connection made while dark is done, and carries nothing until light comes (MonALISA)',
  async ({ device, ports: [a, b], light, clock }) => {
    assert.equal(await device.connect(a, b, 'one'), DONE);
    assert.is((await device.listCrossConnects())[0]?.isCarrying, false);
    light.shine(a);
    await clock.sleep(ms(500));
    assert.is((await device.listCrossConnects())[0]?.isCarrying, true);
  },
);

forEach(
  test,
  FAMILIES,
  'a restart in the middle of a make leaves it unknown and unmade; after it, the same call is done',
  async ({ device, ports: [a, b], fault, light, clock }, family) => {
    fault({ kind: 'restart', down: seconds(20) }, { command: MAKE[family], times: 1 });
    const outcome = await device.connect(a, b, 'two');
    assert.is(outcome.kind, 'unknown');
    assert.equal(light.optics.crossConnects(), []);
    await rejects(device.listCrossConnects(), SwitchError);
    await clock.sleep(seconds(35));
    assert.equal(await pairs(device), []);
    assert.equal(await device.connect(a, b, 'two'), DONE);
  },
  // Longer than real ones, so that it goes down before it has acted, however late a machine is.
  {
    profile: { commandTime: ms(400), acknowledgeAfter: seconds(100) },
    driver: { timings: { changeLimit: seconds(3), retrieveLimit: seconds(4) } },
  },
);

forEach(test, FAMILIES, 'a restart keeps what was made, and alarms go on', async (bench) => {
  const {
    device,
    ports: [a, b],
    restarts,
    light,
    clock,
  } = bench;
  const heard: SwitchNotification[] = [];
  device.subscribe((notification) => heard.push(notification));
  light.shine(a);
  await device.connect(a, b, 'one');
  restarts.restart(seconds(5));
  await clock.sleep(seconds(25));
  assert.equal(await pairs(device), [`${a} ${b}`]);
  light.darken(a);
  await clock.sleep(seconds(1));
  assert.equal(
    heard.map(({ port, condition, severity }) => [port, condition, severity]),
    device.sendsAlarms ? [[a, 'LOS', 'CR']] : [],
  );
});

forEach(
  test,
  FAMILIES,
  'stuck power readings are reported as they are read, until they move again',
  async (bench) => {
    const {
      device,
      ports: [a],
      light,
      clock,
      fault,
    } = bench;
    light.shine(a);
    await clock.sleep(ms(1));
    const lit = powerAt(await device.readPower([a]), a, 'in');
    const stuck = fault({ kind: 'stuck-power' });
    light.darken(a);
    await clock.sleep(seconds(1));
    assert.is(powerAt(await device.readPower([a]), a, 'in'), lit);
    stuck.remove();
    assert.ok(powerAt(await device.readPower([a]), a, 'in') < -40);
  },
);

forEach(
  test,
  FAMILIES,
  'a mirror that settles with 10 dB more loss is done, and shows in the power at the output',
  async (bench) => {
    const {
      device,
      ports: [a, b],
      light,
      clock,
      fault,
    } = bench;
    light.shine(a);
    const weak = fault({ kind: 'weak-mirror', loss: db(10) }, { port: a });
    assert.equal(await device.connect(a, b, 'one'), DONE);
    await clock.sleep(ms(1));
    const loss = async (): Promise<number> => {
      const readings = await device.readPower([a, b]);
      return powerAt(readings, a, 'in') - powerAt(readings, b, 'out');
    };
    const before = await loss();
    weak.remove();
    assert.ok(Math.abs(before - (await loss()) - 10) < 0.11, `${before} dB`);
  },
);

forEach(test, FAMILIES, 'a port that flaps is told at each turn, or seen by polling', async (bench) => {
  const {
    device,
    ports: [a, b],
    light,
    clock,
    fault,
  } = bench;
  const heard: string[] = [];
  device.subscribe(({ severity, condition }) => condition === 'LOS' && heard.push(severity));
  light.shine(a);
  await device.connect(a, b, 'one');
  const flap = fault({ kind: 'flap', every: seconds(2) }, { port: a });
  const seen: boolean[] = [];
  for (let i = 0; i < 7; i++) {
    await clock.sleep(ms(i === 0 ? 500 : 1000));
    const readings = await device.readPower([a]);
    seen.push(powerAt(readings, a, 'in') > -40);
  }
  flap.remove();
  await clock.sleep(seconds(1));
  assert.ok(seen.includes(true) && seen.includes(false), String(seen));
  if (device.sendsAlarms) assert.equal(heard.slice(0, 3), ['CR', 'CL', 'CR']);
  assert.ok(powerAt(await device.readPower([a]), a, 'in') > -40);
});

test.run();
