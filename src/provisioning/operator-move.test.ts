import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import type { Bed } from './bed.fixture.ts';
import { assertAgreement, granted } from './line.fixture.ts';
import { operate } from './operator-client.ts';
import type { OperatorAnswer, OperatorOrder } from './operator-order.ts';
import { NORTH, SOUTH, twoWays } from './two-ways.fixture.ts';

const test = suite('an operator moves, freezes and thaws paths');

const tell = (b: Bed, order: OperatorOrder, agent = 'S1'): Promise<OperatorAnswer> =>
  operate(b.client.platform, { machine: agent, tcpPort: 3400 }, 'alice', order);

const fibresOf = (b: Bed, path = 'p'): unknown =>
  b.records('path.up').findLast((r) => r.fields['path'] === path)?.fields['fibres'];

async function setUp(b: Bed, terms = {}): Promise<void> {
  granted(await b.newClient('S1').request({ path: 'p', from: 'T1', to: 'T2', terms }), b);
  assert.equal(fibresOf(b), NORTH);
}

/** How long the terminal was dark after that instant. */
function darkOf(b: Bed, terminal: string, since: number): number {
  const seen = b.trace.records.filter((r) => r.at >= since && r.fields['terminal'] === terminal);
  const lost = seen.find((r) => r.kind === 'light.lost');
  const back = seen.findLast((r) => r.kind === 'light.restored');
  return lost === undefined || back === undefined ? 0 : back.at - lost.at;
}

test('elsewhere: the path takes its other way, and its switches keep nothing of the first', async () => {
  const b = twoWays();
  await b.run(async () => {
    await setUp(b);
    const since = b.engine.now();
    const answer = await tell(b, { kind: 'move', path: 'p' });
    assert.ok(answer.isDone, answer.reason);
    assert.equal(fibresOf(b), SOUTH);
    await b.sleep(seconds(2));
    assert.is(b.crossConnects().length, 6);
    const [moved] = b.records('operator.moved');
    assert.equal(
      [moved?.fields['by'], moved?.fields['why'], moved?.fields['to']],
      ['alice', 'operator', SOUTH],
    );
    // What is new at S3 is made before S1 and S4 turn their mirrors, which begin 20 ms of control delay apart.
    const made = b.records('switch.connected').find((r) => r.at >= since && r.fields['switch'] === 'S3');
    const broken = b.records('switch.disconnected').find((r) => r.at >= since);
    assert.ok((made?.at ?? 0) < (broken?.at ?? 0), 'made before broken');
    for (const terminal of ['T1', 'T2']) {
      const dark = darkOf(b, terminal, since);
      assert.ok(dark > 0 && dark < ms(150), `${terminal} was dark for ${dark / 1e6} ms`);
    }
    assertAgreement(b);
  });
});

test('along given fibres, and nowhere where that is no route, taken, or the path unknown', async () => {
  const b = twoWays();
  await b.run(async () => {
    await setUp(b);
    const move = (along: string[]) => tell(b, { kind: 'move', path: 'p', along });
    assert.match((await move(['a', 's1', 'z'])).reason, /no free fibres|no route/);
    assert.match((await move([...SOUTH, 'n1'])).reason, /no free fibres|no route/);
    assert.ok((await move([...NORTH].reverse())).isDone, 'it is there already');
    assert.is(b.records('path.up').length, 1);
    assert.ok((await move(SOUTH)).isDone);
    assert.equal(fibresOf(b), SOUTH);
    granted(await b.newClient('S4').request({ path: 'q', from: 'T3', to: 'T4' }), b);
    assert.match((await move(NORTH)).reason, /no free fibres/);
    assert.match((await tell(b, { kind: 'move', path: 'p' })).reason, /no other way/);
    assert.match((await tell(b, { kind: 'move', path: 'q' })).reason, /coordinated by S4/);
    assert.match((await tell(b, { kind: 'move', path: 'x' })).reason, /not known/);
    assert.equal(fibresOf(b), SOUTH);
    assert.is(b.crossConnects().length, 12);
  });
});

test('a switch of the new route that does not answer: the path stays, and is up', async () => {
  const b = twoWays();
  await b.run(async () => {
    await setUp(b);
    b.at('S3').crash();
    const since = b.engine.now();
    const answer = await tell(b, { kind: 'move', path: 'p' });
    assert.not.ok(answer.isDone);
    assert.equal(fibresOf(b), NORTH);
    assert.is(darkOf(b, 'T2', since), 0);
    assert.equal(b.records('path.down'), []);
    assertAgreement(b);
  });
});

test('frozen, a cut leaves it DOWN, through a restart; thawed, it moves', async () => {
  const b = twoWays();
  await b.run(async () => {
    await setUp(b);
    assert.ok((await tell(b, { kind: 'freeze', path: 'p' })).isDone);
    b.at('S1').crash({ sockets: 'reset' });
    await b.sleep(seconds(1));
    b.at('S1').restart();
    await b.sleep(seconds(5));
    b.plant.cut('n2');
    const down = await b.until('path.down');
    assert.match(String(down.fields['reason']), /frozen/);
    await b.sleep(seconds(15));
    assert.equal(fibresOf(b), NORTH);
    assert.ok((await tell(b, { kind: 'thaw', path: 'p' })).isDone);
    await b.sleep(seconds(2));
    assert.equal(fibresOf(b), SOUTH);
    assert.not.ok((await tell(b, { kind: 'thaw', path: 'p' })).isDone);
    assertAgreement(b);
  });
});

test('frozen, it does not go back to its working route; a manual move takes it, DOWN as it may be', async () => {
  const b = twoWays();
  await b.run(async () => {
    await setUp(b, { waitToRestore_ns: seconds(5) });
    await tell(b, { kind: 'move', path: 'p' });
    await tell(b, { kind: 'freeze', path: 'p' });
    await b.sleep(seconds(20));
    assert.equal(fibresOf(b), SOUTH);
    b.plant.cut('s1');
    await b.until('path.down');
    assert.ok((await tell(b, { kind: 'move', path: 'p', along: NORTH })).isDone);
    assert.equal(fibresOf(b), NORTH);
    await b.sleep(seconds(2));
    assert.is(b.crossConnects().length, 6);
    assertAgreement(b);
  });
});

for (const afterMs of [10, 50, 90, 130, 200])
  test(`a coordinator that crashes ${afterMs} ms into a move knows where the path is`, async () => {
    const b = twoWays();
    await b.run(async () => {
      await setUp(b);
      void tell(b, { kind: 'move', path: 'p' });
      await b.sleep(ms(afterMs));
      b.at('S1').crash({ sockets: 'reset' });
      await b.sleep(seconds(1));
      b.at('S1').restart();
      // Of what it left, the lease must end.
      await b.sleep(seconds(40));
      assert.is(b.crossConnects().length, 6);
      assert.ok([`${NORTH}`, `${SOUTH}`].includes(`${fibresOf(b)}`));
      assert.is(b.records('path.down').length, 0);
      assertAgreement(b);
    });
  });

test.run();
