// A running `lightbed emulate`, started as a user starts it, and a raw TL1 client: what one types into nc.

import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostPlatform } from '../host/platform.ts';
import { type Finished, lightbedIn } from './cli.fixture.ts';
import type { ControlRequest, Outcome } from './emulate-actions.ts';
import { askControl } from './emulate-control.ts';

/** Of the compiled command, also when a test runs uncompiled. */
export const main = ['./main.js', '../../dist/src/cli/main.js']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));

export const isCompiled = main !== undefined;

/** A folder of its own, which is the temporary folder of the commands run in it, too. */
export class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), 'lightbed-emulate-test-'));
  readonly #running: ChildProcess[] = [];
  readonly #terminals: Terminal[] = [];
  environment: { readonly [name: string]: string } = { LIGHTBED_USER: 'admin', LIGHTBED_PASSWORD: 'admin' };

  constructor() {
    chmodSync(this.folder, 0o755);
  }

  /** Runs a command to its end, within this process. */
  lightbed(...words: readonly string[]): Promise<Finished> {
    return lightbedIn({ cwd: this.folder, env: this.#environment() }, words);
  }

  /** Runs a command in a process of its own. */

  start(...words: readonly string[]): Started {
    return this.run(process.execPath, main ?? '', ...words);
  }

  /** Any program, in the folder and with the environment of the commands. */
  run(program: string, ...words: readonly string[]): Started {
    const started = new Started(
      spawn(program, words, {
        cwd: this.folder,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: this.#environment(),
      }),
    );
    this.#running.push(started.child);
    return started;
  }

  /** Resolves once it listens. */
  async emulate(...words: readonly string[]): Promise<Emulator> {
    const started = this.start('emulate', '--port', '0', ...words);
    await started.said(/Ctrl-C ends it\./);
    const ports = [...started.stdout.matchAll(/^ {2}127\.0\.0\.1:(\d+) {2}/gm)].map(([, port]) =>
      Number(port),
    );
    const ctl = Number(/control at 127\.0\.0\.1:(\d+)/.exec(started.stdout)?.[1]);
    return { started, ports, ctl };
  }

  async terminal(tcpPort: number): Promise<Terminal> {
    const socket = connect(tcpPort, '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const terminal = new Terminal(socket);
    this.#terminals.push(terminal);
    return terminal;
  }

  /** Tries until the port is open again. */
  async terminalAfterRestart(tcpPort: number): Promise<Terminal> {
    for (const from = performance.now(); ; ) {
      try {
        return await this.terminal(tcpPort);
      } catch (error) {
        if (performance.now() - from > 120_000) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  #environment(): NodeJS.ProcessEnv {
    return { PATH: process.env['PATH'] ?? '', TMPDIR: this.folder, ...this.environment };
  }

  async clear(): Promise<void> {
    for (const { socket } of this.#terminals) socket.destroy();
    for (const child of this.#running) if (child.exitCode === null) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Emulator {
  readonly started: Started;
  /** Of all listeners, in the order in which they are printed. */
  readonly ports: readonly number[];
  /** TCP port of its control. */
  readonly ctl: number;
}

/** What `lightbed emulate ctl` would get, without a process for each question. */
export const ask = ({ ctl }: Emulator, request: ControlRequest): Promise<Outcome> =>
  askControl(hostPlatform({ machine: 'test', folder: '.' }), { machine: '127.0.0.1', tcpPort: ctl }, request);

export class Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Finished>;
  stdout = '';
  stderr = '';

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on('data', (data) => {
      this.stdout += data;
    });
    child.stderr?.on('data', (data) => {
      this.stderr += data;
    });
    this.ended = new Promise((resolve) =>
      child.on('close', (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr })),
    );
  }

  /** Resolves when what it says, to either side, matches; rejects when it ends without. */
  said(what: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (what.test(this.stdout) || what.test(this.stderr)) resolve();
      };
      this.child.stdout?.on('data', look);
      this.child.stderr?.on('data', look);
      this.child.on('close', () => reject(new Error(`ended without ${what}: ${this.stdout}${this.stderr}`)));
      look();
    });
  }
}

export class Terminal {
  readonly socket: Socket;
  #unread = '';
  #heard: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1').on('data', (text) => {
      this.#unread += text;
      this.#heard();
    });
    socket.on('error', () => {});
  }

  /** Types a line, and waits for the text that ends with `until`; returns what came, and forgets it. */
  async type(command: string, until: RegExp = /\r\n;/): Promise<string> {
    this.socket.write(`${command}\n`);
    return this.expect(until);
  }

  async expect(until: RegExp): Promise<string> {
    for (;;) {
      const match = until.exec(this.#unread);
      if (match !== null) {
        const end = match.index + match[0].length;
        const text = this.#unread.slice(0, end);
        this.#unread = this.#unread.slice(end);
        return text;
      }
      await new Promise<void>((resolve, reject) => {
        this.#heard = resolve;
        this.socket.once('close', () => reject(new Error(`closed before ${until}: ${this.#unread}`)));
      });
    }
  }
}
