// How a sender's session begins: the control connection, the offer, and the receiver's answer to it.

import { withDeadline } from '../platform/deadline.ts';
import { formatAddress, type Platform } from '../platform/platform.ts';
import { ChunkReader } from './chunk-reader.ts';
import { ControlChannel } from './control-channel.ts';
import { TransferProtocolError } from './errors.ts';
import {
  type FileRanges,
  PROTOCOL_VERSION,
  parseReceiverMessage,
  type ReceiverMessage,
  type SenderMessage,
} from './messages.ts';
import type { Outgoing } from './outgoing.ts';

export type SendChannel = ControlChannel<ReceiverMessage, SenderMessage>;

export type OfferAnswer =
  | { readonly kind: 'accepted'; readonly held: FileRanges }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'closed' };

export async function openChannel(platform: Platform, outgoing: Outgoing): Promise<SendChannel> {
  const { clock, network } = platform;
  const { to, timings } = outgoing.options;
  const connection = await withDeadline(
    clock,
    timings.connectLimit,
    `connect to ${formatAddress(to)}`,
    (signal) => network.connect(to, signal),
  );
  return new ControlChannel({
    clock,
    timings,
    reader: new ChunkReader(connection),
    parse: parseReceiverMessage,
    alive: () => ({ kind: 'alive' }),
  });
}

/** Offers the files and waits for the answer. Throws `TransferProtocolError` for anything that is none. */
export async function offerFiles(
  channel: SendChannel,
  outgoing: Outgoing,
  session: number,
): Promise<OfferAnswer> {
  const { transfer, streams, blockSize, source } = outgoing.options;
  const { files, memory } = source;
  const version = PROTOCOL_VERSION;
  await channel.send({ kind: 'offer', version, session, transfer, streams, blockSize, files, memory });
  for (;;) {
    const answer = await channel.receive();
    if (answer === null) return { kind: 'closed' };
    if (answer.kind === 'alive') continue;
    if (answer.kind === 'accepted') return answer;
    if (answer.kind === 'refused' || answer.kind === 'failed')
      return { kind: 'refused', reason: answer.reason };
    throw new TransferProtocolError('expected accepted or refused', answer.kind);
  }
}
