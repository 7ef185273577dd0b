// The machine's own clock, sockets and files, held to the seam's promises; two machines are two addresses of 127.0.0.0/8.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clockConformance } from '../platform/clock.conformance.ts';
import { networkConformance } from '../platform/network.conformance.ts';
import type { PairFixture } from '../platform/pair.fixture.ts';
import type { Address, Platform } from '../platform/platform.ts';
import { randomConformance } from '../platform/random.conformance.ts';
import { storeConformance } from '../platform/store.conformance.ts';
import { hostPlatform } from './platform.ts';

const HOSTS = new Map([
  ['left', '127.44.0.1'],
  ['right', '127.44.0.2'],
]);

const fixture: PairFixture = {
  name: 'host',
  run: async (body) => {
    const folder = await mkdtemp(join(tmpdir(), 'lightbed-conformance-'));
    try {
      await body({ left: machine('left', folder), right: machine('right', folder) });
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

function machine(name: string, folder: string): Platform {
  return hostPlatform({
    machine: name,
    folder: join(folder, name),
    bind: hostOf(name),
    resolve: (to: Address) => ({ host: hostOf(to.machine), port: to.tcpPort }),
    nameOf: (host) => [...HOSTS.keys()].find((key) => HOSTS.get(key) === host),
  });
}

function hostOf(name: string): string {
  const host = HOSTS.get(name);
  if (host === undefined) throw new Error(`no machine ${name}`);
  return host;
}

clockConformance(fixture);
randomConformance(fixture);
storeConformance(fixture);
networkConformance(fixture);
