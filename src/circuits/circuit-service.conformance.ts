// What every driver of circuits promises, whatever its equipment and whatever carries its bytes. A function of a
// fixture: a driver connected to nodes without circuits, and a way to break what lies between them.

import { assert, rejects, type Suite } from '../../scripts/testing/suite.ts';
import { type BitsPerSecond, bitsPerSecond } from '../core/quantity.ts';
import { after, ms, seconds } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
import type { CircuitAlarm, CircuitPort, CircuitService, RouteStep } from './circuit-service.ts';
import { CircuitError } from './errors.ts';

export interface CircuitFixture {
  readonly service: CircuitService;
  readonly clock: Clock;
  /** Ports at two nodes. */
  readonly ends: readonly [CircuitPort, CircuitPort];
  /** Another port at the node of the first end. */
  readonly neighbour: CircuitPort;
  /** The AID of a port that no node has. */
  readonly absentPort: string;
  /** A way that is not the one that circuits take of themselves. */
  readonly secondRoute: readonly RouteStep[];
  /** What the circuit really carries; null where there is none. */
  carried(circuit: string): BitsPerSecond | null;
  /** Of the first circuit that takes its own way, one member. */
  failMember(): void;
  mendMember(): void;
  /** The way that circuits take of themselves. */
  cutFirst(): void;
  cutAll(): void;
  repairAll(): void;
  /** Of each kind of change, so many are done and not answered; or are lost. */
  loseReplies(times: number): { remove(): void };
  dropCommands(times: number): { remove(): void };
}

/** Makes a fixture, runs the body with it, cleans up, and rejects with what the body rejects with. */
export type CircuitBench = (body: (fixture: CircuitFixture) => Promise<void>) => Promise<void>;

/** Slower than any node here; only a failure waits so long. */
const PATIENCE = seconds(5);
const GIGABIT = bitsPerSecond(1e9);
const DONE = { kind: 'done' };

