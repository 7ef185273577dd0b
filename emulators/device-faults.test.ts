import { assert, suite } from '../scripts/testing/suite.ts';
import { db, dbm } from '../src/core/quantity.ts';
import { ms, seconds, ZERO } from '../src/core/time.ts';
import { CommandRules, forVerbs } from './command-rules.ts';
import { Restarts } from './device/restarts.ts';
import { asOtherRelease, flapPort, stickReadings, weakenMirror } from './device-faults.ts';
import type { GlimmerglassProfile } from './glimmerglass-profile.ts';
import { type DeviceBench, deviceBench } from './testing/device-bench.fixture.ts';

const test = suite('faults of devices');

const RAW = 10034;
const MAKE = 'ent-crs-fiber::10001,20002:m;';

const bench = (profile: Partial<GlimmerglassProfile> = {}): Promise<DeviceBench> =>
  deviceBench<GlimmerglassProfile>({
    family: 'glimmerglass',
    ports: 8,
    lit: 4,
    profile: { commandTime: ZERO, ...profile },
  });

test('a weak mirror loses more, wherever it guides its light, until it is mended', async () => {
  const { clock, optics, plant } = await bench();
  const power = (port: string): string => optics.power(port, 'out').toFixed(2);
  const weak = weakenMirror(optics, '1', db(10));
  optics.connect('1', '2');
  assert.is(power('2'), '-23.00');
  optics.disconnect('1', '2');
  optics.connect('1', '3');
  assert.is(power('3'), '-23.00');
  plant.setTransmitter('t1', true, dbm(-1));
  await clock.run(ms(1));
  assert.is(power('3'), '-12.58');
  weak.remove();
  assert.is(power('3'), '-2.58');
});

test('a flapping port is dark and lit in turn, and what comes in meanwhile is not forgotten', async () => {
  const { clock, optics, plant } = await bench();
  optics.connect('1', '2');
  const flap = flapPort(clock, optics, '1', { dark: ms(20), lit: ms(30) });
  const lit: boolean[] = [];
  for (let i = 0; i < 6; i++) {
    lit.push(optics.power('2', 'out') > -40);
    await clock.run(ms(15));
  }
  assert.equal(lit, [false, false, true, true, false, true]);
  plant.setTransmitter('t1', true, dbm(-1));
  await clock.run(ms(1));
  flap.remove();
  flap.remove();
  assert.is(optics.power('1', 'in'), -1);
  await clock.run(seconds(1));
  assert.is(optics.power('1', 'in'), -1);
});

test('stuck monitors show the last light and tell nothing; mended, they tell of what changed', async () => {
  const { clock, optics, plant } = await bench();
  optics.connect('1', '2');
  const told: string[] = [];
  optics.onPower((port, side) => told.push(`${side} ${port}`));
  const stuck = stickReadings(optics);
  plant.setTransmitter('t1', false);
  await clock.run(ms(1));
  assert.equal([optics.power('1', 'in'), told.length], [-11.42, 0]);
  stuck.remove();
  assert.equal([optics.power('1', 'in'), told], [-50, ['in 1', 'out 2']]);
  stuck.remove();
  assert.is(told.length, 2);
});

test('a device that restarts drops its sessions and the mirrors that move, refuses for a while, and keeps what stands', async () => {
  const [rules, restarts] = [new CommandRules(), new Restarts()];
  const b = await bench({ rules, restarts });
  const client = await b.open(RAW);
  await b.ask(client, 'ent-crs-fiber::10003,20004:m;');
  rules.add(forVerbs(['ENT-CRS-FIBER'], { kind: 'restart', after: ms(10), down: seconds(30) }, 1));
  assert.is(await b.ask(client, MAKE, ms(10)), '');
  assert.ok(client.isDropped);
  await b.clock.run(seconds(29));
  assert.not(b.network.isListening(RAW));
  restarts.restart(seconds(30));
  await b.clock.run(seconds(2));
  assert.ok(b.network.isListening(RAW));
  assert.equal(b.optics.crossConnects(), [['3', '4']]);
  const again = await b.open(RAW);
  assert.match(await b.ask(again, MAKE), /COMPLD/);
  restarts.restart(ZERO);
  await b.clock.run(ms(1));
  assert.ok(again.isDropped && b.network.isListening(RAW));
});

