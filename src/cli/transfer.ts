// `lightbed transfer receive` and `lightbed transfer send`: copies files between two machines with the project's own
// transfer program. Sending the same files again continues a transfer that was broken off.

import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { bytes, bytesPerSecond, type Dimension, formatBytes, parseQuantity } from '../core/quantity.ts';
import { formatDuration, toSeconds } from '../core/time.ts';
import { hostPlatform } from '../host/platform.ts';
import { hostSha256 } from '../host/sha256.ts';
import { NetworkError } from '../platform/errors.ts';
import { LIMITS } from '../transfer/messages.ts';
import { type ReceiveEnd, receiverProgram } from '../transfer/receiver.ts';
import {
  DEFAULT_BLOCKS,
  DEFAULT_STREAMS,
  type SendOptions,
  send,
  type TransferResult,
} from '../transfer/sender.ts';
import { parseAddress } from './address.ts';
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE, UsageError } from './exit-code.ts';
import { givenFolder } from './given-folder.ts';
import { TransferProgress } from './transfer-progress.ts';

interface ReceiveArguments {
  listen: string;
  folder: string;
  once: boolean;
  overwrite: boolean;
  verify: 'stored' | 'received';
}

interface SendArguments {
  _?: readonly (string | number)[];
  files: string[] | undefined;
  to: string;
  streams: number;
  block: string;
  blocks: number;
  limit: string | undefined;
  memory: string | undefined;
  name: string | undefined;
}

const receiveCommand: CommandModule<object, ReceiveArguments> = {
  command: 'receive',
  describe: 'take files into a folder; there is no authentication',
  builder: (yargs) =>
    yargs
      // FDT's default port.
      .option('listen', { type: 'string', default: '127.0.0.1:54321', describe: 'HOST:PORT' })
      .option('folder', { type: 'string', demandOption: true, describe: 'where files go' })
      .option('once', { type: 'boolean', default: false, describe: 'end after one transfer' })
      .option('overwrite', { type: 'boolean', default: false, describe: 'replace files that are there' })
      .option('verify', {
        choices: ['stored', 'received'] as const,
        default: 'stored' as const,
        describe: 'checksum over what the disk gives back, or over what came',
      }),
  handler: async (given) => {
    process.exitCode = await receive(given);
  },
};

const sendCommand: CommandModule<object, SendArguments> = {
  command: 'send [files..]',
  describe: 'send files to a receiver',
  builder: (yargs) =>
    yargs
      .positional('files', { type: 'string', array: true, describe: 'files; they keep their names' })
      .option('to', { type: 'string', demandOption: true, describe: 'HOST:PORT of the receiver' })
      .option('streams', { type: 'number', default: DEFAULT_STREAMS, describe: 'TCP connections for data' })
      .option('block', { type: 'string', default: '1 MiB', describe: 'size of a block' })
      .option('blocks', { type: 'number', default: DEFAULT_BLOCKS, describe: 'blocks in memory at once' })
      .option('limit', { type: 'string', describe: "highest rate, as '100 MB/s'" })
      .option('memory', {
        type: 'string',
        describe: "send so much from memory to memory, as '1 GB'; no files",
      })
      .option('name', { type: 'string', describe: 'name of the transfer (default: made from the files)' }),
  handler: async (given) => {
    // What follows `--`, as `-odd-name`, is no option; yargs leaves it beside the command's own words.
    const { files = [], _: words = [] } = given;
    process.exitCode = await sendAll({ ...given, files: [...files, ...words.slice(2).map(String)] });
  },
};

export const transferCommand: CommandModule = {
  command: 'transfer',
  describe: 'copy files between machines',
  builder: (yargs) =>
    yargs.command(receiveCommand).command(sendCommand).demandCommand(1, 'give send or receive').strict(),
  handler: () => {},
};

async function receive({ listen, folder, once, overwrite, verify }: ReceiveArguments): Promise<number> {
  const at = parseAddress(listen, '--listen');
  // Before anybody can send: else each transfer would fail, and the reason be told to the sender only.
  const place = givenFolder('--folder', folder);
  const platform = hostPlatform({ machine: at.machine, folder: place, bind: at.machine });
  const progress = new TransferProgress(process.stdout, 'received');
  let status = EXIT_OK;
  try {
    await receiverProgram(platform, {
      ...{ tcpPort: at.tcpPort, folder: '', once, overwrite, verify, sha256: hostSha256 },
      onListening: (tcpPort) => console.log(`listening at ${at.machine}:${tcpPort}, files go to ${folder}`),
      onProgress: (_transfer, stored, total) => progress.update(stored, total),
      onEnd: (end) => {
        progress.end();
        if (end.outcome.kind === 'failed') status = EXIT_FAILED;
        reportEnd(end);
      },
    });
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    console.error(`lightbed: ${error.message}`);
    return EXIT_USAGE;
  }
  return status;
}

