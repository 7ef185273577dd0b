// One round against what takes bytes apart, without a connection: it never throws, holds no more than its bound, and
// finds the same in any split. The outbox of a device, which holds bytes too, stands here as well.

import { Outbox } from '../../emulators/device/outbox.ts';
import { assert } from '../../src/core/assert.ts';
import type { Random } from '../../src/platform/platform.ts';
import { parseAlarm } from '../../src/tl1/alarm.ts';
import { parseCommand } from '../../src/tl1/command.ts';
import { parseAidList, parseFields } from '../../src/tl1/fields.ts';
import { Tl1CommandFramer, Tl1Framer } from '../../src/tl1/framing.ts';
import { encodeLatin1 } from '../../src/tl1/latin1.ts';
import { parseMessage } from '../../src/tl1/message.ts';
import { chance, mutated, noise, pick, pieces } from './mutation.ts';

const STREAMS = 40;
/** Small, so that a round passes it now and then. */
const BOUND = 4096;

const SAMPLES = [
  '\r\n\n   SW 26-11-20 17:20:43\r\nM  1 COMPLD\r\n   "10001:3,-3.20,NAME=\\"a, b\\""\r\n   /* said */\r\n;',
  '\r\n\n   SW 26-11-20 17:20:43\r\nM  2 COMPLD\r\n   "10001:a"\r\n>\r\n\n   SW 26-11-20 17:20:43\r\nM  2 COMPLD\r\n;',
  '\r\n\n   SW 26-11-20 17:20:44\r\nM  c3 DENY\r\n   IIAC\r\n   /* Input, Invalid Access Identifier */\r\n;',
  '\r\n\n   N 26-11-20 17:20:49\r\n*C 1 REPT ALM EQPT\r\n   "10.1a.1:CR,LOS,SA,11-20,17-20-49,NEND,RCV:\\"dark\\""\r\n;',
  'IP 4\r\n<agent> ACT-USER::op:5::secret;RTRV-CRS-FIBER::10001&&10008&20003:6:::OPMODE=sync;',
  'ENT-VCG::CHGO:7::,,,ALIAS="x;y",PST=IS,SUPPTTP=1-A-3-1-1,CRCTYPE=CRC_32,,,TIMESLOTMAP=1&&21;',
];

export async function parserRound(random: Random): Promise<void> {
  for (let left = STREAMS; left > 0; left--) {
    const samples = Array.from({ length: 1 + random.integer(4) }, () => pick(random, SAMPLES)).join('');
    const text = chance(random, 0.2) ? noise(random, 600) : mutated(random, samples);
    const [one, other] = [frame(pieces(random, text)), frame([encodeLatin1(text)])];
    assert(one === other, () => `framed otherwise when split otherwise: ${JSON.stringify(text)}`);
    for (const part of [text, ...text.split(/\r?\n/)]) takeApart(part);
  }
  outbox(random);
}

/** What both framers make of the bytes, up to the first that passed its bound. */
function frame(chunks: readonly Uint8Array[]): string {
  const device = new Tl1Framer({ blockBytesMax: BOUND });
  const client = new Tl1CommandFramer({ commandBytesMax: BOUND });
  const blocks: string[] = [];
  const commands: string[] = [];
  for (const chunk of chunks) {
    for (const block of device.push(chunk)) {
      blocks.push(block.terminator + block.text);
      parseMessage(block);
    }
    for (const command of client.push(chunk)) commands.push(command);
    assert(device.pendingText.length <= BOUND, () => `${device.pendingText.length} characters are pending`);
  }
  for (const text of [...blocks, ...commands]) assert(text.length <= BOUND + 1, 'a block beyond its bound');
  return JSON.stringify([blocks, commands, device.failure === null, client.failure === null]);
}

function takeApart(text: string): void {
  parseCommand(text);
  parseFields(text);
  parseAlarm(text);
  parseAidList(text);
}

/** A client that reads nothing: what waits for it stays below the bound, or the connection is dropped. */
function outbox(random: Random): void {
  let isDropped = false;
  const never = new Promise<void>(() => {});
  const box = new Outbox({ write: () => never, end: () => never, abort: () => (isDropped = true) }, BOUND);
  let waiting = 0;
  for (let left = 40; left > 0; left--) {
    const text = noise(random, 400);
    if (!box.isClosed) waiting += text.length;
    box.put(text);
    assert(box.isClosed === waiting > BOUND, () => `${waiting} bytes wait in an outbox of ${BOUND}`);
  }
  assert(box.isClosed === isDropped, 'an outbox that is closed drops its connection');
}
