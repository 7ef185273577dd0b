// Every driver against the emulated device of its family, over real TCP connections of this machine.

import { families } from '../../emulators/families.ts';
import { suite } from '../../scripts/testing/suite.ts';
import { hostPlatform } from '../host/platform.ts';
import { ms, ns } from '../core/time.ts';
import type { Address } from '../platform/platform.ts';
import { DEVICE, fixture, lamps, SUBJECTS } from './conformance.fixture.ts';
import { switchConformance } from './switch.conformance.ts';

const test = suite('optical switch, over TCP of the machine');

/** An address of this suite's own, so that the devices' usual ports are free. */
const HOST = '127.34.15.1';

/** The driver's waits of half a second, and below the device's times, shortened: each test begins anew. */
const HASTE = { quiet: ms(20), loginSettling: ms(20) };

/** Longer for a line of an answer, and it is tried in virtual time only. */
const LINE_TIME_MAX = ms(10);

for (const subject of SUBJECTS) {
  const { program } = families[subject.family];
  if (subject.profile().lineTime > LINE_TIME_MAX) {
    test.skip(subject.name, 'too slow for real time: tried in virtual time');
    continue;
  }
  switchConformance(
    test,
    subject.name,
    async (body) => {
      const place = { folder: '.', resolve: (to: Address) => ({ host: HOST, port: to.tcpPort }) };
      const device = hostPlatform({ machine: DEVICE, bind: HOST, ...place });
      const light = lamps(subject.family, device.clock);
      const stop = new AbortController();
      const loginSettling = ns(Math.min(subject.profile().loginSettling, ms(15)));
      const hasty = { ...subject.profile(), loginSettling, switchingTime: ms(4), commandTime: ms(1) };
      const listeners = subject.profile().listeners.map((listener) => ({ ...listener, tcpPort: 0 }));
      const address = await new Promise<Address>((resolve, reject) => {
        const listening = (addresses: readonly Address[]): void => resolve(addresses[0] as Address);
        const profile = { ...hasty, listeners, listening, until: stop.signal };
        program(device, light.optics, profile).catch(reject);
      });
      const made = fixture(subject, light, hostPlatform({ machine: 'agent', ...place }), address, HASTE);
      try {
        await body(made);
      } finally {
        await made.device.close();
        stop.abort();
      }
    },
    subject.traits,
  );
}

test.run();
