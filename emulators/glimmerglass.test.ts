import { assert, suite } from '../scripts/testing/suite.ts';
import { dbm } from '../src/core/quantity.ts';
import { ms, seconds, ZERO } from '../src/core/time.ts';
import { named, parseFields } from '../src/tl1/fields.ts';
import { Tl1Framer } from '../src/tl1/framing.ts';
import { encodeLatin1 } from '../src/tl1/latin1.ts';
import { formatResponse, parseMessage, type Tl1Response } from '../src/tl1/message.ts';
import { CommandRules, forVerbs } from './command-rules.ts';
import type { GlimmerglassProfile } from './glimmerglass-profile.ts';
import { transmitted } from './light.ts';
import type { BenchClient } from './testing/bench-network.fixture.ts';
import { type DeviceBench, deviceBench } from './testing/device-bench.fixture.ts';

const test = suite('glimmerglass emulator');

const ECHOING = 10033;
const RAW = 10034;

/** Eight ports, the first four lit, no time for commands, so that only what a test asks for takes time. */
const bench = (profile: Partial<GlimmerglassProfile> = {}): Promise<DeviceBench> =>
  deviceBench<GlimmerglassProfile>({
    family: 'glimmerglass',
    ports: 8,
    lit: 4,
    profile: { commandTime: ZERO, ...profile },
  });

/** The whole answer without its header: `M  1 COMPLD` and what follows. */
const body = (text: string): string => text.slice(text.indexOf('M  '));

/** What the listing of all cross-connects says of one field, for each port side by its AID. */
async function field(b: DeviceBench, client: BenchClient, aids: string, name: string): Promise<string[]> {
  const text = await b.ask(client, `rtrv-crs-fiber::${aids}:q;`);
  return [...text.matchAll(/"(GGN:[^"]*)"/g)].map((m) => named(parseFields(m[1] ?? ''), name) ?? '?');
}

