// Short TL1 responses framed and parsed per second. The limit is one look at every byte: decoding the same stream
// to text and finding its terminators.

import { Tl1Framer } from '../../src/tl1/framing.ts';
import { parseMessage } from '../../src/tl1/message.ts';
import type { BenchLine } from './line.ts';
import { compare, secondsPerCall } from './timing.ts';

const RESPONSES = 1_000;
const REPETITIONS = 5;
/** About one TCP segment at a time. */
const PIECE_BYTES = 1_448;
const TARGET = 300_000;

export const tl1Line: BenchLine = {
  name: 'tl1',
  measure: async () => {
    const stream = Buffer.from(Array.from({ length: RESPONSES }, (_, i) => response(i)).join(''), 'latin1');
    const { value, reference, ratio } = await compare(
      REPETITIONS,
      async () => RESPONSES / (await secondsPerCall(() => parse(stream))),
      async () => RESPONSES / (await secondsPerCall(() => scan(stream))),
    );
    return [
      {
        kind: 'measured',
        name: 'TL1, short responses framed and parsed',
        value,
        unit: 'messages/s',
        target: { of: 'value', atLeast: TARGET },
        reference: { kind: 'limit', name: 'decoding and scanning the bytes', value: reference, ratio },
      },
    ];
  },
};

const response = (ctag: number): string =>
  `\r\n\n   GVA-GG 26-01-02 03:04:05\r\nM  ${ctag} COMPLD\r\n   "10003:PORTNAME=in-3,POWER=-11.25"\r\n;`;

function parse(stream: Uint8Array): void {
  const framer = new Tl1Framer();
  let completed = 0;
  for (let from = 0; from < stream.length; from += PIECE_BYTES) {
    for (const block of framer.push(stream.subarray(from, from + PIECE_BYTES))) {
      const message = parseMessage(block);
      if (message.kind === 'response' && message.lines.length === 1) completed++;
    }
  }
  if (completed !== RESPONSES) throw new Error(`parsed ${completed} of ${RESPONSES} responses`);
}

function scan(stream: Buffer): void {
  const text = stream.toString('latin1');
  let found = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === 0x3b) found++;
  if (found !== RESPONSES) throw new Error(`found ${found} of ${RESPONSES} terminators`);
}
