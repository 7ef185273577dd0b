// What the drivers report when a device misbehaves: each fault is put into the emulated device of a family, over
// modelled TCP in virtual time. Every fault has a public reason or is asked of any driver: see the titles.

import { type CommandRule, CommandRules, forVerbs } from '../../emulators/command-rules.ts';
import { asOtherRelease, flapPort, stickReadings, weakenMirror } from '../../emulators/device-faults.ts';
import type { SwitchProfile } from '../../emulators/device/profile.ts';
import { Restarts } from '../../emulators/device/restarts.ts';
import { type FamilyName, families } from '../../emulators/families.ts';
import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { db } from '../core/quantity.ts';
import { between, type Duration, formatDuration, ms, seconds } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import { DEVICE, type Lamps, LOGIN, lamps } from './conformance.fixture.ts';
import type { SwitchOptions } from './device.ts';
import { SwitchError } from './errors.ts';
import { openSwitch } from './families.ts';
import type { OpticalSwitch, PowerReading, SwitchNotification, SwitchOutcome } from './switch.ts';

const test = suite('optical drivers, when devices fail');

const DONE: SwitchOutcome = { kind: 'done' };
const FAMILIES: readonly FamilyName[] = ['glimmerglass', 'calient', 'calient-s', 'polatis'];
/** What each family sends to make and to list. */
const MAKE: Readonly<Record<FamilyName, string>> = {
  glimmerglass: 'ENT-CRS-FIBER',
  calient: 'ENT-CRS',
  'calient-s': 'ACT-CRS',
  polatis: 'ENT-PATCH',
};
const LIST: Readonly<Record<FamilyName, string>> = {
  glimmerglass: 'RTRV-CRS-FIBER',
  calient: 'RTRV-CRS',
  'calient-s': 'RTRV-CRS',
  polatis: 'RTRV-PATCH',
};

interface Bench {
  readonly device: OpticalSwitch;
  readonly light: Lamps;
  readonly ports: readonly [string, string, string, string];
  readonly rules: CommandRules;
  readonly restarts: Restarts;
  readonly clock: Clock;
  /** Another client of the same device. */
  another(): OpticalSwitch;
  took(body: () => Promise<unknown>): Promise<Duration>;
}

async function against(
  family: FamilyName,
  body: (bench: Bench) => Promise<void>,
  profile: Partial<SwitchProfile> = {},
  options: Partial<SwitchOptions> = {},
): Promise<void> {
  const { world, drive } = smallWorld({ nodes: ['agent', DEVICE], delay: ms(1) });
  const { program, tcpPort } = families[family];
  const light = lamps(family, world.clock);
  const [rules, restarts] = [new CommandRules(), new Restarts()];
  const users = [LOGIN];
  world
    .machine(DEVICE)
    .boot((platform) => program(platform, light.optics, { users, rules, restarts, ...profile }), family);
  await drive(() =>
    world.machine('agent').run(async ({ clock, network, log }) => {
      const opened: OpticalSwitch[] = [];
      const another = (): OpticalSwitch => {
        const address = { machine: DEVICE, tcpPort };
        const device = openSwitch(family, {
          name: DEVICE,
          clock,
          network,
          log,
          address,
          login: LOGIN,
          ...options,
        });
        opened.push(device);
        return device;
      };
      const took = async (work: () => Promise<unknown>): Promise<Duration> => {
        const from = clock.now();
        await work();
        return between(from, clock.now());
      };
      const ports = light.ports.slice(0, 4) as [string, string, string, string];
      try {
        await body({ device: another(), light, ports, rules, restarts, clock, another, took });
      } finally {
        for (const device of opened) await device.close();
      }
    }),
  );
}

/** For each of the families; the title names it. */
function forEach(
  names: readonly FamilyName[],
  title: string,
  body: (bench: Bench, family: FamilyName) => Promise<void>,
  profile: Partial<SwitchProfile> = {},
): void {
  for (const family of names)
    test(`${family}: ${title}`, () => against(family, (bench) => body(bench, family), profile));
}

const pairs = async (device: OpticalSwitch): Promise<string[]> =>
  (await device.listCrossConnects()).map(({ input, output }) => `${input} ${output}`).sort();

const powerAt = (readings: readonly PowerReading[], port: string, direction: 'in' | 'out'): number =>
  readings.find((reading) => reading.port === port && reading.direction === direction)?.power ?? Number.NaN;

const EVENT = { alarmCode: 'A', verb: 'REPT EVT SESSION', lines: ['NODE:NO,'] } as const;

