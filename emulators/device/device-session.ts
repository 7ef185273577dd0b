// One TL1 session of a device: takes commands one at a time, needs a login for all but the login itself, and
// answers as the device's profile and manners say: echo, processing time, IP when it takes long, parts, prompt.
// Notifications go out between any two messages, also between the parts of an answer.

import { after, EPOCH, type Instant, ns, ZERO } from '../../src/core/time.ts';
import { materialise } from '../../src/platform/chunk.ts';
import { NetworkError } from '../../src/platform/errors.ts';
import type { Connection } from '../../src/platform/platform.ts';
import { parseCommand, type Tl1Command } from '../../src/tl1/command.ts';
import { Tl1CommandFramer } from '../../src/tl1/framing.ts';
import {
  type AcknowledgementCode,
  formatAcknowledgement,
  formatNotification,
  formatResponse,
  paginate,
  type Tl1Notification,
  type Tl1Response,
} from '../../src/tl1/message.ts';
import { unquote } from '../../src/tl1/quoting.ts';
import type { CommandVerdict } from '../command-rules.ts';
import type { Announcement } from './announcement.ts';
import type { Device } from './device.ts';
import { Outbox } from './outbox.ts';
import type { DeviceListener } from './profile.ts';
import { type Answer, completed, denied } from './verb.ts';

type Command = Required<Tl1Command>;

/** Those that a session answers by itself. */
export const SESSION_COMMANDS = ['ACT-USER', 'CANC-USER', 'RTRV-HDR', 'ALW-MSG-ALL', 'INH-MSG-ALL'] as const;

export class DeviceSession {
  readonly #device: Device;
  readonly #listener: DeviceListener;
  readonly #connection: Connection;
  readonly #outbox: Outbox;
  readonly #framer = new Tl1CommandFramer();
  readonly #listen: (bytes: Uint8Array) => string;
  /** Who is logged in; null for nobody. */
  #user: string | null = null;
  #activeFrom: Instant = EPOCH;
  #allowsMessages = true;