test('a command can be acknowledged and no more: NA after acting, RL and NG without', async () => {
  const rules = new CommandRules();
  const b = await bench({ rules });
  const client = await b.open(RAW);
  for (const [code, made] of [
    ['RL', 0],
    ['NG', 0],
    ['NA', 1],
  ] as const) {
    rules.add(forVerbs(['ENT-CRS-FIBER'], { kind: 'acknowledge', code }, 1));
    assert.is(await b.ask(client, MAKE), `${code} m\r\n<`);
    assert.is(b.optics.crossConnects().length, made);
  }
});

test('a session can hang up after its answer', async () => {
  const rules = new CommandRules();
  const b = await bench({ rules });
  const client = await b.open(RAW);
  rules.add(forVerbs(['RTRV-HDR'], { kind: 'hang-up' }));
  assert.match(await b.ask(client, 'rtrv-hdr:::1;'), /M {2}1 COMPLD/);
  assert.ok(client.isDropped);
});

test('a notification can stand before each part of an answer', async () => {
  const rules = new CommandRules();
  const b = await bench({ rules, partBytesMax: 300 });
  const client = await b.open(RAW);
  const announcement = { alarmCode: 'A', verb: 'REPT EVT SESSION', lines: ['NODE:NO,'] } as const;
  rules.add(() => ({ kind: 'interleave', announcement, before: 'each part' }));
  const said = await b.ask(client, 'rtrv-port-power::all:1;');
  const kinds = [...said.matchAll(/^(M|A) {2}/gm)].map((m) => m[1]);
  assert.ok(kinds.length > 4);
  assert.equal(
    kinds,
    kinds.map((_, i) => (i % 2 === 0 ? 'A' : 'M')),
  );
});

test('another release has the named fields in another order, and one more', () => {
  assert.is(asOtherRelease('GGN:A=1,B="x, y"'), 'GGN:NEWFIELD="a, b",B="x, y",A=1');
  assert.is(asOtherRelease('1.1:WX,NONE:C=3'), '1.1:WX,NONE:NEWFIELD="a, b",C=3');
  // As a CD/CI writes: without a colon behind the name, or without a name.
  assert.is(asOtherRelease('c1,PST=IS,M={[a, 1]&[b 2]},Z='), 'c1,NEWFIELD=a&b,Z=,M={[a, 1]&[b 2]},PST=IS');
  assert.is(asOtherRelease('A=1,B=2:NAME=x,C=3::D=4'), 'NEWFIELD=a&b,B=2,A=1:NEWFIELD=a&b,C=3,NAME=x::D=4');
  assert.is(asOtherRelease('1-A-1-1,OCN:CR,LOS'), '1-A-1-1,OCN:CR,LOS');
});

test('a controller that restarts leaves nobody listening to the optics', async () => {
  const restarts = new Restarts();
  const b = await bench({ restarts, powerRefreshPeriod: ms(200) });
  let listeners = 0;
  const onPower = b.optics.onPower.bind(b.optics);
  b.optics.onPower = (listener) => {
    const stop = onPower(listener);
    listeners++;
    return () => {
      listeners--;
      stop();
    };
  };
  restarts.restart(ZERO);
  await b.clock.run(ms(1));
  const usual = listeners;
  assert.ok(usual > 0);
  for (let left = 3; left > 0; left--) {
    restarts.restart(ZERO);
    await b.clock.run(ms(1));
  }
  assert.is(listeners, usual);
});

test.run();
