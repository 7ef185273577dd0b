import { assert, suite } from '../scripts/testing/suite.ts';
import { dbm } from '../src/core/quantity.ts';
import { ms, seconds, ZERO } from '../src/core/time.ts';
import type { PxcProfile } from './calient.ts';
import { families } from './families.ts';
import type { BenchClient } from './testing/bench-network.fixture.ts';
import { type DeviceBench, deviceBench } from './testing/device-bench.fixture.ts';

const test = suite('calient emulator');

const PROMPTING = 3083;
const RAW = 3082;

/** Sixteen ports on two cards, the first four lit, no time for commands. */
const bench = (profile: Partial<PxcProfile> = {}): Promise<DeviceBench> =>
  deviceBench<PxcProfile>({
    family: 'calient',
    ports: 16,
    lit: 4,
    profile: { commandTime: ZERO, alarmLatency: ms(10), ...profile },
  });

const lines = async (b: DeviceBench, client: BenchClient, command: string): Promise<string[]> => {
  const text = await b.ask(client, command);
  return [...text.matchAll(/^ {3}"(.*)"\r$/gm)].map((m) => m[1] ?? '');
};
const valueIn = (line: string | undefined, name: string): string | undefined =>
  new RegExp(`[:,]${name}=([^,]*)`).exec(line ?? '')?.[1];

test('ports are named as on a 128-port box', () => {
  const labels = families.calient.portLabels(128);
  assert.equal([labels[0], labels[8], labels[127]], ['10.1a.1', '10.2a.1', '10.16a.8']);
});

test('port 3083 prompts after each message and does not echo; port 3082 is raw', async () => {
  const b = await bench();
  const prompting = b.network.client(PROMPTING);
  await b.clock.run(ZERO);
  assert.is(prompting.take(), '\r\nagent> ');
  const answer = await b.ask(prompting, 'act-user::admin:acon::admin;\n');
  assert.is(answer, '\r\n\n   BD0472 16-06-09 17:12:52\r\nM  acon COMPLD\r\n;\r\nagent> ');
  const raw = await b.open(RAW);
  assert.is(await b.ask(raw, 'rtrv-hdr:::;'), '\r\n\n   BD0472 16-06-09 17:12:52\r\nM  0 COMPLD\r\n;');
});

test('one step makes a connection, two-way or one-way, after the switching time', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  assert.is(await b.ask(client, 'ent-crs::10.1a.1,10.1a.2:mcon::,2way;', ms(49)), '');
  assert.equal(b.optics.crossConnects(), []);
  assert.match(await b.ask(client, '', ms(1)), /M {2}mcon COMPLD/);
  assert.match(await b.ask(client, 'ENT-CRS::10.1a.3,10.2a.1:2::,1WAY;'), /COMPLD/);
  assert.equal(b.optics.crossConnects(), [
    ['10.1a.1', '10.1a.2'],
    ['10.1a.2', '10.1a.1'],
    ['10.1a.3', '10.2a.1'],
  ]);
});

test('busy and absent ports are an Invalid Connection, and nothing changes', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs::10.1a.1,10.1a.2:1::,1way;');
  for (const aid of ['10.1a.1,10.1a.3', '10.1a.3,10.1a.2', '10.1a.1,10.1a.2', '10.1a.3,10.9a.1'])
    assert.match(
      await b.ask(client, `ent-crs::${aid}:1::,1way;`),
      /DENY\r\n {3}SNVS\r\n {3}\/\* Invalid Connection/,
    );
  assert.match(await b.ask(client, 'ent-crs::10.1a.3,10.1a.1:1::,2way;'), /DENY/);
  assert.match(await b.ask(client, 'ent-crs::10.1a.3,10.1a.4:1;'), /DENY\r\n {3}IPNV/);
  assert.match(await b.ask(client, 'ent-crs::10.1a.3:1::,1way;'), /DENY\r\n {3}IIAC/);
  assert.equal(b.optics.crossConnects(), [['10.1a.1', '10.1a.2']]);
});

test('a connection goes whole, by its name, and at once', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs::10.1a.1,10.1a.2:1::,2way;');
  await b.ask(client, 'ent-crs::10.1a.3,10.1a.4:1::,1way;');
  for (const name of ['10.1a.2-10.1a.1', '10.1a.1>10.1a.2', '10.1a.3-10.1a.4'])
    assert.match(await b.ask(client, `dlt-crs:::dcon::${name};`), /DENY\r\n {3}SNVS/);
  assert.match(await b.ask(client, 'dlt-crs:::dcon::10.1a.1-10.1a.2;', ZERO), /COMPLD/);
  assert.equal(b.optics.crossConnects(), [['10.1a.3', '10.1a.4']]);
  assert.match(await b.ask(client, 'dlt-crs:::dcon::10.1a.3>10.1a.4;'), /COMPLD/);
  assert.equal(b.optics.crossConnects(), []);
});

