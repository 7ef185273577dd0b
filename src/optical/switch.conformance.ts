// What every driver promises, whatever its family and whatever carries its bytes. A function of a fixture: a
// driver connected to a dark device without cross-connects, and a way to shine light into its ports.

import { assert, rejects, type Suite } from '../../scripts/testing/suite.ts';
import type { Dbm } from '../core/quantity.ts';
import { after, type Duration, ms, seconds } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
import { SwitchError } from './errors.ts';
import type { CrossConnect, Direction, OpticalSwitch, PortLabel, SwitchNotification } from './switch.ts';

export interface SwitchFixture {
  readonly device: OpticalSwitch;
  /** All ports, at least six, none connected. */
  readonly ports: readonly PortLabel[];
  /** A label of the family's form that the device does not have. */
  readonly absentPort: PortLabel;
  readonly clock: Clock;
  /** Light into the port from outside, of this power at the port. */
  readonly shining: Dbm;
  shine(port: PortLabel): void;
  darken(port: PortLabel): void;
}

/** Makes a fixture, runs the body with it, cleans up, and rejects with what the body rejects with. */
export type SwitchBench = (body: (fixture: SwitchFixture) => Promise<void>) => Promise<void>;

/** Slower than any device or poll here; only a failure waits so long. */
const PATIENCE = seconds(5);
/** What a switch loses of the light at most: the Reflexion's 2 dB +/- 1 dB (Electronic Design, October 2003). */
const INSERTION_LOSS_MAX_DB = 3;
/** Dark, for any device here: a Glimmerglass shows -48 to -52 dBm. */
const DARK_DBM = -40;

/** What a family can and cannot do, as its registries say. */
export interface SwitchTraits {
  readonly sendsAlarms: boolean;
  readonly saysCarrying: boolean;
}

