// One session at a CD/CI's TL1 agent. It differs from other devices' sessions (device/device-session.ts) in the telnet
// negotiation, in IP before each answer, in the reply to a login with the notification that follows it, and in the
// echo that ends its line. Sources: DRAGON's CoreDirectorTL1 emulator, perfSONAR's CoreDirector.pm, MonALISA.

import { ns, ZERO } from '../src/core/time.ts';
import { materialise } from '../src/platform/chunk.ts';
import { NetworkError } from '../src/platform/errors.ts';
import type { Connection } from '../src/platform/platform.ts';
import { parseCommand, type Tl1Command } from '../src/tl1/command.ts';
import { Tl1CommandFramer } from '../src/tl1/framing.ts';
import {
  type AcknowledgementCode,
  formatAcknowledgement,
  formatNotification,
  formatResponse,
  paginate,
  type Tl1Notification,
  type Tl1Response,
} from '../src/tl1/message.ts';
import { unquote } from '../src/tl1/quoting.ts';
import type { CienaAgent } from './ciena-agent.ts';
import { TelnetOptions } from './ciena-telnet.ts';
import type { CommandVerdict } from './command-rules.ts';
import { Outbox } from './device/outbox.ts';
import type { DeviceListener } from './device/profile.ts';
import { type Answer, completed, denied } from './device/verb.ts';

type Command = Required<Tl1Command>;

const [LF, CR, SEMICOLON] = [0x0a, 0x0d, 0x3b] as const;

export class CienaSession {
  readonly #agent: CienaAgent;
  readonly #listener: DeviceListener;
  readonly #connection: Connection;
  readonly #outbox: Outbox;
  readonly #framer = new Tl1CommandFramer();
  readonly #telnet = new TelnetOptions();
  #isLoggedIn = false;
  #allowsMessages = true;
  /** Whether a command has begun and not ended. */
  #isTyping = false;

  constructor(agent: CienaAgent, listener: DeviceListener, connection: Connection) {
    this.#agent = agent;
    this.#listener = listener;
    this.#connection = connection;
    this.#outbox = new Outbox(connection, agent.profile.unsentBytesMax);
  }

