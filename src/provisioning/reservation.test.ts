import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds, wallMs } from '../core/time.ts';
import { Checkers } from '../scenario/checkers/all.ts';
import { Bed } from './bed.fixture.ts';
import { PathClient } from './client.ts';
import { assertAgreement, granted, LINE, line, REQUEST } from './line.fixture.ts';

const test = suite('reservations');

const wall = (bed: Bed): number => wallMs(bed.client.platform.clock.wall());
const from = (bed: Bed, start: number, end: number) => ({
  reserve: { start: wall(bed) + start * 1e3, end: wall(bed) + end * 1e3 },
});
const OTHER = { path: 'q', from: 'T1', to: 'T2' };

function assertInvariants(bed: Bed): void {
  assertAgreement(bed);
  const checkers = new Checkers(seconds(30));
  for (const record of bed.trace.records) checkers.observe(record);
  checkers.settle(bed.engine.now());
  assert.equal(checkers.violations, []);
}

test('a reserved path is connected at its start and gone at its end, whatever its client does', async () => {
  const bed = line();
  await bed.run(async () => {
    const client = bed.newClient('S1');
    const answer = await client.reserve({ ...REQUEST, terms: from(bed, 10, 60) });
    assert.is(answer.kind, 'reserved');
    client.abandon();
    await bed.sleep(seconds(9));
    assert.equal(bed.crossConnects(), []);
    await bed.sleep(seconds(3));
    assert.is(bed.records('path.up').length, 1);
    await bed.sleep(seconds(45));
    assert.is(bed.crossConnects().length, 6);
    await bed.sleep(seconds(5));
    assert.equal(bed.crossConnects(), []);
    assert.is(bed.records('path.released').length, 1);
    assertInvariants(bed);
  });
});

test('a client that waits for a long booking hears that the agent is at it', async () => {
  const bed = new Bed({ fibres: LINE, delay: ms(20), timings: { prepareLimit: seconds(30) } });
  await bed.run(async () => {
    const address = { machine: 'S1', tcpPort: 3400 };
    const client = new PathClient(bed.client.platform, address, {
      requestLimit: seconds(10),
      heartbeat: seconds(2),
    });
    bed.isolate(['S2'], true);
    const answer = await client.reserve({ ...REQUEST, terms: from(bed, 100, 160) });
    assert.is(answer.kind === 'refused' && answer.why, 'participant-unreachable');
  });
});

test('two reservations share fibres one after the other, and the second begins when the first has ended', async () => {
  const bed = line();
  await bed.run(async () => {
    const [one, two] = [bed.newClient('S1'), bed.newClient('S3')];
    const start = wall(bed);
    const at = (a: number, b: number) => ({ reserve: { start: start + a * 1e3, end: start + b * 1e3 } });
    assert.is((await one.reserve({ ...REQUEST, terms: at(5, 20) })).kind, 'reserved');
    const clash = await two.reserve({ ...OTHER, terms: at(19, 30) });
    assert.is(clash.kind === 'refused' && clash.why, 'port-reserved');
    assert.is((await two.reserve({ ...OTHER, terms: at(20, 30) })).kind, 'reserved');
    await bed.sleep(seconds(25));
    assert.equal(
      bed.records('path.up').map((r) => r.fields['path']),
      ['p', 'q'],
    );
    await bed.sleep(seconds(10));
    assert.equal(bed.crossConnects(), []);
    assertInvariants(bed);
  });
});

test('a path without an end cannot have what is reserved; one that ends in time can', async () => {
  const bed = line();
  await bed.run(async () => {
    const client = bed.newClient('S1');
    assert.is((await client.reserve({ ...REQUEST, terms: from(bed, 40, 60) })).kind, 'reserved');
    const endless = await client.request(OTHER);
    assert.is(endless.kind === 'refused' && endless.why, 'port-reserved');
    const short = await client.reserve({ ...OTHER, terms: { reserve: { end: wall(bed) + 20_000 } } });
    assert.is(short.kind, 'reserved');
    await bed.sleep(seconds(5));
    assert.is(bed.records('path.up').length, 1);
    await bed.sleep(seconds(50));
    assert.is(bed.records('path.up').length, 2);
    assertInvariants(bed);
  });
});

test('what is in use without an end cannot be reserved', async () => {
  const bed = line();
  await bed.run(async () => {
    const client = bed.newClient('S1');
    granted(await client.request(OTHER), bed);
    const answer = await client.reserve({ ...REQUEST, terms: from(bed, 100, 200) });
    assert.is(answer.kind === 'refused' && answer.why, 'port-reserved');
  });
});