export function switchConformance(
  test: Suite,
  name: string,
  bench: SwitchBench,
  { sendsAlarms, saysCarrying }: SwitchTraits,
): void {
  const fact = (title: string, body: (fixture: SwitchFixture) => Promise<void>): void =>
    test(`${name}: ${title}`, () => bench(body));

  fact('lists its ports in order, and no cross-connects at first', async ({ device, ports }) => {
    assert.equal(await device.listPorts(), ports);
    assert.equal(await device.listCrossConnects(), []);
    assert.is(device.sendsAlarms, sendsAlarms);
  });

  fact('a one-way connect is listed once, and repeating it is done', async ({ device, ports }) => {
    const [a, , b] = six(ports);
    for (let i = 0; i < 2; i++) {
      assert.equal(await device.connect(a, b, 'one'), { kind: 'done' });
      assert.equal(await pairs(device), [`${a} ${b}`]);
    }
  });

  fact(
    'a two-way connect is both ways, from either end, and repeating it is done',
    async ({ device, ports }) => {
      const [a, b] = six(ports);
      for (const [from, to] of [[a, b] as const, [b, a] as const]) {
        assert.equal(await device.connect(from, to, 'two'), { kind: 'done' });
        assert.equal(await pairs(device), [`${a} ${b}`, `${b} ${a}`].sort());
      }
    },
  );

  fact('a two-way connect completes one way that is there already', async ({ device, ports }) => {
    const [a, b] = six(ports);
    assert.equal(await device.connect(a, b, 'one'), { kind: 'done' });
    assert.equal(await device.connect(a, b, 'two'), { kind: 'done' });
    assert.equal(await pairs(device), [`${a} ${b}`, `${b} ${a}`].sort());
  });

  fact(
    'a disconnect removes the ways named and no other, and repeating it is done',
    async ({ device, ports }) => {
      const [a, b, c, d] = six(ports);
      await device.connect(a, b, 'two');
      await device.connect(c, d, 'two');
      for (let i = 0; i < 2; i++) {
        assert.equal(await device.disconnect(a, b, 'one'), { kind: 'done' });
        assert.equal(await pairs(device), [`${b} ${a}`, `${c} ${d}`, `${d} ${c}`].sort());
      }
      assert.equal(await device.disconnect(a, b, 'two'), { kind: 'done' });
      assert.equal(await device.disconnect(d, c, 'two'), { kind: 'done' });
      assert.equal(await device.disconnect(d, c, 'two'), { kind: 'done' });
      assert.equal(await pairs(device), []);
    },
  );

  fact('a disconnect of other ports leaves a cross-connect of one of them', async ({ device, ports }) => {
    const [a, b, c] = six(ports);
    await device.connect(a, b, 'one');
    assert.equal(await device.disconnect(a, c, 'one'), { kind: 'done' });
    assert.equal(await pairs(device), [`${a} ${b}`]);
  });

  fact('a busy port denies a second cross-connect', async ({ device, ports }) => {
    const [a, b, c, d] = six(ports);
    await device.connect(a, b, 'two');
    for (const [input, output, way] of [
      [a, c, 'one'],
      [c, b, 'one'],
      [c, a, 'two'],
      [b, d, 'two'],
    ] as const) {
      assert.is((await device.connect(input, output, way)).kind, 'refused');
      assert.equal(await pairs(device), [`${a} ${b}`, `${b} ${a}`].sort());
    }
  });

  fact('a port that does not exist is refused', async ({ device, ports, absentPort }) => {
    const [a] = six(ports);
    assert.is((await device.connect(a, absentPort, 'one')).kind, 'refused');
    assert.is((await device.connect(absentPort, a, 'two')).kind, 'refused');
    assert.equal(await pairs(device), []);
  });

  fact('connects of several pairs at once are all done', async ({ device, ports }) => {
    const [a, b, c, d, e, f] = six(ports);
    const outcomes = await Promise.all([
      device.connect(a, b, 'two'),
      device.connect(c, d, 'one'),
      device.connect(e, f, 'two'),
    ]);
    assert.ok(outcomes.every(({ kind }) => kind === 'done'));
    assert.equal(
      await pairs(device),
      [`${a} ${b}`, `${b} ${a}`, `${c} ${d}`, `${e} ${f}`, `${f} ${e}`].sort(),
    );
  });

  fact('light passes a cross-connect with some loss, and stops without it', async (fixture) => {
    const { device, ports, shining } = fixture;
    const [a, b] = six(ports);
    fixture.shine(a);
    await eventually(
      fixture,
      'light at the input',
      async () => Math.abs((await power(device, a, 'in')) - shining) < 0.01,
    );
    assert.ok((await power(device, b, 'out')) < DARK_DBM);
    await device.connect(a, b, 'one');
    await eventually(fixture, 'light at the output', async () => {
      const out = await power(device, b, 'out');
      return out < shining && out >= shining - INSERTION_LOSS_MAX_DB;
    });
    if (saysCarrying)
      await eventually(
        fixture,
        'a carrying cross-connect',
        async () => (await only(device)).isCarrying === true,
      );
    else assert.is((await only(device)).isCarrying, null);
    await device.disconnect(a, b, 'one');
    await eventually(fixture, 'a dark output', async () => (await power(device, b, 'out')) < DARK_DBM);
  });

  const DARK_MAKE = 'a cross-connect made while dark exists and carries nothing, until light comes';
  if (saysCarrying) fact(DARK_MAKE, madeWhileDark);
  else test.skip(`${name}: ${DARK_MAKE}`, 'this device does not say whether light goes through');

  fact(
    'power is read of the ports named or of all, both directions, and dark is a low number',
    async (fixture) => {
      const { device, ports } = fixture;
      const [a, b] = six(ports);
      const some = await device.readPower([b, a]);
      const places = some.map(({ port, direction }) => `${port} ${direction}`);
      assert.equal(places.sort(), [`${a} in`, `${a} out`, `${b} in`, `${b} out`].sort());
      const all = await device.readPower();
      assert.is(all.length, 2 * ports.length);
      assert.ok(all.every((reading) => reading.power < DARK_DBM && Number.isFinite(reading.power)));
    },
  );

  fact('a poll shows that light is lost', async (fixture) => {
    const { device, ports, shining } = fixture;
    const [a] = six(ports);
    fixture.shine(a);
    await eventually(fixture, 'light', async () => Math.abs((await power(device, a, 'in')) - shining) < 0.01);
    fixture.darken(a);
    await eventually(fixture, 'darkness', async () => (await power(device, a, 'in')) < DARK_DBM);
  });

  const LOSS = 'loss of light at a port in use is raised and cleared by itself, and not to one who has left';
  if (sendsAlarms) fact(LOSS, lossIsReported);
  else test.skip(`${name}: ${LOSS}`, 'this device sends no alarms: its power is polled');

  fact('after close, changes are unknown and retrieves fail', async ({ device, ports }) => {
    const [a, b] = six(ports);
    await device.close();
    assert.is((await device.connect(a, b, 'one')).kind, 'unknown');
    assert.is((await device.disconnect(a, b, 'one')).kind, 'unknown');
    await rejects(device.listCrossConnects(), SwitchError);
    await device.close();
  });
}

