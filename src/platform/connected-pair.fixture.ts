// Two machines that are connected, and how a test asks for that and lets go of it.

import { assert } from '../../scripts/testing/suite.ts';
import { Mailbox } from '../core/mailbox.ts';
import { NetworkError, type NetworkErrorCode } from './errors.ts';
import type { Pair } from './pair.fixture.ts';
import type { Connection, Listener } from './platform.ts';

export async function connect({
  left,
  right,
}: Pair): Promise<{ client: Connection; server: Connection; listener: Listener }> {
  const accepted = new Mailbox<Connection>(1);
  const listener = await right.network.listen(0, (connection) => void accepted.offer(connection));
  const client = await left.network.connect(listener.address);
  const server = await accepted.take();
  if (server === null) throw new Error('nothing was accepted');
  return { client, server, listener };
}

export async function close(client: Connection, server: Connection, listener: Listener): Promise<void> {
  client.abort();
  server.abort();
  await listener.close();
}

export const abandon = (connection: Connection): void => connection.abort();

export async function fails(operation: Promise<unknown>, code: NetworkErrorCode): Promise<void> {
  const error = await operation.then(
    () => null,
    (reason: unknown) => reason,
  );
  assert.instance(error, NetworkError);
  assert.is((error as NetworkError).code, code);
}
