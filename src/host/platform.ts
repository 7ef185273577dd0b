// The machine that this process runs on, as a Platform.

import type { Instant } from '../core/time.ts';
import type { Address, LogValue, Platform, Random } from '../platform/platform.ts';
import { hostClock } from './clock.ts';
import { HostNetwork } from './network.ts';
import { hostRandom } from './random.ts';
import { HostStore } from './store.ts';

export interface HostPlatformOptions {
  /** The name by which other machines address this one. */
  readonly machine: string;
  /** The store's files lie under it. */
  readonly folder: string;
  readonly resolve?: (to: Address) => { host: string; port: number };
  readonly nameOf?: (host: string) => string | undefined;
  readonly bind?: string;
  /** Takes the records of `log`; without it they go nowhere. */
  readonly record?: (
    at: Instant,
    where: string,
    kind: string,
    fields: { readonly [key: string]: LogValue },
  ) => void;
  readonly random?: Random;
}

export function hostPlatform(options: HostPlatformOptions): Platform {
  const { machine, folder, record } = options;
  return {
    machine,
    clock: hostClock,
    network: new HostNetwork(options),
    store: new HostStore(folder),
    random: options.random ?? hostRandom(),
    log: { record: (kind, fields) => record?.(hostClock.now(), machine, kind, fields) },
  };
}
