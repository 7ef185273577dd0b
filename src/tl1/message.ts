// What a device says: responses to commands, notifications (autonomous messages) and acknowledgements, to and
// from the blocks that framing.ts cuts. Anything else in a block is a prompt, or not TL1 at all.

import { type BlockHead, scanBody, scanHead } from './block-scan.ts';
import type { Tl1Block } from './framing.ts';
import { needsEscapes, quote } from './quoting.ts';

/** RTRV: a part of a long retrieve (GR-831); known devices say COMPLD in every part. */
export type CompletionCode = 'COMPLD' | 'DENY' | 'PRTL' | 'DELAY' | 'RTRV';
/** On the wire `*C`, `**`, `* ` and `A `. */
export type AlarmCode = 'CR' | 'MJ' | 'MN' | 'A';
export type AcknowledgementCode = 'IP' | 'PF' | 'OK' | 'NA' | 'NG' | 'RL';

interface Tl1Header {
  readonly sid: string;
  /** YY-MM-DD */
  readonly date: string;
  /** HH:MM:SS */
  readonly time: string;
}

interface Tl1Body {
  /** Text lines in order, without their quotes. */
  readonly lines: readonly string[];
  readonly comments: readonly string[];
  /** False when another part follows. */
  readonly isLast: boolean;
}

export interface Tl1Response extends Tl1Header, Tl1Body {
  readonly kind: 'response';
  readonly ctag: string;
  readonly code: CompletionCode;
  /** Four letters after DENY or PRTL: ICNV. */
  readonly errorCode?: string;
}

export interface Tl1Notification extends Tl1Header, Tl1Body {
  readonly kind: 'notification';
  readonly alarmCode: AlarmCode;
  readonly atag: string;
  /** With its modifiers and blanks: `REPT ALM EQPT`. */
  readonly verb: string;
}

export interface Tl1Acknowledgement {
  readonly kind: 'acknowledgement';
  readonly code: AcknowledgementCode;
  readonly ctag: string;
}

export type Tl1Message = Tl1Response | Tl1Notification | Tl1Acknowledgement;

/** A bare terminator, or an echo before one: the device is ready. */
export interface Tl1Prompt {
  readonly kind: 'prompt';
  readonly text: string;
}

/** A block that ends like a message and has no header: a greeting, or a peer that does not speak TL1. */
export interface Tl1Unrecognised {
  readonly kind: 'unrecognised';
  readonly text: string;
}

const CODES: readonly CompletionCode[] = ['COMPLD', 'DENY', 'PRTL', 'DELAY', 'RTRV'];
const ACKNOWLEDGEMENTS: readonly AcknowledgementCode[] = ['IP', 'PF', 'OK', 'NA', 'NG', 'RL'];
const ALARM_CODE_WIRE: Readonly<Record<AlarmCode, string>> = { CR: '*C', MJ: '**', MN: '* ', A: 'A ' };

/** Never throws, whatever the block holds. */
export function parseMessage(block: Tl1Block): Tl1Message | Tl1Prompt | Tl1Unrecognised {
  const { text, terminator } = block;
  const head = scanHead(text);
  if (head !== null && terminator !== '<') return readMessage(text, head, terminator === ';');
  if (head !== null) return { kind: 'unrecognised', text };
  if (terminator === '<') return readAcknowledgement(text) ?? { kind: 'prompt', text: text.trim() };
  return text.trim() === '' ? { kind: 'prompt', text: '' } : { kind: 'unrecognised', text };
}

/** The response from its leading line breaks to its terminator, `;` or `>`. */
export function formatResponse(response: Tl1Response): string {
  const error = response.errorCode === undefined ? '' : `   ${response.errorCode}\r\n`;
  return `${formatHeader(response)}M  ${response.ctag} ${response.code}\r\n${error}${formatBody(response)}`;
}

/** The notification from its leading line breaks to its terminator, `;` or `>`. */
export function formatNotification(notification: Tl1Notification): string {
  const { alarmCode, atag, verb } = notification;
  return `${formatHeader(notification)}${ALARM_CODE_WIRE[alarmCode]} ${atag} ${verb}\r\n${formatBody(notification)}`;
}

