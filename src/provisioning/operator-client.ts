// Gives agents an operator's orders, one connection each. An order whose answer is lost may have been carried out.

import { type Duration, seconds } from '../core/time.ts';
import { withDeadline } from '../platform/deadline.ts';
import { CancelledError, NetworkError, TimeoutError } from '../platform/errors.ts';
import type { Address, Platform } from '../platform/platform.ts';
import { MessageConnection } from './message-connection.ts';
import type { OperatorAnswer, OperatorOrder } from './operator-order.ts';
import { dropWhenSilent } from './silence.ts';
import { DEFAULT_TIMINGS } from './timings.ts';

/** An agent that answers no probe for so long is not there: ours. */
const silenceMost: Duration = seconds(40);
/** Ours: longer than anybody waits for an answer. */
const answerLimit: Duration = seconds(600);

/** Resolves with the agent's answer, or why there was none. What `withdrawn` finds unsent is not sent any more. */
export async function operate(
  platform: Pick<Platform, 'clock' | 'network'>,
  agent: Address,
  by: string,
  order: OperatorOrder,
  withdrawn?: AbortSignal,
): Promise<OperatorAnswer> {
  const asked = withDeadline(
    platform.clock,
    answerLimit,
    `order to ${order.kind}`,
    async (signal) => await ask(platform, await dial(platform, agent, signal), by, order),
    withdrawn,
  );
  return await asked.catch((error: unknown) => {
    if (error instanceof NetworkError || error instanceof TimeoutError || error instanceof CancelledError)
      return unanswered(error.message);
    throw error;
  });
}

async function dial(
  { clock, network }: Pick<Platform, 'clock' | 'network'>,
  agent: Address,
  signal: AbortSignal,
): Promise<MessageConnection> {
  const dialled = (limited: AbortSignal) => network.connect(agent, limited);
  const connection = await withDeadline(clock, silenceMost, 'connection to the agent', dialled, signal);
  const messages = new MessageConnection(connection);
  signal.addEventListener('abort', () => messages.abort());
  return messages;
}

async function ask(
  { clock }: Pick<Platform, 'clock'>,
  messages: MessageConnection,
  by: string,
  order: OperatorOrder,
): Promise<OperatorAnswer> {
  let answer: OperatorAnswer | null = null;
  const silence = dropWhenSilent(messages, clock, silenceMost);
  const ended = messages.receive((message) => {
    silence.heard();
    if (message.type !== 'operated') return;
    const { type: _, ...rest } = message;
    answer = rest;
    messages.close();
  });
  messages.send({ type: 'operate', by, order });
  // An agent drops who is silent.
  let probe = clock.timer(DEFAULT_TIMINGS.probePeriod, function again() {
    messages.send({ type: 'ping', number: 0 });
    probe = clock.timer(DEFAULT_TIMINGS.probePeriod, again);
  });
  await ended;
  probe.cancel();
  silence.cancel();
  return answer ?? unanswered('the agent closed the connection');
}

const unanswered = (reason: string): OperatorAnswer => ({
  isDone: false,
  reason: `no answer: ${reason}`,
  paths: [],
  ports: [],
});
