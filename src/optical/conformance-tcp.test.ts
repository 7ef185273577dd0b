// Every driver against the emulated device of its family, over real TCP connections of this machine.

import { families } from '../../emulators/families.ts';
import { suite } from '../../scripts/testing/suite.ts';
import { hostPlatform } from '../host/platform.ts';
import type { Address } from '../platform/platform.ts';
import { DEVICE, FAMILIES, fixture, LOGIN, lamps } from './conformance.fixture.ts';
import { switchConformance } from './switch.conformance.ts';

const test = suite('optical switch, over TCP of the machine');

/** An address of this suite's own, so that the devices' usual ports are free. */
const HOST = '127.34.15.1';

for (const entry of FAMILIES) {
  const { program, defaults } = families[entry.family];
  switchConformance(
    test,
    entry.family,
    async (body) => {
      const place = { folder: '.', resolve: (to: Address) => ({ host: HOST, port: to.tcpPort }) };
      const device = hostPlatform({ machine: DEVICE, bind: HOST, ...place });
      const light = lamps(entry.family, device.clock);
      const stop = new AbortController();
      const listeners = defaults(DEVICE).listeners.map((listener) => ({ ...listener, tcpPort: 0 }));
      const address = await new Promise<Address>((resolve, reject) => {
        const listening = (addresses: readonly Address[]): void => resolve(addresses[0] as Address);
        const profile = { users: [LOGIN], listeners, listening, until: stop.signal };
        program(device, light.optics, profile).catch(reject);
      });
      const made = fixture(entry, light, hostPlatform({ machine: 'agent', ...place }), address);
      try {
        await body(made);
      } finally {
        await made.device.close();
        stop.abort();
      }
    },
    entry.sendsAlarms,
  );
}

test.run();
