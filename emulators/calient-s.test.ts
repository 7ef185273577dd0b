import { assert, suite } from '../scripts/testing/suite.ts';
import { ms, ZERO } from '../src/core/time.ts';
import type { CalientSProfile } from './calient-s.ts';
import { families } from './families.ts';
import type { BenchClient } from './testing/bench-network.fixture.ts';
import { type DeviceBench, deviceBench } from './testing/device-bench.fixture.ts';

const test = suite('calient s-series emulator');

const PROMPTING = 3083;
const RAW = 3082;

/** Sixteen ports, the first four lit, no time for commands, mirrors of 40 ms. */
const bench = (profile: Partial<CalientSProfile> = {}): Promise<DeviceBench> =>
  deviceBench<CalientSProfile>({
    family: 'calient-s',
    ports: 16,
    lit: 4,
    profile: { commandTime: ZERO, alarmLatency: ms(10), ...profile },
  });

const lines = async (b: DeviceBench, client: BenchClient, command: string): Promise<string[]> =>
  [...(await b.ask(client, command)).matchAll(/^ {3}"(.*)"\r$/gm)].map((m) => m[1] ?? '');
const states = (line: string | undefined): string =>
  ['AS', 'OS', 'OC'].map((name) => new RegExp(`,${name}=([^,]*)`).exec(line ?? '')?.[1]).join(' ');

test('ports are named by segment, block and port', () => {
  const labels = families['calient-s'].portLabels(384);
  assert.equal([labels[0], labels[8], labels[64], labels[383]], ['1.1.1', '1.2.1', '2.1.1', '6.8.8']);
});

test('the login is answered with who it is and a notice, and a command without a tag with tag 0', async () => {
  const b = await bench();
  const client = await b.open(PROMPTING, { isLoggedIn: false });
  assert.match(
    await b.ask(client, 'ACT-USER::admin:1::admin;'),
    /M {2}1 COMPLD\r\n {3}"admin:admin,2"\r\n {3}\/\* .* \*\/\r\n;\r\nagent> $/,
  );
  assert.match(await b.ask(client, 'RTRV-CRS:::::ALL;'), /M {2}0 COMPLD/);
});

test('a make is entered, which takes its ports, and then activated, which moves its mirrors', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  assert.match(await b.ask(client, 'ENT-CRS::1.1.1,1.1.2:1::SYSTEM,2WAY;', ZERO), /COMPLD/);
  assert.is(
    (await lines(b, client, 'RTRV-CRS:::1::ALL;'))[0],
    '1.1.1-1.1.2:SRCPORT=1.1.1,DSTPORT=1.1.2,GRPNAME=SYSTEM,CONNNAME=1.1.1-1.1.2,CONNTYPE=2WAY,AS=UMA,OS=RDY,OC=OK,PS=UPR,AL=CL',
  );
  assert.match(
    await b.ask(client, 'ENT-CRS::1.1.3,1.1.2:1::SYSTEM,1WAY;'),
    /DENY\r\n {3}SNVS\r\n {3}\/\* Invalid Connection/,
  );
  assert.equal(b.optics.crossConnects(), []);
  assert.is(await b.ask(client, 'ACT-CRS::1.1.1,1.1.2:2::1.1.1-1.1.2,SYSTEM;', ms(39)), '');
  assert.match(await b.ask(client, '', ms(1)), /M {2}2 COMPLD/);
  assert.is(states((await lines(b, client, 'RTRV-CRS:::1::SYSTEM,1.1.1-1.1.2;'))[0]), 'IS IS OK');
  assert.is(b.optics.crossConnects().length, 2);
  assert.match(await b.ask(client, 'ACT-CRS::1.1.1,1.1.2:2::1.1.1-1.1.2,SYSTEM;'), /DENY/);
});