test('the connection line has the eleven fields that MonALISA insists on', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs::10.1a.1,10.1a.2:1::,2way;');
  assert.equal(await lines(b, client, 'rtrv-crs::,:cmon::,,;'), [
    '10.1a.1-10.1a.2:SRCPORT=10.1a.1,DSTPORT=10.1a.2,GRPNAME=SYSTEM,CONNNAME=10.1a.1-10.1a.2,CONNTYPE=2WAY,AS=IS,OS=IS,OC=OK,PS=UPR,AL=CL,MATRIXUSED=31.1',
  ]);
});

test('all forms of the listing list', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs::10.1a.1,10.1a.2:1::,2way;');
  await b.ask(client, 'ent-crs::10.1a.3,10.1a.5:1::,1way;');
  const names = async (command: string): Promise<string> =>
    (await lines(b, client, command)).map((line) => line.split(':')[0]).join(' ');
  for (const form of ['::,:1::,,', ':::1', ':::1::ALL', ':::1::SYSTEM'])
    assert.is(await names(`rtrv-crs${form};`), '10.1a.1-10.1a.2 10.1a.3>10.1a.5', form);
  assert.is(await names('rtrv-crs:::icon::,10.1a.3>10.1a.5;'), '10.1a.3>10.1a.5');
  assert.is(await names('rtrv-crs:::icon::,10.1a.3-10.1a.5;'), '');
  assert.is(await names('rtrv-crs:::1::OTHER;'), '');
  const [line] = await lines(b, client, 'RTRV-CRS:::1::SYSTEM,10.1a.1-10.1a.2;');
  assert.is(valueIn(line, 'FORWARDWORKINGPOWERINPUT'), '-11.42');
  assert.is(valueIn(line, 'REVERSEWORKINGPOWEROUTPUT'), '-13.00');
});

test('a dark connection says so', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs::10.1a.1,10.1a.2:1::,2way;');
  b.plant.cut('f2');
  await b.ask(client, '');
  const [line] = await lines(b, client, 'rtrv-crs:::1;');
  assert.equal([valueIn(line, 'OC'), valueIn(line, 'AL')], ['FAIL', 'CR']);
});

test('power and state of a port are asked port by port', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs::10.1a.1,10.1a.2:1::,1way;');
  const [lit] = await lines(b, client, 'rtrv-det-eqpt::10.1a.1:pmon;');
  assert.match(lit ?? '', /^10\.1a\.1:SWVERSION=/);
  assert.is(valueIn(lit, 'INOPTICALPOWER'), '-11.42');
  assert.is(valueIn(lit, 'INCONNECTIONID'), '10.1a.1>10.1a.2');
  const [out] = await lines(b, client, 'rtrv-det-eqpt::10.1a.2:pmon;');
  assert.is(valueIn(out, 'OUTOPTICALPOWERWORKING'), '-13.00');
  const [dark] = await lines(b, client, 'rtrv-det-eqpt::10.2a.8:pmon;');
  assert.equal([valueIn(dark, 'INOPTICALPOWER'), valueIn(dark, 'INCONNECTED')], ['-50.00', 'N']);
  assert.match(await b.ask(client, 'rtrv-det-eqpt::10.1a.1&10.1a.2:pmon;'), /DENY\r\n {3}IIAC/);
});

test('ports are shown alone with their thresholds, by card and shelf, and those that are free', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs::10.1a.1,10.1a.2:1::,2way;');
  const [port] = await lines(b, client, 'rtrv-port::10.1a.3:1;');
  assert.match(port ?? '', /^10\.1a\.3:WX,NONE,NONE:INOPTDEGR=-15\.00,INOPTCRIT=-18\.00,/);
  const count = async (command: string): Promise<number> => (await lines(b, client, command)).length;
  assert.is(await count('rtrv-port::10.2a:1;'), 8);
  assert.is(await count('rtrv-port::10:1;'), 16);
  assert.is(await count('rtrv-port::EQPT:1::,free;'), 14);
  assert.match(await b.ask(client, 'rtrv-port::11:1;'), /DENY\r\n {3}IIAC/);
});

