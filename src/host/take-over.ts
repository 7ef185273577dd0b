// One process at a time looks what a killed one left at a path, and takes its place: two that look at once would both find it
// dead, and the second would clear the first one's away. The right is a socket without a file (abstract, unix(7)): the kernel
// lets go of it when its process ends, so it needs no clearing itself. It holds among processes that share a network
// namespace, on Linux; elsewhere there is no such socket, and each goes ahead.

import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf } from './errors.ts';

/** A turn takes milliseconds. */
const POLL_MS = 5;
const TRIES_MAX = 400;

/** Resolves with the turn, which may be under way elsewhere for two seconds; then it is another's for good, and null. */
export async function takingOver<T>(path: string, turn: () => T | Promise<T>): Promise<T | null> {
  const name = rightName(path);
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const right = await claim(name);
    if (right === null) await sleep(POLL_MS);
    else
      try {
        return await turn();
      } finally {
        right.close();
      }
  }
  return null;
}

/** The same for all names that a folder has. A path without a folder fails later, with a better word. */
function rightName(path: string): string {
  const folder = dirname(path);
  const at = statSync(folder, { bigint: true, throwIfNoEntry: false });
  const place = at === undefined ? folder : `${at.dev}:${at.ino}`;
  return `\0lightbed/${createHash('sha256')
    .update(`${place}/${basename(path)}`)
    .digest('hex')}`;
}

/** Null while another has it. */
function claim(name: string): Promise<Pick<Server, 'close'> | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.on('error', (error) => resolve(codeOf(error) === 'EADDRINUSE' ? null : server));
    server.listen({ path: name, exclusive: true }, () => resolve(server));
  });
}