test('a hold keeps ports without a cross-connect, and is confirmed, or expires', async () => {
  const bed = line();
  await bed.run(async () => {
    const client = bed.newClient('S1');
    const onHold = { ...REQUEST, terms: { reserve: { hold: seconds(5) } } };
    assert.is((await client.reserve(onHold)).kind, 'reserved');
    assert.equal(bed.crossConnects(), []);
    const other = await bed.newClient('S3').request(OTHER);
    assert.is(other.kind === 'refused' && other.why, 'port-reserved');
    await bed.sleep(seconds(6));
    assert.is(bed.records('path.refused').at(-1)?.fields['kind'], 'hold-expired');
    const late = await client.confirm('p');
    assert.is(late.kind === 'refused' && late.why, 'hold-expired');
    granted(await bed.newClient('S3').request(OTHER), bed);
    await bed.newClient('S3').release('q');
    await bed.sleep(seconds(1));
    assert.is((await client.reserve(onHold)).kind, 'reserved');
    granted(await client.confirm('p'), bed);
    await bed.sleep(seconds(60));
    assert.is(bed.crossConnects().length, 6, 'its client keeps it alive as any other');
    await client.release('p');
    await bed.sleep(seconds(2));
    assert.equal(bed.crossConnects(), []);
    granted(await bed.newClient('S3').request(OTHER), bed);
    assertInvariants(bed);
  });
});

test('who confirms what begins later hears at once for when it is booked, however often, and that it is up when it is', async () => {
  const bed = line();
  await bed.run(async () => {
    const client = bed.newClient('S1');
    const news: string[] = [];
    client.subscribe(({ path, state }) => news.push(`${path} ${state}`));
    const start = wall(bed) + 60_000;
    const reserve = { hold: seconds(5), start, end: start + 60_000 };
    assert.is((await client.reserve({ ...REQUEST, terms: { reserve } })).kind, 'reserved');
    for (let i = 0; i < 2; i++) {
      const asked = bed.engine.now();
      const answer = await client.confirm('p');
      assert.equal(answer.kind === 'reserved' && [answer.start, answer.end], [start, start + 60_000]);
      assert.ok(bed.engine.now() - asked < seconds(1));
    }
    assert.equal(bed.crossConnects(), []);
    await bed.until('path.up', 1, seconds(70));
    await bed.sleep(seconds(1));
    assert.equal(news, ['p up']);
    assert.is(bed.crossConnects().length, 6);
  });
});

test('calendars are clear of what its coordinator has lost with its disk, once that is back, and keep what others reserved', async () => {
  const bed = line();
  await bed.run(async () => {
    bed.at('S1').crash();
    bed.at('S1').restart();
    await bed.sleep(seconds(10));
    const client = bed.newClient('S1');
    const later = { ...REQUEST, terms: from(bed, 600, 1200) };
    assert.is((await client.reserve(later)).kind, 'reserved');
    const others = { ...OTHER, terms: from(bed, 1800, 2400) };
    assert.is((await bed.newClient('S3').reserve(others)).kind, 'reserved');
    bed.at('S1').crash();
    bed.at('S1').disk.clear();
    await bed.sleep(seconds(1));
    bed.at('S1').restart();
    await bed.sleep(seconds(10));
    const ended = bed.records('booking.ended').map((r) => [r.where, r.fields['path']]);
    assert.equal(
      ended.map(([, path]) => path).filter((path) => path !== 'p'),
      [],
    );
    assert.equal(ended.length, 2, JSON.stringify(ended));
    assert.is((await client.reserve({ ...later, path: 'again' })).kind, 'reserved');
  });
});

test('reservations outlive every agent of the path', async () => {
  for (const away of [['S1'], ['S2'], ['S1', 'S2', 'S3']]) {
    const bed = line();
    await bed.run(async () => {
      const client = bed.newClient('S1');
      assert.is((await client.reserve({ ...REQUEST, terms: from(bed, 20, 60) })).kind, 'reserved');
      for (const name of away) bed.at(name).crash();
      await bed.sleep(seconds(3));
      for (const name of away) bed.at(name).restart();
      await bed.sleep(seconds(8));
      const other = await bed.newClient('S3').request(OTHER);
      assert.is(other.kind === 'refused' && other.why, 'port-reserved', away.join());
      await bed.sleep(seconds(12));
      assert.is(bed.records('path.up').length, 1, away.join());
      await bed.sleep(seconds(45));
      assert.equal(bed.crossConnects(), []);
      assertInvariants(bed);
    });
  }
});

test('when the coordinator never comes back, what is active ends with its lease, and the calendar with its time', async () => {
  const bed = line();
  await bed.run(async () => {
    const client = bed.newClient('S1');
    assert.is((await client.reserve({ ...REQUEST, terms: from(bed, 5, 100) })).kind, 'reserved');
    await bed.sleep(seconds(10));
    bed.at('S1').crash();
    await bed.sleep(seconds(45));
    assert.equal(
      bed.crossConnects().filter((c) => !c.startsWith('S1')),
      [],
    );
    await bed.sleep(seconds(60));
    assert.is(bed.records('booking.ended').length, 2);
  });
});

