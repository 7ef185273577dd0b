// What the drivers share: one session, retrieves that throw, notifications that fan out, and their time limits.

import { type Dbm, dbm } from '../core/quantity.ts';
import { type Duration, seconds } from '../core/time.ts';
import type { Address, Platform } from '../platform/platform.ts';
import { parseAlarm, type Tl1Alarm } from '../tl1/alarm.ts';
import { Tl1CommandError } from '../tl1/errors.ts';
import type { Tl1Request } from '../tl1/link.ts';
import type { Tl1Notification } from '../tl1/message.ts';
import { type Tl1Outcome, unanswered } from '../tl1/outcome.ts';
import { Tl1Session, type Tl1SessionOptions } from '../tl1/session.ts';
import { SwitchError } from './errors.ts';
import type { Direction, PortLabel, SwitchNotification } from './switch.ts';

export interface SwitchTimings {
  /** For a make or a delete. MonALISA's agents wait 4 s for each other's. */
  readonly changeLimit: Duration;
  /** For one retrieve. Pynt allows a Glimmerglass 10 s; an old PXC needs 120 s for a full listing (Pynt). */
  readonly retrieveLimit: Duration;
}

export const SWITCH_TIMINGS: SwitchTimings = { changeLimit: seconds(4), retrieveLimit: seconds(10) };

export interface SwitchOptions
  extends Pick<Platform, 'clock' | 'network' | 'log'>,
    Pick<Tl1SessionOptions, 'login' | 'tid' | 'inFlightMax'> {
  readonly name: string;
  readonly address: Address;
  readonly timings?: Partial<SwitchTimings>;
  readonly sessionTimings?: Tl1SessionOptions['timings'];
  /** Whether the unit reports loss of light by itself; the family's default otherwise. */
  readonly sendsAlarms?: boolean;
  /** To use instead of one of its own: a device may let one session in only. The driver closes it. */
  readonly session?: SwitchSession;
}

/** What a driver needs of a session. */
export type SwitchSession = Pick<Tl1Session, 'execute' | 'subscribe' | 'close'>;

/** Power of a port that the device gives no number for (NA, NONE): below anything that it could measure. */
export const NO_READING: Dbm = dbm(-99);

export class SwitchDevice {
  readonly #name: string;
  readonly #session: SwitchSession;
  readonly #timings: SwitchTimings;

  constructor(options: SwitchOptions) {
    this.#name = options.name;
    this.#timings = { ...SWITCH_TIMINGS, ...options.timings };
    this.#session = options.session ?? openSession(options);
  }

  /** Sends a make or a delete. */
  change(request: Tl1Request): Promise<Tl1Outcome> {
    return this.#execute(request, this.#timings.changeLimit);
  }

  /** The text lines of the answer. Rejects with `SwitchError` when there is none, or a refusal. */
  async retrieve(request: Tl1Request): Promise<readonly string[]> {
    const outcome = await this.#execute(request, this.#timings.retrieveLimit);
    if (outcome.kind === 'completed') return outcome.lines;
    throw new SwitchError(this.#name, request.verb, outcome);
  }

  /** Calls `listener` for each alarm on a port; `locate` says which port an alarm's AID means, or null. */
  subscribe(
    locate: (alarm: Tl1Alarm) => { port: PortLabel; direction: Direction } | null,
    listener: (notification: SwitchNotification) => void,
  ): () => void {
    return this.#session.subscribe((notification) => {
      for (const alarm of alarmsOf(notification)) {
        const place = locate(alarm);
        const { severity, condition, text } = alarm;
        if (place !== null && severity !== 'NA') listener({ ...place, severity, condition, text });
      }
    });
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /** A name from a garbled listing may be one that TL1 cannot write: nothing is sent then. */
  async #execute(request: Tl1Request, limit: Duration): Promise<Tl1Outcome> {
    try {
      return await this.#session.execute(request, { limit });
    } catch (error) {
      if (error instanceof Tl1CommandError) return unanswered(error.message, false);
      throw error;
    }
  }
}

export function openSession(options: Omit<SwitchOptions, 'name' | 'session'>): Tl1Session {
  const { clock, network, log, address, tid, login, inFlightMax, sessionTimings } = options;
  return new Tl1Session({
    clock,
    network,
    log,
    address,
    ...(tid !== undefined && { tid }),
    ...(login !== undefined && { login }),
    ...(inFlightMax !== undefined && { inFlightMax }),
    ...(sessionTimings !== undefined && { timings: sessionTimings }),
  });
}

function alarmsOf(notification: Tl1Notification): Tl1Alarm[] {
  if (!notification.verb.startsWith('REPT ALM')) return [];
  return notification.lines.map(parseAlarm).filter((alarm) => alarm !== null);
}

/** A power as devices write it, `-47.922`; `NO_READING` for anything that is not a number. */
export function readDbm(text: string | undefined): Dbm {
  const power = Number.parseFloat(text ?? '');
  return Number.isFinite(power) ? dbm(power) : NO_READING;
}

/** GR-833: RCV or TRMT; a device that does not say means what it receives [inferred]. */
export const alarmDirection = (alarm: Tl1Alarm): Direction => (alarm.direction === 'TRMT' ? 'out' : 'in');
