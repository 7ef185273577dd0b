// Counts what agents say, from outside: it stands between each agent and its sockets and reads the type at the start
// of every line that is written. What devices are told does not count: that is TL1, on their own TCP ports.

import { isBytes } from '../../src/platform/chunk.ts';
import type { Connection, Platform } from '../../src/platform/platform.ts';
import { DEFAULT_AGENT_TCP_PORT } from '../../src/provisioning/agent-config.ts';

const OPENING = '{"type":"';
const NEWLINE = 0x0a;

export class MessageMeter {
  /** By type, of all agents together. */
  readonly counts = new Map<string, number>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  count(...types: readonly string[]): number {
    return types.reduce((sum, type) => sum + (this.counts.get(type) ?? 0), 0);
  }

  get total(): number {
    return this.count(...this.counts.keys());
  }

  platform(platform: Platform): Platform {
    const { network } = platform;
    return {
      ...platform,
      network: {
        listen: (tcpPort, accept) =>
          network.listen(tcpPort, (connection) => accept(this.#metered(connection))),
        connect: async (to, signal) => {
          const connection = await network.connect(to, signal);
          return to.tcpPort === DEFAULT_AGENT_TCP_PORT ? this.#metered(connection) : connection;
        },
        datagrams: (udpPort) => network.datagrams(udpPort),
      },
    };
  }

  #metered(connection: Connection): Connection {
    return {
      local: connection.local,
      remote: connection.remote,
      read: () => connection.read(),
      write: (chunk) => {
        if (isBytes(chunk)) this.#read(chunk);
        return connection.write(chunk);
      },
      end: () => connection.end(),
      abort: (cause) => connection.abort(cause),
    };
  }

  /** Messages are written whole. */
  #read(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    for (let start = 0; start < chunk.length; ) {
      const type = typeAt(chunk, start + OPENING.length);
      this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
      const end = chunk.indexOf(NEWLINE, start);
      start = end === -1 ? chunk.length : end + 1;
    }
  }
}

function typeAt(chunk: Uint8Array, start: number): string {
  let text = '';
  for (let i = start; i < chunk.length && chunk[i] !== 0x22; i++) text += String.fromCharCode(chunk[i] ?? 0);
  return text;
}
