// Every driver against the emulated device of its family, over modelled TCP in virtual time.

import { families } from '../../emulators/families.ts';
import { suite } from '../../scripts/testing/suite.ts';
import { ms } from '../core/time.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import { DEVICE, fixture, lamps, SUBJECTS } from './conformance.fixture.ts';
import { switchConformance } from './switch.conformance.ts';

const test = suite('optical switch, in the virtual world');

for (const subject of SUBJECTS) {
  const { program, tcpPort } = families[subject.family];
  switchConformance(
    test,
    subject.name,
    async (body) => {
      const { world, drive } = smallWorld({ nodes: ['agent', DEVICE], delay: ms(1) });
      const agent = world.machine('agent');
      const machine = world.machine(DEVICE);
      const light = lamps(subject.family, world.clock);
      machine.boot((platform) => program(platform, light.optics, subject.profile()), subject.name);
      await drive(() =>
        agent.run(async (platform) => {
          const made = fixture(subject, light, platform, { machine: DEVICE, tcpPort });
          try {
            await body(made);
          } finally {
            await made.device.close();
          }
        }),
      );
    },
    subject.traits,
  );
}

test.run();