test('a port in use that loses its light raises an alarm, and clears it, in every session that is logged in', async () => {
  const b = await bench();
  const [one, two, stranger] = [
    await b.open(RAW),
    await b.open(PROMPTING),
    await b.open(RAW, { isLoggedIn: false }),
  ];
  await b.ask(one, 'ent-crs::10.1a.1,10.1a.2:1::,2way;');
  b.plant.cut('f1');
  b.plant.cut('f3');
  await b.clock.run(ms(9));
  assert.is(one.take(), '');
  await b.clock.run(ms(1));
  const raised =
    '\r\n\n   BD0472 16-06-09 17:12:52\r\n*C 1 REPT ALM EQPT\r\n   "10.1a.1:CR,LOS,SA,06-09,17-12-52:\\"Input optical power below critical threshold\\""\r\n;';
  assert.equal([one.take(), two.take(), stranger.take()], [raised, `${raised}\r\nagent> `, '']);
  assert.is((await lines(b, one, 'rtrv-alm-all:::1;')).length, 1);
  b.plant.repair('f1');
  const cleared = await b.ask(one, '', ms(10));
  assert.match(cleared, /A {2}2 REPT ALM EQPT\r\n {3}"10\.1a\.1:CL,LOS,/);
  assert.is((await lines(b, one, 'rtrv-alm-all:::1;')).length, 0);
});

test('an alarm needs its threshold, and goes only above the hysteresis', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs::10.1a.1,10.1a.2:1::,1way;');
  const saidAt = async (power: number): Promise<string> => {
    b.plant.setTransmitter('t1', true, dbm(power));
    return /:(CR|CL),LOS,/.exec(await b.ask(client, '', ms(50)))?.[1] ?? '';
  };
  assert.equal(
    [await saidAt(-18), await saidAt(-18.01), await saidAt(-17.5), await saidAt(-17), await saidAt(-17.9)],
    ['', 'CR', '', 'CL', ''],
  );
});

test('light between the thresholds is degraded, until it is critical or back', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs::10.1a.1,10.1a.2:1::,1way;');
  const saidAt = async (power: number): Promise<string[]> => {
    b.plant.setTransmitter('t1', true, dbm(power));
    return [...(await b.ask(client, '', ms(50))).matchAll(/:(CR|MN|CL,[A-Z]+)/g)].map((m) => m[1] ?? '');
  };
  assert.equal(await saidAt(-16), ['MN']);
  const [line] = await lines(b, client, 'rtrv-crs:::1;');
  assert.equal([valueIn(line, 'OC'), valueIn(line, 'AL')], ['OK', 'MN']);
  assert.equal((await saidAt(-19)).sort(), ['CL,OPTDEGR', 'CR']);
  assert.equal((await saidAt(-16)).sort(), ['CL,LOS', 'MN']);
  assert.equal(await saidAt(-14.5), []);
  assert.equal(await saidAt(-14), ['CL,OPTDEGR']);
});

test('a flicker shorter than the alarm latency is not told', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs::10.1a.1,10.1a.2:1::,1way;');
  b.plant.cut('f1');
  await b.clock.run(ms(9));
  b.plant.repair('f1');
  assert.is(await b.ask(client, '', seconds(1)), '');
});

