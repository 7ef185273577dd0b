import { assert, suite } from '../scripts/testing/suite.ts';
import { ms, ZERO } from '../src/core/time.ts';
import type { SwitchProfile } from './device/profile.ts';
import { type DeviceBench, deviceBench } from './testing/device-bench.fixture.ts';

const test = suite('polatis emulator');

const TCP_PORT = 3082;

/** Eight by eight, the first four inputs lit, no time for commands. */
const bench = (profile: Partial<SwitchProfile> = {}): Promise<DeviceBench> =>
  deviceBench<SwitchProfile>({
    family: 'polatis',
    ports: 8,
    lit: 4,
    profile: { commandTime: ZERO, sid: 'OST', ...profile },
  });

const linesOf = (text: string): string[] => [...text.matchAll(/^ {3}"(.*)"\r$/gm)].map((m) => m[1] ?? '');

test('a patch joins an input and an output, in either order, within 20 ms', async () => {
  const b = await bench();
  const client = await b.open(TCP_PORT);
  assert.is(await b.ask(client, 'ENT-PATCH:"OST":9,2:a:;', ms(14)), '');
  assert.match(await b.ask(client, '', ms(1)), /M {2}a COMPLD/);
  assert.match(await b.ask(client, 'ENT-PATCH::1,10:b;'), /M {2}b COMPLD/);
  assert.equal(linesOf(await b.ask(client, 'RTRV-PATCH:"OST"::c:;')), ['1,10', '2,9']);
  assert.equal(b.optics.crossConnects(), [
    ['1', '2'],
    ['2', '1'],
  ]);
});

test('a patch of a port in use, of two inputs, or of no port is denied', async () => {
  const b = await bench();
  const client = await b.open(TCP_PORT);
  await b.ask(client, 'ENT-PATCH:"OST":10,1:a:;');
  for (const [ports, code] of [
    ['11,1', 'SNVS'],
    ['10,3', 'SNVS'],
    ['2,3', 'IIAC'],
    ['9,10', 'IIAC'],
    ['17,3', 'IIAC'],
    ['3', 'IIAC'],
  ] as const)
    assert.match(
      await b.ask(client, `ENT-PATCH:"OST":${ports}:a:;`),
      new RegExp(`DENY\\r\\n {3}${code}`),
      ports,
    );
  assert.equal(b.optics.crossConnects(), [['1', '2']]);
});

test('a delete takes every patch of its ports', async () => {
  const b = await bench();
  const client = await b.open(TCP_PORT);
  for (const ports of ['10,1', '11,2', '12,3']) await b.ask(client, `ENT-PATCH:"OST":${ports}:a:;`);
  assert.match(await b.ask(client, 'DLT-PATCH:"OST":1&10:a:;'), /COMPLD/);
  assert.equal(linesOf(await b.ask(client, 'RTRV-PATCH:"OST"::c:;')), ['2,11', '3,12']);
  assert.match(await b.ask(client, 'DLT-PATCH:"OST":2&12:a:;'), /COMPLD/);
  assert.match(await b.ask(client, 'DLT-PATCH:"OST":2&12:a:;'), /DENY\r\n {3}SNVS/);
  assert.equal(b.optics.crossConnects(), []);
});

test('power, shutters, size and type are told in their forms', async () => {
  const b = await bench();
  const client = await b.open(TCP_PORT);
  assert.equal(linesOf(await b.ask(client, 'RTRV-PORT-POWER:"OST":4&&5&9:a:;')), [
    '4:-11.4',
    '5:-50.0',
    '9:-50.0',
  ]);
  assert.equal(linesOf(await b.ask(client, 'RTRV-PORT-SHUTTER:"OST":1&&2:a:;')), ['1:open', '2:open']);
  assert.equal(linesOf(await b.ask(client, 'RTRV-EQPT:"OST":SYSTEM:a:::PARAMETER=SIZE;')), [
    'SYSTEM:SIZE=8x8',
  ]);
  assert.match(await b.ask(client, 'RTRV-EQPT:"OST":SYSTEM:a:::PARAMETER=COLOUR;'), /DENY\r\n {3}IPNV/);
  assert.match(await b.ask(client, 'RTRV-PORT-PMON:"OST":1:a:;'), /M {2}a COMPLD\r\n;/);
  assert.is(linesOf(await b.ask(client, 'RTRV-NETYPE:"OST"::a:;'))[0]?.split(',').length, 4);
});

test('a name that reads ( nil ) is the name, and another is denied', async () => {
  const b = await bench({ sid: '( nil )' });
  const client = await b.open(TCP_PORT);
  assert.match(await b.ask(client, 'RTRV-PATCH:"( nil )"::a:;'), /^\r\n\n {3}\( nil \) .*\r\nM {2}a COMPLD/);
  assert.match(await b.ask(client, 'RTRV-PATCH:"OST"::a:;'), /DENY\r\n {3}IITA/);
});

test.run();
