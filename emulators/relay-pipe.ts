// One direction of a relayed connection: bytes leave the source when the links have room for them, spend their
// time on the way, and are held while there is no way.
//
//      source ──► intake: waits for room, gives each piece its time of arrival ──► on the way ──► delivery ──► sink

import { Mailbox } from '../src/core/mailbox.ts';
import { after, between, type Duration, type Instant, ns, ZERO } from '../src/core/time.ts';
import type { DataNetwork, DirectedLink } from '../src/net/data-network.ts';
import { type Chunk, sliceChunk } from '../src/platform/chunk.ts';
import type { Clock, Connection } from '../src/platform/platform.ts';
import type { Obstacles } from './obstacles.ts';

/** Small against the queues of links, large against the cost of a timer. */
const pieceBytesMax = 64 * 1024;
/** On the way at a time in one direction of one connection: at most 64 MiB. */
const piecesOnTheWayMax = 1024;

interface Piece {
  /** Null: the source has ended. */
  readonly chunk: Chunk | null;
  readonly due: Instant;
}

/** The time until which each direction of each link is taken by what was sent before, by the direction's index. */
export type LinkTimetable = Map<number, Instant>;

export interface RoutedNetwork {
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly data: Pick<DataNetwork, 'route' | 'onChange' | 'carried'>;
  readonly timetable: LinkTimetable;
  readonly obstacles?: Obstacles;
  /** Ends all waiting, with a `CancelledError`. */
  readonly signal: AbortSignal;
}

/** Forwards until the source ends, then ends the sink. Rejects when either side fails or the signal is aborted. */
export async function pipe(
  network: RoutedNetwork,
  ends: { source: Connection; from: string; sink: Connection; to: string },
): Promise<void> {
  const onTheWay = new Mailbox<Piece>(piecesOnTheWayMax);
  const { source, sink, from, to } = ends;
  const intake = takeIn(network, source, from, to, onTheWay).finally(() => onTheWay.close());
  const delivery = deliver(network, sink, from, to, onTheWay).finally(() => onTheWay.close());
  await Promise.all([intake, delivery]);
}

/** Resolves with the links on the way as soon as there is one and all of them are up. */
export async function openRoute(
  network: Waiting,
  from: string,
  to: string,
): Promise<readonly DirectedLink[]> {
  for (;;) {
    network.signal.throwIfAborted();
    const route = routeNow(network, from, to);
    if (route !== null) return route;
    await changed(network);
  }
}

type Waiting = Pick<RoutedNetwork, 'data' | 'signal' | 'obstacles'>;

/** Null while there is none, a link of it is down, or something stands in the way. */
function routeNow({ data, obstacles }: Waiting, from: string, to: string): readonly DirectedLink[] | null {
  const route = data.route(from, to);
  if (route === null || obstacles?.isClosed(from, to)) return null;
  return route.every(({ link }) => link.isUp) ? route : null;
}

export const routeDelay = (route: readonly DirectedLink[]): Duration =>
  ns(route.reduce((sum, { link }) => sum + link.delay, 0));

async function takeIn(
  network: RoutedNetwork,
  source: Connection,
  from: string,
  to: string,
  onTheWay: Mailbox<Piece>,
): Promise<void> {
  let last: Instant = network.clock.now();
  for (let chunk = await source.read(); chunk !== null; chunk = await source.read()) {
    for (let at = 0; at < chunk.length; at += pieceBytesMax) {
      const piece = sliceChunk(chunk, at, Math.min(chunk.length, at + pieceBytesMax));
      const due = await send(network, await openRoute(network, from, to), piece.length);
      last = Math.max(last, after(due, network.obstacles?.delay(from, to) ?? ZERO)) as Instant;
      await onTheWay.put({ chunk: piece, due: last });
    }
  }
  await onTheWay.put({ chunk: null, due: last });
}

/** Waits until the queues in front of the links have room, then takes the links' time. Gives the time of arrival. */
async function send(
  { clock, timetable, signal }: RoutedNetwork,
  route: readonly DirectedLink[],
  size: number,
): Promise<Instant> {
  const sendTime = (link: DirectedLink['link']): Duration => ns(Math.round((size * 8e9) / link.capacity));
  for (const { index, link } of route) {
    const queueTime = Math.round((link.queue * 8e9) / link.capacity);
    const wait = (timetable.get(index) ?? 0) - queueTime - clock.now();
    if (wait > 0) await clock.sleep(ns(wait), signal);
  }
  let at: Instant = clock.now();
  for (const { index, link } of route) {
    // Cut-through: a piece stands for many packets, so only the slowest link's time counts along the way.
    const start = Math.max(at, timetable.get(index) ?? 0) as Instant;
    timetable.set(index, after(start, sendTime(link)));
    at = after(start, link.delay);
  }
  return after(at, ns(Math.max(0, ...route.map(({ link }) => sendTime(link)))));
}

async function deliver(
  network: RoutedNetwork,
  sink: Connection,
  from: string,
  to: string,
  onTheWay: Mailbox<Piece>,
): Promise<void> {
  const { clock, data, signal } = network;
  for await (const { chunk, due } of onTheWay) {
    const now = clock.now();
    if (due > now) await clock.sleep(between(now, due), signal);
    while (routeNow(network, from, to) === null) {
      // What was held is as if sent again once there is a way.
      await clock.sleep(routeDelay(await openRoute(network, from, to)), signal);
    }
    // A relay sees no frames: what it counts is payload.
    for (const hop of routeNow(network, from, to) ?? []) data.carried(hop, chunk?.length ?? 0);
    if (chunk === null) await sink.end();
    else await sink.write(chunk);
  }
}

/** Resolves at the next change of the network or of what stands in the way; rejects when the signal is aborted. */
function changed({ data, obstacles, signal }: Waiting): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      stop();
      reject(signal.reason);
    };
    const happened = (): void => {
      stop();
      signal.removeEventListener('abort', aborted);
      resolve();
    };
    const stops = [data.onChange(happened), obstacles?.onChange(happened)];
    const stop = (): void => {
      for (const each of stops) each?.();
    };
    signal.addEventListener('abort', aborted, { once: true });
  });
}
