// Emulated nodes on TCP ports of this machine.

import { cienaEmulator } from '../../emulators/ciena.ts';
import { hostPlatform } from '../host/platform.ts';
import type { Address, Clock, Platform } from '../platform/platform.ts';
import { type CienaPair, NODES } from './conformance.fixture.ts';

export interface HostNodes {
  readonly address: (node: string) => Address;
  /** Of whoever drives them. */
  readonly agent: Platform;
}

/** Both nodes of a pair, on ports of `host` that the system chose, until `stop` is aborted. */
export async function listenOnHost(
  pair: CienaPair,
  host: string,
  clock: Clock,
  stop: AbortSignal,
): Promise<HostNodes> {
  const place = { folder: '.', resolve: (to: Address) => ({ host, port: to.tcpPort }) };
  const addresses = new Map<string, Address>();
  for (const node of NODES) {
    const platform = { ...hostPlatform({ machine: node, bind: host, ...place }), clock };
    const profile = pair.profile(node);
    const listeners = profile.listeners.map((listener) => ({ ...listener, tcpPort: 0 }));
    const address = await new Promise<Address>((resolve, reject) => {
      const listening = ([first]: readonly Address[]): void => resolve(first as Address);
      cienaEmulator(platform, pair.network, node, { ...profile, listeners, listening, until: stop }).catch(
        reject,
      );
    });
    addresses.set(node, address);
  }
  const agent = { ...hostPlatform({ machine: 'agent', ...place }), clock };
  return { address: (node) => addresses.get(node) as Address, agent };
}
