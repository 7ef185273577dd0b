import { assert, suite } from '../../scripts/testing/suite.ts';
import { type Duration, ms, seconds } from '../core/time.ts';
import type { Bed } from './bed.fixture.ts';
import type { PathClient } from './client.ts';
import { assertAgreement, granted } from './line.fixture.ts';
import { reportRepair } from './repair-report.ts';
import { NORTH, SOUTH, twoWays } from './two-ways.fixture.ts';

const test = suite('reversion of light paths');

const wait: Duration = seconds(20);
const request = (path: string, terms = {}) => ({ path, from: 'T1', to: 'T2', terms });

const report = (b: Bed, fibre: string, agent = 'S3'): Promise<void> =>
  reportRepair(b.client.platform, { machine: agent, tcpPort: 3400 }, [fibre]);

const fibresNow = (b: Bed): unknown =>
  b.records('path.up').findLast((r) => r.fields['path'] === 'p')?.fields['fibres'];

async function cutAway(b: Bed, terms: object = { waitToRestore_ns: wait }): Promise<PathClient> {
  const client = b.newClient('S1');
  granted(await client.request(request('p', terms)), b);
  await b.sleep(seconds(2));
  assert.equal(fibresNow(b), NORTH);
  b.plant.cut('n2');
  await b.until('path.up', 2);
  assert.equal(fibresNow(b), SOUTH);
  await b.sleep(seconds(5));
  b.plant.repair('n2');
  return client;
}

test('a path goes back when its working route is told to be mended and the wait has passed', async () => {
  const b = twoWays();
  await b.run(async () => {
    await cutAway(b);
    await report(b, 'n2');
    const told = b.engine.now();
    await b.sleep(seconds(19));
    assert.equal(fibresNow(b), SOUTH);
    await b.until('path.up', 3);
    assert.equal(fibresNow(b), NORTH);
    const [reverted] = b.records('path.reverted');
    assert.ok((reverted?.at ?? 0) - told >= wait && (reverted?.at ?? 0) - told < wait + seconds(1));
    await b.sleep(seconds(2));
    assert.is(b.crossConnects().length, 6);
    assertAgreement(b);
  });
});

test('nobody moves when nobody says that the fibre is mended', async () => {
  const b = twoWays();
  await b.run(async () => {
    await cutAway(b);
    await b.sleep(seconds(120));
    assert.is(b.records('path.up').length, 2);
  });
});

test('without reversion a repair moves nothing', async () => {
  const b = twoWays();
  await b.run(async () => {
    await cutAway(b, {});
    await report(b, 'n2');
    await b.sleep(seconds(120));
    assert.is(b.records('path.up').length, 2);
  });
});

test('a second failure during the wait begins it anew', async () => {
  const b = twoWays();
  await b.run(async () => {
    await cutAway(b);
    await report(b, 'n2');
    await b.sleep(seconds(10));
    // Another path over n1 finds it cut.
    granted(await b.newClient('S4').request({ path: 'q', from: 'T3', to: 'T4' }), b);
    await b.sleep(seconds(2));
    b.plant.cut('n1');
    await b.until('loss.located', 2);
    b.plant.repair('n1');
    await b.sleep(seconds(15));
    assert.equal(fibresNow(b), SOUTH);
    await report(b, 'n1');
    await b.newClient('S4').release('q');
    await b.sleep(seconds(19));
    assert.is(b.records('path.reverted').length, 0);
    await b.sleep(seconds(3));
    assert.is(b.records('path.reverted').length, 1);
    assert.equal(fibresNow(b), NORTH);
  });
});

test('light that another path sends over the mended fibre says that it is whole', async () => {
  const b = twoWays();
  await b.run(async () => {
    await cutAway(b);
    await b.sleep(seconds(30));
    const client = b.newClient('S4');
    granted(await client.request({ path: 'q', from: 'T3', to: 'T4' }), b);
    await b.sleep(seconds(5));
    await client.release('q');
    await b.until('path.reverted', 1, seconds(40));
    await b.sleep(seconds(1));
    assert.equal(fibresNow(b), NORTH);
  });
});

test('a path whose working route somebody else has stays, and tries again after another wait', async () => {
  const b = twoWays();
  await b.run(async () => {
    await cutAway(b);
    await b.sleep(seconds(30));
    const client = b.newClient('S4');
    granted(await client.request({ path: 'q', from: 'T3', to: 'T4' }), b);
    await b.sleep(seconds(60));
    assert.equal(fibresNow(b), SOUTH);
    await client.release('q');
    await b.until('path.reverted', 1, seconds(40));
    await b.sleep(seconds(1));
    assert.equal(fibresNow(b), NORTH);
    assert.equal(b.records('path.down'), []);
  });
});

for (const afterMs of [100, 5_000, 20_050, 20_100, 20_200])
  test(`a coordinator that crashes ${afterMs} ms after the report still knows its working route`, async () => {
    const b = twoWays();
    await b.run(async () => {
      await cutAway(b);
      await report(b, 'n2', 'S1');
      await b.sleep(ms(afterMs));
      b.at('S1').crash({ sockets: 'reset' });
      await b.sleep(seconds(1));
      b.at('S1').restart();
      await b.sleep(seconds(5));
      await report(b, 'n2');
      await b.sleep(seconds(30));
      assert.equal(fibresNow(b), NORTH);
      assert.equal(b.records('path.down'), []);
      assertAgreement(b);
    });
  });

test.run();
