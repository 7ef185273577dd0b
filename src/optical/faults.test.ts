// What the drivers report when a device misbehaves in what it says, and when. Each title names the fault, and a
// public reason where there is one.

import { forVerbs } from '../../emulators/command-rules.ts';
import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { formatDuration, ms, seconds } from '../core/time.ts';
import { SwitchError } from './errors.ts';
import {
  DONE,
  FAMILIES,
  type FaultyDevice,
  forEach,
  inVirtualTime,
  LIST,
  MAKE,
  pairs,
  RECONNECTED,
} from './faulty-device.fixture.ts';

const test = suite('optical drivers, when devices answer badly');

forEach(
  test,
  FAMILIES,
  'a notification before, between and inside paged answers changes nothing (GR-833)',
  async ({ device, ports: [a, b], light, fault }) => {
    fault({ kind: 'interleave-parts' });
    assert.equal(await device.listPorts(), light.ports);
    assert.equal(await device.connect(a, b, 'two'), DONE);
    assert.equal(await pairs(device), [`${a} ${b}`, `${b} ${a}`].sort());
    assert.is((await device.readPower()).length, 2 * light.ports.length);
  },
  { profile: { partBytesMax: 300 } },
);

forEach(
  test,
  FAMILIES,
  'an answer after IP is waited for, beyond the time limit, and nothing is sent again',
  async (bench, family) => {
    const { device, rules, fault } = bench;
    const [a, b] = bench.ports;
    await device.listPorts();
    const said: string[] = [];
    rules.add(({ verb }) => {
      said.push(verb.toUpperCase());
      return { kind: 'pass' };
    });
    fault({ kind: 'delay', by: seconds(5) }, { command: MAKE[family], times: 1 });
    const time = await bench.took(async () => assert.equal(await device.connect(a, b, 'one'), DONE));
    assert.ok(time > seconds(5) && time < seconds(5) + bench.slack, formatDuration(time));
    assert.is(said.filter((verb) => verb === MAKE[family]).length, 1);
    if (family !== 'calient-s') assert.not(said.includes(LIST[family]));
  },
);

