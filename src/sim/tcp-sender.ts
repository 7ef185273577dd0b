// The sending half of a connection: holds what was written, decides when the next burst leaves and how large it is, and
// sends again what is lost. The window is the pure model's (net/tcp.ts); this gives it time, by three lazy events: one
// at the end of the instant in which something was written, one when pacing allows the next burst, one for the time-out.
//
//   write ──▶ buffer ──▶ burst (about 1/4 of the window, paced) ──▶ links … acknowledgement ──▶ scoreboard ──▶ window

import type { Duration, Instant } from '../core/time.ts';
import type { Engine, EventHandle } from '../engine/engine.ts';
import type { Ranges } from '../net/byte-ranges.ts';
import { retransmissionTimeout } from '../net/rto.ts';
import { Scoreboard } from '../net/scoreboard.ts';
import { onDelivery, onHole, onProbe, onTimeout, openTcp, type TcpState } from '../net/tcp.ts';
import { burstMax, corkTime, nextBurst, type SendView, spreadTime } from '../net/tcp-burst.ts';
import type { Chunk } from '../platform/chunk.ts';
import type { TcpOptions } from './tcp-options.ts';
import type { Acknowledgement } from './tcp-receiver.ts';
import { TcpSendBuffer } from './tcp-send-buffer.ts';

export interface SenderOutput {
  /** Sends these bytes between now and `tail`; empty ranges ask for an acknowledgement only. */
  burst(ranges: Ranges, tail: Instant): void;
  /** The buffer has drained. */
  acknowledged(): void;
  /** It was sent again too often without an answer. */
  gaveUp(): void;
}

export class TcpSender {
  readonly #engine: Engine;
  readonly #options: TcpOptions;
  readonly #output: SenderOutput;
  readonly #buffer = new TcpSendBuffer();
  readonly #board = new Scoreboard();
  #tcp: TcpState;
  #sentUpTo = 0;
  #acknowledgedUpTo = 0;
  /** The receiver's window ends here. */
  #grantedUpTo: number;
  #finAt = Infinity;
  #lastBurstAt = 0;
  /** Pacing lets nothing leave before this. */
  #paceAt = 0;
  #wake: EventHandle | null = null;
  #wakeAt = Infinity;
  /** When the retransmission time-out is due; the event may come earlier, and is then set again. */
  #expiresAt = Infinity;
  #expiry: EventHandle | null = null;
  #expiries = 0;
  #retransmittedBytes = 0;
  #isStopped = false;

  constructor(engine: Engine, options: TcpOptions, mss: number, output: SenderOutput) {
    this.#engine = engine;
    this.#options = options;
    this.#output = output;
    this.#tcp = openTcp(mss, options.congestion);
    this.#grantedUpTo = options.receiveBuffer;
  }

  get tcp(): TcpState {
    return this.#tcp;
  }

  get retransmittedBytes(): number {
    return this.#retransmittedBytes;
  }

  /** Offset of the FIN, Infinity before `end`. */
  get finAt(): number {
    return this.#finAt;
  }

  get hasRoom(): boolean {
    return this.#buffer.size < this.#options.sendBuffer;
  }

  /** All that was written has been acknowledged, with the FIN. */
  get isDone(): boolean {
    return this.#acknowledgedUpTo > this.#finAt;
  }

  slices(from: number, to: number): Chunk[] {
    return this.#buffer.slices(from, to);
  }