test('the echoing port greets with terminal escapes and a prompt, the raw port with nothing', async () => {
  const b = await bench();
  const echoing = b.network.client(ECHOING);
  const raw = b.network.client(RAW);
  await b.clock.run(ZERO);
  assert.match(echoing.take(), /^\x1b\[[^<]*\r\n<$/);
  assert.is(raw.take(), '');
});

test('an answer has the header of the machine and its wall clock, between echo and prompt', async () => {
  const b = await bench();
  const echoing = await b.open(ECHOING);
  b.clock.advance(seconds(1));
  const time = '\r\n\n   BD0472 16-06-09 17:12:53\r\n';
  assert.is(await b.ask(echoing, 'rtrv-hdr:::17;\n'), `rtrv-hdr:::17;${time}M  17 COMPLD\r\n;\r\n<`);
  const raw = await b.open(RAW);
  assert.is(body(await b.ask(raw, 'RTRV-HDR:::A1;')), 'M  A1 COMPLD\r\n;');
});

test('nothing is answered before a login, and a wrong password is none', async () => {
  const b = await bench();
  const client = await b.open(RAW, { isLoggedIn: false });
  const denial = 'M  1 DENY\r\n   PLNA\r\n   /* Login Not Active */\r\n;';
  for (const command of ['rtrv-hdr:::1;', 'ent-crs-fiber::10001,20002:1;', 'no-such-verb:::1;'])
    assert.is(body(await b.ask(client, command)), denial);
  assert.match(await b.ask(client, 'act-user::admin:1::guess;'), /DENY\r\n {3}PIUI/);
  assert.match(await b.ask(client, 'rtrv-hdr:::1;'), /DENY\r\n {3}PLNA/);
  assert.match(await b.ask(client, 'act-user::admin:1::"admin";'), /M {2}1 COMPLD/);
  assert.match(await b.ask(client, 'rtrv-hdr:::1;'), /COMPLD/);
  assert.match(await b.ask(client, 'canc-user::admin:1;'), /COMPLD/);
  assert.match(await b.ask(client, 'rtrv-hdr:::1;'), /DENY\r\n {3}PLNA/);
  assert.equal(b.optics.crossConnects(), []);
});

test('a login can need time to become active', async () => {
  const b = await bench({ loginSettling: ms(50) });
  const client = await b.open(RAW, { isLoggedIn: false });
  client.send('act-user::admin:1::admin;');
  await b.clock.run(ms(1));
  client.take();
  assert.match(await b.ask(client, 'rtrv-hdr:::1;'), /PLNA\r\n {3}\/\* Login Not Active/);
  assert.match(await b.ask(client, 'rtrv-hdr:::1;'), /COMPLD/);
});

test('bad verbs, identifiers, tags and parts are denied with their codes', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  const cases: [command: string, denial: RegExp][] = [
    ['rtrv-nonsense:::1;', /M {2}1 DENY\r\n {3}IICM/],
    ['rtrv-hdr:OTHER::1;', /M {2}1 DENY\r\n {3}IITA/],
    ['rtrv-hdr:::toolong;', /M {2}0 DENY\r\n {3}IICT/],
    ['rtrv-port-power::10009:1;', /M {2}1 DENY\r\n {3}IIAC/],
    ['rtrv-port-power::30001:1;', /M {2}1 DENY\r\n {3}IIAC/],
    ['ent-crs-fiber::10001,20009:1;', /M {2}1 DENY\r\n {3}IIAC/],
    ['ent-crs-fiber::20001,10002:1;', /M {2}1 DENY\r\n {3}IIAC/],
    ['ent-crs-fiber::10001&10002,20002:1;', /M {2}1 DENY\r\n {3}IIPG/],
    ['ent-crs-fiber::10001&10001,20002&20003:1;', /M {2}1 DENY\r\n {3}IIPG/],
    ['dlt-crs-fiber::10001,20002:1;', /M {2}1 DENY\r\n {3}SNVS/],
  ];
  for (const [command, denial] of cases) assert.match(await b.ask(client, command), denial);
  assert.match(await b.ask(client, 'rtrv-hdr:bd0472::1;'), /COMPLD/);
});

test('a command makes both ways, after the switching time', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  assert.is(await b.ask(client, 'ent-crs-fiber::10001&10002,20002&20001:mcon;', ms(19)), '');
  assert.is(b.optics.power('2', 'out'), -50);
  assert.is(body(await b.ask(client, '', ms(1))), 'M  mcon COMPLD\r\n;');
  assert.equal(b.optics.crossConnects(), [
    ['1', '2'],
    ['2', '1'],
  ]);
  assert.is(b.optics.power('2', 'out').toFixed(2), '-13.00');
});

test('a connection made in the dark is a fault, by its timer once that has expired, and steady when light comes', async () => {
  const b = await bench({ initialConnectionTime: ms(500) });
  const client = await b.open(RAW);
  const condition = async (): Promise<string> =>
    [
      await field(b, client, '10005', 'CONNSTATE'),
      await field(b, client, '10005', 'CONNCAUSE'),
      await field(b, client, '10005', 'OPORTID'),
    ].join(' ');
  await b.ask(client, 'ent-crs-fiber::10005,20006:1;', ms(20));
  assert.is(await condition(), 'fault none 20006');
  await b.clock.run(ms(200));
  assert.is(await condition(), 'fault initial_connection_timer_expired 20006');
  b.optics.receive('5', transmitted('lamp', dbm(-5)));
  assert.is(await condition(), 'steady none 20006');
});

test('asynchronous mode answers before the mirrors stand', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  assert.match(await b.ask(client, 'ent-crs-fiber::10001,20002:1:::OPMODE=Async;', ms(1)), /COMPLD/);
  assert.equal(b.optics.crossConnects(), []);
  assert.match(await b.ask(client, 'ent-crs-fiber::10003,20002:2;', ms(1)), /M {2}2 DENY\r\n {3}SNVS/);
  await b.clock.run(ms(20));
  assert.equal(b.optics.crossConnects(), [['1', '2']]);
});

