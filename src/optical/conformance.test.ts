// Every driver against the emulated device of its family, over modelled TCP in virtual time.

import { families } from '../../emulators/families.ts';
import { suite } from '../../scripts/testing/suite.ts';
import { ms } from '../core/time.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import { DEVICE, FAMILIES, fixture, LOGIN, lamps } from './conformance.fixture.ts';
import { switchConformance } from './switch.conformance.ts';

const test = suite('optical switch, in the virtual world');

for (const entry of FAMILIES) {
  const { program, tcpPort } = families[entry.family];
  switchConformance(
    test,
    entry.family,
    async (body) => {
      const { world, drive } = smallWorld({ nodes: ['agent', DEVICE], delay: ms(1) });
      const agent = world.machine('agent');
      const machine = world.machine(DEVICE);
      const light = lamps(entry.family, world.clock);
      machine.boot((platform) => program(platform, light.optics, { users: [LOGIN] }), entry.family);
      await drive(() =>
        agent.run(async (platform) => {
          const made = fixture(entry, light, platform, { machine: DEVICE, tcpPort });
          try {
            await body(made);
          } finally {
            await made.device.close();
          }
        }),
      );
    },
    entry.sendsAlarms,
  );
}

test.run();
