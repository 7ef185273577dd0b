// When a connection that nothing is heard on counts as dead.

import { after, between, ns } from '../core/time.ts';
import type { AgentContext } from './agent-context.ts';
import type { MessageConnection } from './message-connection.ts';

/** Peers and clients both probe; one that is silent for a lease time, and has missed a probe, has gone. */
export function dropWhenSilent(
  messages: Pick<MessageConnection, 'abort'>,
  { platform, timings }: Pick<AgentContext, 'platform' | 'timings'>,
): { heard(): void; cancel(): void } {
  const silenceMax = ns(Math.max(timings.lease, 2 * timings.probePeriod));
  let heardAt = platform.clock.now();
  const look = (): void => {
    const silence = between(heardAt, platform.clock.now());
    if (silence >= silenceMax) messages.abort();
    else timer = platform.clock.timer(between(platform.clock.now(), after(heardAt, silenceMax)), look);
  };
  let timer = platform.clock.timer(silenceMax, look);
  return {
    heard: () => {
      heardAt = platform.clock.now();
    },
    cancel: () => timer.cancel(),
  };
}