test('a reservation that is given back, or cannot be made everywhere, leaves no calendar with it', async () => {
  const bed = new Bed({ fibres: { ...LINE, dd: 'T3 S3 1' }, delay: ms(20) });
  await bed.run(async () => {
    const client = bed.newClient('S1');
    const later = from(bed, 20, 30);
    assert.is((await client.reserve({ path: 'b', from: 'T2', to: 'T3', terms: later })).kind, 'reserved');
    const clash = await client.reserve({ ...REQUEST, terms: later });
    assert.is(clash.kind, 'refused');
    await client.release('b');
    await bed.sleep(seconds(1));
    granted(await client.request(REQUEST), bed);
    await bed.sleep(seconds(30));
    assert.is(bed.records('path.up').length, 1);
    assertInvariants(bed);
  });
});

/** The switches whose calendar has the path, as they recorded it. */
function calendarsWith(path: string, bed: Bed): string[] {
  const entered = new Set<string>();
  for (const { kind, fields } of bed.trace.records) {
    if (fields['path'] !== path || !kind.startsWith('booking.')) continue;
    if (kind === 'booking.ended') entered.delete(String(fields['switch']));
    else entered.add(String(fields['switch']));
  }
  return [...entered];
}

for (const [who, name] of [
  ['a switch of it', 'S2'],
  ['its coordinator', 'S1'],
] as const)
  for (const skip of [0, 1])
    test(`no calendar keeps what is given back when ${who} crashes within sync ${skip + 1} after that`, async () => {
      // Whether a disk keeps what was not synced is chance: with the first of these it does, with the others it does not.
      for (const seed of ['1', '9', '15']) {
        const bed = new Bed({ fibres: LINE, seed });
        await bed.run(async () => {
          const client = bed.newClient('S1');
          const answer = await client.reserve({ ...REQUEST, terms: from(bed, 1000, 2000) });
          assert.is(answer.kind, 'reserved');
          await bed.sleep(seconds(1));
          assert.is(calendarsWith('p', bed).length, 3);
          const machine = bed.at(name);
          machine.watch('sync', skip, () => bed.world.clock.timer(ms(0), () => machine.crash()));
          void client.release('p');
          await bed.sleep(seconds(5));
          machine.restart();
          await bed.sleep(seconds(30));
          assert.equal(calendarsWith('p', bed), [], `seed ${seed}`);
        });
      }
    });

test('a calendar that was out of reach when a reservation was given back is cleared when it can be told', async () => {
  const bed = line();
  await bed.run(async () => {
    const client = bed.newClient('S1');
    assert.is((await client.reserve({ ...REQUEST, terms: from(bed, 1000, 2000) })).kind, 'reserved');
    bed.at('S3').crash();
    await client.release('p');
    await bed.sleep(seconds(60));
    bed.at('S3').restart();
    await bed.sleep(seconds(15));
    assert.equal(calendarsWith('p', bed), []);
  });
});

test('a calendar that was set wrong, and is set right again, makes no reservation begin or end late', async () => {
  const bed = line();
  await bed.run(async () => {
    const client = bed.newClient('S1');
    bed.at('S1').stepCalendar(-10e9);
    assert.is((await client.reserve({ ...REQUEST, terms: from(bed, 10, 20) })).kind, 'reserved');
    const { length: before } = bed.records('path.up');
    await bed.sleep(seconds(5));
    bed.at('S1').stepCalendar(10e9);
    await bed.sleep(seconds(7));
    assert.is(bed.records('path.up').length, before + 1);
    bed.at('S1').stepCalendar(-10e9);
    await bed.sleep(seconds(1));
    bed.at('S1').stepCalendar(10e9);
    await bed.sleep(seconds(8));
    assert.is(bed.records('path.released').length, 1);
    assertInvariants(bed);
  });
});

test('a path that is about to be made again ends when its time does, not after the pause before that', async () => {
  // So that it hears that a switch let go before it hears of darkness.
  const timings = { heartbeat: ms(20), pollPeriod: seconds(5) };
  const bed = new Bed({ fibres: LINE, delay: ms(20), timings });
  await bed.run(async () => {
    const client = bed.newClient('S1');
    assert.is((await client.reserve({ ...REQUEST, terms: from(bed, 5, 20) })).kind, 'reserved');
    await bed.sleep(seconds(15));
    bed.at('S3').stepCalendar(600e6);
    const released = await bed.until('path.released');
    assert.equal([...bed.records('loss.located'), ...bed.records('path.down')], []);
    const over = bed.records('booking.ended').find((r) => r.fields['switch'] === 'S1');
    assert.ok(over !== undefined && released.at - over.at < ms(200));
    assertInvariants(bed);
  });
});

test('a time that is over before it begins is no request', async () => {
  const bed = line();
  await bed.run(async () => {
    for (const [start, end] of [
      [20, 10],
      [-400, -300],
    ] as const) {
      const answer = await bed.newClient('S1').reserve({ ...REQUEST, terms: from(bed, start, end) });
      assert.is(answer.kind === 'refused' && answer.why, 'bad-request');
    }
  });
});

test.run();