test('a connection made in the dark is no alarm until it has had light; one that goes clears its alarm', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  b.plant.cut('f1');
  await b.ask(client, 'ent-crs::10.1a.1,10.1a.2:1::,1way;');
  assert.is(await b.ask(client, '', seconds(1)), '');
  b.plant.repair('f1');
  await b.clock.run(ms(1));
  b.plant.cut('f1');
  assert.match(await b.ask(client, ''), /"10\.1a\.1:CR,/);
  assert.match(await b.ask(client, 'dlt-crs:::1::10.1a.1>10.1a.2;'), /COMPLD[^]*"10\.1a\.1:CL,/);
});

test('a session can inhibit messages, and allow them again', async () => {
  const b = await bench();
  const [quiet, other] = [await b.open(RAW), await b.open(RAW)];
  await b.ask(other, 'ent-crs::10.1a.1,10.1a.2:1::,1way;');
  assert.match(await b.ask(quiet, 'INH-MSG-ALL:::inh;'), /COMPLD/);
  b.plant.cut('f1');
  await b.clock.run(ms(100));
  assert.is(quiet.take(), '');
  assert.match(other.take(), /REPT ALM/);
  await b.ask(quiet, 'ALW-MSG-ALL:::alw;');
  b.plant.repair('f1');
  assert.match(await b.ask(quiet, ''), /REPT ALM/);
});

test('an alarm can fall between two parts of an answer', async () => {
  const b = await bench({ partBytesMax: 400, partGap: ms(5) });
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs::10.1a.1,10.1a.2:1::,1way;');
  b.plant.cut('f1');
  await b.clock.run(ms(8));
  const text = await b.ask(client, 'rtrv-port::10:7;');
  const kinds = [...text.matchAll(/^(M|\*C) .*$/gm)].map((m) => m[1]);
  assert.equal(kinds.slice(0, 3), ['M', '*C', 'M']);
});

test('a connection is in its group, and groups, equipment and thresholds are listed', async () => {
  const b = await bench({ groups: ['SYSTEM', 'LAMBDA'] });
  const client = await b.open(RAW);
  assert.match(await b.ask(client, 'ent-crs::10.1a.1,10.1a.2:1::LAMBDA,2way;'), /COMPLD/);
  assert.match(await b.ask(client, 'ent-crs::10.1a.3,10.1a.4:1::NOBODY,2way;'), /DENY\r\n {3}IPNV/);
  assert.match(await b.ask(client, 'ent-crs::10.1a.3,10.1a.4:1::,1way;'), /COMPLD/);
  const names = async (group: string): Promise<string> =>
    (await lines(b, client, `rtrv-crs:::1::${group};`)).map((line) => line.split(':')[0]).join(' ');
  assert.equal([await names('LAMBDA'), await names('SYSTEM')], ['10.1a.1-10.1a.2', '10.1a.3>10.1a.4']);
  assert.equal(await lines(b, client, 'rtrv-grp-crs:::1;'), ['SYSTEM', 'LAMBDA']);
  assert.equal(await lines(b, client, 'rtrv-eqpt:::1;'), [
    '10:TYPE=SHELF,STATUS=OK',
    '10.1a:TYPE=CARD,STATUS=OK',
    '10.2a:TYPE=CARD,STATUS=OK',
  ]);
  assert.is((await lines(b, client, 'rtrv-eqpt::10:1;')).length, 2);
  assert.is((await lines(b, client, 'rtrv-eqpt::10.2a:1;'))[7], '10.2a.8:TYPE=PORT,STATUS=OK');
  assert.match(await b.ask(client, 'rtrv-eqpt::11:1;'), /DENY\r\n {3}IIAC/);
  assert.equal(await lines(b, client, 'rtrv-cfg-swc::31.1:1;'), [
    '31.1:DEGRADETHRESHOLD=-15.00,CRITICALTHRESHOLD=-18.00',
  ]);
  assert.match((await lines(b, client, 'rtrv-ne:::1;'))[0] ?? '', /^SERIALNUMBER=BD0472,/);
});

test('a command known by its name only answers what its profile has', async () => {
  const b = await bench({ listingsByName: { 'RTRV-MEM-EQPT': ['10:FREE=50'], 'RTRV-LINK': [] } });
  const client = await b.open(RAW);
  assert.equal(await lines(b, client, 'rtrv-mem-eqpt:::1;'), ['10:FREE=50']);
  assert.match(await b.ask(client, 'rtrv-link:::1;'), /M {2}1 COMPLD\r\n;/);
  assert.match(await b.ask(client, 'rtrv-adj:::1;'), /DENY\r\n {3}IICM/);
});

test('a second login of the same user is beside the first, refused, or in its place', async () => {
  const second = async (secondLogin: PxcProfile['secondLogin']) => {
    const b = await bench({ secondLogin });
    const [one, two] = [await b.open(RAW), await b.open(RAW, { isLoggedIn: false })];
    const answer = await b.ask(two, 'act-user::admin:1::admin;');
    return [/COMPLD|DENY\r\n {3}SARB/.exec(answer)?.[0].slice(0, 6).trim(), one.isDropped];
  };
  assert.equal(await second('beside'), ['COMPLD', false]);
  assert.equal(await second('refused'), ['DENY', false]);
  assert.equal(await second('instead'), ['COMPLD', true]);
  const b = await bench({ secondLogin: 'refused' });
  const one = await b.open(RAW);
  assert.match(await b.ask(one, 'act-user::admin:1::admin;'), /COMPLD/);
  await b.ask(one, 'canc-user::admin:1;');
  assert.match(await b.ask(await b.open(RAW), 'rtrv-hdr:::1;'), /COMPLD/);
});

test('a restarted controller takes over what its mirrors hold', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs::10.1a.2,10.1a.1:1::,2way;');
  await b.ask(client, 'ent-crs::10.1a.3,10.1a.4:1::,1way;');
  await b.restart();
  const again = await b.open(RAW);
  const names = (await lines(b, again, 'rtrv-crs:::1;')).map((line) => line.split(':')[0]);
  assert.equal(names, ['10.1a.1-10.1a.2', '10.1a.3>10.1a.4']);
  b.plant.cut('f3');
  assert.match(await b.ask(again, ''), /"10\.1a\.3:CR,/);
});

test.run();
