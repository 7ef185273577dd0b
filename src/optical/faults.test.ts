// What the drivers report when a device misbehaves in what it says, and when. Each title names the fault, and a
// public reason where there is one.

import { type CommandRule, forVerbs } from '../../emulators/command-rules.ts';
import { asOtherRelease } from '../../emulators/device-faults.ts';
import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { formatDuration, ms, seconds } from '../core/time.ts';
import { SwitchError } from './errors.ts';
import {
  against,
  DONE,
  FAMILIES,
  type FaultyDevice,
  forEach,
  LIST,
  MAKE,
  pairs,
} from './faulty-device.fixture.ts';

const test = suite('optical drivers, when devices answer badly');

const EVENT = { alarmCode: 'A', verb: 'REPT EVT SESSION', lines: ['NODE:NO,'] } as const;

forEach(
  test,
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
  test,
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

forEach(test, FAMILIES, 'RL is a refusal with that code, and nothing was done', async (bench, family) => {
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
  test,
  FAMILIES,
  'NA, accepted and uncertain, is looked up: done',
  async ({ device, ports, rules }, family) => {
    const [a, b] = ports;
    rules.add(forVerbs([MAKE[family]], { kind: 'acknowledge', code: 'NA' }));
    assert.equal(await device.connect(a, b, 'one'), DONE);
  },
);

forEach(
  test,
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
  test,
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
  const connectAndList = async ({ device, ports: [a, b] }: FaultyDevice): Promise<string[]> => {
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

forEach(test, FAMILIES, 'a lost reply after the switch acted is looked up: done', async (bench, family) => {
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

forEach(
  test,
  FAMILIES,
  'a cross-connect made by someone else is listed, and not taken for ours',
  async (bench) => {
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
  },
);

forEach(
  test,
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
  test,
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
  test,
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
  test,
  FAMILIES,
  'a listing that is refused is an error with the code',
  async ({ device, rules }, family) => {
    await device.listPorts();
    rules.add(forVerbs([LIST[family]], { kind: 'deny', errorCode: 'SDNR', reason: 'Data Not Ready' }));
    const error = await rejects(device.listCrossConnects(), SwitchError);
    assert.is((error as SwitchError).errorCode, 'SDNR');
  },
);

forEach(
  test,
  ['calient'],
  'a listing garbled into a name that no command can carry fails the reading, and nothing else',
  async ({ device, rules }) => {
    const garbled = rules.add(forVerbs(['RTRV-PORT'], { kind: 'alter', line: () => '10.1a.1;\\"' }));
    const error = await rejects(device.readPower(), SwitchError);
    assert.match(error.message, /outside quotes, or an open quote/);
    garbled.remove();
    assert.ok((await device.readPower()).length > 0);
  },
);

test.run();
