// The driver against emulated nodes, over real TCP connections of this machine.

import { suite } from '../../scripts/testing/suite.ts';
import { hostPlatform } from '../host/platform.ts';
import { circuitConformance } from './circuit-service.conformance.ts';
import { cienaPair, fixture } from './conformance.fixture.ts';
import { listenOnHost } from './host-nodes.fixture.ts';

const test = suite('circuit service, over TCP of the machine');

/** An address of this suite's own, so that the nodes' usual port is free. */
const HOST = '127.34.16.1';

circuitConformance(test, 'ciena', async (body) => {
  const { clock } = hostPlatform({ machine: 'agent', folder: '.' });
  const pair = cienaPair(clock);
  const stop = new AbortController();
  const { agent, address } = await listenOnHost(pair, HOST, clock, stop.signal);
  const made = fixture(pair, agent, address);
  try {
    await body(made);
  } finally {
    await made.service.close();
    stop.abort();
  }
});

test.run();