forEach(
  FAMILIES,
  'a notification before, between and inside paged answers changes nothing (GR-833)',
  async ({ device, ports: [a, b], light, rules }) => {
    rules.add(() => ({ kind: 'interleave', announcement: EVENT, before: 'each part' }));
    assert.equal(await device.listPorts(), light.ports);
    assert.equal(await device.connect(a, b, 'two'), DONE);
    assert.equal(await pairs(device), [`${a} ${b}`, `${b} ${a}`].sort());
    assert.is((await device.readPower()).length, 2 * light.ports.length);
  },
  { partBytesMax: 300 },
);

forEach(
  FAMILIES,
  'an answer after IP is waited for, beyond the time limit, and nothing is sent again',
  async (bench, family) => {
    const { device, rules } = bench;
    const [a, b] = bench.ports;
    await device.listPorts();
    const said: string[] = [];
    rules.add(({ verb }) => {
      said.push(verb.toUpperCase());
      return { kind: 'pass' };
    });
    rules.add(forVerbs([MAKE[family]], { kind: 'delay', by: seconds(5) }, 1));
    const time = await bench.took(async () => assert.equal(await device.connect(a, b, 'one'), DONE));
    assert.ok(time > seconds(5) && time < seconds(6), formatDuration(time));
    assert.is(said.filter((verb) => verb === MAKE[family]).length, 1);
    if (family !== 'calient-s') assert.not(said.includes(LIST[family]));
  },
);

forEach(FAMILIES, 'RL is a refusal with that code, and nothing was done', async (bench, family) => {
  const {
    device,
    ports: [a, b],
    rules,
  } = bench;
  const busy = rules.add(forVerbs([MAKE[family]], { kind: 'acknowledge', code: 'RL' }));
  const outcome = await device.connect(a, b, 'one');
  assert.is(outcome.kind === 'refused' && outcome.errorCode, 'RL');
  assert.equal(await pairs(device), []);
  busy.remove();
  assert.equal(await device.connect(a, b, 'one'), DONE);
});

forEach(
  FAMILIES,
  'NA, accepted and uncertain, is looked up: done',
  async ({ device, ports, rules }, family) => {
    const [a, b] = ports;
    rules.add(forVerbs([MAKE[family]], { kind: 'acknowledge', code: 'NA' }));
    assert.equal(await device.connect(a, b, 'one'), DONE);
  },
);

forEach(
  ['calient', 'calient-s'],
  '"Login Not Active" right after the login is asked again (Pynt)',
  async ({ device, ports: [a, b] }) => {
    assert.equal(await device.connect(a, b, 'two'), DONE);
    assert.is((await pairs(device)).length, 2);
  },
  { loginSettling: ms(700) },
);

test('glimmerglass: of a delete in two commands one fails for good: refused, and the listing shows what is left', () =>
  against('glimmerglass', async ({ device, ports: [a, b], rules }) => {
    await device.connect(a, b, 'two');
    const verdict = { kind: 'deny', errorCode: 'SROF', reason: 'Mirror stuck' } as const;
    const isSecond: CommandRule = ({ verb, aid }) =>
      verb.toUpperCase() === 'DLT-CRS-FIBER' && aid === '10002,20001' ? verdict : { kind: 'pass' };
    const stuck = rules.add(isSecond);
    assert.equal(await device.disconnect(a, b, 'two'), {
      kind: 'refused',
      errorCode: 'SROF',
      reason: 'denied SROF Mirror stuck',
    });
    assert.equal(await pairs(device), [`${b} ${a}`]);
    stuck.remove();
    assert.equal(await device.disconnect(a, b, 'two'), DONE);
    assert.equal(await pairs(device), []);
  }));

test('calient-s: ENT-CRS accepted and ACT-CRS refused: refused, and the ports are free again', () =>
  against('calient-s', async ({ device, ports: [a, b, c], rules }) => {
    const verdict = { kind: 'deny', errorCode: 'SROF', reason: 'Matrix fault' } as const;
    const fault = rules.add(forVerbs(['ACT-CRS'], verdict));
    const outcome = await device.connect(a, b, 'two');
    assert.is(outcome.kind === 'refused' && outcome.errorCode, 'SROF');
    assert.equal(await pairs(device), []);
    fault.remove();
    assert.equal(await device.connect(a, c, 'two'), DONE);
  }));

