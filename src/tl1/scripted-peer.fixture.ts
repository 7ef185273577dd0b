// A device that does what a test writes down: each connection is served by the next script. Transcripts are
// text that one can read: `> command` is expected, `< line` is sent, `{ctag}` stands for the CTAG last seen.

import { Mailbox } from '../core/mailbox.ts';
import { CancelledError, NetworkError } from '../platform/errors.ts';
import type { Address, Connection, Network } from '../platform/platform.ts';
import { parseCommand } from './command.ts';
import { Tl1CommandFramer } from './framing.ts';
import { encodeLatin1 } from './latin1.ts';

export type Script = (peer: ScriptedPeer) => Promise<void>;

export const ADDRESS: Address = { machine: 'switch', tcpPort: 10033 };

/** Serves one connection per script; refuses when there are none left. `null` never accepts. */
export class ScriptedNetwork implements Pick<Network, 'connect'> {
  readonly #scripts: (Script | null)[];
  readonly peers: ScriptedPeer[] = [];
  refusals = 0;
  /** What a script threw, if one did: a test looks at it last. */
  failure: unknown = null;

  constructor(...scripts: (Script | null)[]) {
    this.#scripts = scripts;
  }

  connect(to: Address, signal?: AbortSignal): Promise<Connection> {
    const script = this.#scripts.shift();
    if (script === null) {
      return new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(new CancelledError('connect'))),
      );
    }
    if (script === undefined) {
      this.refusals++;
      return Promise.reject(new NetworkError('refused', `connect to ${to.machine}:${to.tcpPort}`));
    }
    const peer = new ScriptedPeer();
    this.peers.push(peer);
    script(peer).catch((error: unknown) => {
      this.failure ??= error;
      peer.hangUp();
    });
    return Promise.resolve(peer.connection);
  }
}

export class ScriptedPeer {
  readonly #toClient = new Mailbox<Uint8Array>(Number.POSITIVE_INFINITY);
  readonly #commands = new Mailbox<string>(Number.POSITIVE_INFINITY);
  readonly #framer = new Tl1CommandFramer();
  /** Everything the client sent, command by command. */
  readonly received: string[] = [];
  ctag = '';
  isAborted = false;

  readonly connection: Connection = {
    local: { machine: 'agent', tcpPort: 50_000 },
    remote: ADDRESS,
    read: async () => {
      const bytes = await this.#toClient.take();
      if (this.isAborted) throw new NetworkError('closed', 'read');
      return bytes;
    },
    write: async (chunk) => {
      if (this.isAborted) throw new NetworkError('closed', 'write');
      for (const text of this.#framer.push(chunk as Uint8Array)) {
        this.received.push(text);
        this.#commands.offer(text);
      }
    },
    end: async () => this.#commands.close(),
    abort: () => {
      this.isAborted = true;
      this.#toClient.close();
      this.#commands.close();
    },
  };

  /** The next command, or null when the client is gone. */
  async next(): Promise<string | null> {
    const text = await this.#commands.take();
    if (text === null) return null;
    const parsed = parseCommand(text);
    this.ctag = parsed.kind === 'command' ? parsed.command.ctag : '';
    return text;
  }

  /** Sends the text, `{ctag}` filled in. */
  send(text: string): void {
    this.#toClient.offer(encodeLatin1(text.replaceAll('{ctag}', this.ctag)));
  }

  hangUp(): void {
    this.#toClient.close();
  }

  /** Answers the next command, whatever it is, with COMPLD and these lines. */
  async complete(...lines: string[]): Promise<string | null> {
    const command = await this.next();
    if (command !== null) this.send(completed(...lines));
    return command;
  }

  /** Plays a transcript to its end. Throws when the client says something else. */
  async play(transcript: string): Promise<void> {
    for (const line of transcript.split('\n')) {
      if (line.startsWith('<')) this.send(`${line.slice(2)}\r\n`);
      else if (line.startsWith('>')) {
        const said = await this.next();
        const expected = line.slice(2).replaceAll('{ctag}', this.ctag).replace(/;$/, '');
        if (said !== expected) throw new Error(`expected "${expected}", the client said "${said}"`);
      }
    }
  }
}

export const HEADER = '\r\n\n   BD0472 16-06-09 17:12:52\r\n';

export const completed = (...lines: string[]): string =>
  `${HEADER}M  {ctag} COMPLD\r\n${lines.map((line) => `   "${line}"\r\n`).join('')};`;

export const denied = (errorCode: string, comment: string): string =>
  `${HEADER}M  {ctag} DENY\r\n   ${errorCode}\r\n   /* ${comment} */\r\n;`;
