import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import type { WallTime } from '../core/time.ts';
import { alarmCodeOf, formatAlarm, parseAlarm } from './alarm.ts';
import * as arbitrary from './arbitrary.fixture.ts';
import { headerTime } from './calendar.ts';
import { formatResponse, paginate, parseMessage, type Tl1Response } from './message.ts';

const test = suite('tl1 message');

const HEADER = '\r\n\n   BD0472 16-06-09 17:12:52\r\n';
const RESPONSE: Tl1Response = {
  kind: 'response',
  sid: 'BD0472',
  date: '16-06-09',
  time: '17:12:52',
  ctag: '1',
  code: 'COMPLD',
  lines: [],
  comments: [],
  isLast: true,
};

test('a response is written as the standard and the transcripts show it', () => {
  const denied = {
    ...RESPONSE,
    code: 'DENY',
    errorCode: 'IICM',
    comments: ['Input, Invalid Command'],
  } as const;
  assert.is(formatResponse(denied), `${HEADER}M  1 DENY\r\n   IICM\r\n   /* Input, Invalid Command */\r\n;`);
  assert.is(
    formatResponse({ ...RESPONSE, lines: ['GGN:A="x"'] }),
    `${HEADER}M  1 COMPLD\r\n   "GGN:A=\\"x\\""\r\n;`,
  );
});

test('an error code is read only where there is one', () => {
  const read = (text: string) => parseMessage({ text: `${HEADER}${text}`, terminator: ';' });
  assert.equal(read('M  1 DENY\r\n   "SARB"\r\n'), { ...RESPONSE, code: 'DENY', lines: ['SARB'] });
  assert.equal(read('M  1 DENY\r\n   /* Login Not Active */\r\n'), {
    ...RESPONSE,
    code: 'DENY',
    comments: ['Login Not Active'],
  });
  assert.equal(read('M  1 DENY\r\n   SROF /* why */\r\n'), {
    ...RESPONSE,
    code: 'DENY',
    errorCode: 'SROF',
    comments: ['why'],
  });
});

test('a header without a code that TL1 knows is not recognised', () => {
  const text = `${HEADER}M  1 FINE\r\n`;
  assert.equal(parseMessage({ text, terminator: ';' }), { kind: 'unrecognised', text });
});

test('a long run of nonsense after a header is read in linear time', () => {
  for (const unit of ['x\r\n', '"', '\\"', '/*', '*/', '"a"', 'A\n', ' 16-06-09 17:12:52\nM\n']) {
    const text = `${HEADER}M  1 DENY\r\n${unit.repeat(Math.floor(300_000 / unit.length))}`;
    parseMessage({ text, terminator: ';' });
    parseMessage({ text: text.slice(40), terminator: ';' });
  }
});

test('pages stay within their size, split between lines, and hold the same lines', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 40 }), { maxLength: 60 }), (lines) => {
      const pages = paginate({ ...RESPONSE, lines, comments: ['end'] }, 200);
      assert.equal(
        pages.flatMap((page) => page.lines),
        lines,
      );
      assert.equal(
        pages.map((page) => page.isLast),
        pages.map((_, i) => i === pages.length - 1),
      );
      for (const page of pages.slice(0, -1)) assert.ok(formatResponse(page).length <= 200);
    }),
  );
});

test('an alarm survives being written and read', () => {
  fc.assert(
    fc.property(arbitrary.alarm, (alarm) => {
      assert.equal(parseAlarm(formatAlarm(alarm)), alarm);
    }),
  );
});

test('the alarm of a Calient and the one of GR-833 are both read', () => {
  const calient = parseAlarm('10.13a.1:CR,LOS,SA,10-09,16-20-05:"Loss of signal"');
  assert.is(calient?.aid, '10.13a.1');
  assert.is(calient?.text, 'Loss of signal');
  assert.is(calient?.direction, '');
  const standard = parseAlarm('10001:CL,LOS,NSA,10-09,16-20-05,NEND,RCV:"Signal is back; all: well"');
  assert.is(standard?.severity, 'CL');
  assert.is(standard?.direction, 'RCV');
  assert.is(standard?.text, 'Signal is back; all: well');
  assert.is(parseAlarm('user:user,2'), null);
  assert.is(alarmCodeOf('CL'), 'A');
  assert.is(alarmCodeOf('MJ'), 'MJ');
});

test('header times agree with the calendar of the machine', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_102_444_799 }), (second) => {
      const { date, time } = headerTime((BigInt(second) * 1_000_000_000n + 999_999_999n) as WallTime);
      const iso = new Date(second * 1000).toISOString();
      assert.is(`${date}T${time}`, iso.slice(2, 19));
    }),
  );
});

test.run();
