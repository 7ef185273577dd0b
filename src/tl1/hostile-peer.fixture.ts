// A TCP peer of this machine that behaves in one of several bad ways, or well, and can change its mind between two
// connections. Over real sockets, so that windows, halves of messages and resets are the machine's own.

import { ms } from '../core/time.ts';
import { hostClock } from '../host/clock.ts';
import { hostPlatform } from '../host/platform.ts';
import type { Chunk } from '../platform/chunk.ts';
import type { Address, Connection, Listener, Network } from '../platform/platform.ts';
import { parseCommand } from './command.ts';
import { Tl1CommandFramer } from './framing.ts';
import { encodeLatin1 } from './latin1.ts';
import { HEADER } from './scripted-peer.fixture.ts';

/** What the peer does with one connection, until it ends or the manner throws. */
export type Manner = (connection: Connection) => Promise<void>;

export const TORN = `${HEADER}M  1 COMPLD\r\n   "10001:torn`;
const DRIP_PERIOD = ms(20);

/** In answer to what comes, once it comes. */
const afterFirst =
  (then: Manner): Manner =>
  async (connection) => {
    if ((await connection.read()) !== null) await then(connection);
  };

const say = (connection: Connection, text: string): Promise<void> => connection.write(encodeLatin1(text));

export const MANNERS = {
  closesAtOnce: async (connection) => connection.end(),
  isMute: async (connection) => {
    while ((await connection.read()) !== null);
  },
  speaksHttp: afterFirst(async (connection) => {
    await say(connection, 'HTTP/1.0 400 Bad Request\r\nServer: not a switch\r\n\r\n');
    await MANNERS.isMute(connection);
  }),
  /** As TL1 would frame it, and no TL1. */
  babbles: async (connection) => {
    while ((await connection.read()) !== null)
      await say(connection, 'M 1 COMPLAINT\x00\xff\xfe\x01 \r\n;\r\n');
  },
  drips: afterFirst(async (connection) => {
    await say(connection, TORN);
    for (;;) {
      await hostClock.sleep(DRIP_PERIOD);
      await say(connection, '.');
    }
  }),
  floods: afterFirst(async (connection) => {
    const piece = encodeLatin1('flood '.repeat(10_000));
    for (;;) await connection.write(piece);
  }),
  /** Answers every command with nothing to report. */
  isSane: async (connection) => {
    const framer = new Tl1CommandFramer();
    for (let chunk = await connection.read(); chunk !== null; chunk = await connection.read()) {
      for (const text of framer.push(chunk as Uint8Array)) {
        const parsed = parseCommand(text);
        const ctag = parsed.kind === 'command' ? parsed.command.ctag : '';
        await say(connection, `${HEADER}M  ${ctag} COMPLD\r\n;\r\n`);
      }
    }
  },
} satisfies Record<string, Manner>;

/** All that comes in on either side goes out on the other. */
export const passesOnTo =
  (network: Pick<Network, 'connect'>, to: Address): Manner =>
  async (connection) => {
    const onward = await network.connect(to);
    await Promise.all([pump(connection, onward), pump(onward, connection)]);
  };

async function pump(from: Connection, to: Connection): Promise<void> {
  try {
    for (let chunk = await from.read(); chunk !== null; chunk = await from.read()) await to.write(chunk);
    await to.end();
  } catch {
    from.abort();
    to.abort();
  }
}

export class HostilePeer {
  readonly address: Address;
  /** Of connections to come. */
  manner: Manner;
  readonly #listener: Listener;
  readonly #connections: Set<Connection>;

  private constructor(manner: Manner, listener: Listener, connections: Set<Connection>) {
    this.manner = manner;
    this.address = listener.address;
    this.#listener = listener;
    this.#connections = connections;
  }

  static async open(host: string, manner: Manner): Promise<HostilePeer> {
    const connections = new Set<Connection>();
    const { network } = hostPlatform({ machine: host, bind: host, folder: '.' });
    const listener = await network.listen(0, (connection) => {
      connections.add(connection);
      peer.manner(connection).catch(() => connection.abort());
    });
    const peer = new HostilePeer(manner, listener, connections);
    return peer;
  }

  /** From now on so, and those who are connected must come again. */
  turn(manner: Manner): void {
    this.manner = manner;
    for (const connection of this.#connections) connection.abort();
    this.#connections.clear();
  }

  async close(): Promise<void> {
    this.turn(MANNERS.closesAtOnce);
    await this.#listener.close();
  }
}

/** A network that counts what is read from it: what a reader may hold at most. */
export function counted(network: Pick<Network, 'connect'>): {
  network: Pick<Network, 'connect'>;
  /** Bytes read, connection by connection. */
  read: number[];
} {
  const read: number[] = [];
  const connect: Network['connect'] = async (to, signal) => {
    const connection = await network.connect(to, signal);
    const index = read.push(0) - 1;
    return {
      local: connection.local,
      remote: connection.remote,
      read: async (): Promise<Chunk | null> => {
        const chunk = await connection.read();
        read[index] = (read[index] ?? 0) + (chunk?.length ?? 0);
        return chunk;
      },
      write: (chunk) => connection.write(chunk),
      end: () => connection.end(),
      abort: (cause) => connection.abort(cause),
    };
  };
  return { network: { connect }, read };
}