test('a busy port denies a second cross-connect and leaves all as it was', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs-fiber::10001,20002:1;');
  assert.match(await b.ask(client, 'ent-crs-fiber::10003&10001,20004&20005:2;'), /DENY\r\n {3}SNVS/);
  assert.match(await b.ask(client, 'ent-crs-fiber::10003,20002:3;'), /DENY\r\n {3}SNVS/);
  assert.equal(b.optics.crossConnects(), [['1', '2']]);
});

test('one command takes one direction away, at once', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs-fiber::10001&10002,20002&20001:1;');
  assert.match(await b.ask(client, 'dlt-crs-fiber::10001&10002,20002&20001:2;'), /DENY\r\n {3}IIPG/);
  assert.match(await b.ask(client, 'dlt-crs-fiber::10001,20002:3;', ZERO), /M {2}3 COMPLD/);
  assert.equal(b.optics.crossConnects(), [['2', '1']]);
  assert.is(b.optics.power('2', 'out'), -50);
  await b.ask(client, 'ent-crs-fiber::10003&10004,20005&20006:4;');
  assert.match(await b.ask(client, 'dlt-crs-fiber::10003&10002:5;'), /COMPLD/);
  assert.equal(b.optics.crossConnects(), [['4', '6']]);
  assert.match(await b.ask(client, 'dlt-crs-fiber::all:6;'), /COMPLD/);
  assert.equal(b.optics.crossConnects(), []);
});

test('a connection taken away while its mirrors move never carries light', async () => {
  const b = await bench();
  const [maker, other] = [await b.open(RAW), await b.open(RAW)];
  maker.send('ent-crs-fiber::10001,20002:1;');
  await b.clock.run(ms(10));
  assert.match(await b.ask(other, 'dlt-crs-fiber::10001,20002:2;'), /COMPLD/);
  assert.match(maker.take(), /M {2}1 COMPLD/);
  assert.equal(b.optics.crossConnects(), []);
});

test('the listing has all inputs and then all outputs, so a connection appears twice', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs-fiber::10001,20003:1;');
  assert.equal(await field(b, client, 'all', 'IPORTID'), [
    ...['10001', '10002', '10003', '10004', '10005', '10006', '10007', '10008'],
    ...['0', '0', '10001', '0', '0', '0', '0', '0'],
  ]);
  assert.equal(await field(b, client, '10001&20004&10002&&10003', 'OPORTID'), ['20003', '20004', '0', '0']);
  assert.equal(await field(b, client, '10001&20003', 'PWRLOSS'), ['1.58', '1.58']);
});

test('state and cause follow the light: made dark, lit, lost, back', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  const told = async (): Promise<string[]> => [
    ...(await field(b, client, '10001', 'CONNSTATE')),
    ...(await field(b, client, '10001', 'CONNCAUSE')),
  ];
  assert.equal(await told(), ['single', 'none']);
  b.plant.cut('f1');
  await b.ask(client, 'ent-crs-fiber::10001,20002:1;');
  assert.equal(await told(), ['fault', 'initial_connection_timer_expired']);
  b.plant.repair('f1');
  assert.equal(await told(), ['steady', 'none']);
  b.plant.cut('f1');
  assert.equal(await told(), ['fault', 'input_loss_of_light']);
  b.plant.repair('f1');
  assert.equal(await told(), ['steady', 'none']);
});

