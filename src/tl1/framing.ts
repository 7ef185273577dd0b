// Cuts a stream of bytes into TL1 blocks. A response, notification or acknowledgement ends with `;`, `>` or
// `<` at the start of a line, outside quotes and comments; a command ends with `;` outside quotes. The state
// between two bytes is a few flags, so any split of the stream gives the same blocks. No clock, no sockets.

import { HEAD_LENGTH, Tl1FramingError, withoutSecrets } from './errors.ts';
import { TerminalFilter } from './terminal.ts';

export type Tl1Terminator = ';' | '>' | '<';

export interface Tl1Block {
  /** All before the terminator: echo, prompt and blank lines of the device included. */
  readonly text: string;
  readonly terminator: Tl1Terminator;
}

/** Far above the longest listing known (320 ports of about 250 bytes each, twice); a bound, not a property of TL1. */
export const BLOCK_BYTES_MAX = 1024 * 1024;
/** No length limit of commands was found in any source; a bound of ours. */
export const COMMAND_BYTES_MAX = 64 * 1024;

const MODES = { outside: 0, quoted: 1, escaped: 2, comment: 3 } as const;
type Mode = (typeof MODES)[keyof typeof MODES];
const { outside: OUTSIDE, quoted: QUOTED, escaped: ESCAPED, comment: COMMENT } = MODES;

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const STAR = 0x2a;
const SLASH = 0x2f;
const SEMICOLON = 0x3b;
const LESS = 0x3c;
const GREATER = 0x3e;
const BACKSLASH = 0x5c;

/** The text of a block that has begun, bounded; pieces are joined now and then, so that a byte at a time costs little. */
class Pending {
  readonly #pieces: string[] = [];
  length = 0;

  add(piece: string): void {
    if (piece === '') return;
    this.#pieces.push(piece);
    this.length += piece.length;
    if (this.#pieces.length > 1024) this.#pieces.push(this.#pieces.splice(0).join(''));
  }

  peek(): string {
    return this.#pieces.join('');
  }

  take(last: string): string {
    if (this.length === 0) return last;
    const text = this.#pieces.join('') + last;
    this.#pieces.length = 0;
    this.length = 0;
    return text;
  }
}

/** The client's side: what a device sends. */
export class Tl1Framer {
  readonly #blockBytesMax: number;
  readonly #secrets: readonly string[];
  readonly #filter = new TerminalFilter();
  readonly #pending = new Pending();
  #mode: Mode = OUTSIDE;
  #isLineStart = true;
  #previous = 0;
  #failure: Tl1FramingError | null = null;

  /** `secrets` are never shown in a failure: a device echoes what it is told. */
  constructor(options: { blockBytesMax?: number; secrets?: readonly string[] } = {}) {
    this.#blockBytesMax = options.blockBytesMax ?? BLOCK_BYTES_MAX;
    this.#secrets = options.secrets ?? [];
  }

  /** Set once a block passed `blockBytesMax`; nothing is framed from then on. Look at it after each `push`. */
  get failure(): Tl1FramingError | null {
    return this.#failure;
  }

  /** What came of a block that has not ended: a prompt such as `agent> `, perhaps. */
  get pendingText(): string {
    return this.#pending.peek();
  }