test('a delete is cancelled, which darkens it, and then deleted, which frees its ports', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ENT-CRS::1.1.1,1.1.2:1::,1WAY;');
  await b.ask(client, 'ACT-CRS::1.1.1,1.1.2:1::1.1.1>1.1.2,;');
  const [cancel, remove] = ['CANC', 'DLT'].map((verb) => `${verb}-CRS::1.1.1,1.1.2:1::,SYSTEM,1.1.1>1.1.2;`);
  assert.match(await b.ask(client, remove ?? ''), /DENY/);
  assert.match(await b.ask(client, cancel ?? ''), /COMPLD/);
  assert.equal(b.optics.crossConnects(), []);
  assert.match(await b.ask(client, 'ENT-CRS::1.1.1,1.1.3:1::,1WAY;'), /DENY/);
  assert.match(await b.ask(client, cancel ?? ''), /DENY/);
  assert.match(await b.ask(client, remove ?? ''), /COMPLD/);
  assert.match(await b.ask(client, 'ENT-CRS::1.1.1,1.1.3:1::,1WAY;'), /COMPLD/);
});

test('an early answer comes before the mirrors stand', async () => {
  const b = await bench({ answersEarly: true });
  const client = await b.open(RAW);
  await b.ask(client, 'ENT-CRS::1.1.1,1.1.2:1::,1WAY;');
  assert.match(await b.ask(client, 'ACT-CRS::1.1.1,1.1.2:1::1.1.1>1.1.2,;', ZERO), /COMPLD/);
  assert.equal(b.optics.crossConnects(), []);
  await b.clock.run(ms(40));
  assert.equal(b.optics.crossConnects(), [['1.1.1', '1.1.2']]);
});

test('connections are in groups, and an unknown group is denied', async () => {
  const b = await bench({ groups: ['SYSTEM', 'LAB'] });
  const client = await b.open(RAW);
  await b.ask(client, 'ENT-CRS::1.1.1,1.1.2:1::LAB,1WAY;');
  await b.ask(client, 'ENT-CRS::1.1.3,1.1.4:1::,1WAY;');
  const names = async (group: string): Promise<string> =>
    (await lines(b, client, `RTRV-CRS:::1::${group};`)).map((line) => line.split(':')[0]).join(' ');
  assert.equal(
    [await names('ALL'), await names('LAB'), await names('SYSTEM')],
    ['1.1.1>1.1.2 1.1.3>1.1.4', '1.1.1>1.1.2', '1.1.3>1.1.4'],
  );
  assert.equal(await lines(b, client, 'RTRV-GRP-CRS:::1;'), ['SYSTEM', 'LAB']);
  assert.match(await b.ask(client, 'ENT-CRS::1.2.1,1.2.2:1::OTHER,1WAY;'), /DENY\r\n {3}IPNV/);
  assert.match(await b.ask(client, 'ACT-CRS::1.1.1,1.1.2:1::1.1.1>1.1.2,SYSTEM;'), /DENY/);
  await b.ask(client, 'DLT-CRS-ALL:::1::LAB;');
  assert.is(await names('ALL'), '1.1.3>1.1.4');
});

test('many connections at once take the time of a bulk reconfiguration, and are all made or none', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  assert.match(await b.ask(client, 'ENT-CRS-BULK::1.1.1&1.1.1,1.2.1&1.2.2:1::,1WAY;'), /DENY/);
  assert.match(await b.ask(client, 'ENT-CRS-BULK::1.1.1&1.1.2,1.2.1:1::,1WAY;'), /DENY\r\n {3}IIAC/);
  assert.equal(await lines(b, client, 'RTRV-CRS:::1::ALL;'), []);
  assert.is(await b.ask(client, 'ENT-CRS-BULK::1.1.1&&1.1.4,1.2.1&&1.2.4:1::,1WAY;', ms(199)), '');
  assert.match(await b.ask(client, '', ms(1)), /COMPLD/);
  assert.is(b.optics.crossConnects().length, 4);
});