/** The acknowledgement with its terminator, `<`. */
export function formatAcknowledgement(acknowledgement: Tl1Acknowledgement): string {
  return `${acknowledgement.code} ${acknowledgement.ctag}\r\n<`;
}

/**
 * The response in parts of at most `partBytesMax` each as formatted, split between lines; every part but the last ends
 * with `>`. A line that is longer than a part gets a part of its own.
 */
export function paginate(response: Tl1Response, partBytesMax: number): Tl1Response[] {
  const empty = formatResponse({ ...response, lines: [], comments: [] }).length;
  const pages: string[][] = [[]];
  let size = empty;
  for (const line of response.lines) {
    const length = lineLength(line);
    if (size + length > partBytesMax && size > empty) {
      pages.push([]);
      size = empty;
    }
    pages.at(-1)?.push(line);
    size += length;
  }
  if (pages.length === 1) return [response];
  return pages.map((lines, i) => {
    const isLastPage = i === pages.length - 1;
    return {
      ...response,
      lines,
      comments: isLastPage ? response.comments : [],
      isLast: isLastPage && response.isLast,
    };
  });
}

const formatHeader = (h: Tl1Header): string => `\r\n\n   ${h.sid} ${h.date} ${h.time}\r\n`;

const formatLine = (line: string): string => `   ${quote(line)}\r\n`;

/** Of the line as formatted: three blanks, two quotes and the line break beside its characters. */
const lineLength = (line: string): number => (needsEscapes(line) ? formatLine(line).length : line.length + 7);

function formatBody(body: Tl1Body): string {
  let lines = '';
  for (const line of body.lines) lines += formatLine(line);
  const comments = body.comments.map((text) => `   /* ${text.replaceAll('*/', '* /')} */\r\n`).join('');
  return `${lines}${comments}${body.isLast ? ';' : '>'}`;
}

function readMessage(text: string, head: BlockHead, isLast: boolean): Tl1Message | Tl1Unrecognised {
  const { sid, date, time, mark, words, bodyAt } = head;
  if (mark[0] === 'M') return readResponse(text, head, isLast);
  const alarmCode = readAlarmCode(mark);
  const [atag] = words;
  if (alarmCode === null || atag === undefined || words.length < 2) return { kind: 'unrecognised', text };
  const { lines, comments } = scanBody(text, bodyAt);
  const verb = words.slice(1).join(' ');
  return { kind: 'notification', sid, date, time, alarmCode, atag, verb, lines, comments, isLast };
}

function readResponse(text: string, head: BlockHead, isLast: boolean): Tl1Response | Tl1Unrecognised {
  const { sid, date, time, words, bodyAt } = head;
  const [ctag, word] = words;
  const code = CODES.find((known) => known === word);
  if (ctag === undefined || code === undefined || words.length > 2) return { kind: 'unrecognised', text };
  const { lines, comments, bareAt } = scanBody(text, bodyAt);
  const errorCode = code === 'DENY' || code === 'PRTL' ? lines[bareAt] : undefined;
  if (errorCode === undefined || !/^[A-Z]{4}$/i.test(errorCode)) {
    return { kind: 'response', sid, date, time, ctag, code, lines, comments, isLast };
  }
  lines.splice(bareAt, 1);
  return { kind: 'response', sid, date, time, ctag, code, errorCode, lines, comments, isLast };
}

function readAlarmCode(mark: string): AlarmCode | null {
  if (mark[0] === 'A') return 'A'; // ADC writes AA
  if (mark[1] === 'C') return 'CR';
  return mark[1] === '*' ? 'MJ' : mark[1] === ' ' ? 'MN' : null;
}

/** `IP 123` at the end of the last line: an echo, or a prompt such as `agent> `, may stand before it. */
function readAcknowledgement(text: string): Tl1Acknowledgement | null {
  const trimmed = text.trimEnd();
  const last = trimmed.slice(
    Math.max(...['\n', '\r', ';', '<', '>'].map((end) => trimmed.lastIndexOf(end))) + 1,
  );
  const [code = '', ctag = '', ...more] = last.trim().split(/ +/);
  const known = ACKNOWLEDGEMENTS.find((acknowledgement) => acknowledgement === code);
  return known === undefined || more.length > 0 ? null : { kind: 'acknowledgement', code: known, ctag };
}
