// The driver against emulated nodes, over real TCP connections of this machine.

import { cienaEmulator } from '../../emulators/ciena.ts';
import { suite } from '../../scripts/testing/suite.ts';
import { hostPlatform } from '../host/platform.ts';
import type { Address } from '../platform/platform.ts';
import { circuitConformance } from './circuit-service.conformance.ts';
import { cienaPair, fixture, NODES } from './conformance.fixture.ts';

const test = suite('circuit service, over TCP of the machine');

/** An address of this suite's own, so that the nodes' usual port is free. */
const HOST = '127.34.16.1';

circuitConformance(test, 'ciena', async (body) => {
  const place = { folder: '.', resolve: (to: Address) => ({ host: HOST, port: to.tcpPort }) };
  const agent = hostPlatform({ machine: 'agent', ...place });
  const pair = cienaPair(agent.clock);
  const stop = new AbortController();
  const addresses = new Map<string, Address>();
  for (const node of NODES) {
    const platform = hostPlatform({ machine: node, bind: HOST, ...place });
    const profile = pair.profile(node);
    const listeners = profile.listeners.map((listener) => ({ ...listener, tcpPort: 0 }));
    const address = await new Promise<Address>((resolve, reject) => {
      const listening = ([first]: readonly Address[]): void => resolve(first as Address);
      const full = { ...profile, listeners, listening, until: stop.signal };
      cienaEmulator(platform, pair.network, node, full).catch(reject);
    });
    addresses.set(node, address);
  }
  const made = fixture(pair, agent, (node) => addresses.get(node) as Address);
  try {
    await body(made);
  } finally {
    await made.service.close();
    stop.abort();
  }
});

test.run();