test('the port summary has both powers, none where it is dark, and what the port is in', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ENT-CRS::1.1.1,1.1.2:1::,1WAY;');
  await b.ask(client, 'ACT-CRS::1.1.1,1.1.2:1::1.1.1>1.1.2,;');
  await b.ask(client, 'ENT-CRS::1.1.2,1.1.5:1::,1WAY;');
  const all = await lines(b, client, 'RTRV-PORT-SUM::0;');
  assert.is(all.length, 16);
  assert.equal(
    [all[0], all[1], all[15]],
    [
      '1.1.1:ALIAS=NONE,INPWR=-11.42,OUTPWR=NONE,CONNNAME1=1.1.1>1.1.2,CONNSTATE1=ACT,CONNNAME2=NONE,CONNSTATE2=NONE',
      '1.1.2:ALIAS=NONE,INPWR=-11.42,OUTPWR=-13.00,CONNNAME1=1.1.2>1.1.5,CONNSTATE1=PEND,CONNNAME2=1.1.1>1.1.2,CONNSTATE2=ACT',
      '1.2.8:ALIAS=NONE,INPWR=NONE,OUTPWR=NONE,CONNNAME1=NONE,CONNSTATE1=NONE,CONNNAME2=NONE,CONNSTATE2=NONE',
    ],
  );
  assert.equal(await lines(b, client, 'RTRV-PORT-SUM::1.2.8;'), [all[15]]);
  assert.match(await b.ask(client, 'RTRV-PORT-SUM::1.9.1;'), /DENY\r\n {3}IIAC/);
  const [element] = await lines(b, client, 'RTRV-NE;');
  assert.match(element ?? '', /^SERIALNUMBER=\w+,SWPACKAGE=.*,STATUS=OK,CHASSISTYPE=S162,PLATFORM=VERSION2$/);
});

test('a connection that is cancelled clears its alarm', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  await b.ask(client, 'ENT-CRS::1.1.1,1.1.2:1::,1WAY;');
  await b.ask(client, 'ACT-CRS::1.1.1,1.1.2:1::1.1.1>1.1.2,;');
  b.plant.cut('f1');
  assert.match(await b.ask(client, ''), /\*C 1 REPT ALM EQPT\r\n {3}"1\.1\.1:CR,LOS,SA,[-0-9]+,[-0-9]+:/);
  assert.is(states((await lines(b, client, 'RTRV-CRS:::1::ALL;'))[0]), 'IS OOS FAIL');
  assert.match(await b.ask(client, 'CANC-CRS::1.1.1,1.1.2:1::,,1.1.1>1.1.2;'), /COMPLD[^]*"1\.1\.1:CL,LOS/);
});

test('a bulk make that resolves conflicts takes away what is in its way', async () => {
  const b = await bench({ resolvesConflicts: true, bulkTime: ms(500) });
  const client = await b.open(RAW);
  for (const step of ['ENT-CRS::1.1.1,1.1.2:1::,2WAY;', 'ACT-CRS::1.1.1,1.1.2:2::1.1.1-1.1.2,;'])
    await b.ask(client, step);
  const bulk = 'ENT-CRS-BULK::1.1.1&1.1.3,1.1.5&1.1.6:3::SYSTEM,1WAY;';
  assert.is(await b.ask(client, bulk, ms(499)), '');
  assert.match(await b.ask(client, '', ms(1)), /M {2}3 COMPLD/);
  assert.equal(b.optics.crossConnects(), [
    ['1.1.1', '1.1.5'],
    ['1.1.3', '1.1.6'],
  ]);
});

test('a port alone is told in the form of a FiberConnect', async () => {
  const b = await bench();
  const client = await b.open(RAW);
  assert.equal(await lines(b, client, 'RTRV-PORT::1.1.1:1;'), [
    '1.1.1:WX,NONE,NONE:INAS=IS,INOS=IS,INOC=OK,INRS=ACT,OUTAS=IS,OUTOS=IS,OUTOC=OK,OUTRS=ACT',
  ]);
  assert.match((await lines(b, client, 'RTRV-PORT::1.1.8:1;'))[0] ?? '', /INOS=OOS,INOC=FAIL/);
  assert.match(await b.ask(client, 'RTRV-PORT::9.9.9:1;'), /DENY\r\n {3}IIAC/);
  assert.match(await b.ask(client, 'RTRV-IP:::1;'), /M {2}1 COMPLD\r\n;/);
});

test.run();