export function circuitConformance(test: Suite, name: string, bench: CircuitBench): void {
  const fact = (title: string, body: (fixture: CircuitFixture) => Promise<void>): void =>
    test(`${name}: ${title}`, () => bench(body));

  fact('there are no circuits at first, and no alarms', async ({ service }) => {
    assert.equal(await service.list(), []);
    assert.is(await service.bandwidth('c1'), null);
    assert.equal(await service.listAlarms(), []);
  });

  fact(
    'a circuit carries at least the rate that was asked for, and repeating it is done',
    async (fixture) => {
      const { service, ends } = fixture;
      for (let i = 0; i < 2; i++) {
        assert.equal(await service.create({ name: 'c1', ends, rate: GIGABIT }), DONE);
        const [circuit, ...more] = await service.list();
        assert.equal(more, []);
        assert.equal([circuit?.name, circuit?.isWhole, circuit?.ends], ['c1', true, ends]);
        assert.ok((circuit?.provisioned ?? 0) >= GIGABIT);
      }
      const carried = await eventually(fixture, 'all members', () => working(fixture, 'c1'));
      assert.ok(carried >= GIGABIT);
    },
  );

  fact('a circuit that is deleted is gone, and repeating it is done', async (fixture) => {
    const { service, ends } = fixture;
    await service.create({ name: 'c1', ends, rate: GIGABIT });
    const others = ['c1-1', 'c10', 'c1-B'];
    for (const other of others) await service.create({ name: other, ends, rate: bitsPerSecond(1e8) });
    for (let i = 0; i < 2; i++) {
      assert.equal(await service.delete('c1'), DONE);
      assert.equal(await names(service), [...others].sort());
      assert.ok((await service.list()).every(({ isWhole }) => isWhole));
      assert.is(await service.bandwidth('c1'), null);
      assert.is(fixture.carried('c1'), null);
    }
  });

  fact(
    'another rate or port under the same name is refused, and the circuit stays',
    async ({ service, ends, neighbour }) => {
      await service.create({ name: 'c1', ends, rate: GIGABIT });
      const before = await service.list();
      const more = await service.create({ name: 'c1', ends, rate: bitsPerSecond(2e9) });
      assert.is(more.kind, 'refused');
      assert.is(
        (await service.create({ name: 'c1', ends: [neighbour, ends[1]], rate: GIGABIT })).kind,
        'refused',
      );
      assert.equal(
        (await service.list()).map(({ provisioned }) => provisioned),
        before.map(({ provisioned }) => provisioned),
      );
    },
  );

  fact(
    'circuits that are created at once share the ports, each with a bandwidth of its own',
    async (fixture) => {
      const { service, ends } = fixture;
      const outcomes = await Promise.all(
        [1, 2, 3].map((i) =>
          service.create({
            name: `c${i}`,
            ends,
            rate: bitsPerSecond(i * 1e8),
            vlans: { first: i * 100, last: i * 100 + 9 },
          }),
        ),
      );
      assert.equal(outcomes, [DONE, DONE, DONE]);
      assert.equal(await names(service), ['c1', 'c2', 'c3']);
      for (const i of [1, 2, 3]) {
        const carried = await eventually(fixture, `c${i}`, () => working(fixture, `c${i}`));
        assert.ok(carried >= i * 1e8 && carried < i * 1e8 + 60e6, `${carried} b/s`);
      }
    },
  );

  fact(
    'a circuit of all time slots is made, and then there is no room for another',
    async ({ service, ends }) => {
      assert.equal(await service.create({ name: 'all', ends, rate: bitsPerSecond(9.6e9) }), DONE);
      assert.is((await service.create({ name: 'more', ends, rate: bitsPerSecond(1e6) })).kind, 'refused');
      assert.equal(await names(service), ['all']);
      assert.equal(await service.delete('all'), DONE);
      assert.equal(await service.list(), []);
    },
  );

  fact('a create that is refused half-way leaves nothing behind', async (fixture) => {
    const { service, ends } = fixture;
    fixture.cutAll();
    const outcome = await service.create({ name: 'c1', ends, rate: GIGABIT });
    assert.is(outcome.kind, 'refused');
    assert.equal(await service.list(), []);
    fixture.repairAll();
    assert.equal(await service.create({ name: 'c1', ends, rate: GIGABIT }), DONE);
  });

  fact('what cannot be a circuit is refused', async ({ service, ends, absentPort }) => {
    const [a, b] = ends;
    const cases = [
      { name: 'a b', ends, rate: GIGABIT },
      { name: 'c1', ends, rate: bitsPerSecond(0) },
      { name: 'c1', ends, rate: bitsPerSecond(1e12) },
      { name: 'c1', ends: [a, a], rate: GIGABIT },
      { name: 'c1', ends: [a, { ...b, port: absentPort }], rate: GIGABIT },
      { name: 'c1', ends: [{ ...a, node: 'NOWHERE' }, b], rate: GIGABIT },
      { name: 'c1', ends, rate: GIGABIT, vlans: { first: 0, last: 5000 } },
      { name: 'c1', ends, rate: GIGABIT, route: [{ node: a.node, link: 'x,pst=oos' }] },
    ] as const;
    for (const request of cases) assert.is((await service.create(request)).kind, 'refused');
    assert.equal(await service.list(), []);
  });

  fact('two ports of one node are joined within it', async (fixture) => {
    const { service, ends, neighbour } = fixture;
    const request = { name: 'c1', ends: [ends[0], neighbour] as const, rate: GIGABIT };
    for (let i = 0; i < 2; i++) assert.equal(await service.create(request), DONE);
    const [circuit, ...more] = await service.list();
    assert.equal(
      [circuit?.name, circuit?.isWhole, circuit?.ends, more],
      ['c1', true, [ends[0], neighbour], []],
    );
    await eventually(fixture, 'the circuit', () => working(fixture, 'c1'));
    assert.equal(await service.delete('c1'), DONE);
    assert.equal(await service.list(), []);
  });

  fact('a circuit takes the route that was asked for', async (fixture) => {
    const { service, ends, secondRoute } = fixture;
    const request = { name: 'c1', ends, rate: GIGABIT, route: secondRoute };
    for (let i = 0; i < 2; i++) assert.equal(await service.create(request), DONE);
    await eventually(fixture, 'the circuit', () => working(fixture, 'c1'));
    fixture.cutFirst();
    assert.ok((fixture.carried('c1') ?? 0) >= GIGABIT);
    assert.equal(await service.delete('c1'), DONE);
    // Nothing of the route is in the way of the same circuit again.
    assert.equal(await service.create(request), DONE);
  });

  fact('a member that fails lowers the bandwidth, says so, and comes back', async (fixture) => {
    const { service, ends } = fixture;
    const heard: CircuitAlarm[] = [];
    const left: CircuitAlarm[] = [];
    service.subscribe((alarm) => heard.push(alarm));
    service.subscribe((alarm) => left.push(alarm))();
    await service.create({ name: 'c1', ends, rate: GIGABIT });
    const all = await eventually(fixture, 'all members', () => working(fixture, 'c1'));
    fixture.failMember();
    await eventually(fixture, 'less', async () => {
      const bandwidth = await service.bandwidth('c1');
      return bandwidth !== null && bandwidth.operational < bandwidth.provisioned
        ? bandwidth.operational
        : null;
    });
    assert.ok((fixture.carried('c1') ?? 0) < all);
    await eventually(
      fixture,
      'an alarm',
      async () => heard.find(({ circuit, severity }) => circuit === 'c1' && severity !== 'CL') ?? null,
    );
    const standing = await service.listAlarms();
    assert.ok(standing.some(({ circuit, severity }) => circuit === 'c1' && severity !== 'CL'));
    fixture.mendMember();
    assert.is(await eventually(fixture, 'all again', () => working(fixture, 'c1')), all);
    await eventually(
      fixture,
      'its end',
      async () => heard.find(({ circuit, severity }) => circuit === 'c1' && severity === 'CL') ?? null,
    );
    await eventually(fixture, 'no alarms', async () =>
      (await service.listAlarms()).length === 0 ? true : null,
    );
    assert.equal(left, []);
  });

  fact('lost replies are found out by looking', async (fixture) => {
    const { service, ends, secondRoute } = fixture;
    const rule = fixture.loseReplies(1);
    assert.equal(await service.create({ name: 'c1', ends, rate: GIGABIT, route: secondRoute }), DONE);
    assert.equal(
      (await service.list()).map(({ isWhole }) => isWhole),
      [true],
    );
    assert.equal(await service.delete('c1'), DONE);
    rule.remove();
    assert.equal(await service.list(), []);
    assert.equal(await service.create({ name: 'c1', ends, rate: GIGABIT, route: secondRoute }), DONE);
  });

  fact('commands that got lost are sent again', async (fixture) => {
    const { service, ends } = fixture;
    fixture.dropCommands(1);
    assert.equal(await service.create({ name: 'c1', ends, rate: GIGABIT }), DONE);
    await eventually(fixture, 'the circuit', () => working(fixture, 'c1'));
  });

  fact('after close, changes are unknown and retrieves fail', async ({ service, ends }) => {
    await service.close();
    assert.is((await service.create({ name: 'c1', ends, rate: GIGABIT })).kind, 'unknown');
    assert.is((await service.delete('c1')).kind, 'unknown');
    await rejects(service.list(), CircuitError);
    await rejects(service.bandwidth('c1'), CircuitError);
    await service.close();
  });
}

/** What the circuit carries, once that is all that it was provisioned with. */
async function working({ service, carried }: CircuitFixture, name: string): Promise<number | null> {
  const bandwidth = await service.bandwidth(name);
  if (bandwidth === null || bandwidth.operational < bandwidth.provisioned) return null;
  const rate = carried(name) ?? 0;
  return Math.abs(rate - bandwidth.operational) < 1 ? rate : null;
}

async function eventually<T>(
  { clock }: CircuitFixture,
  what: string,
  look: () => Promise<T | null>,
): Promise<T> {
  const deadline = after(clock.now(), PATIENCE);
  for (let found = await look(); ; found = await look()) {
    if (found !== null) return found;
    if (clock.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await clock.sleep(ms(5));
  }
}

const names = async (service: CircuitService): Promise<string[]> =>
  (await service.list()).map(({ name }) => name).sort();
