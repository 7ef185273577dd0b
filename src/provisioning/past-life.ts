// What an agent that has lost its store takes over again: cross-connects found at its switch between ports that it announced,
// in the life that it has forgotten, as held by one path. Neighbours remember that announcement. Everything else that it
// finds is somebody else's, and stays, but for what coordinators claim (pair-claims.ts).

import type { Holding } from './port-book.ts';
import type { PortPair } from './port-pair.ts';
import type { AnnouncedPort, Announcement } from './topology-messages.ts';

export interface PathPair {
  readonly path: string;
  readonly pair: PortPair;
}

export interface Legacy {
  /** Under a lease again, which the path's coordinator renews or lets end. */
  readonly holdings: readonly Holding[];
  /** Was being let go of, or is more than a path can hold. */
  readonly left: readonly PathPair[];
}

/** Of ports that are being let go of, as they are announced. */
export const BEING_FREED = '(being freed)';

/** `found` are the switch's cross-connects, each from `a` to `b`. `coordinatorOf` knows who looks after a path, if anybody says so. */
export function legacyOf(
  { switchName, ports }: Announcement,
  found: readonly PortPair[],
  coordinatorOf: (path: string) => string | null,
): Legacy {
  const before = new Map(ports.map((port) => [port.port, port]));
  const holdings = new Map<string, Holding>();
  const left: PathPair[] = [];
  for (const pair of bothWays(found)) {
    const port = holderOfBoth(before, pair);
    if (port === null) continue;
    const { holder: path, keeper } = port;
    if (path === BEING_FREED || holdings.has(path)) left.push({ path, pair });
    else
      holdings.set(path, {
        path,
        // None that anybody will speak of again.
        transaction: `${switchName}#`,
        pair,
        // A port that was only locked when it was announced has no keeper yet. Where nobody looks after the path, nobody renews it.
        coordinator: keeper?.coordinator ?? coordinatorOf(path) ?? switchName,
        revision: 0,
        ...(keeper && { priority: keeper.priority }),
      });
  }
  return { holdings: [...holdings.values()], left };
}

function holderOfBoth(
  before: ReadonlyMap<string, AnnouncedPort>,
  { a, b }: PortPair,
): (AnnouncedPort & { readonly holder: string }) | null {
  const [x, y] = [before.get(a), before.get(b)];
  if (x?.state !== 'held' || y?.state !== 'held' || x.holder === null || x.holder !== y.holder) return null;
  return { ...x, holder: x.holder };
}

/** Two of opposite directions are one both ways. */
const bothWays = (found: readonly PortPair[]): PortPair[] =>
  found.flatMap(({ a, b }, i) => {
    const back = found.findIndex((other) => other.a === b && other.b === a);
    if (back === -1) return [{ a, b, way: 'one' as const }];
    return back < i ? [] : [{ a, b }];
  });
