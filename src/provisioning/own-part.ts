// What an agent announces of its switch before it has read it: the ports and fibres of its configuration.

import type { AgentConfig } from './agent-config.ts';
import type { Announcement } from './topology-messages.ts';

export function ownPart(config: AgentConfig, boot: number): Announcement {
  const { switchName, address, insertionLoss, ports } = config;
  return {
    switchName,
    boot,
    sequence: 0,
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
