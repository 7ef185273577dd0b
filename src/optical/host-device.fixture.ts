// An emulated device and its driver over real TCP connections of this machine, with the waits of both shortened.

import { families } from '../../emulators/families.ts';
import { ms, ns } from '../core/time.ts';
import { hostPlatform } from '../host/platform.ts';
import type { Address } from '../platform/platform.ts';
import { DEVICE, fixture, lamps, type Subject } from './conformance.fixture.ts';
import type { SwitchFixture } from './switch.conformance.ts';

/** An address of these suites' own, so that the devices' usual ports are free. */
const HOST = '127.34.15.1';

/** The driver's waits of half a second and more, shortened: each test begins anew. */
const HASTE = { quiet: ms(20), loginSettling: ms(20), reconnectFirst: ms(50) };

export async function onHost(subject: Subject, body: (made: SwitchFixture) => Promise<void>): Promise<void> {
  const place = { folder: '.', resolve: (to: Address) => ({ host: HOST, port: to.tcpPort }) };
  const device = hostPlatform({ machine: DEVICE, bind: HOST, ...place });
  const light = lamps(subject.family, device.clock);
  const stop = new AbortController();
  const usual = subject.profile();
  const loginSettling = ns(Math.min(usual.loginSettling, ms(15)));
  const listeners = usual.listeners.map((listener) => ({ ...listener, tcpPort: 0 }));
  const hasty = { loginSettling, switchingTime: ms(4), commandTime: ms(1), listeners, until: stop.signal };
  const address = await new Promise<Address>((resolve, reject) => {
    const listening = (addresses: readonly Address[]): void => resolve(addresses[0] as Address);
    const profile = { ...usual, ...hasty, listening };
    families[subject.family].program(device, light.optics, profile).catch(reject);
  });
  const agent = hostPlatform({ machine: 'agent', ...place });
  const made = fixture(subject, light, agent, address, { sessionTimings: HASTE });
  try {
    await body(made);
  } finally {
    await made.device.close();
    stop.abort();
  }
}
