// One command after another goes wrong while a circuit is made: its reply is lost, it is lost itself, once or for
// good, or refused. Whatever the outcome says must be so.

import { CIENA_TCP_PORT, cienaEmulator } from '../../emulators/ciena.ts';
import type { CommandVerdict } from '../../emulators/command-rules.ts';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { bitsPerSecond } from '../core/quantity.ts';
import { ms, seconds } from '../core/time.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import type { CircuitFixture } from './circuit-service.conformance.ts';
import type { CircuitRequest } from './circuit-service.ts';
import { cienaPair, fixture, NODES } from './conformance.fixture.ts';

const test = suite('circuits under faults');

/** More than the commands of this circuit that change something. */
const CHANGES_MAX = 14;

interface Fault {
  readonly verdict: CommandVerdict;
  /** How many changes in a row it hits. */
  readonly times: number;
}

const FAULTS: Readonly<Record<string, Fault>> = {
  'a lost reply': { verdict: { kind: 'act-but-lose-reply' }, times: 1 },
  'two lost replies': { verdict: { kind: 'act-but-lose-reply' }, times: 2 },
  'a lost command': { verdict: { kind: 'never-answer' }, times: 1 },
  'a node deaf to changes from there on': { verdict: { kind: 'never-answer' }, times: Infinity },
  'a refusal': { verdict: { kind: 'deny', errorCode: 'SARB', reason: 'All Resources Busy' }, times: 1 },
};

interface Rig extends CircuitFixture {
  readonly request: CircuitRequest;
  /** Changes count from now on; the fault hits from the `first` of them. */
  arm(fault: Fault, first: number): void;
  mend(): void;
}

/** Small circuits by an own route, large ones of two GTPs and two SNCs by the route that is found. */
async function rig(isSmall: boolean, body: (rig: Rig) => Promise<void>): Promise<void> {
  const { world, drive } = smallWorld({ nodes: ['agent', ...NODES], delay: ms(1) });
  const pair = cienaPair(world.clock);
  let rule: { remove(): void } | null = null;
  const arm = ({ verdict, times }: Fault, first: number): void => {
    let changes = 0;
    rule = pair.rules.add(({ verb }) => {
      if (!/^(ent|ed|dlt)-/i.test(verb)) return { kind: 'pass' };
      const n = changes++;
      return n >= first && n < first + times ? verdict : { kind: 'pass' };
    });
  };
  for (const node of NODES)
    world
      .machine(node)
      .boot((platform) => cienaEmulator(platform, pair.network, node, pair.profile(node)), node);
  await drive(() =>
    world.machine('agent').run(async (platform) => {
      const made = fixture(pair, platform, (machine) => ({ machine, tcpPort: CIENA_TCP_PORT }));
      const route = isSmall ? made.secondRoute : [];
      const request = { name: 'c1', ends: made.ends, rate: bitsPerSecond(isSmall ? 1e8 : 2.5e9), route };
      await body({ ...made, request, arm, mend: () => rule?.remove() });
      await made.service.close();
    }),
  );
}

for (const [name, fault] of Object.entries(FAULTS)) {
  test(`${name} at any change of a create: what the outcome says is so`, async () => {
    const outcomes = new Set<string>();
    for (let first = 0; first < CHANGES_MAX; first++) {
      await rig(first % 3 !== 0, async ({ service, clock, carried, request, arm, mend }) => {
        arm(fault, first);
        const outcome = await service.create(request);
        mend();
        outcomes.add(outcome.kind);
        const where = `${outcome.kind} with the fault at change ${first}`;
        const list = await service.list();
        if (outcome.kind === 'done') {
          assert.equal(
            list.map(({ isWhole }) => isWhole),
            [true],
            where,
          );
          await clock.sleep(seconds(1));
          assert.ok((carried('c1') ?? 0) >= request.rate, where);
        } else if (outcome.kind === 'refused') assert.equal(list, [], where);
        else assert.equal(await service.delete('c1'), { kind: 'done' }, where);
        // And then all goes as if nothing had been.
        assert.equal(await service.create(request), { kind: 'done' }, where);
      });
    }
    assert.ok(outcomes.has(fault.times === Infinity ? 'unknown' : 'done'));
  });

  test(`${name} at any change of a delete: what the outcome says is so`, async () => {
    for (let first = 0; first < CHANGES_MAX; first++) {
      await rig(first % 3 !== 0, async ({ service, request, arm, mend }) => {
        assert.equal(await service.create(request), { kind: 'done' });
        arm(fault, first);
        const outcome = await service.delete('c1');
        mend();
        const where = `${outcome.kind} with the fault at change ${first}`;
        if (outcome.kind === 'done') assert.equal(await service.list(), [], where);
        else assert.equal(await service.delete('c1'), { kind: 'done' }, where);
        assert.equal(await service.create(request), { kind: 'done' }, where);
      });
    }
  });
}

test.run();
