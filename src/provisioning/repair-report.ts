// Tells the agents that fibres are mended, as whoever mended them would: a dark fibre shows nobody that it is whole.

import { seconds } from '../core/time.ts';
import { withDeadline } from '../platform/deadline.ts';
import type { Address, Platform } from '../platform/platform.ts';
import { MessageConnection } from './message-connection.ts';

/** Ours, as for any dial of an agent. */
const connectLimit = seconds(5);

/** One agent tells all others. Rejects with a `NetworkError` or `TimeoutError` when it cannot be reached. */
export async function reportRepair(
  platform: Pick<Platform, 'clock' | 'network'>,
  agent: Address,
  fibres: readonly string[],
): Promise<void> {
  const connection = await withDeadline(platform.clock, connectLimit, 'report a repair', (signal) =>
    platform.network.connect(agent, signal),
  );
  const messages = new MessageConnection(connection);
  messages.send({ type: 'mended', fibres: [...fibres] });
  messages.close();
}
