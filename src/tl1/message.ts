// What a device says: responses to commands, notifications (autonomous messages) and acknowledgements, to and
// from the blocks that framing.ts cuts. Anything else in a block is a prompt, or not TL1 at all.

import type { Tl1Block, Tl1Terminator } from './framing.ts';
import { closingQuote, quote, withoutEscapes } from './quoting.ts';

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

const CODES: ReadonlySet<string> = new Set([
  'COMPLD',
  'DENY',
  'PRTL',
  'DELAY',
  'RTRV',
] satisfies CompletionCode[]);
const ACKNOWLEDGEMENTS: ReadonlySet<string> = new Set([
  'IP',
  'PF',
  'OK',
  'NA',
  'NG',
  'RL',
] satisfies AcknowledgementCode[]);
const ALARM_CODE_WIRE: Readonly<Record<AlarmCode, string>> = { CR: '*C', MJ: '**', MN: '* ', A: 'A ' };

/** Never throws, whatever the block holds. */
export function parseMessage(block: Tl1Block): Tl1Message | Tl1Prompt | Tl1Unrecognised {
  const { text, terminator } = block;
  const head = findHead(text);
  if (head !== null)
    return terminator === '<' ? { kind: 'unrecognised', text } : parseBody(text, head, terminator);
  if (terminator === '<') return parseAcknowledgement(text) ?? { kind: 'prompt', text: text.trim() };
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
    const length = formatLine(line).length;
    if (size + length > partBytesMax && size > empty) {
      pages.push([]);
      size = empty;
    }
    pages.at(-1)?.push(line);
    size += length;
  }
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

function formatBody(body: Tl1Body): string {
  const lines = body.lines.map(formatLine).join('');
  const comments = body.comments.map((text) => `   /* ${text.replaceAll('*/', '* /')} */\r\n`).join('');
  return `${lines}${comments}${body.isLast ? ';' : '>'}`;
}

/** Where the header line and the line after it stand. */
interface Head extends Tl1Header {
  readonly second: string;
  /** Where the body begins. */
  readonly bodyAt: number;
}

/** The first line that ends with a date and a time and is followed by an `M`, `A` or `*` line; echo and prompts before it are passed over. */
function findHead(text: string): Head | null {
  let previous = '';
  for (let at = 0; at < text.length; ) {
    const end = lineEnd(text, at);
    const line = text.slice(at, end);
    at = end + 1;
    if (line.trim() === '') continue;
    if (previous !== '' && isSecondLine(line)) {
      const header = parseHeader(previous);
      if (header !== null) return { ...header, second: line, bodyAt: at };
    }
    previous = line;
  }
  return null;
}

function lineEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x0a || code === 0x0d) return i;
  }
  return text.length;
}

const isSecondLine = (line: string): boolean => {
  const code = line.charCodeAt(0);
  return code === 0x4d || code === 0x41 || code === 0x2a; // M, A, *
};

/** `   SID YY-MM-DD HH:MM:SS`. A SID may hold blanks: a Polatis says `( nil )`. A prompt may stand before it. */
function parseHeader(line: string): Tl1Header | null {
  const trimmed = line.trim();
  const timeAt = trimmed.lastIndexOf(' ') + 1;
  const time = trimmed.slice(timeAt);
  if (time.length !== 8 || time[2] !== ':' || time[5] !== ':') return null;
  const rest = trimmed.slice(0, timeAt).trimEnd();
  const dateAt = rest.lastIndexOf(' ') + 1;
  const date = rest.slice(dateAt);
  if (date.length < 8 || date.length > 10 || date.at(-3) !== '-' || date.at(-6) !== '-') return null;
  const sid = rest.slice(Math.max(rest.lastIndexOf('>', dateAt), rest.lastIndexOf('<', dateAt)) + 1, dateAt);
  return { sid: sid.trim(), date, time };
}

