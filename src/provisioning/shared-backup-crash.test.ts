import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { assertAgreement, granted, refused } from './line.fixture.ts';
import { bed, both, fibresNow, last, P, P_BACKUP, Q } from './shared-backup.fixture.ts';

const test = suite('shared backups and crashes');

for (const who of ['S1', 'S5', 'S3'])
  for (const afterMs of [0, 20, 60, 200, 3000])
    test(`${who} crashes ${afterMs} ms after both are up: both are protected again, and a cut is met`, async () => {
      const b = bed();
      await b.run(async () => {
        granted(await b.newClient('S1').request(P), b);
        granted(await b.newClient('S3').request(Q), b);
        await b.sleep(ms(afterMs));
        b.at(who).crash({ sockets: 'reset' });
        await b.sleep(seconds(1));
        b.at(who).restart();
        await b.sleep(seconds(15));
        assert.equal([last(b, 'p'), last(b, 'q')], ['path.protected', 'path.protected']);
        b.plant.cut('a2');
        await b.until('path.switched');
        await b.sleep(seconds(3));
        assert.equal(fibresNow(b, 'p'), P_BACKUP);
        assert.is(b.crossConnects().length, 12);
        assertAgreement(b);
      });
    });

for (const who of ['S1', 'S5'])
  for (const afterMs of [5, 10, 25, 40, 60, 90, 150])
    test(`${who} crashes ${afterMs} ms after the cut: light is back in the end`, async () => {
      const b = bed();
      await b.run(async () => {
        await both(b);
        b.plant.cut('a2');
        await b.sleep(ms(afterMs));
        b.at(who).crash({ sockets: 'reset' });
        await b.sleep(seconds(1));
        b.at(who).restart();
        await b.sleep(seconds(45));
        assert.equal(fibresNow(b, 'p'), P_BACKUP);
        assert.is(b.plant.terminal('T2').receiver, 'lit');
        assert.is(b.plant.terminal('T4').receiver, 'lit');
        assert.is(b.crossConnects().length, 12);
        assert.is(last(b, 'q'), 'path.unprotected');
        assertAgreement(b);
      });
    });

test('a coordinator that never returns keeps nothing for longer than a lease', async () => {
  const b = bed();
  await b.run(async () => {
    await both(b);
    b.at('S1').crash({ sockets: 'reset' });
    await b.sleep(seconds(35));
    const left = b.records('backup.dropped').filter((r) => r.fields['path'] === 'p');
    assert.equal(left.map((r) => r.fields['switch']).sort(), ['S2', 'S5', 'S6']);
    assert.is(last(b, 'q'), 'path.protected');
  });
});

test('a switch that starts again keeps what it kept, though no coordinator can say so', async () => {
  const b = bed({ c1: 'T5 S5 1', c2: 'T6 S6 1' });
  await b.run(async () => {
    await both(b);
    for (const name of ['S5', 'S6']) b.at(name).crash({ sockets: 'reset' });
    b.isolate(['S1', 'S3'], true);
    for (const name of ['S5', 'S6']) b.at(name).restart();
    await b.sleep(seconds(2));
    const third = { path: 'r', from: 'T5', to: 'T6' };
    assert.match(refused(await b.newClient('S6').request(third)), /no free fibres/);
    // Until their leases have ended.
    await b.sleep(seconds(35));
    granted(await b.newClient('S6').request(third), b);
  });
});

test.run();