test('calient-s: ENT-CRS accepted and ACT-CRS stuck: unknown, no cross-connect; made later by repeating, or removed', () =>
  against('calient-s', async ({ device, ports: [a, b, c], rules }) => {
    const fault = rules.add(forVerbs(['ACT-CRS'], { kind: 'never-answer' }));
    assert.is((await device.connect(a, b, 'two')).kind, 'unknown');
    assert.equal(await pairs(device), []);
    assert.is((await device.connect(a, c, 'one')).kind, 'refused');
    fault.remove();
    assert.equal(await device.disconnect(b, a, 'two'), DONE);
    rules.add(forVerbs(['ACT-CRS'], { kind: 'never-answer' }, 1));
    assert.equal(await device.connect(a, b, 'two'), DONE);
    assert.equal(await pairs(device), [`${a} ${b}`, `${b} ${a}`].sort());
  }));

forEach(
  ['glimmerglass', 'calient', 'calient-s'],
  'a connection made while dark is done, and carries nothing until light comes (MonALISA)',
  async ({ device, ports: [a, b], light, clock }) => {
    assert.equal(await device.connect(a, b, 'one'), DONE);
    assert.is((await device.listCrossConnects())[0]?.isCarrying, false);
    light.shine(a);
    await clock.sleep(ms(50));
    assert.is((await device.listCrossConnects())[0]?.isCarrying, true);
  },
);

forEach(
  ['glimmerglass', 'calient', 'calient-s'],
  'fields in another order, and one more, are read the same (MonALISA read by position)',
  async ({ device, ports: [a, b], light, rules, clock }) => {
    light.shine(a);
    await device.connect(a, b, 'one');
    await clock.sleep(ms(50));
    const [listed, power] = [await device.listCrossConnects(), await device.readPower([a, b])];
    assert.is(listed[0]?.isCarrying, true);
    rules.add(() => ({ kind: 'alter', line: asOtherRelease }));
    assert.equal(await device.listCrossConnects(), listed);
    assert.equal(await device.readPower([a, b]), power);
    assert.equal(await device.listPorts(), light.ports);
  },
);

test('calient: a listing of 73 s is an error at the usual limit, and read at one of 120 s (Pynt)', async () => {
  const slow = { lineTime: seconds(73) };
  const connectAndList = async ({ device, ports: [a, b] }: Bench): Promise<string[]> => {
    await device.connect(a, b, 'one');
    return pairs(device);
  };
  await against(
    'calient',
    async (bench) => {
      const error = await rejects(connectAndList(bench), SwitchError);
      assert.match(error.message, /RTRV-CRS: no answer within 10/i);
    },
    slow,
  );
  const timings = { retrieveLimit: seconds(120) };
  await against('calient', async (bench) => assert.is((await connectAndList(bench)).length, 1), slow, {
    timings,
  });
});

forEach(FAMILIES, 'a lost reply after the switch acted is looked up: done', async (bench, family) => {
  const {
    device,
    ports: [a, b],
    rules,
    light,
  } = bench;
  rules.add(forVerbs([MAKE[family]], { kind: 'act-but-lose-reply' }));
  assert.equal(await device.connect(a, b, 'one'), DONE);
  assert.equal(light.optics.crossConnects(), [[a, b]]);
});

forEach(FAMILIES, 'a cross-connect made by someone else is listed, and not taken for ours', async (bench) => {
  const {
    device,
    ports: [a, b, c],
    another,
  } = bench;
  assert.equal(await another().connect(a, b, 'two'), DONE);
  assert.equal(await pairs(device), [`${a} ${b}`, `${b} ${a}`].sort());
  assert.is((await device.connect(a, c, 'one')).kind, 'refused');
  assert.equal(await device.disconnect(a, c, 'one'), DONE);
  assert.is((await pairs(device)).length, 2);
});

forEach(
  FAMILIES,
  'a restart in the middle of a make leaves it unknown and unmade; after it, the same call is done',
  async ({ device, ports: [a, b], rules, light, clock }, family) => {
    const restart = { kind: 'restart', after: ms(12), down: seconds(30) } as const;
    rules.add(forVerbs([MAKE[family]], restart, 1));
    const outcome = await device.connect(a, b, 'two');
    assert.is(outcome.kind, 'unknown');
    assert.equal(light.optics.crossConnects(), []);
    await rejects(device.listCrossConnects(), SwitchError);
    await clock.sleep(seconds(60));
    assert.equal(await pairs(device), []);
    assert.equal(await device.connect(a, b, 'two'), DONE);
  },
);

