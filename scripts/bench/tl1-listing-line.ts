// A long TL1 listing framed and parsed, in bytes per second: the cross-connects of a 320-port Glimmerglass, in parts of
// 4,000 bytes, as they come from the wire. The limit is one pass over the same bytes, from latin1 to text.

import { crossConnectLine } from '../../emulators/glimmerglass-lines.ts';
import { type Dbm, dbm } from '../../src/core/quantity.ts';
import { Tl1Framer } from '../../src/tl1/framing.ts';
import { formatResponse, paginate, parseMessage, type Tl1Response } from '../../src/tl1/message.ts';
import type { BenchLine } from './line.ts';
import { compare, secondsPerCall } from './timing.ts';

const PORTS = 320;
const PART_BYTES = 4_000;
const REPETITIONS = 5;
/** As much as a read of a TCP socket gives at once. */
const PIECE_BYTES = 65_536;
const TARGET_MB = 100;

export const tl1ListingLine: BenchLine = {
  name: 'tl1-listing',
  measure: async () => {
    const stream = Buffer.from(listing(), 'latin1');
    const megabytes = stream.length / 1e6;
    const { value, reference, ratio } = await compare(
      REPETITIONS,
      async () => megabytes / (await secondsPerCall(() => parse(stream))),
      async () => megabytes / (await secondsPerCall(() => void stream.toString('latin1'))),
    );
    return [
      {
        kind: 'measured',
        name: 'TL1, a long listing framed and parsed',
        value,
        unit: 'MB/s',
        target: { of: 'value', atLeast: TARGET_MB },
        reference: { kind: 'limit', name: 'turning the bytes into text', value: reference, ratio },
      },
    ];
  },
};

/** Each port once as an input and once as an output, as a 2016 unit lists them. */
function listing(): string {
  const lines = Array.from({ length: 2 * PORTS }, (_, i) => {
    const input = String((i % PORTS) + 1);
    const output = String(((i + 7) % PORTS) + 1);
    const inputPower: Dbm = dbm(-3 - (i % 17) / 10);
    const state = { state: 'steady', cause: 'none', user: 'admin' } as const;
    return crossConnectLine(18, { input, output, inputPower, outputPower: dbm(inputPower - 1.57), ...state });
  });
  const header = { sid: 'GVA-GG', date: '26-01-02', time: '03:04:05' };
  const body = { ctag: '7', code: 'COMPLD', lines, comments: [], isLast: true } as const;
  const response: Tl1Response = { kind: 'response', ...header, ...body };
  return paginate(response, PART_BYTES)
    .map((part) => `${formatResponse(part)}\r\n<`)
    .join('');
}

function parse(stream: Uint8Array): void {
  const framer = new Tl1Framer();
  let lines = 0;
  for (let from = 0; from < stream.length; from += PIECE_BYTES) {
    for (const block of framer.push(stream.subarray(from, from + PIECE_BYTES))) {
      const message = parseMessage(block);
      if (message.kind === 'response') lines += message.lines.length;
    }
  }
  if (lines !== 2 * PORTS) throw new Error(`parsed ${lines} of ${2 * PORTS} lines`);
}
