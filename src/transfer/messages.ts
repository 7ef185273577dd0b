// What sender and receiver say on the control connection: one JSON object a line. Every message is checked on receipt,
// and every length in it has a bound; what does not fit is a broken protocol, not a default.
//
//   sender                              receiver
//   offer ────────────────────────────▶
//         ◀─────────────────────────── accepted (what is held already) | refused
//   (blocks on the streams)
//         ◀─────────────────────────── stored (ranges, batched)
//   stream-lost ──────────────────────▶
//         ◀─────────────────────────── stream-settled (every block of it that came is acknowledged)
//   checksum (per file) ──────────────▶
//         ◀─────────────────────────── verified | corrupt (per file)
//         ◀─────────────────────────── completed
//   goodbye ──────────────────────────▶
//   alive, failed: either way, at any time

import * as v from 'valibot';
import { type Fault, formatLine, parseLine } from '../platform/json-lines.ts';
import { TransferProtocolError } from './errors.ts';

/** Raised with every change that an older program would misread. */
export const PROTOCOL_VERSION = 1;

export const LIMITS = {
  /** Longest line on the control connection; an offer of `filesMax` long names fits. */
  lineBytesMax: 4 * 2 ** 20,
  filesMax: 10_000,
  streamsMax: 256,
  blockSizeMin: 2 ** 10,
  blockSizeMax: 64 * 2 ** 20,
  /** Over all files of a transfer: bounds the memory for digests to 32 bytes each, 128 MiB. */
  blocksMax: 2 ** 22,
  /** Ranges in one message; a longer list is cut, or sent in parts. */
  rangesMax: 50_000,
  /** The longest file name of common file systems (ext4, XFS, APFS), in UTF-8 bytes; it is checked on characters. */
  nameCharactersMax: 255,
  reasonCharactersMax: 1_000,
} as const;

const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const u32 = v.pipe(natural, v.maxValue(0xffffffff));
const fileIndex = v.pipe(natural, v.maxValue(LIMITS.filesMax - 1));
const streamIndex = v.pipe(natural, v.maxValue(LIMITS.streamsMax - 1));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(LIMITS.nameCharactersMax));
const reason = v.pipe(v.string(), v.maxLength(LIMITS.reasonCharactersMax));
const checksum = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const range = v.pipe(
  v.strictTuple([natural, natural]),
  v.check(([from, to]) => from < to, 'a range is ordered'),
);
const ranges = v.pipe(v.array(range), v.maxLength(LIMITS.rangesMax));
const fileRanges = v.pipe(v.array(v.strictObject({ file: fileIndex, ranges })), v.maxLength(LIMITS.filesMax));

const offer = v.strictObject({
  kind: v.literal('offer'),
  version: v.literal(PROTOCOL_VERSION),
  session: u32,
  transfer: name,
  streams: v.pipe(natural, v.minValue(1), v.maxValue(LIMITS.streamsMax)),
  blockSize: v.pipe(natural, v.minValue(LIMITS.blockSizeMin), v.maxValue(LIMITS.blockSizeMax)),
  files: v.pipe(
    v.array(v.strictObject({ name, size: natural })),
    v.minLength(1),
    v.maxLength(LIMITS.filesMax),
  ),
  /** Set when nothing is to be stored: the content is this synthetic source, and is compared with it if `isChecked`. */
  memory: v.nullable(v.strictObject({ source: u32, isChecked: v.boolean() })),
});

const senderMessage = v.variant('kind', [
  offer,
  v.strictObject({ kind: v.literal('stream-lost'), stream: streamIndex, epoch: u32 }),
  v.strictObject({ kind: v.literal('checksum'), file: fileIndex, checksum }),
  v.strictObject({ kind: v.literal('goodbye') }),
  v.strictObject({ kind: v.literal('alive') }),
  v.strictObject({ kind: v.literal('failed'), reason }),
]);

const receiverMessage = v.variant('kind', [
  v.strictObject({ kind: v.literal('accepted'), held: fileRanges }),
  v.strictObject({ kind: v.literal('refused'), reason }),
  v.strictObject({ kind: v.literal('stored'), files: fileRanges, doubledBytes: natural }),
  v.strictObject({ kind: v.literal('stream-settled'), stream: streamIndex, epoch: u32 }),
  v.strictObject({ kind: v.literal('verified'), file: fileIndex, checksum }),
  v.strictObject({ kind: v.literal('corrupt'), file: fileIndex, checksum }),
  v.strictObject({ kind: v.literal('completed'), lostBytes: natural, doubledBytes: natural }),
  /** Bytes that came on each stream in this session, whole blocks or not: a slow stream is not a dead one. */
  v.strictObject({
    kind: v.literal('alive'),
    received: v.pipe(v.array(natural), v.maxLength(LIMITS.streamsMax)),
  }),
  v.strictObject({ kind: v.literal('failed'), reason }),
]);

export type Offer = v.InferOutput<typeof offer>;
export type SenderMessage = v.InferOutput<typeof senderMessage>;
export type ReceiverMessage = v.InferOutput<typeof receiverMessage>;
export type FileRanges = v.InferOutput<typeof fileRanges>;

export const protocolFault: Fault = (expected, found) => new TransferProtocolError(expected, found);

export const parseSenderMessage = (line: string): SenderMessage =>
  parseLine(senderMessage, line, protocolFault);
export const parseReceiverMessage = (line: string): ReceiverMessage =>
  parseLine(receiverMessage, line, protocolFault);

/** One line, with its end. */
export const formatMessage = (message: SenderMessage | ReceiverMessage): Uint8Array => formatLine(message);

/** A reason cut to what a message may carry. */
export const clipReason = (text: string): string => text.slice(0, LIMITS.reasonCharactersMax);

/** Why a receiver cannot take an offer whose messages are well-formed; null when it can. */
export function offerFault(o: Offer): string | null {
  const blocks = o.files.reduce((sum, file) => sum + Math.ceil(file.size / o.blockSize), 0);
  if (blocks > LIMITS.blocksMax)
    return `${blocks} blocks are more than ${LIMITS.blocksMax}: use larger blocks`;
  const names = new Set<string>();
  for (const file of o.files) {
    if (!isPlainName(file.name)) return `${JSON.stringify(file.name)} is not a plain file name`;
    if (names.has(file.name)) return `${file.name} is offered twice`;
    names.add(file.name);
  }
  return null;
}

/** A name inside one folder: no separator of any system, no dots that climb, no control characters, not ours. */
export function isPlainName(text: string): boolean {
  if (text === '.' || text === '..' || text.endsWith(PART_SUFFIX) || text.endsWith(JOURNAL_SUFFIX))
    return false;
  return [...text].every((c) => c >= ' ' && c !== '/' && c !== '\\' && c !== '\u007f');
}

/** Beside the file that it becomes. */
export const PART_SUFFIX = '.part';
/** Beside the partial file: what of it is safe. */
export const JOURNAL_SUFFIX = '.journal';
