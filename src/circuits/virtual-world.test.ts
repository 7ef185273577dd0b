import { CIENA_TCP_PORT, cienaEmulator } from '../../emulators/ciena.ts';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { type BitsPerSecond, type Bytes, bitsPerSecond } from '../core/quantity.ts';
import { type Duration, ms, seconds } from '../core/time.ts';
import type { VirtualMachine } from '../sim/machine.ts';
import { type SmallWorld, smallWorld } from '../sim/world.fixture.ts';
import type { CircuitRequest } from './circuit-service.ts';
import { type CienaPair, cienaPair, fixture, NODES } from './conformance.fixture.ts';

const test = suite('circuits in virtual time');

const REQUEST: CircuitRequest = {
  name: 'c1',
  ends: [
    { node: 'CHGO', port: '1-A-3-1-1' },
    { node: 'NYCY', port: '1-A-3-1-1' },
  ],
  rate: bitsPerSecond(1e9),
};

function twoNodes(seed = '1'): SmallWorld & { pair: CienaPair; machines: Map<string, VirtualMachine> } {
  const small = smallWorld({ nodes: ['agent', ...NODES], delay: ms(1), seed });
  const pair = cienaPair(small.world.clock);
  const machines = new Map<string, VirtualMachine>();
  for (const node of NODES) {
    const machine = small.world.machine(node);
    machine.boot((platform) => cienaEmulator(platform, pair.network, node, pair.profile(node)), node);
    machines.set(node, machine);
  }
  return { ...small, pair, machines };
}

/** A data link between the two nodes' sites that rides on the circuit. */
function layLink({ data }: SmallWorld, pair: CienaPair): void {
  for (const host of ['host-a', 'host-b']) data.addNode(host);
  data.addLink({
    id: 'ride',
    a: 'host-a',
    b: 'host-b',
    capacity: 1 as BitsPerSecond,
    delay: ms(5),
    queue: 1_000_000 as Bytes,
    loss: 0,
    mtu: 9000 as Bytes,
    isUp: false,
  });
  pair.network.onBandwidth(({ name }, rate) => {
    if (name === 'c1') data.setLink('ride', rate > 0 ? { capacity: rate, isUp: true } : { isUp: false });
  });
}

test('a data link has the bandwidth that its circuit has: none, all, a hit, less, all without a hit', async () => {
  const small = twoNodes();
  const { data, world, pair, drive } = small;
  layLink(small, pair);
  const seen: string[] = [];
  data.onChange((change) => {
    if (change.kind === 'link')
      seen.push(change.link.isUp ? `${(change.link.capacity / 1e6).toFixed(1)} Mb/s` : 'down');
  });
  await drive(() =>
    world.machine('agent').run(async (platform) => {
      const { service } = fixture(pair, platform, (machine) => ({ machine, tcpPort: CIENA_TCP_PORT }));
      assert.is(data.link('ride').isUp, false);
      await service.create(REQUEST);
      await platform.clock.sleep(seconds(1));
      pair.network.failSlot('span-1', 20);
      await platform.clock.sleep(seconds(1));
      pair.network.repairSlot('span-1', 20);
      await platform.clock.sleep(seconds(1));
      await service.delete('c1');
      await service.close();
    }),
  );
  // 20 STS-1 of 9621.5 / 192 Mb/s each.
  assert.equal(seen, ['1002.2 Mb/s', 'down', '952.1 Mb/s', '1002.2 Mb/s', 'down']);
});

/** A node goes down in the middle of a create, and comes back. What the outcome says is so, and all can be removed. */
async function crashed(at: Duration, seed: string): Promise<{ outcome: string; hash: string }> {
  const { world, machines, pair, drive, trace } = twoNodes(seed);
  let kind = '';
  await drive(() =>
    world.machine('agent').run(async (platform) => {
      const { service } = fixture(pair, platform, (machine) => ({ machine, tcpPort: CIENA_TCP_PORT }));
      const node = machines.get('CHGO') as VirtualMachine;
      world.clock.timer(at, () => node.crash({ sockets: 'reset' }));
      world.clock.timer((at + seconds(3)) as Duration, () => node.restart());
      const outcome = await service.create(REQUEST);
      kind = outcome.kind;
      await platform.clock.sleep(seconds(60));
      const list = await service.list();
      if (kind === 'done') assert.is(list[0]?.isWhole, true);
      if (kind === 'refused') assert.is(list.length, 0);
      assert.equal(await service.delete('c1'), { kind: 'done' });
      assert.is((await service.list()).length, 0);
      assert.equal(await service.create(REQUEST), { kind: 'done' });
      await service.close();
    }),
  );
  return { outcome: kind, hash: trace.hash() };
}

test('a node that goes down in the middle of a create: the outcome is so, and a delete cleans up', async () => {
  const outcomes = new Set<string>();
  for (let i = 0; i < 12; i++) outcomes.add((await crashed(ms(4 * i), '1')).outcome);
  assert.ok(outcomes.size > 1, [...outcomes].join());
});

test('the same story has the same trace', async () => {
  assert.is((await crashed(ms(30), '7')).hash, (await crashed(ms(30), '7')).hash);
});

test.run();