  constructor(device: Device, listener: DeviceListener, connection: Connection) {
    this.#device = device;
    this.#listener = listener;
    this.#connection = connection;
    this.#outbox = new Outbox(connection, device.profile.unsentBytesMax);
    this.#listen = device.manners.listener();
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

  get user(): string | null {
    return this.#user;
  }

  notify(notification: Tl1Notification): void {
    if (this.#user !== null && this.#allowsMessages) this.#say(formatNotification(notification));
  }

  drop(): void {
    this.#outbox.close();
  }

  /** Waits for bytes and serves the commands that they complete. False at the end of the session. */
  async #serveSome(): Promise<boolean> {
    const idle = this.#device.clock.timer(this.#device.profile.idleLimit, () => this.drop());
    const chunk = await this.#connection.read().finally(() => idle.cancel());
    if (chunk === null) return false;
    const bytes = materialise(chunk);
    this.#outbox.put(this.#listen(bytes));
    for (const text of this.#framer.push(bytes)) {
      if (text !== '') await this.#serve(text);
      if (this.#outbox.isClosed) return false;
    }
    return this.#framer.failure === null;
  }

  async #serve(text: string): Promise<void> {
    const { manners } = this.#device;
    if (this.#listener.hasEcho) this.#outbox.put(`${text};${manners.echoEnd}`);
    const parsed = parseCommand(manners.taken(text));
    if (parsed.kind === 'malformed') return this.#reply(parsed.ctag, denied(parsed.errorCode, parsed.reason));
    const { command } = parsed;
    const verdict = this.#device.profile.rules.judge(command);
    if (verdict.kind === 'never-answer') return;
    if (verdict.kind === 'deny') return this.#reply(command.ctag, denied(verdict.errorCode, verdict.reason));

    if (verdict.kind === 'acknowledge' && verdict.code !== 'NA')
      return this.#acknowledge(verdict.code, command.ctag);

    const { clock, profile } = this.#device;
    if (verdict.kind === 'restart') clock.timer(verdict.after, () => profile.restarts.restart(verdict.down));
    const late = clock.timer(profile.acknowledgeAfter, () => {
      this.#acknowledge('IP', command.ctag);
    });
    await clock.sleep(ns(this.#device.commandTime() + (verdict.kind === 'delay' ? verdict.by : ZERO)));
    const answer = await this.#act(command);
    const lines = answer.kind === 'completed' ? answer.lines.length : 0;
    const perLine = profile.lineTime + (verdict.kind === 'slow' ? verdict.perLine : ZERO);
    if (perLine * lines > 0) await clock.sleep(ns(perLine * lines));
    late.cancel();
    if (verdict.kind === 'late') await clock.sleep(verdict.by);
    await this.#answer(command.ctag, answer, verdict);
    const isLogin = command.verb.toUpperCase() === 'ACT-USER' && answer.kind === 'completed';
    if (isLogin && manners.afterLogin !== null) this.#tell(manners.afterLogin);
  }

  async #answer(ctag: string, answer: Answer, verdict: CommandVerdict): Promise<void> {
    if (verdict.kind === 'act-but-lose-reply') return;
    if (verdict.kind === 'acknowledge') return this.#acknowledge(verdict.code, ctag);
    if (verdict.kind === 'interleave') {
      const announce = (): void => this.#tell(verdict.announcement);
      if (verdict.before === 'each part') return this.#reply(ctag, answer, announce);
      announce();
    }
    const isAltered = verdict.kind === 'alter' && answer.kind === 'completed';
    await this.#reply(ctag, isAltered ? { ...answer, lines: answer.lines.map(verdict.line) } : answer);
    if (verdict.kind === 'hang-up') this.drop();
  }

  #acknowledge(code: AcknowledgementCode, ctag: string): void {
    this.#say(formatAcknowledgement({ kind: 'acknowledgement', code, ctag: tagOf(ctag) }));
  }

  #act(command: Command): Answer | Promise<Answer> {
    const { profile, verbs } = this.#device;
    const { codes, sid } = profile;
    const verb = command.verb.toUpperCase();
    const tid = unquote(command.tid);
    if (tid !== '' && tid.toUpperCase() !== sid.toUpperCase())
      return denied(codes.invalidTid, 'Input, Invalid Target Identifier');
    if (verb === 'ACT-USER') return this.#logIn(command);
    if (this.#user === null || this.#device.clock.now() < this.#activeFrom)
      return denied(codes.loginNotActive, 'Login Not Active');
    switch (verb) {
      case 'CANC-USER':
        this.#user = null;
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
        return verbs.get(verb)?.(command) ?? this.#byName(verb);
    }
  }

  #byName(verb: string): Answer {
    const { listingsByName, codes } = this.#device.profile;
    const lines = Object.hasOwn(listingsByName, verb) ? listingsByName[verb] : undefined;
    return lines === undefined ? denied(codes.invalidCommand, 'Input, Invalid Command') : completed(lines);
  }

  /** `ACT-USER:[TID]:uid:ctag::pid;` — some clients quote the password, some do not. */
  #logIn(command: Command): Answer {
    const { profile, clock } = this.#device;
    const [name, secret] = [unquote(command.aid), unquote(command.payload[0] ?? '')];
    const isKnown = profile.users.some(({ user, password }) => user === name && password === secret);
    if (!isKnown) return denied(profile.codes.invalidUser, 'Illegal User Identity');
    const others = this.#device.sessionsOf(name).filter((session) => session !== this);
    if (others.length > 0 && profile.secondLogin === 'refused')
      return denied(profile.codes.userBusy, 'User is logged in already');
    if (profile.secondLogin === 'instead') for (const session of others) session.drop();
    this.#user = name;
    this.#activeFrom = after(clock.now(), profile.loginSettling);
    const { lines, comments } = profile.greetUser(name);
    return completed(lines, comments);
  }

  /** Sends the answer, in parts if it is long, and waits until it is out: the client's reading sets the pace. */
  async #reply(ctag: string, answer: Answer, beforeEach: () => void = () => {}): Promise<void> {
    const { profile, clock } = this.#device;
    const response = this.#response(tagOf(ctag), answer);
    const parts = profile.partBytesMax === null ? [response] : paginate(response, profile.partBytesMax);
    for (const [i, part] of parts.entries()) {
      if (i > 0) await clock.sleep(profile.partGap);
      beforeEach();
      this.#say(formatResponse(part));
      await this.#outbox.drained();
    }
  }

  #response(ctag: string, answer: Answer): Tl1Response {
    const { sid, date, time } = this.#device.header();
    if (answer.kind === 'completed') {
      const { lines, comments } = answer;
      return { kind: 'response', sid, date, time, ctag, code: 'COMPLD', lines, comments, isLast: true };
    }
    const { errorCode, reason } = answer;
    const denial = { code: 'DENY', errorCode, lines: [], comments: [reason] } as const;
    return { kind: 'response', sid, date, time, ctag, ...denial, isLast: true };
  }

  #tell(announcement: Announcement): void {
    this.#say(formatNotification(this.#device.notification(announcement)));
  }

  #say(message: string): void {
    this.#outbox.put(message + this.#listener.prompt);
  }
}

/** A Calient answers a command without CTAG with ctag 0 (cloudshell-L1-calient); for others [I], and for a CD/CI [U]. */
const tagOf = (ctag: string): string => (ctag === '' ? '0' : ctag);