forEach(test, FAMILIES, 'RL is a refusal with that code, and nothing was done', async (bench, family) => {
  const {
    device,
    ports: [a, b],
    fault,
  } = bench;
  const busy = fault({ kind: 'acknowledge', code: 'RL' }, { command: MAKE[family] });
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
  async ({ device, ports, fault }, family) => {
    const [a, b] = ports;
    fault({ kind: 'acknowledge', code: 'NA' }, { command: MAKE[family] });
    assert.equal(await device.connect(a, b, 'one'), DONE);
  },
);

forEach(
  test,
  FAMILIES,
  '"Login Not Active" right after the login is asked again (Pynt)',
  async ({ device, ports: [a, b], fault }) => {
    fault({ kind: 'login-settling', by: ms(700) });
    assert.equal(await device.connect(a, b, 'two'), DONE);
    assert.is((await pairs(device)).length, 2);
  },
);

forEach(
  test,
  ['glimmerglass'],
  'of a delete in two commands one fails for good: refused, and the listing shows what is left',
  async ({ device, ports: [a, b], fault }) => {
    await device.connect(a, b, 'two');
    const stuck = fault({ kind: 'deny', code: 'SROF' }, { command: 'DLT-CRS-FIBER', skip: 1 });
    const outcome = await device.disconnect(a, b, 'two');
    assert.is(outcome.kind === 'refused' && outcome.errorCode, 'SROF');
    assert.equal(await pairs(device), [`${b} ${a}`]);
    stuck.remove();
    assert.equal(await device.disconnect(a, b, 'two'), DONE);
    assert.equal(await pairs(device), []);
  },
);

forEach(
  test,
  ['calient-s'],
  'ENT-CRS accepted and ACT-CRS refused: refused, and the ports are free again',
  async ({ device, ports: [a, b, c], fault }) => {
    const refusal = fault({ kind: 'deny', code: 'SROF' }, { command: 'ACT-CRS' });
    const outcome = await device.connect(a, b, 'two');
    assert.is(outcome.kind === 'refused' && outcome.errorCode, 'SROF');
    assert.equal(await pairs(device), []);
    refusal.remove();
    assert.equal(await device.connect(a, c, 'two'), DONE);
  },
);

forEach(
  test,
  ['calient-s'],
  'ENT-CRS accepted and ACT-CRS stuck: unknown, no cross-connect; made later by repeating, or removed',
  async ({ device, ports: [a, b, c], fault }) => {
    const stuck = fault({ kind: 'no-answer' }, { command: 'ACT-CRS' });
    assert.is((await device.connect(a, b, 'two')).kind, 'unknown');
    assert.equal(await pairs(device), []);
    assert.is((await device.connect(a, c, 'one')).kind, 'refused');
    stuck.remove();
    assert.equal(await device.disconnect(b, a, 'two'), DONE);
    fault({ kind: 'no-answer' }, { command: 'ACT-CRS', times: 1 });
    assert.equal(await device.connect(a, b, 'two'), DONE);
    assert.equal(await pairs(device), [`${a} ${b}`, `${b} ${a}`].sort());
  },
);

forEach(
  test,
  ['glimmerglass', 'calient', 'calient-s'],
  'fields in another order, and one more, are read the same (MonALISA read by position)',
  async ({ device, ports: [a, b], light, fault, clock }) => {
    light.shine(a);
    await device.connect(a, b, 'one');
    await clock.sleep(ms(200));
    const [listed, power] = [await device.listCrossConnects(), await device.readPower([a, b])];
    assert.is(listed[0]?.isCarrying, true);
    fault({ kind: 'other-release' });
    assert.equal(await device.listCrossConnects(), listed);
    assert.equal(await device.readPower([a, b]), power);
    assert.equal(await device.listPorts(), light.ports);
  },
);

const connectAndList = async ({ device, ports: [a, b] }: FaultyDevice): Promise<string[]> => {
  await device.connect(a, b, 'one');
  return pairs(device);
};

test('calient: a listing of 73 s is an error at the usual limit, and read at one of 120 s (Pynt)', async () => {
  const profile = { lineTime: seconds(73) };
  await inVirtualTime(
    'calient',
    async (bench) => {
      const error = await rejects(connectAndList(bench), SwitchError);
      assert.match(error.message, /RTRV-CRS: no answer within 10/i);
    },
    { profile },
  );
  const driver = { timings: { retrieveLimit: seconds(120) } };
  await inVirtualTime('calient', async (bench) => assert.is((await connectAndList(bench)).length, 1), {
    profile,
    driver,
  });
});

forEach(
  test,
  FAMILIES,
  'a listing slower than the limit is an error, and read once it is fast again',
  async ({ device, ports: [a], fault, clock }) => {
    await device.readPower([a]);
    const slow = fault({ kind: 'slow-listing', by: seconds(11) });
    await rejects(device.readPower([a]), SwitchError);
    slow.remove();
    await clock.sleep(seconds(45));
    assert.is((await device.readPower([a])).length, 2);
  },
  { profile: { acknowledgeAfter: seconds(100) } },
);

forEach(test, FAMILIES, 'a lost reply after the switch acted is looked up: done', async (bench, family) => {
  const {
    device,
    ports: [a, b],
    fault,
    light,
  } = bench;
  fault({ kind: 'lose-reply' }, { command: MAKE[family] });
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
      fault,
    } = bench;
    await device.listPorts();
    const deaf = fault({ kind: 'no-answer' });
    const time = await bench.took(async () => assert.is((await device.connect(a, b, 'one')).kind, 'unknown'));
    assert.ok(time <= seconds(30) + bench.slack, formatDuration(time));
    await rejects(device.readPower(), SwitchError);
    deaf.remove();
    await bench.clock.sleep(RECONNECTED);
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
      fault,
    } = bench;
    fault({ kind: 'late', by: seconds(6) }, { command: MAKE[family], times: 1 });
    assert.equal(await device.connect(a, b, 'one'), DONE);
    assert.equal(await device.connect(c, d, 'one'), DONE);
    assert.equal(await pairs(device), [`${a} ${b}`, `${c} ${d}`]);
  },
);

forEach(
  test,
  FAMILIES,
  'a connection closed after the login is opened again; meanwhile it is unknown',
  async (bench) => {
    const {
      device,
      ports: [a, b],
      fault,
      clock,
    } = bench;
    const hangUp = fault({ kind: 'hang-up' }, { command: 'ACT-USER' });
    assert.is((await device.connect(a, b, 'one')).kind, 'unknown');
    hangUp.remove();
    await clock.sleep(RECONNECTED);
    assert.equal(await device.connect(a, b, 'one'), DONE);
  },
);

forEach(
  test,
  FAMILIES,
  'a listing that is refused is an error with the code',
  async ({ device, fault }, family) => {
    await device.listPorts();
    fault({ kind: 'deny', code: 'SDNR' }, { command: LIST[family] });
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
