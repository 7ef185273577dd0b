import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import * as arbitrary from './arbitrary.fixture.ts';
import { formatCommand } from './command.ts';
import { type Tl1Block, Tl1CommandFramer, Tl1Framer } from './framing.ts';
import { encodeLatin1 } from './latin1.ts';
import {
  formatAcknowledgement,
  formatNotification,
  formatResponse,
  parseMessage,
  type Tl1Message,
} from './message.ts';

const test = suite('tl1 framing');

const HEADER = '\r\n\n   BD0472 16-06-09 17:12:52\r\n';

function frame(...pieces: (string | Uint8Array)[]): Tl1Block[] {
  const framer = new Tl1Framer();
  return pieces.flatMap((piece) => framer.push(typeof piece === 'string' ? encodeLatin1(piece) : piece));
}

const parsed = (...pieces: (string | Uint8Array)[]) => frame(...pieces).map(parseMessage);

function wire(message: Tl1Message): string {
  if (message.kind === 'response') return formatResponse(message);
  return message.kind === 'notification' ? formatNotification(message) : formatAcknowledgement(message);
}

test('a terminator inside quotes or comments ends nothing', () => {
  const text = `${HEADER}M  1 COMPLD\r\n   "a\r\n;\\"\r\n>"\r\n   /* b "\r\n; * /\r\n<*/\r\n;`;
  const [message, ...more] = parsed(text);
  assert.is(more.length, 0);
  assert.is(message?.kind, 'response');
  if (message?.kind !== 'response') return;
  assert.equal(message.lines, ['a\r\n;"\r\n>']);
  assert.equal(message.comments, ['b "\r\n; * /\r\n<']);
});

test('a paged Glimmerglass answer is parts and bare prompts, with the echo passed over', () => {
  const text =
    `RTRV-CFG-FIBER::all:7;${HEADER}M  7 COMPLD\r\n   "GGN:PORTID=10001"\r\n>\r\n<` +
    `${HEADER}M  7 COMPLD\r\n   "GGN:PORTID=10002"\r\n;\r\n<`;
  const messages = parsed(text);
  assert.equal(
    messages.map((m) => m.kind),
    ['response', 'prompt', 'response', 'prompt'],
  );
  assert.equal(
    messages.flatMap((m) => (m.kind === 'response' ? [[m.isLast, ...m.lines]] : [])),
    [
      [false, 'GGN:PORTID=10001'],
      [true, 'GGN:PORTID=10002'],
    ],
  );
});

test('prompt, telnet options and escape sequences before a header do no harm', () => {
  const [message] = parsed(
    `\x1b[2J\x1b[1;24r\x1b(B\xff\xfb\x01\xff\xfa\x1f\x00P\xff\xf0agent>    GVA 05-03-01 10:00:00\r\nM  a1 COMPLD\r\n;`,
  );
  assert.is(message?.kind, 'response');
  if (message?.kind === 'response') assert.is(message.sid, 'GVA');
});

test('an acknowledgement ends with < and does not take the response with it', () => {
  const messages = parsed(`rtrv-crs:::12;\r\nIP 12\r\n<${HEADER}M  12 COMPLD\r\n;`);
  assert.equal(messages[0], { kind: 'acknowledgement', code: 'IP', ctag: '12' });
  assert.is(messages[1]?.kind, 'response');
  for (const before of ['\r\nagent> ', 'ent-crs:::12;', '\r\n<'])
    assert.equal(
      parsed(`${before}RL 12\r\n<`).at(-1),
      { kind: 'acknowledgement', code: 'RL', ctag: '12' },
      before,
    );
});

test('a notification between two parts of a response stands by itself', () => {
  const messages = parsed(
    `${HEADER}M  1 COMPLD\r\n   "A"\r\n>${HEADER}*C 9 REPT ALM EQPT\r\n   "10.1a.1:CR,LOS,SA,10-09,16-20-05:\\"Loss\\""\r\n;` +
      `${HEADER}M  1 COMPLD\r\n   "B"\r\n;`,
  );
  assert.equal(
    messages.map((m) => m.kind),
    ['response', 'notification', 'response'],
  );
});

test('what ends like a message but has no header is not recognised', () => {
  assert.equal(parsed('TXN TL1 Agent 5.2\r\n\r\n;'), [
    { kind: 'unrecognised', text: 'TXN TL1 Agent 5.2\r\n\r\n' },
  ]);
  assert.equal(parsed('\r\n;'), [{ kind: 'prompt', text: '' }]);
});

