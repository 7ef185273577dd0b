// What an agent announces of its switch before it has read it: the ports and fibres of its configuration.

import { type WallTime, wallMs } from '../core/time.ts';
import type { AgentConfig } from './agent-config.ts';
import type { Announcement } from './topology-messages.ts';

/** In the year 2109: ours. */
const CALENDAR_END_MS = 2 ** 42;

/** `began` is when this life of the agent did. */
export function ownPart(config: AgentConfig, boot: number, began: WallTime): Announcement {
  const { switchName, address, insertionLoss, ports } = config;
  return {
    switchName,
    boot,
    sequence: firstSequence(began),
    ...(address && { at: { machine: address.machine, tcpPort: address.tcpPort } }),
    ...(insertionLoss === undefined ? {} : { insertionLoss }),
    ports: ports.map(({ cost, srlg, speaker: _, ...port }) => ({
      ...port,
      ...(srlg && { srlg: [...srlg] }),
      weight: cost ?? port.length,
      state: 'unread',
      holder: null,
    })),
  };
}

/**
 * The lower the later: where the count of lives was lost with the store, the life that is taken for the first again begins below
 * where that one was, which others can tell.
 */
const firstSequence = (began: WallTime): number => Math.max(0, CALENDAR_END_MS - wallMs(began));