test('power is what the plant has, dark or lit, with hysteresis only in the state', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs-fiber::10001,20002:1;');
  const power = await b.ask(client, 'rtrv-port-power::10001&20002&10005:2;');
  assert.match(power, /PORTID=10001,PORTNAME=1-in,PORTPOWER=-11.42"/);
  assert.match(power, /PORTID=20002,PORTNAME=2-out,PORTPOWER=-13.00"/);
  assert.match(power, /PORTID=10005,PORTNAME=5-in,PORTPOWER=-50.00"/);
  const stateAt = async (launched: number): Promise<string> => {
    b.plant.setTransmitter('t1', true, dbm(launched));
    await b.clock.run(ZERO);
    return (await field(b, client, '10001', 'CONNSTATE'))[0] ?? '';
  };
  assert.is(await stateAt(-20), 'steady');
  assert.is(await stateAt(-20.1), 'fault');
  assert.is(await stateAt(-19.5), 'fault');
  assert.is(await stateAt(-19), 'steady');
});

test('each layout is a profile', async () => {
  for (const [layout, count] of [
    [12, 12],
    [15, 15],
    [18, 18],
  ] as const) {
    const b = await bench({ layout });
    const client = await b.open(RAW);
    const text = await b.ask(client, 'rtrv-crs-fiber::10001:1;');
    assert.is(/"GGN:([^"]*)"/.exec(text)?.[1]?.split(',').length, count);
  }
});

test('a long answer comes in parts of less than 4,000 bytes, each a whole message', async () => {
  const b = await deviceBench<GlimmerglassProfile>({ family: 'glimmerglass', ports: 48, lit: 0 });
  const client = await b.open(ECHOING);
  const text = await b.ask(client, 'RTRV-CFG-FIBER::10001&&10048&20001&&20048:1;', seconds(1));
  const blocks = new Tl1Framer().push(encodeLatin1(text));
  const parts = blocks.map(parseMessage).filter((m): m is Tl1Response => m.kind === 'response');
  assert.equal(
    parts.flatMap((part) => part.lines.map((line) => /PORTID=(\d+)/.exec(line)?.[1])),
    ['1', '2'].flatMap((side) =>
      Array.from({ length: 48 }, (_, i) => `${side}00${String(i + 1).padStart(2, '0')}`),
    ),
  );
  for (const [i, part] of parts.slice(0, -1).entries()) {
    const next = parts[i + 1]?.lines[0] ?? '';
    const length = formatResponse(part).length;
    assert.ok(length <= 4000 && length + next.length + '   ""\r\n'.length > 4000, `${length} bytes`);
  }
  assert.equal(
    parts.map(({ code, ctag, isLast }) => [code, ctag, isLast]),
    parts.map((_, i) => ['COMPLD', '1', i === parts.length - 1]),
  );
  for (const part of text.split('>\r\n<')) assert.ok(part.length <= 4000 + 60, `${part.length} bytes`);
  assert.match(text, /\r\n>\r\n<\r\n\n {3}BD0472 /);
  assert.match(text, /\r\n;\r\n<$/);
});

test('commands of a session are served one at a time, those of two sessions side by side', async () => {
  const b = await bench({ commandTime: ms(30) });
  const [one, two] = [await b.open(RAW), await b.open(RAW)];
  one.send('rtrv-hdr:::1;rtrv-hdr:::2;');
  two.send('rtrv-hdr:::3;');
  await b.clock.run(ms(30));
  assert.equal([body(one.take()), body(two.take())], ['M  1 COMPLD\r\n;', 'M  3 COMPLD\r\n;']);
  await b.clock.run(ms(29));
  assert.is(one.take(), '');
  await b.clock.run(ms(1));
  assert.is(body(one.take()), 'M  2 COMPLD\r\n;');
});

test('an answer that takes more than two seconds is acknowledged with IP', async () => {
  const b = await bench({ lineTime: ms(150) });
  const client = await b.open(RAW);
  assert.is(await b.ask(client, 'rtrv-port-power::all:7;', ms(1999)), '');
  assert.is(await b.ask(client, '', ms(1)), 'IP 7\r\n<');
  assert.match(await b.ask(client, '', ms(400)), /M {2}7 COMPLD/);
  await b.ask(client, 'rtrv-port-power::10001:8;', ms(200));
  assert.is(await b.ask(client, '', seconds(5)), '');
});

test('multicast ports stand above the licensed ones, have names of their own, and share the light of one output', async () => {
  const b = await bench({ multicastPorts: 4 });
  const client = await b.open(RAW);
  assert.match(await b.ask(client, 'rtrv-system-info:::1;'), /LicensedPortMatrix=4x4,/);
  assert.equal(await field(b, client, '10004&&10006', 'IPORTNAME'), ['4-in', 'MC-1-1', 'MC-1-2']);
  assert.match(await b.ask(client, 'rtrv-port-power::20008:1;'), /PORTNAME=MC-1-4,/);
  assert.match(await b.ask(client, 'rtrv-cfg-fiber::10005:1;'), /PORTNAME=MC-1-1,/);
  await b.ask(client, 'ent-crs-fiber::10001&10005&10006,20005&20002&20003:1;');
  // Through the switch twice, and split in four between.
  assert.equal(
    ['2', '3', '4'].map((port) => b.optics.power(port, 'out').toFixed(2)),
    ['-21.58', '-21.58', '-50.00'],
  );
});

test('power is as old as the refresh period, which ED-PARAM sets', async () => {
  const b = await bench({ powerPeriodUnit: ms(100) });
  const client = await b.open(RAW);
  const power = async (): Promise<string> =>
    /PORTPOWER=([-.0-9]+)/.exec(await b.ask(client, 'rtrv-port-power::10001:1;', ZERO))?.[1] ?? '';
  const edit = (name: string, value: string): Promise<string> =>
    b.ask(client, `ED-PARAM:::1:::NAME=${name},VAL=${value};`);
  assert.match(await edit('PowerMonitoringPeriod', 'often'), /DENY\r\n {3}IPNV/);
  assert.match(await edit('Colour', '1'), /DENY\r\n {3}IPNV/);
  assert.match(await edit('PowerMonitoringPeriod', '10'), /COMPLD/);
  await b.clock.run(ms(1000 - (b.clock.now() % ms(1000)) / 1e6));
  assert.is(await power(), '-11.42');
  b.plant.setTransmitter('t1', true, dbm(-5));
  await b.clock.run(ms(400));
  b.plant.setTransmitter('t1', true, dbm(-7));
  await b.clock.run(ms(599));
  assert.is(await power(), '-11.42');
  await b.clock.run(ms(1));
  assert.is(await power(), '-7.00');
  await edit('PowerMonitoringPeriod', '0');
  b.plant.setTransmitter('t1', true, dbm(-9));
  await b.clock.run(ZERO);
  assert.is(await power(), '-9.00');
});

test('a signal type is told by port; a mode that is neither synchronous nor asynchronous is denied', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  assert.match(await b.ask(client, 'rtrv-sigtype-fiber::10001:1;'), /"GGN:PORTID=10001,SIGTYPE=[^,]+"/);
  assert.match(await b.ask(client, 'ent-crs-fiber::10001,20002:1:::OPMODE=Later;'), /DENY\r\n {3}IPNV/);
  assert.match(await b.ask(client, 'ent-crs-fiber::10001,20002:1:::opmode=sync;'), /COMPLD/);
});