  write(chunk: Chunk): void {
    this.#buffer.append(chunk);
    const { flight } = this.#board;
    // Who waits for pacing or for company comes back anyway, and a full window opens only by an acknowledgement.
    const isDue = this.#wake !== null && this.#buffer.end - this.#sentUpTo < burstMax(this.#view());
    if (isDue || (flight > 0 && flight >= this.#tcp.cwnd)) return;
    this.#wakeBy(Math.max(this.#engine.now(), this.#paceAt));
  }

  end(): void {
    if (this.#finAt !== Infinity) return;
    this.#finAt = this.#buffer.end;
    this.#wakeBy(Math.max(this.#engine.now(), this.#paceAt));
  }

  /** Nothing leaves any more. What is under way may still arrive, so the bytes stay. */
  stop(): void {
    this.#isStopped = true;
    if (this.#wake !== null) this.#engine.cancel(this.#wake);
    if (this.#expiry !== null) this.#engine.cancel(this.#expiry);
  }

  /** The round trip of the connection's set-up is the first sample. */
  sampled(rtt: Duration): void {
    const { cwnd: flight } = this.#tcp;
    this.#tcp = onDelivery(this.#tcp, { bytes: 0, cumulative: 0, flight, rtt }, this.#engine.now());
  }

  /** `sentAt`: when the burst that this answers was sent; null for the answer to a probe. */
  acknowledge({ cumulative, received, window }: Acknowledgement, sentAt: Instant | null): void {
    if (this.#isStopped) return;
    const now = this.#engine.now();
    const flight = this.#board.flight;
    const bytes = this.#board.arrived(cumulative, received);
    this.#expiries = 0;
    this.#grantedUpTo = Math.max(this.#grantedUpTo, cumulative + window);
    const rtt = bytes > 0 && sentAt !== null ? ((now - sentAt) as Duration) : null;
    this.#tcp = onDelivery(this.#tcp, { bytes, cumulative, flight, rtt }, now);
    if (bytes > 0 && this.#board.findHoles()) this.#tcp = onHole(this.#tcp, this.#sentUpTo);
    // RFC 6298, (5.3): new data acknowledged starts the timer anew; so does the answer to a probe.
    if (bytes > 0 || this.#board.isEmpty) this.#expiresAt = Infinity;
    this.#release(cumulative);
    if (!this.#isStopped) this.#transmit();
  }

  #release(cumulative: number): void {
    if (cumulative <= this.#acknowledgedUpTo) return;
    this.#acknowledgedUpTo = cumulative;
    this.#buffer.release(Math.min(cumulative, this.#buffer.end));
    this.#output.acknowledged();
  }

  /** Everything that may leave now; sees to it that somebody comes back when more may. */
  #transmit(): void {
    while (this.#sendNext()) {}
    this.#watch();
  }

  #sendNext(): boolean {
    const now = this.#engine.now();
    const view = this.#view();
    const size = nextBurst(view);
    if (size <= 0) return false;
    const startAt = Math.max(this.#paceAt, this.#lastBurstAt + corkTime(view, size));
    if (startAt > now) {
      this.#wakeBy(startAt);
      return false;
    }
    this.#send(this.#takeRanges(size), size, view.flight === 0);
    return true;
  }

  #takeRanges(size: number): number[] {
    if (this.#board.lost > 0) {
      const ranges = this.#board.resend(size);
      this.#retransmittedBytes += size;
      return ranges;
    }
    const ranges = [this.#sentUpTo, this.#sentUpTo + size];
    this.#board.sent(this.#sentUpTo, this.#sentUpTo + size);
    this.#sentUpTo += size;
    return ranges;
  }

  #view(): SendView {
    const edge = this.#windowEdge();
    return {
      tcp: this.#tcp,
      flight: this.#board.flight,
      lost: this.#board.lost,
      unsent: this.#streamEnd() - this.#sentUpTo,
      granted: edge - this.#sentUpTo,
      window: edge - this.#acknowledgedUpTo,
    };
  }

  /** Where the stream ends so far, with the FIN. */
  #streamEnd(): number {
    return this.#finAt === Infinity ? this.#buffer.end : this.#finAt + 1;
  }

  /** How far buffers let the stream go: the other side's by its grant, this one's by its size. */
  #windowEdge(): number {
    return Math.min(this.#grantedUpTo, this.#acknowledgedUpTo + this.#options.sendBuffer);
  }

  #send(ranges: Ranges, size: number, isFirst: boolean): void {
    const now = this.#engine.now();
    const spread = spreadTime(this.#tcp, size);
    // The first burst of a flow that was idle goes at once, and uses up pace all the same.
    const tail = (isFirst ? now : now + spread) as Instant;
    this.#lastBurstAt = now;
    this.#paceAt = now + spread;
    this.#output.burst(ranges, tail);
    if (this.#expiresAt === Infinity) this.#expiresAt = tail + retransmissionTimeout(this.#tcp.rtt);
  }

  #wakeBy(at: number): void {
    if (this.#wakeAt <= at || this.#isStopped) return;
    if (this.#wake !== null) this.#engine.cancel(this.#wake);
    this.#wakeAt = at;
    this.#wake = this.#engine.schedule(at as Instant, () => {
      this.#wake = null;
      this.#wakeAt = Infinity;
      this.#transmit();
    });
  }

  /** Keeps the time-out running while something is unanswered, or while a closed window has to be probed. */
  #watch(): void {
    const isBlocked = this.#sentUpTo < this.#streamEnd() && this.#grantedUpTo <= this.#sentUpTo;
    if (this.#board.isEmpty && !isBlocked) this.#expiresAt = Infinity;
    else if (this.#expiresAt === Infinity) {
      this.#expiresAt = this.#engine.now() + retransmissionTimeout(this.#tcp.rtt);
    }
    if (this.#expiresAt !== Infinity && this.#expiry === null) this.#armExpiry();
  }

  #armExpiry(): void {
    this.#expiry = this.#engine.schedule(this.#expiresAt as Instant, () => {
      this.#expiry = null;
      if (this.#expiresAt === Infinity) return;
      if (this.#expiresAt > this.#engine.now()) this.#armExpiry();
      else this.#expire();
    });
  }

  #expire(): void {
    if (this.#expiries++ === this.#options.retransmitMax) {
      this.#output.gaveUp();
      return;
    }
    const now = this.#engine.now();
    if (this.#board.isEmpty) {
      this.#tcp = onProbe(this.#tcp);
      this.#output.burst([], now);
    } else {
      this.#tcp = onTimeout(this.#tcp, this.#sentUpTo);
      this.#board.loseAll();
      this.#paceAt = now;
    }
    this.#expiresAt = now + retransmissionTimeout(this.#tcp.rtt);
    this.#transmit();
  }
}
