// The telnet side of port 10201, as DRAGON's CoreDirectorTL1 emulator recorded it from a real node: what is negotiated
// on connect, and what is answered to a client's options. Options 247 and 248 are Ciena's own; their meaning is [U].

const IAC = 255;
const [SE, SB, WILL, WONT, DO, DONT] = [240, 250, 251, 252, 253, 254] as const;
const [ECHO, SGA, NAWS, LINEMODE, CIENA_247, CIENA_248] = [1, 3, 31, 34, 247, 248] as const;

/** One character per byte, as the greeting that it stands before. */
export const TELNET_OFFER: string = [
  [DONT, ECHO],
  [DONT, LINEMODE],
  [DO, SGA],
  [DO, CIENA_247],
  [DO, CIENA_248],
  [DO, NAWS],
  [WILL, SGA],
  [WONT, LINEMODE],
  [WILL, ECHO],
  [WONT, CIENA_247],
  [WONT, CIENA_248],
]
  .map((command) => String.fromCharCode(IAC, ...command))
  .join('');

/** Options that a node says nothing to, because they are what it offered or asked for. */
const SETTLED: ReadonlyMap<number, readonly number[]> = new Map([
  [WILL, [SGA, NAWS]],
  [DO, [SGA, ECHO]],
  [WONT, [NAWS, CIENA_247, CIENA_248, ECHO, LINEMODE]],
  [DONT, [CIENA_247, CIENA_248, LINEMODE]],
]);

export class TelnetOptions {
  #step: 'text' | 'command' | 'option' | 'subnegotiation' | 'subnegotiation-command' = 'text';
  #verb = 0;
  readonly #refused = new Set<string>();

  /** What goes back for the telnet commands in these bytes; they may span calls. Each option is refused once. */
  answer(bytes: Uint8Array): string {
    let said = '';
    for (const byte of bytes) if (this.#isOption(byte)) said += this.#refuse(this.#verb, byte);
    return said;
  }

  /** Whether this byte is the option of a finished command. */
  #isOption(byte: number): boolean {
    switch (this.#step) {
      case 'text':
        if (byte === IAC) this.#step = 'command';
        return false;
      case 'command':
        this.#verb = byte;
        this.#step = byte === SB ? 'subnegotiation' : byte >= WILL && byte <= DONT ? 'option' : 'text';
        return false;
      case 'option':
        this.#step = 'text';
        return true;
      case 'subnegotiation':
        if (byte === IAC) this.#step = 'subnegotiation-command';
        return false;
      case 'subnegotiation-command':
        this.#step = byte === SE ? 'text' : 'subnegotiation';
        return false;
    }
  }

  #refuse(verb: number, option: number): string {
    const reply = verb === WILL || verb === WONT ? DONT : WONT;
    const key = `${reply} ${option}`;
    if (SETTLED.get(verb)?.includes(option) || this.#refused.has(key)) return '';
    this.#refused.add(key);
    return String.fromCharCode(IAC, reply, option);
  }
}
