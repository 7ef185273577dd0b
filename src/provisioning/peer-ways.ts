// The ways to one peer: the connection that is dialled from here, and the one that the peer has dialled. Either carries
// both what is said and what is answered. A connection is made when there is something to say and closed when nothing has
// been said for a while, unless the peer is a neighbour, to whom one is kept.

import { between, type Instant } from '../core/time.ts';
import type { Address, Platform } from '../platform/platform.ts';
import type { MessageConnection, Outgoing } from './message-connection.ts';
import type { Message, MessageOf } from './messages.ts';
import { PeerLink } from './peer-link.ts';
import { type AgentTimings, LIMITS } from './timings.ts';

export interface PeerWaysOptions {
  readonly platform: Pick<Platform, 'clock' | 'network'>;
  readonly timings: AgentTimings;
  readonly own: string;
  /** `known`: the peer's newest life, where it is to hear of it. */
  readonly hello: (to: string, isNear: boolean, known?: number) => MessageOf<'hello'>;
  readonly watch: (task: Promise<unknown>) => void;
  readonly received: (from: string, message: Message) => void;
  /** A way has opened or ended. */
  readonly changed: () => void;
  /** A way has opened, and what was said to the peer before may be lost. */
  readonly met: (name: string) => void;
  /** It is a neighbour from now on: what it is told from now on arrives. Said again when that begins anew. */
  readonly joined: (name: string) => void;
  readonly left: (name: string) => void;
}

type Inbound = Pick<MessageConnection, 'send' | 'close' | 'abort' | 'isOpen'>;

interface Dialled {
  readonly link: PeerLink;
  /** The peer's life at the other end, once it has said so. */
  boot: number | null;
}

interface Accepted {
  readonly connection: Inbound;
  readonly boot: number;
  readonly isNear: boolean;
}

export class PeerWays {
  readonly name: string;
  readonly #o: PeerWaysOptions;
  #address: Address;
  /** The newest life of the peer that is known. */
  #boot = 0;
  #dialled: Dialled | null = null;
  #accepted: Accepted | null = null;
  #isWanted = false;
  #isNear = false;
  #isFailing = false;
  /** Something that was said may be lost. */
  #isMissed = false;
  #waiting: { readonly message: Outgoing; readonly at: Instant }[] = [];
  #usedAt: Instant;

  constructor(name: string, address: Address, options: PeerWaysOptions) {
    this.name = name;
    this.#address = address;
    this.#o = options;
    this.#usedAt = options.platform.clock.now();
  }

  get address(): Address {
    return this.#address;
  }

  /** The life in which it was last heard itself. */
  get boot(): number {
    return this.#boot;
  }

  get isOpen(): boolean {
    return this.#dialled?.link.isUp === true || this.#accepted?.connection.isOpen === true;
  }

  /** No way is open, and the last that was tried failed. */
  get isFailing(): boolean {
    return this.#isFailing && !this.isOpen;
  }