forEach(FAMILIES, 'a restart keeps what was made, and alarms go on', async (bench) => {
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
  await clock.sleep(seconds(40));
  assert.equal(await pairs(device), [`${a} ${b}`]);
  light.darken(a);
  await clock.sleep(ms(100));
  assert.equal(
    heard.map(({ port, condition, severity }) => [port, condition, severity]),
    device.sendsAlarms ? [[a, 'LOS', 'CR']] : [],
  );
});

forEach(
  FAMILIES,
  'commands that are taken and never answered are unknown, and retrieves fail, in bounded time',
  async (bench) => {
    const {
      device,
      ports: [a, b],
      rules,
    } = bench;
    await device.listPorts();
    const deaf = rules.add(() => ({ kind: 'never-answer' }));
    const time = await bench.took(async () => assert.is((await device.connect(a, b, 'one')).kind, 'unknown'));
    assert.ok(time <= seconds(30), formatDuration(time));
    await rejects(device.readPower(), SwitchError);
    deaf.remove();
    await bench.clock.sleep(seconds(60));
    assert.equal(await device.connect(a, b, 'one'), DONE);
  },
);

forEach(
  FAMILIES,
  'an answer after the driver gave up is not taken for another: the listing decides',
  async (bench, family) => {
    const {
      device,
      ports: [a, b, c, d],
      rules,
    } = bench;
    rules.add(forVerbs([MAKE[family]], { kind: 'delay', by: seconds(6) }, 1));
    assert.equal(await device.connect(a, b, 'one'), DONE);
    assert.equal(await device.connect(c, d, 'one'), DONE);
    assert.equal(await pairs(device), [`${a} ${b}`, `${c} ${d}`]);
  },
  { acknowledgeAfter: seconds(100) },
);

forEach(
  FAMILIES,
  'a connection closed after the login is opened again; meanwhile it is unknown',
  async (bench) => {
    const {
      device,
      ports: [a, b],
      rules,
      clock,
    } = bench;
    const hangUp = rules.add(forVerbs(['ACT-USER'], { kind: 'hang-up' }));
    assert.is((await device.connect(a, b, 'one')).kind, 'unknown');
    hangUp.remove();
    await clock.sleep(seconds(60));
    assert.equal(await device.connect(a, b, 'one'), DONE);
  },
);

forEach(
  FAMILIES,
  'stuck power readings are reported as they are read, until they move again',
  async (bench) => {
    const {
      device,
      ports: [a],
      light,
      clock,
    } = bench;
    light.shine(a);
    await clock.sleep(ms(1));
    const lit = powerAt(await device.readPower([a]), a, 'in');
    const stuck = stickReadings(light.optics);
    light.darken(a);
    await clock.sleep(seconds(1));
    assert.is(powerAt(await device.readPower([a]), a, 'in'), lit);
    stuck.remove();
    assert.ok(powerAt(await device.readPower([a]), a, 'in') < -40);
  },
);

forEach(
  FAMILIES,
  'a mirror that settles with 10 dB more loss is done, and shows in the power at the output',
  async (bench) => {
    const {
      device,
      ports: [a, b],
      light,
      clock,
    } = bench;
    light.shine(a);
    const weak = weakenMirror(light.optics, a, db(10));
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

forEach(FAMILIES, 'a port that flaps is told at each turn, or seen by polling', async (bench) => {
  const {
    device,
    ports: [a, b],
    light,
    clock,
  } = bench;
  const heard: string[] = [];
  device.subscribe(({ severity, condition }) => condition === 'LOS' && heard.push(severity));
  light.shine(a);
  await device.connect(a, b, 'one');
  const flap = flapPort(clock, light.optics, a, { dark: ms(200), lit: ms(300) });
  const seen: boolean[] = [];
  for (let i = 0; i < 4; i++) {
    await clock.sleep(ms(i === 0 ? 100 : 250));
    const readings = await device.readPower([a]);
    seen.push(powerAt(readings, a, 'in') > -40);
  }
  flap.remove();
  await clock.sleep(ms(100));
  assert.ok(seen.includes(true) && seen.includes(false), String(seen));
  if (device.sendsAlarms) assert.equal(heard.slice(0, 3), ['CR', 'CL', 'CR']);
  assert.ok(powerAt(await device.readPower([a]), a, 'in') > -40);
});

forEach(
  FAMILIES,
  'a listing that is refused is an error with the code',
  async ({ device, rules }, family) => {
    await device.listPorts();
    rules.add(forVerbs([LIST[family]], { kind: 'deny', errorCode: 'SDNR', reason: 'Data Not Ready' }));
    const error = await rejects(device.listCrossConnects(), SwitchError);
    assert.is((error as SwitchError).errorCode, 'SDNR');
  },
);

test.run();