test('no alarm is sent unless the profile says so', async () => {
  for (const sendsAlarms of [false, true]) {
    const b = await bench({ sendsAlarms });
    const client = await b.open(RAW);
    await b.ask(client, 'ent-crs-fiber::10001,20002:1;');
    b.plant.cut('f1');
    const said = await b.ask(client, '', seconds(1));
    if (sendsAlarms)
      assert.match(
        said,
        /\*C 1 REPT ALM EQPT\r\n {3}"10001:CR,LOS,SA,06-09,17-12-52,NEND,RCV:\\"Input loss of light\\""\r\n;$/,
      );
    else assert.is(said, '');
  }
});

test('faults on commands act and end as rules', async () => {
  const rules = new CommandRules();
  const b = await bench({ rules });
  const client = await b.open(RAW);
  const make = (ctag: number): string => `ent-crs-fiber::1000${ctag},20002:${ctag};`;

  const never = rules.add(forVerbs(['ENT-CRS-FIBER'], { kind: 'never-answer' }));
  assert.is(await b.ask(client, make(1), seconds(10)), '');
  never.remove();
  assert.equal(b.optics.crossConnects(), []);

  const lost = rules.add(forVerbs(['ENT-CRS-FIBER'], { kind: 'act-but-lose-reply' }));
  assert.is(await b.ask(client, make(1), seconds(10)), '');
  lost.remove();
  lost.remove();
  assert.equal(b.optics.crossConnects(), [['1', '2']]);

  rules.add(forVerbs(['RTRV-HDR'], { kind: 'deny', errorCode: 'SARB', reason: 'All Resources Busy' }, 1));
  assert.match(await b.ask(client, 'rtrv-hdr:::1;'), /DENY\r\n {3}SARB/);
  assert.match(await b.ask(client, 'rtrv-hdr:::1;'), /COMPLD/);

  const late = rules.add(forVerbs(['RTRV-HDR'], { kind: 'delay', by: seconds(3) }));
  assert.is(await b.ask(client, 'rtrv-hdr:::9;', ms(2999)), 'IP 9\r\n<');
  assert.match(await b.ask(client, '', ms(1)), /M {2}9 COMPLD/);
  late.remove();

  const announcement = { alarmCode: 'A', verb: 'REPT EVT SESSION', lines: ['NODE:NO,'] } as const;
  rules.add(forVerbs(['RTRV-HDR'], { kind: 'interleave', announcement }, 1));
  assert.match(await b.ask(client, 'rtrv-hdr:::3;'), /A {2}1 REPT EVT SESSION\r\n[^;]*;[^;]*M {2}3 COMPLD/);
});

