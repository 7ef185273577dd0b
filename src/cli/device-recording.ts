// Writes what passes over a connection as a transcript, in the form that the tests of the drivers play: `> ` a
// command, `< ` a line of the device, `{ctag}` for the CTAG of the last command. The password is masked wherever it
// stands, in what the device echoes, too; to play the transcript, log in with the mask for a password.

import { closeSync, openSync, writeSync } from 'node:fs';
import type { Chunk } from '../platform/chunk.ts';
import { materialise } from '../platform/chunk.ts';
import type { Connection, Network } from '../platform/platform.ts';
import { parseCommand } from '../tl1/command.ts';
import { Tl1CommandFramer } from '../tl1/framing.ts';
import { decodeLatin1 } from '../tl1/latin1.ts';
import { quote } from '../tl1/quoting.ts';
import { UsageError } from './exit-code.ts';

export const PASSWORD_MASK = '***';

/** A line of a device that never ends is cut here, so that a strange peer costs a bounded memory. */
const LINE_LENGTH_MAX = 1 << 20;

export class Recording {
  readonly #put: (text: string) => void;
  readonly #password: string;
  #connections = 0;

  /** `put` takes whole lines, with their line ends; `password` is not empty. */
  constructor(put: (text: string) => void, password: string) {
    this.#put = put;
    this.#password = password;
  }

  comment(text: string): void {
    this.#put(`# ${this.#masked(text)}\n`);
  }

  /** The network, with every connection recorded. */
  over(network: Pick<Network, 'connect'>): Pick<Network, 'connect'> {
    return {
      connect: async (to, signal) => {
        const connection = await network.connect(to, signal);
        this.#connections++;
        if (this.#connections > 1) this.comment(`connection ${this.#connections}`);
        return this.#recorded(connection);
      },
    };
  }

  #recorded(connection: Connection): Connection {
    const tape = new Tape(
      (text) => this.#put(text),
      (text) => this.#masked(text),
    );
    return {
      local: connection.local,
      remote: connection.remote,
      read: async () => {
        const chunk = await connection.read();
        if (chunk === null) tape.end();
        else tape.heard(decodeLatin1(materialise(chunk)));
        return chunk;
      },
      write: (chunk: Chunk) => {
        tape.said(materialise(chunk));
        return connection.write(chunk);
      },
      end: () => connection.end(),
      abort: (cause) => {
        tape.end();
        connection.abort(cause);
      },
    };
  }

  #masked(text: string): string {
    const quoted = quote(this.#password).slice(1, -1);
    return text.replaceAll(this.#password, PASSWORD_MASK).replaceAll(quoted, PASSWORD_MASK);
  }
}

/** One connection: what the device says, line by line, between the commands. */
class Tape {
  readonly #put: (text: string) => void;
  readonly #masked: (text: string) => string;
  readonly #framer = new Tl1CommandFramer();
  #line = '';
  #ctag = '';

  constructor(put: (text: string) => void, masked: (text: string) => string) {
    this.#put = put;
    this.#masked = masked;
  }

  heard(text: string): void {
    const lines = (this.#line + text).split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#device(line);
    if (this.#line.length > LINE_LENGTH_MAX) this.end();
  }

  said(bytes: Uint8Array): void {
    // A prompt has no line end: it stands before what was said in answer to it.
    this.end();
    for (const text of this.#framer.push(bytes)) this.#command(text);
  }

  end(): void {
    if (this.#line !== '') this.#device(this.#line);
    this.#line = '';
  }

  #command(text: string): void {
    const parsed = parseCommand(text);
    this.#ctag = parsed.kind === 'command' ? parsed.command.ctag : '';
    this.#put(`> ${this.#withoutCtag(this.#withoutPassword(text))};\n`);
  }

  /** A login has the password in its payload; a user of the same name as the password stays in the transcript. */
  #withoutPassword(text: string): string {
    const login = /^(act-user:[^:]*:[^:]*:[^:]*:[^:]*:).*$/is.exec(text)?.[1];
    if (login !== undefined) return `${login}${PASSWORD_MASK}`;
    return /^canc-user:/i.test(text) ? text : this.#masked(text);
  }

  #device(line: string): void {
    const text = this.#withoutCtag(this.#masked(line.replace(/\r+$/, '')));
    this.#put(text === '' ? '<\n' : `< ${text}\n`);
  }

  /** In a command or its echo, in a response, in an acknowledgement. */
  #withoutCtag(text: string): string {
    if (this.#ctag === '') return text;
    const ctag = RegExp(
      `^((?:[A-Za-z][A-Za-z0-9-]*:[^:]*:[^:]*:)|M  ?|(?:IP|PF|OK|NA|NG|RL) )${this.#ctag}(?=[:; ]|$)`,
    );
    return text.replace(ctag, '$1{ctag}');
  }
}

/** A new file: a transcript is evidence and is never written over. Others may not read it. */
export function recordingFile(file: string): { put(text: string): void; close(): void } {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'wx', 0o600);
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw new UsageError(`--record ${file}: ${isThere ? 'the file is there already' : 'cannot be written'}`);
  }
  return { put: (text) => void writeSync(descriptor, text), close: () => closeSync(descriptor) };
}