  /** Serves until either side ends. Rejects only for what is not the network's doing. */
  async run(): Promise<void> {
    try {
      this.#outbox.put(this.#listener.greeting + this.#listener.prompt);
      while (await this.#serveSome());
      if (this.#framer.failure === null) await this.#outbox.end();
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
    } finally {
      this.drop();
    }
  }

  notify(notification: Tl1Notification): void {
    if (this.#isLoggedIn && this.#allowsMessages) this.#say(formatNotification(notification));
  }

  drop(): void {
    this.#outbox.close();
  }

  /** Waits for bytes and serves the commands that they complete. False at the end of the session. */
  async #serveSome(): Promise<boolean> {
    const idle = this.#agent.clock.timer(this.#agent.profile.idleLimit, () => this.drop());
    const chunk = await this.#connection.read().finally(() => idle.cancel());
    if (chunk === null) return false;
    const bytes = materialise(chunk);
    if (this.#agent.profile.negotiates) this.#outbox.put(this.#telnet.answer(bytes));
    if (this.#isEnter(bytes)) this.#outbox.put('\r\n;');
    for (const text of this.#framer.push(bytes)) {
      if (text !== '') await this.#serve(text);
      if (this.#outbox.isClosed) return false;
    }
    return this.#framer.failure === null;
  }

  /** A return between two commands shows the prompt again (CoreDirectorTL1). */
  #isEnter(bytes: Uint8Array): boolean {
    const typed = bytes.filter((byte) => byte !== CR && byte !== LF);
    if (typed.length === 0) return !this.#isTyping && bytes.includes(CR);
    this.#isTyping = typed.at(-1) !== SEMICOLON;
    return false;
  }

  async #serve(text: string): Promise<void> {
    if (this.#listener.hasEcho) this.#outbox.put(`${text};\r\n`);
    const parsed = parseCommand(this.#agent.straighten(text));
    if (parsed.kind === 'malformed') return this.#reply(parsed.ctag, denied(parsed.errorCode, parsed.reason));
    const { command } = parsed;
    const { clock, profile } = this.#agent;
    const verdict = profile.rules.judge(command);
    if (verdict.kind === 'never-answer') return;
    if (verdict.kind === 'deny') return this.#reply(command.ctag, denied(verdict.errorCode, verdict.reason));
    if (verdict.kind === 'acknowledge' && verdict.code !== 'NA')
      return this.#acknowledge(verdict.code, command.ctag);

    if (verdict.kind === 'restart') clock.timer(verdict.after, () => profile.restarts.restart(verdict.down));
    const late = clock.timer(profile.acknowledgeAfter, () => this.#acknowledge('IP', command.ctag));
    await clock.sleep(ns(this.#agent.commandTime() + (verdict.kind === 'delay' ? verdict.by : ZERO)));
    const answer = await this.#act(command);
    const lines = answer.kind === 'completed' ? answer.lines.length : 0;
    const perLine = profile.lineTime + (verdict.kind === 'slow' ? verdict.perLine : ZERO);
    if (perLine * lines > 0) await clock.sleep(ns(perLine * lines));
    late.cancel();
    if (verdict.kind === 'late') await clock.sleep(verdict.by);
    await this.#answer(command.ctag, answer, verdict);
    const isLogin = command.verb.toUpperCase() === 'ACT-USER' && answer.kind === 'completed';
    if (isLogin && profile.announcesLogin) this.#say(formatNotification(this.#agent.loginNotification()));
  }

  async #answer(ctag: string, answer: Answer, verdict: CommandVerdict): Promise<void> {
    if (verdict.kind === 'act-but-lose-reply') return;
    if (verdict.kind === 'acknowledge') return this.#acknowledge(verdict.code, ctag);
    if (verdict.kind === 'interleave') {
      const announce = (): void =>
        this.#say(formatNotification(this.#agent.notification(verdict.announcement)));
      if (verdict.before === 'each part') return this.#reply(ctag, answer, announce);
      announce();
    }
    const isAltered = verdict.kind === 'alter' && answer.kind === 'completed';
    await this.#reply(ctag, isAltered ? { ...answer, lines: answer.lines.map(verdict.line) } : answer);
    if (verdict.kind === 'hang-up') this.drop();
  }

  #acknowledge(code: AcknowledgementCode, ctag: string): void {
    this.#outbox.put(formatAcknowledgement({ kind: 'acknowledgement', code, ctag: tagOf(ctag) }));
  }

  #act(command: Command): Answer | Promise<Answer> {
    const { profile } = this.#agent;
    const { codes, sid } = profile;
    const verb = command.verb.toUpperCase();
    const tid = unquote(command.tid);
    if (tid !== '' && tid.toUpperCase() !== sid.toUpperCase())
      return denied(codes.invalidTid, 'Input, Invalid Target Identifier');
    if (verb === 'ACT-USER') return this.#logIn(command);
    if (!this.#isLoggedIn) return denied(codes.loginNotActive, 'Login Not Active');
    switch (verb) {
      case 'CANC-USER':
        this.#isLoggedIn = false;
        return completed();
      case 'RTRV-HDR':
        return completed();
      case 'ALW-MSG-ALL':
        this.#allowsMessages = true;
        return completed();
      case 'INH-MSG-ALL':
        this.#allowsMessages = false;
        return completed();
      default:
        return (
          this.#agent.verbs.get(verb)?.(command) ?? denied(codes.invalidCommand, 'Input, Invalid Command')
        );
    }
  }

  #logIn(command: Command): Answer {
    const { profile } = this.#agent;
    const [name, secret] = [unquote(command.aid), unquote(command.payload[0] ?? '')];
    const isKnown = profile.users.some(({ user, password }) => user === name && password === secret);
    if (!isKnown) return denied(profile.codes.invalidUser, 'Illegal User Identity');
    this.#isLoggedIn = true;
    const { lines, comments } = profile.greetUser(name);
    return completed(lines, comments);
  }

  /** Sends the answer, in parts if it is long, and waits until it is out: the client's reading sets the pace. */
  async #reply(ctag: string, answer: Answer, beforeEach: () => void = () => {}): Promise<void> {
    const { profile, clock } = this.#agent;
    const base = { kind: 'response', ...this.#agent.header(), ctag: tagOf(ctag), isLast: true } as const;
    const response: Tl1Response =
      answer.kind === 'completed'
        ? { ...base, code: 'COMPLD', lines: answer.lines, comments: answer.comments }
        : { ...base, code: 'DENY', errorCode: answer.errorCode, lines: [], comments: [answer.reason] };
    const parts = profile.partBytesMax === null ? [response] : paginate(response, profile.partBytesMax);
    for (const [i, part] of parts.entries()) {
      if (i > 0) await clock.sleep(profile.partGap);
      beforeEach();
      this.#say(formatResponse(part));
      await this.#outbox.drained();
    }
  }

  #say(message: string): void {
    this.#outbox.put(message + this.#listener.prompt);
  }
}

/** What is answered to a command without CTAG is [U] for a CD/CI; 0 as of a Calient. */
const tagOf = (ctag: string): string => (ctag === '' ? '0' : ctag);