function reportEnd({ transfer, outcome, files }: ReceiveEnd): void {
  if (outcome.kind !== 'completed')
    return console.error(`lightbed: transfer ${transfer} ${outcome.kind}: ${outcome.reason}`);
  for (const file of files) console.log(`${file.checksum}  ${file.name} (${formatBytes(bytes(file.size))})`);
  console.log(`transfer ${transfer} completed and verified`);
}

async function sendAll(given: SendArguments): Promise<number> {
  const to = parseAddress(given.to, '--to');
  const progress = new TransferProgress(process.stdout, 'sent');
  const platform = hostPlatform({
    machine: 'sender',
    folder: '/',
    record: (_at, _where, kind, { reason, attempt }) => {
      if (kind !== 'session.broken') return;
      progress.end();
      console.error(`lightbed: ${reason}; attempt ${Number(attempt) + 1} follows`);
    },
  });
  const result = await send(platform, {
    ...readSendOptions(given),
    to,
    sha256: hostSha256,
    timings: { firstAttemptsMax: FIRST_ATTEMPTS_MAX },
    onProgress: (stored, total) => progress.update(stored, total),
  });
  progress.end();
  return reportResult(result);
}

function reportResult(result: TransferResult): number {
  if (result.kind === 'failed') {
    console.error(`lightbed: transfer failed: ${result.reason}`);
    return EXIT_FAILED;
  }
  for (const file of result.files)
    console.log(`${file.checksum}  ${file.name} (${formatBytes(bytes(file.size))})`);
  const rate = formatBytes(bytes(Math.round(result.bytes / toSeconds(result.duration))));
  console.log(
    `${formatBytes(bytes(result.bytes))} in ${formatDuration(result.duration)}, ${rate}/s, verified; ` +
      `doubled ${result.doubledBytes} B, lost ${result.lostBytes} B`,
  );
  return EXIT_OK;
}

function readSendOptions(given: SendArguments): Omit<SendOptions, 'to'> {
  const { streams, blocks, memory, limit, files = [] } = given;
  if ((memory === undefined) === (files.length === 0))
    throw new UsageError('give files, or --memory, and not both');
  const paths = files.map((file) => resolve(file));
  const blockSize = quantity(given.block, 'size', 'block');
  inRange(blockSize, LIMITS.blockSizeMin, LIMITS.blockSizeMax, '--block, in bytes,');
  inRange(streams, 1, LIMITS.streamsMax, '--streams');
  inRange(blocks, 1, BLOCKS_MAX, '--blocks');
  const rateLimit = limit === undefined ? null : bytesPerSecond(quantity(limit, 'byteRate', 'limit'));
  if (rateLimit !== null && rateLimit <= 0) throw new UsageError('--limit: must be above 0');
  return {
    transfer: given.name ?? transferName(paths, memory),
    files:
      memory === undefined
        ? paths.map((path) => path.slice(1))
        : { memory: bytes(quantity(memory, 'size', 'memory')) },
    ...{ streams, blocks, blockSize: bytes(blockSize) },
    ...(rateLimit === null ? {} : { rateLimit }),
  };
}

/** The same files, unchanged, give the same name, so that sending them again resumes. */
function transferName(paths: readonly string[], memory: string | undefined): string {
  const hash = createHash('sha256').update(memory ?? '');
  for (const path of paths) {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) throw new UsageError(`${path}: no such file`);
    if (!stat.isFile()) throw new UsageError(`${path}: not a regular file`);
    hash.update(`${path}\0${stat.size}\0${stat.mtimeNs}\0`);
  }
  return hash.digest('hex').slice(0, 16);
}

function quantity(text: string, dimension: Dimension, option: string): number {
  const parsed = parseQuantity(text, dimension);
  if (parsed.kind === 'bad') throw new UsageError(`--${option} ${text}: expected ${parsed.expected}`);
  return parsed.value;
}

function inRange(value: number, min: number, max: number, what: string): void {
  if (!Number.isInteger(value) || value < min || value > max)
    throw new UsageError(`${what} must be a whole number from ${min} to ${max}, got ${value}`);
}

/** The machine's own SHA-256, several times as fast as the portable one. */

const BLOCKS_MAX = 65_536;

/** Of somebody who sits and waits: 3.5 s where nobody listens. */
const FIRST_ATTEMPTS_MAX = 4;