test('a session ends with its client, and serves first what it was asked', async () => {
  const b = await bench({ commandTime: ms(10) });
  const client = await b.open(RAW);
  client.send('rtrv-hdr:::1;');
  client.end();
  await b.clock.run(ms(20));
  assert.match(client.take(), /M {2}1 COMPLD/);
  assert.ok(client.isEnded);
});

test('a command that never ends, an idle session, and one too many are closed', async () => {
  const b = await bench({ sessionsMax: 2, idleLimit: seconds(60) });
  const [one, two] = [await b.open(RAW), await b.open(RAW)];
  const third = b.network.client(RAW);
  await b.clock.run(ZERO);
  assert.ok(third.isDropped);
  two.send('x'.repeat(65 * 1024));
  await b.clock.run(ZERO);
  assert.ok(two.isDropped);
  await b.ask(one, 'rtrv-hdr:::1;', seconds(59));
  await b.ask(one, 'rtrv-hdr:::1;', seconds(59));
  assert.not(one.isDropped);
  await b.clock.run(seconds(1));
  assert.ok(one.isDropped);
});

test('a client that does not read is given up before what it owes is much', async () => {
  const b = await bench({ sendsAlarms: true, alarmLatency: ZERO, unsentBytesMax: 2000 });
  const deaf = b.network.client(RAW, false);
  deaf.send('act-user::admin:1::admin;ent-crs-fiber::10001,20002:2;');
  await b.clock.run(ms(100));
  for (let i = 0; i < 40 && !deaf.isDropped; i++) {
    b.plant.cut('f1');
    await b.clock.run(ms(1));
    b.plant.repair('f1');
    await b.clock.run(ms(1));
  }
  assert.ok(deaf.isDropped);
  const client = await b.open(RAW);
  assert.match(await b.ask(client, 'rtrv-hdr:::1;'), /COMPLD/);
});

test('a restarted controller finds its mirrors as they are', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs-fiber::10001,20002:1;');
  b.plant.cut('f1');
  await b.restart();
  assert.ok(client.isDropped);
  const again = await b.open(RAW);
  assert.equal(await field(b, again, '10001', 'OPORTID'), ['20002']);
  assert.match(await b.ask(again, 'dlt-crs-fiber::10001,20002:1;'), /COMPLD/);
});

test.run();
