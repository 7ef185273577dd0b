// The driver against emulated nodes, over modelled TCP in virtual time.

import { CIENA_TCP_PORT, cienaEmulator } from '../../emulators/ciena.ts';
import { suite } from '../../scripts/testing/suite.ts';
import { ms } from '../core/time.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import { circuitConformance } from './circuit-service.conformance.ts';
import { cienaPair, fixture, NODES } from './conformance.fixture.ts';

const test = suite('circuit service, in the virtual world');

circuitConformance(test, 'ciena', async (body) => {
  const { world, drive } = smallWorld({ nodes: ['agent', ...NODES], delay: ms(1) });
  const pair = cienaPair(world.clock);
  const agent = world.machine('agent');
  for (const node of NODES)
    world
      .machine(node)
      .boot((platform) => cienaEmulator(platform, pair.network, node, pair.profile(node)), node);
  await drive(() =>
    agent.run(async (platform) => {
      const made = fixture(pair, platform, (machine) => ({ machine, tcpPort: CIENA_TCP_PORT }));
      try {
        await body(made);
      } finally {
        await made.service.close();
      }
    }),
  );
});

test.run();
