import { assert, suite } from '../scripts/testing/suite.ts';
import { db, dbm, metres } from '../src/core/quantity.ts';
import { ms, seconds } from '../src/core/time.ts';
import { smallWorld } from '../src/sim/world.fixture.ts';
import { Tl1Session } from '../src/tl1/session.ts';
import { type FamilyName, families } from './families.ts';
import { Plant } from './plant.ts';

const test = suite('devices in virtual time');

/** Families that can tell of a loss of light. */
type Told = Extract<FamilyName, 'glimmerglass' | 'calient'>;

const MAKE: Record<Told, string> = {
  glimmerglass: 'ent-crs-fiber::10001&10002,20002&20001',
  calient: 'ent-crs::10.1a.1,10.1a.2',
};
const LIST: Record<Told, string> = { glimmerglass: 'rtrv-crs-fiber', calient: 'rtrv-crs' };

/** A session with a device: make, crash while the mirrors move, come back, make again, cut, be told. */
async function story(family: Told, seed: string): Promise<string> {
  const small = smallWorld({ nodes: ['agent', 's'], seed });
  const { world, trace } = small;
  const { program, portLabels, insertionLoss, tcpPort } = families[family];
  const plant = new Plant({ clock: world.clock });
  const optics = plant.addSwitch('s', { ports: portLabels(4), insertionLoss });
  for (const [i, port] of portLabels(2).entries()) {
    const name = `t${i}`;
    plant.addTerminal(name, { launchPower: dbm(0), sensitivity: dbm(-14), powerOnDelay: ms(1) });
    const [a, b] = [
      { node: name, port: 'line' },
      { node: 's', port },
    ];
    plant.addFibre(`f${i}`, { a, b, length: metres(1000), loss: db(1) });
  }
  const device = world.machine('s');
  device.boot((platform) => program(platform, optics, { sendsAlarms: true }));
  const agent = world.machine('agent');
  await small.drive(() =>
    agent.run(async ({ clock, network, log }) => {
      const login = { user: 'admin', password: 'admin' };
      const session = new Tl1Session({ clock, network, log, address: { machine: 's', tcpPort }, login });
      const [verb = '', , aid = ''] = MAKE[family].split(':');
      const make = { verb, aid, ...(family === 'calient' && { payload: [',2way'] }) };
      const told: string[] = [];
      session.subscribe((notification) => told.push(notification.verb));

      world.clock.timer(ms(18), () => device.crash({ sockets: 'reset' }));
      const first = await session.execute(make, { limit: seconds(2) });
      assert.ok(first.kind === 'unanswered' && first.isSent, JSON.stringify(first));
      assert.equal(optics.crossConnects(), []);
      device.restart();
      await clock.sleep(seconds(120));
      const second = await session.execute(make);
      assert.is(second.kind, 'completed', JSON.stringify(second));
      assert.is(optics.crossConnects().length, 2);
      const list = await session.execute({ verb: LIST[family], aid: family === 'calient' ? '' : 'all' });
      assert.is(list.kind, 'completed');
      plant.cut('f0');
      await clock.sleep(ms(50));
      assert.equal(told, ['REPT ALM EQPT']);
      await session.close();
    }),
  );
  assert.equal(
    trace.records.filter(({ where }) => where === 's').map(({ kind }) => kind),
    ['machine.crashed', 'machine.restarted'],
  );
  return trace.hash();
}

for (const family of ['glimmerglass', 'calient'] as const) {
  test(`a ${family} survives a crash in mid-switch, and its alarms reach a session`, async () => {
    await story(family, '1');
  });
}

test('the same story has the same trace', async () => {
  assert.is(await story('calient', '7'), await story('calient', '7'));
});

test.run();