  /** The blocks that these bytes complete. Never throws: see `failure`. */
  push(bytes: Uint8Array): Tl1Block[] {
    const blocks: Tl1Block[] = [];
    if (this.#failure !== null) return blocks;
    const text = this.#filter.push(bytes);
    let start = 0;
    for (let at = this.#scan(text, 0); at < text.length; at = this.#scan(text, start)) {
      if (this.#overflows(text, start, at)) return blocks;
      blocks.push({ text: this.#pending.take(text.slice(start, at)), terminator: text[at] as Tl1Terminator });
      start = at + 1;
    }
    if (!this.#overflows(text, start, text.length)) this.#pending.add(text.slice(start));
    return blocks;
  }

  /** The position of the next terminator, or the end. The state is kept in locals: this sees every character. */
  #scan(text: string, from: number): number {
    let mode = this.#mode;
    let isLineStart = this.#isLineStart;
    let previous = this.#previous;
    let backslash = -1;
    let i = from;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (mode === OUTSIDE) {
        if (isLineStart && isTerminator(code)) break;
        isLineStart = code === LF || code === CR;
        if (code === QUOTE) {
          if (backslash < i) backslash = indexOrEnd(text, '\\', i);
          const close = text.indexOf('"', i + 1);
          if (close > 0 && close < backslash)
            i = close; // nearly every text: no escape in it, and it ends here
          else mode = QUOTED;
        } else if (code === STAR && previous === SLASH) mode = COMMENT;
        previous = mode === COMMENT ? 0 : code; // `/*/` opens a comment and does not close it
      } else if (mode === QUOTED) {
        if (code === QUOTE) mode = OUTSIDE;
        else if (code === BACKSLASH) mode = ESCAPED;
        previous = 0;
      } else if (mode === ESCAPED) mode = QUOTED;
      else {
        if (code === SLASH && previous === STAR) mode = OUTSIDE;
        previous = mode === OUTSIDE ? 0 : code;
      }
    }
    this.#mode = mode;
    this.#isLineStart = i < text.length || isLineStart;
    this.#previous = i < text.length ? 0 : previous;
    return i;
  }

  #overflows(text: string, from: number, to: number): boolean {
    if (this.#pending.length + to - from <= this.#blockBytesMax) return false;
    const reason = `a TL1 message passed ${this.#blockBytesMax} bytes without an end`;
    const head = this.#pending.take(text.slice(from, from + HEAD_LENGTH));
    this.#failure = new Tl1FramingError(reason, withoutSecrets(head, this.#secrets));
    return true;
  }
}

function indexOrEnd(text: string, wanted: string, from: number): number {
  const at = text.indexOf(wanted, from);
  return at < 0 ? text.length : at;
}

const isTerminator = (code: number): boolean => code === SEMICOLON || code === GREATER || code === LESS;

/** The device's side: what a client sends. Gives each command's text without its `;`, trimmed. */
export class Tl1CommandFramer {
  readonly #commandBytesMax: number;
  readonly #filter = new TerminalFilter();
  readonly #pending = new Pending();
  #mode: Mode = OUTSIDE;
  #failure: Tl1FramingError | null = null;

  constructor(options: { commandBytesMax?: number } = {}) {
    this.#commandBytesMax = options.commandBytesMax ?? COMMAND_BYTES_MAX;
  }

  /** Set once a command passed `commandBytesMax`; nothing is framed from then on. Look at it after each `push`. */
  get failure(): Tl1FramingError | null {
    return this.#failure;
  }

  /** The commands that these bytes complete, for `parseCommand`. Never throws: see `failure`. */
  push(bytes: Uint8Array): string[] {
    const commands: string[] = [];
    if (this.#failure !== null) return commands;
    const text = this.#filter.push(bytes);
    let start = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (this.#mode === OUTSIDE && code === SEMICOLON) {
        if (this.#overflows(text, start, i)) return commands;
        commands.push(this.#pending.take(text.slice(start, i)).trim());
        start = i + 1;
      } else if (this.#mode === ESCAPED) this.#mode = QUOTED;
      else if (code === QUOTE) this.#mode = this.#mode === QUOTED ? OUTSIDE : QUOTED;
      else if (code === BACKSLASH && this.#mode === QUOTED) this.#mode = ESCAPED;
    }
    if (!this.#overflows(text, start, text.length)) this.#pending.add(text.slice(start));
    return commands;
  }

  #overflows(text: string, from: number, to: number): boolean {
    if (this.#pending.length + to - from <= this.#commandBytesMax) return false;
    const reason = `a TL1 command passed ${this.#commandBytesMax} bytes without an end`;
    this.#failure = new Tl1FramingError(reason, this.#pending.take(text.slice(from, from + HEAD_LENGTH)));
    return true;
  }
}
