// Anything that TL1 can say, for the property tests beside this file.

import fc from 'fast-check';
import type { Tl1Alarm } from './alarm.ts';
import type { Tl1Command } from './command.ts';
import type { Tl1Fields } from './fields.ts';
import type { Tl1Acknowledgement, Tl1Message, Tl1Notification, Tl1Response } from './message.ts';

/** Text with everything in it that framing and quoting must survive. 0xff is telnet's own and never text. */
export const text: fc.Arbitrary<string> = fc.string({
  unit: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...'";><\\,:=&/* \r\nMA') },
    { weight: 2, arbitrary: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)) },
    { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0xfe }).map((code) => String.fromCharCode(code)) },
  ),
  maxLength: 30,
});

/** Plain objects: a null prototype would make them unlike what the codec builds. */
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;

const word = (alphabet: string, minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const two = word(DIGITS, 2, 2);

const verb = fc.array(word(LETTERS, 1, 5), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('-'));
const ctag = word(`${LETTERS}abcdef${DIGITS}`, 1, 6);
const block = word(`${LETTERS}${DIGITS}.,=&-`, 0, 12);
const quotedBlock = fc.oneof(
  block,
  text.map((inner) => `"${inner.replace(/[\\"]/g, '\\$&')}"`),
);

export const command: fc.Arbitrary<Required<Tl1Command>> = record({
  verb,
  tid: block,
  aid: block,
  ctag: fc.oneof(ctag, fc.constant('')),
  general: block,
  payload: fc.array(quotedBlock, { maxLength: 4 }),
});

const header = {
  sid: fc.constantFrom('BD0472', 'o01gva.datatag.org', '( nil )', 'CALIENT01TS'),
  date: fc.tuple(two, two, two).map((parts) => parts.join('-')),
  time: fc.tuple(two, two, two).map((parts) => parts.join(':')),
};
const body = {
  lines: fc.array(text, { maxLength: 4 }),
  comments: fc.array(
    text.map((comment) => comment.replaceAll('*/', '').trim()).filter((c) => !c.includes('*/')),
    { maxLength: 2 },
  ),
  isLast: fc.boolean(),
};

export const response: fc.Arbitrary<Tl1Response> = fc.oneof(
  record({
    kind: fc.constant('response'),
    ...header,
    ...body,
    ctag,
    code: fc.constantFrom('COMPLD', 'PRTL', 'DELAY', 'RTRV', 'DENY'),
  }),
  record({
    kind: fc.constant('response'),
    ...header,
    ...body,
    ctag,
    code: fc.constantFrom('DENY', 'PRTL'),
    errorCode: word(LETTERS, 4, 4),
  }),
);

export const notification: fc.Arbitrary<Tl1Notification> = record({
  kind: fc.constant('notification'),
  ...header,
  ...body,
  alarmCode: fc.constantFrom('CR', 'MJ', 'MN', 'A'),
  atag: word(DIGITS, 1, 10),
  verb: fc.constantFrom('REPT ALM', 'REPT ALM EQPT', 'REPT EVT SESSION', 'REPT DBCHG'),
});

export const acknowledgement: fc.Arbitrary<Tl1Acknowledgement> = record({
  kind: fc.constant('acknowledgement'),
  code: fc.constantFrom('IP', 'PF', 'OK', 'NA', 'NG', 'RL'),
  ctag,
});

export const message: fc.Arbitrary<Tl1Message> = fc.oneof(response, notification, acknowledgement);

const parameter = record({
  name: fc.oneof(fc.constant(null), word(`${LETTERS}${DIGITS}_`, 1, 8)),
  value: text,
});

export const fields: fc.Arbitrary<Tl1Fields> = record({
  aid: text,
  blocks: fc.array(fc.array(parameter, { minLength: 1, maxLength: 4 }), { maxLength: 3 }),
});

export const alarm: fc.Arbitrary<Tl1Alarm> = record({
  aid: fc.constantFrom('10.13a.1', '10001', '1-A-3-1-1'),
  severity: fc.constantFrom('CR', 'MJ', 'MN', 'CL', 'NA'),
  condition: fc.constantFrom('LOS', 'LOF', 'OPR'),
  serviceEffect: fc.constantFrom('SA', 'NSA'),
  date: fc.tuple(two, two).map((parts) => parts.join('-')),
  time: fc.tuple(two, two, two).map((parts) => parts.join('-')),
  location: fc.constantFrom('', 'NEND', 'FEND'),
  direction: fc.constantFrom('', 'RCV', 'TRMT'),
  text,
});

/** Bytes at random, with more of those that mean something. */
export const bytes: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...[...'";><\\/*\r\n[MA ', '\x1b', '\xff', '\xfa', '\xf0'].map((c) => c.charCodeAt(0))),
      fc.integer({ min: 0, max: 255 }),
    ),
    { maxLength: 200 },
  )
  .map((codes) => Uint8Array.from(codes));

/** Where to cut a stream: shares of its length. */
export const cuts: fc.Arbitrary<readonly number[]> = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  maxLength: 12,
});

export function cutAt(whole: Uint8Array, shares: readonly number[]): Uint8Array[] {
  const places = [
    0,
    ...shares.map((share) => Math.floor(share * whole.length)).sort((a, b) => a - b),
    whole.length,
  ];
  return places.slice(1).map((end, i) => whole.subarray(places[i], end));
}