  /** Open, or nothing speaks against its opening when there is something to say. */
  get isReachable(): boolean {
    return this.isOpen || (this.#dialled === null && !this.#isFailing);
  }

  /** To be delivered, by a connection that is made for it if need be: then it waits, for as long as it is not said again. */
  send(message: Outgoing): void {
    this.#usedAt = this.#now();
    if (this.tell(message)) return;
    this.#waiting.push({ message, at: this.#now() });
    if (this.#waiting.length > LIMITS.waitingMessagesMax) this.#waiting.shift();
    this.#dial();
  }

  /** If a way is open. */
  tell(message: Outgoing): boolean {
    if (this.#dialled?.link.isUp === true) this.#dialled.link.send(message);
    else if (this.#accepted?.connection.isOpen === true) this.#accepted.connection.send(message);
    else return false;
    return true;
  }

  /** Sees to it that there is a way. */
  reach(): void {
    this.#usedAt = this.#now();
    if (!this.isOpen) this.#dial();
  }

  /** Whether a connection to it is to be kept for news. `mayDial` is false while the peer is expected to dial. */
  want(isWanted: boolean, mayDial = true): void {
    const link = this.#dialled?.link;
    if (isWanted !== this.#isWanted) {
      this.#isWanted = isWanted;
      if (link?.isUp === true) link.send(this.#o.hello(this.name, isWanted));
      this.#nearNow();
    }
    const isServed = this.#accepted?.connection.isOpen === true && this.#accepted.isNear;
    if (isWanted && !isServed && mayDial) this.#dial();
    // Of two that have dialled each other, one connection is enough.
    if (isServed && this.name < this.#o.own) this.#hangUp();
  }

  /** Nobody is to be reached there any more. */
  forget(): void {
    this.#isWanted = false;
    this.#hangUp();
  }

  /** Closes the connection that is dialled from here if it is no neighbour's and has not been used. */
  closeIdle(): void {
    if (this.#isWanted || between(this.#usedAt, this.#now()) < this.#o.timings.idleLimit) return;
    this.#hangUp();
  }

  /** Where it is from now on. */
  moved(address: Address): void {
    this.#address = address;
    const isAwaited = this.#waiting.length > 0;
    const before = this.#dialled;
    this.#dialled = null;
    before?.link.abort();
    if (before !== null) this.#isMissed = true;
    if (before !== null || isAwaited) this.#dial();
    this.#nearNow();
  }

  /** It has dialled this agent, or says anew on that connection whether it is a neighbour. */
  greeted(connection: Inbound, hello: MessageOf<'hello'>): void {
    const { boot } = hello;
    // It has lost count of its lives, and may want to catch up; or this life is over.
    if (boot < this.#boot) {
      connection.send(this.#o.hello(this.name, false, this.#boot));
      return connection.close();
    }
    const isNear = hello.isNear === true;
    const before = this.#accepted?.connection ?? connection;
    const isNew = this.#accepted?.connection !== connection;
    const isReborn = this.livesIn(boot);
    this.#accepted = { connection, boot, isNear };
    if (isNew) connection.send(this.#o.hello(this.name, false));
    this.#opened(isReborn || before !== connection);
  }

  /** What was said to it of this agent's life is over: both sides begin anew. */
  introduceAgain(): void {
    this.#accepted?.connection.abort();
    this.#dialled?.link.renew();
  }

  /** The connection that it had dialled has ended. */
  hungUp(connection: Inbound): void {
    if (this.#accepted?.connection !== connection) return;
    this.#accepted = null;
    if (this.#dialled?.link.isUp !== true) this.#isMissed = true;
    this.#nearNow(true);
    this.#o.changed();
  }

  /** It has been heard of, in this life: whoever looks after something there is told so when there is a way, or by now. */
  reborn(boot: number): void {
    if (!this.livesIn(boot)) return;
    if (this.#dialled !== null || this.isOpen) return this.#metAgain();
    this.#isMissed = false;
    this.#o.met(this.name);
  }

  /** It is there now: no dial to where it was away has to be waited out. True when ways to an earlier life lead nowhere. */
  livesIn(boot: number): boolean {
    this.#isFailing = false;
    const dialled = this.#dialled;
    const isReborn = this.#boot > 0 && boot > this.#boot;
    this.#boot = Math.max(boot, this.#boot);
    if (this.#accepted !== null && this.#accepted.boot < this.#boot) this.#accepted.connection.abort();
    const isPast = dialled !== null && dialled.boot !== null && dialled.boot < this.#boot;
    if (dialled !== null && (isPast || !dialled.link.isUp)) dialled.link.renew();
    if (isReborn) this.#isMissed = true;
    return isReborn;
  }

  #dial(): void {
    if (this.#dialled !== null) return;
    const { platform, timings, hello, watch } = this.#o;
    const link: PeerLink = new PeerLink({
      platform,
      to: this.#address,
      timings,
      opened: (send) => {
        if (this.#dialled === null || this.#dialled.link !== link) return;
        send(hello(this.name, this.#isWanted, this.#boot));
        this.#sayWaiting(send);
        this.#opened(false);
      },
      received: (message) => this.#received(link, message),
      failed: (wasUp) => this.#failed(link, wasUp),
    });
    this.#dialled = { link, boot: null };
    watch(link.run());
  }

  #hangUp(): void {
    this.#dialled?.link.close();
    this.#dialled = null;
    this.#waiting = [];
    this.#nearNow();
  }

  #sayWaiting(send: (message: Message) => void): void {
    const { resend } = this.#o.timings;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { message, at } of waiting)
      if (between(at, this.#now()) < resend) send(message as Message);
      else this.#isMissed = true;
  }

  #received(link: PeerLink, message: Message): void {
    const dialled = this.#dialled;
    if (dialled?.link !== link) return;
    if (message.type !== 'hello') this.#usedAt = this.#now();
    this.#o.received(this.name, message);
    if (message.type !== 'hello') return;
    // To dial at once where somebody else is, or a life that is over, would be to dial without end.
    if (message.from !== this.name || message.boot < this.#boot) return link.drop();
    dialled.boot = message.boot;
    this.livesIn(message.boot);
    this.#metAgain();
  }

  #failed(link: PeerLink, wasUp: boolean): void {
    if (this.#dialled?.link !== link) return;
    this.#dialled.boot = null;
    if (wasUp || this.#waiting.length > 0) this.#isMissed = true;
    this.#isFailing = true;
    this.#waiting = [];
    this.#nearNow(wasUp);
    this.#o.changed();
  }

  #opened(isAfresh: boolean): void {
    this.#isFailing = false;
    this.#nearNow(isAfresh);
    this.#o.changed();
    this.#metAgain();
  }

  #metAgain(): void {
    if (!this.#isMissed || !this.isOpen) return;
    this.#isMissed = false;
    this.#o.met(this.name);
  }

  #nearNow(isAfresh = false): void {
    const isNear =
      (this.#isWanted && this.#dialled?.link.isUp === true) ||
      (this.#accepted?.isNear === true && this.#accepted.connection.isOpen);
    const was = this.#isNear;
    this.#isNear = isNear;
    if (isNear && (!was || isAfresh)) this.#o.joined(this.name);
    else if (!isNear && was) this.#o.left(this.name);
  }

  #now(): Instant {
    return this.#o.platform.clock.now();
  }
}
