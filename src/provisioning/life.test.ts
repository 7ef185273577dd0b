// Agents whose store was lost, with the count of their lives.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import type { AgentContext } from './agent-context.ts';
import { Bed } from './bed.fixture.ts';
import { DecisionLog } from './decision-log.ts';
import { Life } from './life.ts';
import { granted, LINE, REQUEST } from './line.fixture.ts';
import { LIMITS } from './timings.ts';
import { TopologyView } from './topology-view.ts';
import { TransactionRunner } from './transaction-runner.ts';

const test = suite('lives of an agent');

/** It starts again on an empty disk. */
async function lose(bed: Bed, name: string): Promise<void> {
  bed.at(name).crash();
  bed.at(name).disk.place(`agent-${name}.log`, new Uint8Array(0));
  await bed.sleep(seconds(1));
  bed.at(name).restart();
}

async function restart(bed: Bed, name: string): Promise<void> {
  bed.at(name).crash();
  await bed.sleep(seconds(1));
  bed.at(name).restart();
  await bed.sleep(seconds(3));
}

for (const [how, config] of Object.entries({
  mesh: {},
  ring: { neighbours: { meshMax: 0, ringNeighbours: 1 } },
}))
  for (const seeds of [undefined, ['S3']])
    for (const lives of [0, 2])
      test(`an agent that has lost its store is heard in a ${how}, ${seeds ? 'by seeds' : 'configured'}, after ${lives + 1} lives`, async () => {
        const bed = new Bed({ fibres: LINE, delay: ms(20), config, ...(seeds && { seeds }) });
        await bed.run(async () => {
          for (let i = 0; i < lives; i++) await restart(bed, 'S2');
          // More is said of its ports than a new life says before it is heard.
          const client = bed.newClient('S1');
          granted(await client.request({ ...REQUEST, path: 'before' }), bed);
          await client.release('before');
          await bed.sleep(seconds(2));
          await lose(bed, 'S2');
          await bed.sleep(seconds(5));
          assert.is(bed.records('agent.risen').length, 1);
          assert.ok((bed.records('agent.risen')[0]?.fields['boot'] as number) > lives + 1);
          // What was announced before has aged: who takes what is said now for old knows no such switch.
          await bed.sleep(seconds(40));
          granted(await client.request(REQUEST), bed);
          await restart(bed, 'S2');
          assert.is(bed.records('agent.risen').length, 1, 'it counts on from there');
        });
      });

test('an agent that has not lost its count does not go above itself, however often it starts', async () => {
  const bed = new Bed({ fibres: LINE, delay: ms(20) });
  await bed.run(async () => {
    for (const name of ['S1', 'S2', 'S2', 'S3']) await restart(bed, name);
    bed.isolate(['S2'], true);
    await bed.sleep(seconds(40));
    bed.isolate(['S2'], false);
    await bed.sleep(seconds(10));
    assert.equal(bed.records('agent.risen'), []);
  });
});

test('a life is begun on disk first, one at a time and with pauses; what nobody can have counted is not believed', async () => {
  const { world, drive } = smallWorld({ nodes: ['here'] });
  const { platform } = world.machine('here');
  await drive(async () => {
    const log = await DecisionLog.open(platform, 'log', () => {});
    const risen: number[] = [];
    const life: Life = new Life({
      clock: platform.clock,
      timings: { resend: seconds(1) },
      log,
      recalled: async () => {},
      risen: (boot) => {
        risen.push(boot);
        // As somebody answers who was given the same name.
        if (boot < 20) life.outlived(boot);
      },
      watch: (task) => void task,
    });
    await log.append({ kind: 'boot', boot: 3 });
    for (const boot of [1, 2, LIMITS.livesMax]) life.outlived(boot);
    await platform.clock.sleep(seconds(2));
    assert.equal(risen, []);
    life.outlived(3);
    life.outlived(9);
    await platform.clock.sleep(seconds(2.5));
    assert.equal(risen, [4, 10, 11]);
    const again = await DecisionLog.open(platform, 'log', () => {});
    assert.is(again.state.boot, 11);
    await platform.clock.sleep(seconds(10));
  });
});

test('no transaction is named after a life that is not on disk yet: one that is begun after a crash would have its name', async () => {
  const { world, drive } = smallWorld({ nodes: ['here'] });
  const { platform } = world.machine('here');
  await drive(async () => {
    const log = await DecisionLog.open(platform, 'log', () => {});
    await log.append({ kind: 'boot', boot: 1 });
    const view = new TopologyView({ switchName: 'S', boot: 1, sequence: 0, ports: [] }, seconds(30));
    const context = { view, config: { switchName: 'S' } } as AgentContext;
    const runner = new TransactionRunner(context, log, () => {});
    const risen = (boot: number): void => view.liveIn(boot);
    const life = new Life({
      ...{ clock: platform.clock, timings: { resend: seconds(1) } },
      ...{ log, recalled: async () => {}, risen, watch: (task) => void task },
    });
    life.outlived(3);
    assert.equal([log.state.boot, runner.nextId()], [4, 'S#1.1']);
    await platform.clock.sleep(seconds(2));
    assert.is(runner.nextId(), 'S#4.2');
  });
});

test.run();
