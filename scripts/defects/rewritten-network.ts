// A network whose connections change what an agent says, line by line, before it goes out. Messages are JSON, one a
// line, and an agent hands over whole lines.

import { isBytes } from '../../src/platform/chunk.ts';
import type { Connection, Network, Platform } from '../../src/platform/platform.ts';

/** Made anew for each life of an agent; null swallows the line. */
export type Rewrite = () => (line: string) => string | null;

export function rewriting(platform: Platform, make: Rewrite): Platform {
  const { network } = platform;
  const rewrite = make();
  const changed: Network = {
    connect: async (to, signal) => rewritten(await network.connect(to, signal), rewrite),
    listen: (tcpPort, accept) =>
      network.listen(tcpPort, (connection) => accept(rewritten(connection, rewrite))),
    datagrams: (udpPort) => network.datagrams(udpPort),
  };
  return { ...platform, network: changed };
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

function rewritten(connection: Connection, rewrite: ReturnType<Rewrite>): Connection {
  const change = (text: string): string =>
    text
      .split('\n')
      .flatMap((line) => rewrite(line) ?? [])
      .join('\n');
  return {
    local: connection.local,
    remote: connection.remote,
    read: () => connection.read(),
    write: (chunk) => {
      const text = isBytes(chunk) ? decoder.decode(chunk) : '';
      // TL1 goes over other connections, and is no JSON.
      if (!text.startsWith('{') || !isBytes(chunk)) return connection.write(chunk);
      const said = change(text);
      return said === '' ? Promise.resolve() : connection.write(encoder.encode(said));
    },
    end: () => connection.end(),
    abort: (cause) => connection.abort(cause),
  };
}
