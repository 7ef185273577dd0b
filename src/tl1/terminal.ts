// What a terminal would swallow, taken out of a stream: telnet commands (RFC 854; a CoreDirector negotiates
// ECHO, SGA, LINEMODE, NAWS), VT escape sequences (a Glimmerglass sends some just after connect) and control
// characters. Options are not answered: the clients of these devices do not answer them either.

import { decodeLatin1, decodeUtf8 } from './latin1.ts';

type Step =
  | 'text'
  | 'iac'
  | 'option'
  | 'subnegotiation'
  | 'subnegotiation-iac'
  | 'escape'
  | 'csi'
  | 'charset';

const IAC = 0xff;
const ESC = 0x1b;
const SB = 0xfa;
const SE = 0xf0;
const WILL = 0xfb;
const DONT = 0xfe;

export class TerminalFilter {
  #step: Step = 'text';

  /** The text in these bytes, one character per byte; sequences may span calls. */
  push(bytes: Uint8Array): string {
    const plain = this.#step === 'text' ? decodePlain(bytes) : null;
    return plain ?? decodeLatin1(this.#strip(bytes));
  }

  #strip(bytes: Uint8Array): Uint8Array {
    const kept = new Uint8Array(bytes.length);
    let length = 0;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (this.#isText(byte)) kept[length++] = byte;
    }
    return kept.subarray(0, length);
  }

  #isText(byte: number): boolean {
    switch (this.#step) {
      case 'text':
        return this.#text(byte);
      case 'iac':
        this.#step = byte === SB ? 'subnegotiation' : byte >= WILL && byte <= DONT ? 'option' : 'text';
        return byte === IAC;
      case 'option':
      case 'charset':
        this.#step = 'text';
        return false;
      case 'subnegotiation':
        if (byte === IAC) this.#step = 'subnegotiation-iac';
        return false;
      case 'subnegotiation-iac':
        this.#step = byte === SE ? 'text' : 'subnegotiation';
        return false;
      case 'escape':
        this.#step =
          byte === 0x5b ? 'csi' : byte === 0x28 || byte === 0x29 || byte === 0x23 ? 'charset' : 'text';
        return false;
      case 'csi':
        if (byte >= 0x20 && byte <= 0x3f) return false; // parameters: digits, `;`, `?`
        this.#step = 'text';
        return byte >= 0x40 && byte <= 0x7e ? false : this.#text(byte); // a control ends a broken sequence
    }
  }

  #text(byte: number): boolean {
    if (byte === IAC) this.#step = 'iac';
    else if (byte === ESC) this.#step = 'escape';
    else return !isControl(byte);
    return false;
  }
}

const isControl = (byte: number): boolean =>
  byte < 0x20 ? byte !== 0x0d && byte !== 0x0a && byte !== 0x09 : byte === 0x7f;

/** The text of bytes that are nothing but printable ASCII, tabs and line breaks, as nearly all that a device sends; or null. */
function decodePlain(bytes: Uint8Array): string | null {
  const text = decodeUtf8(bytes);
  return text.length === bytes.length && !NOT_PLAIN.test(text) ? text : null;
}

/** Also what stands for bytes that are no UTF-8. */
const NOT_PLAIN = /[^\t\n\r -~]/;
