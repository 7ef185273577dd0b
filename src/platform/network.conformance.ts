// What a Network promises: TCP connections, listeners and datagrams between two machines that reach one another.

import { connectionConformance } from './connection.conformance.ts';
import { datagramConformance } from './datagram.conformance.ts';
import { listenerConformance } from './listener.conformance.ts';
import type { PairFixture } from './pair.fixture.ts';

export function networkConformance(fixture: PairFixture): void {
  connectionConformance(fixture);
  listenerConformance(fixture);
  datagramConformance(fixture);
}