async function madeWhileDark(fixture: SwitchFixture): Promise<void> {
  const { device, ports } = fixture;
  const [a, b] = six(ports);
  const isCarrying = async (): Promise<boolean | null> => (await only(device)).isCarrying;
  assert.equal(await device.connect(a, b, 'one'), { kind: 'done' });
  await eventually(fixture, 'a dark cross-connect', async () => (await isCarrying()) === false);
  fixture.shine(a);
  await eventually(fixture, 'a carrying cross-connect', async () => (await isCarrying()) === true);
  fixture.darken(a);
  await eventually(fixture, 'a dark cross-connect', async () => (await isCarrying()) === false);
}

async function lossIsReported(fixture: SwitchFixture): Promise<void> {
  const { device, ports } = fixture;
  const [a, b] = six(ports);
  const heard: SwitchNotification[] = [];
  const left: SwitchNotification[] = [];
  device.subscribe((notification) => heard.push(notification));
  device.subscribe((notification) => left.push(notification))();
  fixture.shine(a);
  await device.connect(a, b, 'one');
  await eventually(fixture, 'a carrying cross-connect', async () => (await only(device)).isCarrying === true);
  const isAtPort = ({ port, direction }: SwitchNotification): boolean => port === a && direction === 'in';
  fixture.darken(a);
  const isRaised = (n: SwitchNotification | undefined): boolean =>
    n?.condition === 'LOS' && n.severity !== 'CL';
  await eventually(fixture, 'an alarm', async () => isRaised(heard.filter(isAtPort).at(-1)));
  fixture.shine(a);
  await eventually(fixture, 'its end', async () => heard.filter(isAtPort).at(-1)?.severity === 'CL');
  assert.equal(left, []);
}

async function eventually(
  { clock }: SwitchFixture,
  what: string,
  isSo: () => Promise<boolean>,
): Promise<void> {
  const deadline = after(clock.now(), PATIENCE);
  const pause: Duration = ms(5);
  while (!(await isSo())) {
    if (clock.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await clock.sleep(pause);
  }
}

async function power(device: OpticalSwitch, port: PortLabel, direction: Direction): Promise<number> {
  const readings = await device.readPower([port]);
  return (
    readings.find((reading) => reading.port === port && reading.direction === direction)?.power ?? Number.NaN
  );
}

async function only(device: OpticalSwitch): Promise<CrossConnect> {
  const [crossConnect, ...more] = await device.listCrossConnects();
  if (crossConnect === undefined || more.length > 0)
    throw new Error(`${more.length + 1} cross-connects or none`);
  return crossConnect;
}

const pairs = async (device: OpticalSwitch): Promise<string[]> =>
  (await device.listCrossConnects()).map(({ input, output }) => `${input} ${output}`).sort();

function six(
  ports: readonly PortLabel[],
): [PortLabel, PortLabel, PortLabel, PortLabel, PortLabel, PortLabel] {
  const [a, b, c, d, e, f] = ports;
  if (
    a === undefined ||
    b === undefined ||
    c === undefined ||
    d === undefined ||
    e === undefined ||
    f === undefined
  )
    throw new Error('the fixture has fewer than six ports');
  return [a, b, c, d, e, f];
}
