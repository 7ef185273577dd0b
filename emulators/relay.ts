// The links of a world whose sockets are real: a TCP relay that lets the bytes of a connection through as the
// route between two machines would, with its delay, capacity and queues, shared by all relays over the same data
// network. While there is no route, or a link of it is down, bytes are held and not lost: the kernels on both
// sides see a stall, no loss, so their congestion control sees none either. Resets pass at once.

import type { DataNetwork } from '../src/net/data-network.ts';
import { CancelledError, NetworkError } from '../src/platform/errors.ts';
import type { Address, Connection, Platform } from '../src/platform/platform.ts';
import type { Obstacles } from './obstacles.ts';
import { type LinkTimetable, openRoute, pipe, type RoutedNetwork, routeDelay } from './relay-pipe.ts';

export interface RelayOptions {
  /** Where the relay listens. */
  readonly tcpPort: number;
  /** Where its connections go on to. */
  readonly onward: Address;
  /** The machines of `data` between which the bytes travel. */
  readonly from: string;
  readonly to: string;
  readonly data: DataNetwork;
  /** What holds or delays bytes besides the links. */
  readonly obstacles?: Obstacles;
  /** Called once the relay listens. */
  readonly listening?: (address: Address) => void;
  /** Once aborted, all connections are dropped and the program ends. */
  readonly until?: AbortSignal;
}

/** Connections beyond this are dropped at once. */
const connectionsMax = 1024;

/** What has been sent over a network's links, for all relays over it. */
const timetables = new WeakMap<DataNetwork, LinkTimetable>();

/** Relays until `until` is aborted. Rejects with `NetworkError` when it cannot listen. */
export async function relayProgram(platform: Platform, options: RelayOptions): Promise<void> {
  const open = new Set<AbortController>();
  let fail: (error: unknown) => void = () => {};
  const stopped = new Promise<void>((resolve, reject) => {
    fail = reject;
    if (options.until?.aborted) resolve();
    options.until?.addEventListener('abort', () => resolve(), { once: true });
  });
  const listener = await platform.network.listen(options.tcpPort, (near) => {
    if (open.size >= connectionsMax) return near.abort();
    const ending = new AbortController();
    open.add(ending);
    relay(platform, options, near, ending)
      .catch((error: unknown) => {
        if (!isOrdinary(error)) fail(error);
      })
      .finally(() => open.delete(ending));
  });
  options.listening?.(listener.address);
  try {
    await stopped;
  } finally {
    await listener.close();
    for (const ending of open) ending.abort(new CancelledError('relay'));
  }
}

async function relay(
  platform: Platform,
  { onward, from, to, data, obstacles }: RelayOptions,
  near: Connection,
  ending: AbortController,
): Promise<void> {
  const { signal } = ending;
  const timetable = timetableOf(data);
  const network: RoutedNetwork = {
    clock: platform.clock,
    data,
    timetable,
    signal,
    ...(obstacles && { obstacles }),
  };
  const ends: Connection[] = [near];
  signal.addEventListener('abort', () => {
    for (const end of ends) end.abort();
  });
  try {
    const there = await openRoute(network, from, to);
    const back = await openRoute(network, to, from);
    // The near side's kernel believes in a connection already; its bytes wait as long as the handshake takes.
    await platform.clock.sleep(routeDelay([...there, ...back]), signal);
    const far = await platform.network.connect(onward, signal);
    ends.push(far);
    await Promise.all([
      pipe(network, { source: near, from, sink: far, to }),
      pipe(network, { source: far, from: to, sink: near, to: from }),
    ]);
  } catch (error) {
    ending.abort(error);
    throw error;
  }
}

function timetableOf(data: DataNetwork): LinkTimetable {
  const known = timetables.get(data) ?? new Map();
  timetables.set(data, known);
  return known;
}

/** What connections and their ends do by themselves; anything else is a bug of the relay. */
const isOrdinary = (error: unknown): boolean =>
  error instanceof NetworkError || error instanceof CancelledError;
