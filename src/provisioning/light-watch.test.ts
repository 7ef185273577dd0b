import { Plant } from '../../emulators/plant.ts';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { db, dbm } from '../core/quantity.ts';
import { ms, seconds } from '../core/time.ts';
import type { PowerReading } from '../optical/switch.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import { LightWatch } from './light-watch.ts';
import { LossDetector } from './loss-detector.ts';
import { MemorySwitch } from './memory-switch.fixture.ts';
import { DEFAULT_TIMINGS } from './timings.ts';

const test = suite('light watch');

/** A switch that is asked port by port, 10 ms each, as a Calient is; `asked` are the ports of each poll. */
async function watched(
  sendsAlarms: boolean,
  body: (w: {
    watch: LightWatch;
    detector: LossDetector;
    use: (port: string) => void;
    asked: (readonly string[])[];
    light: Map<string, number>;
    sleep: (s: number) => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  const { world, drive } = smallWorld({ nodes: ['here'] });
  const { clock } = world.machine('here').platform;
  const ports = Array.from({ length: 100 }, (_, i) => `${i + 1}`);
  const optics = new Plant({ clock }).addSwitch('S', { ports, insertionLoss: db(1) });
  const device = new MemorySwitch(clock, optics, { sendsAlarms });
  const light = new Map<string, number>();
  const asked: (readonly string[])[] = [];
  device.readPower = async (of = ports) => {
    asked.push(of);
    const readings: PowerReading[] = [];
    for (const port of of) {
      await clock.sleep(ms(10));
      readings.push({ port, direction: 'in', power: dbm(light.get(port) ?? -60) });
    }
    return readings;
  };
  const detector = new LossDetector({
    threshold: dbm(-20),
    hysteresis: db(1),
    holdOff: ms(0),
    firstLight: DEFAULT_TIMINGS.firstLight,
  });
  const lost: string[] = [];
  const watch = new LightWatch({
    clock,
    device,
    power: (of) => device.readPower(of),
    detector,
    timings: DEFAULT_TIMINGS,
    detection: 'both',
    changed: (port, change) => void (change === 'lost' && lost.push(port)),
    awaited: () => [],
    polled: () => {},
  });
  await drive(async () => {
    for (const port of ports.slice(0, 98)) {
      light.set(port, 0);
      detector.watch(port, clock.now(), 'lit');
    }
    watch.run().catch(() => {});
    await body({
      watch,
      detector,
      use: (port) => detector.watch(port, clock.now()),
      asked,
      light,
      sleep: (s) => clock.sleep(seconds(s)),
    });
    assert.equal(lost, [], 'light that is there is never lost');
  });
}

test('where alarms tell of the others, first light is seen at once, however many ports are in use', async () => {
  await watched(true, async ({ watch, detector, use, asked, light, sleep }) => {
    await sleep(0.3);
    for (const port of ['99', '100']) use(port);
    watch.hurry();
    await sleep(0.1);
    light.set('99', 0).set('100', 0);
    await sleep(0.2);
    assert.equal([detector.state('99'), detector.state('100')], ['lit', 'lit']);
    assert.equal(
      asked.slice(1).filter((ports) => ports.join() !== '99,100'),
      [],
    );
    await sleep(10);
    const all = asked.filter((ports) => ports.length > 2);
    assert.is(all.length, 3, 'and all are read as often as ever');
  });
});

test('a reading of one port that is overtaken by a newer one does not count', async () => {
  await watched(true, async ({ watch, detector, use, asked, light, sleep }) => {
    await sleep(0.1);
    use('99');
    await sleep(5);
    // A poll of all is under way, and has yet to come to the port.
    assert.is(asked.filter((ports) => ports.length === 99).length, 1);
    light.set('99', 0);
    watch.hurry();
    await sleep(0.1);
    assert.is(detector.state('99'), 'lit');
    light.set('1', 0);
    await sleep(2);
    assert.is(detector.state('99'), 'lit');
  });
});

test('without alarms every poll is of all ports', async () => {
  await watched(false, async ({ watch, use, asked, light, sleep }) => {
    await sleep(0.5);
    light.set('99', 0);
    use('99');
    watch.hurry();
    await sleep(4);
    assert.ok(asked.length >= 4 && asked.slice(1).every((ports) => ports.length === 99));
  });
});

test.run();
