// A part of 127.0.0.0/8 for one process, so that several that give machines addresses there can run side by
// side. The claim is a listening socket, which the system takes back however the process ends.

import { createServer, type Server } from 'node:net';
import { codeOf, networkError } from './errors.ts';

/** Two second octets, both this process's alone. */
export interface AddressBlock {
  readonly even: number;
  readonly odd: number;
}

/** From 127.64.0.0 up: what is below is other programs' more often. */
const firstOctet = 64;
const lastOctet = 249;
/** Any port does, as long as all processes take the same. */
const claimTcpPort = 3400;

/** The first block that nobody has. Rejects with `NetworkError` (`in-use`) when there is none. */
export async function claimAddressBlock(): Promise<AddressBlock> {
  for (let even = firstOctet; ; even += 2) {
    try {
      await hold(`127.${even}.255.254`);
      return { even, odd: even + 1 };
    } catch (error) {
      if (even + 2 < lastOctet && codeOf(error) === 'EADDRINUSE') continue;
      throw networkError('claim a part of 127.0.0.0/8', error, 'in-use');
    }
  }
}

/** Held as long as the process lives, which it does not keep alive. */
function hold(host: string): Promise<void> {
  const server: Server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port: claimTcpPort, exclusive: true }, () => {
      server.unref();
      resolve();
    });
  });
}