test('messages come out as they went in, wherever the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(arbitrary.message, { maxLength: 6 }), arbitrary.cuts, (messages, cuts) => {
      const stream = encodeLatin1(messages.map((message) => `${wire(message)}\r\n<`).join(''));
      const read = parsed(...arbitrary.cutAt(stream, cuts)).filter((m) => m.kind !== 'prompt');
      assert.equal(read, messages);
    }),
  );
});

test('any bytes frame the same wherever they are cut, and nothing throws', () => {
  fc.assert(
    fc.property(arbitrary.bytes, arbitrary.cuts, (whole, cuts) => {
      const one = new Tl1Framer({ blockBytesMax: 40 });
      const many = new Tl1Framer({ blockBytesMax: 40 });
      const expected = one.push(whole);
      assert.equal(
        arbitrary.cutAt(whole, cuts).flatMap((piece) => many.push(piece)),
        expected,
      );
      assert.is(many.failure?.message, one.failure?.message);
      for (const block of expected) parseMessage(block);
    }),
    { numRuns: 500 },
  );
});

test('a response cut at every single byte frames the same', () => {
  const stream = encodeLatin1(`agent> ${HEADER}M  1 COMPLD\r\n   "a\\";b"\r\n   /* c */\r\n;\r\nIP 2\r\n<`);
  const expected = frame(stream);
  for (let at = 0; at <= stream.length; at++)
    assert.equal(frame(stream.subarray(0, at), stream.subarray(at)), expected);
  assert.equal(frame(...Array.from(stream, (byte) => Uint8Array.of(byte))), expected);
});

test('the head of what is not TL1 shows no secret', () => {
  const framer = new Tl1Framer({ blockBytesMax: 100, secrets: ['se"cret', ''] });
  framer.push(encodeLatin1(`ACT-USER::op:1::se"cret; ACT-USER::op:1::"se\\"cret";${' '.repeat(60)}`));
  assert.match(framer.failure?.head ?? '', /^ACT-USER::op:1::\*\*\*; ACT-USER::op:1::"\*\*\*"; +$/);
});

test('megabytes without a terminator end in an error that shows their head, and are not kept', () => {
  const framer = new Tl1Framer();
  const junk = new Uint8Array(64 * 1024).fill(0x78);
  junk[0] = 0x0a;
  for (let i = 0; i < 64 && framer.failure === null; i++) framer.push(junk);
  assert.match(
    framer.failure?.message ?? '',
    /^a TL1 message passed 1048576 bytes without an end: "\.x{79}"$/,
  );
  assert.is(framer.pendingText, '');
  assert.equal(framer.push(encodeLatin1(`${HEADER}M  1 COMPLD\r\n;`)), []);
});

test('a long message that arrives byte by byte is framed in linear time', () => {
  const blockBytesMax = 256 * 1024;
  const framer = new Tl1Framer({ blockBytesMax });
  const byte = Uint8Array.of(0x20);
  for (let i = 0; i < blockBytesMax; i++) framer.push(byte);
  assert.is(framer.failure, null);
  framer.push(byte);
  assert.ok(framer.failure !== null);
});

test('commands frame on ; outside quotes, wherever the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(arbitrary.command, { maxLength: 5 }), arbitrary.cuts, (commands, cuts) => {
      const texts = commands.map(formatCommand);
      const framer = new Tl1CommandFramer();
      const read = arbitrary
        .cutAt(encodeLatin1(texts.join('\r\n')), cuts)
        .flatMap((piece) => framer.push(piece));
      assert.equal(
        read,
        texts.map((text) => text.slice(0, -1).trim()),
      );
    }),
  );
});

test('any bytes sent to a device frame the same wherever they are cut', () => {
  fc.assert(
    fc.property(arbitrary.bytes, arbitrary.cuts, (whole, cuts) => {
      const one = new Tl1CommandFramer({ commandBytesMax: 40 });
      const many = new Tl1CommandFramer({ commandBytesMax: 40 });
      const expected = one.push(whole);
      assert.equal(
        arbitrary.cutAt(whole, cuts).flatMap((piece) => many.push(piece)),
        expected,
      );
      assert.is(many.failure?.message, one.failure?.message);
    }),
  );
});

test.run();