function parseBody(text: string, head: Head, terminator: Tl1Terminator): Tl1Message | Tl1Unrecognised {
  const { sid, date, time, second } = head;
  const words = second.slice(2).split(' ').filter(isNotEmpty);
  const [tag = '', code = ''] = words;
  const body = new BodyParser();
  body.parse(text, head.bodyAt);
  const { lines, comments } = body;
  const isLast = terminator === ';';
  if (second.charCodeAt(0) === 0x4d) {
    if (words.length !== 2 || !CODES.has(code)) return { kind: 'unrecognised', text };
    const response = { kind: 'response', sid, date, time, ctag: tag, code: code as CompletionCode } as const;
    const errorCode = code === 'DENY' || code === 'PRTL' ? body.takeErrorCode() : undefined;
    return errorCode === undefined
      ? { ...response, lines, comments, isLast }
      : { ...response, errorCode, lines, comments, isLast };
  }
  const alarmCode = parseAlarmCode(second);
  if (alarmCode === null || words.length < 2) return { kind: 'unrecognised', text };
  const verb = words.slice(1).join(' ');
  return { kind: 'notification', sid, date, time, alarmCode, atag: tag, verb, lines, comments, isLast };
}

const isNotEmpty = (word: string): boolean => word !== '';

function parseAlarmCode(line: string): AlarmCode | null {
  if (line[0] === 'A') return 'A'; // ADC writes AA
  if (line[1] === 'C') return 'CR';
  return line[1] === '*' ? 'MJ' : line[1] === ' ' ? 'MN' : null;
}

/** Quoted texts, comments and bare lines, in order. */
class BodyParser {
  readonly lines: string[] = [];
  readonly comments: string[] = [];
  /** Which of `lines` stood without quotes. */
  readonly #bare: number[] = [];

  parse(text: string, from: number): void {
    for (let at = from; at < text.length; ) {
      const code = text.charCodeAt(at);
      if (code <= 0x20) at++;
      else if (code === 0x22) at = this.#quoted(text, at);
      else if (code === 0x2f && text.charCodeAt(at + 1) === 0x2a) at = this.#comment(text, at);
      else at = this.#bareLine(text, at);
    }
  }

  /** The first bare line, when it is four letters. */
  takeErrorCode(): string | undefined {
    const at = this.#bare[0];
    const line = at === undefined ? undefined : this.lines[at];
    if (at === undefined || line === undefined || !/^[A-Z]{4}$/i.test(line)) return undefined;
    this.lines.splice(at, 1);
    return line;
  }

  #quoted(text: string, at: number): number {
    const close = closingQuote(text, at);
    const end = close < 0 ? text.length : close;
    this.lines.push(withoutEscapes(text.slice(at + 1, end)));
    return end + 1;
  }

  #comment(text: string, at: number): number {
    const close = text.indexOf('*/', at + 2);
    const end = close < 0 ? text.length : close;
    this.comments.push(text.slice(at + 2, end).trim());
    return end + 2;
  }

  #bareLine(text: string, at: number): number {
    const line = text.slice(at, lineEnd(text, at));
    const comment = line.indexOf('/*');
    const bare = comment < 0 ? line : line.slice(0, comment);
    this.#bare.push(this.lines.length);
    this.lines.push(bare.trim());
    return at + bare.length;
  }
}

/** `IP 123` as the last line: an echo may stand before it. */
function parseAcknowledgement(text: string): Tl1Acknowledgement | null {
  const trimmed = text.trimEnd();
  const line = trimmed.slice(Math.max(trimmed.lastIndexOf('\n'), trimmed.lastIndexOf('\r')) + 1);
  const [code = '', ctag = '', ...more] = line.split(' ').filter(isNotEmpty);
  if (!ACKNOWLEDGEMENTS.has(code) || more.length > 0) return null;
  return { kind: 'acknowledgement', code: code as AcknowledgementCode, ctag };
}
