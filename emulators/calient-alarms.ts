// The alarms of a Calient's inputs: one below the critical threshold, a lesser one between the degraded threshold
// and that. Only a port in use that has had light is alarmed. That a critical alarm takes the place of the lesser is [I].

import type { Db, Dbm } from '../src/core/quantity.ts';
import type { Duration } from '../src/core/time.ts';
import type { Clock } from '../src/platform/platform.ts';
import { AlarmBoard, type AlarmKind } from './device/alarm-board.ts';
import type { Announcement } from './device/announcement.ts';
import { PowerWatch } from './device/power-watch.ts';
import type { PlantSwitch } from './plant-switch.ts';

export interface CalientThresholds {
  /** INOPTCRIT: below this a port in use raises its critical alarm. */
  readonly criticalPower: Dbm;
  /** INOPTDEGR: below this, its degraded one. */
  readonly degradedPower: Dbm;
  /** How far above a threshold light must come back. */
  readonly hysteresis: Db;
  readonly alarmLatency: Duration;
  readonly sendsAlarms: boolean;
  readonly until: AbortSignal;
}

// [K] a Calient leaves locn and dirn off, and has thresholds of these two names; [I] the conditions and texts.
const CRITICAL: AlarmKind = {
  severity: 'CR',
  condition: 'LOS',
  serviceEffect: 'SA',
  location: '',
  direction: '',
  text: 'Input optical power below critical threshold',
};
const DEGRADED: AlarmKind = {
  ...CRITICAL,
  severity: 'MN',
  condition: 'OPTDEGR',
  serviceEffect: 'NSA',
  text: 'Input optical power below degraded threshold',
};

export class CalientAlarms {
  /** By the critical threshold. */
  readonly watch: PowerWatch;
  readonly #strong: PowerWatch;
  readonly #critical: AlarmBoard;
  readonly #degraded: AlarmBoard;

  constructor(
    clock: Pick<Clock, 'timer' | 'wall'>,
    optics: PlantSwitch,
    profile: CalientThresholds,
    announce: (announcement: Announcement) => void,
  ) {
    const { hysteresis, criticalPower, degradedPower, alarmLatency: latency, until } = profile;
    this.watch = new PowerWatch({ optics, threshold: criticalPower, hysteresis, until });
    this.#strong = new PowerWatch({ optics, threshold: degradedPower, hysteresis, until });
    const board = (kind: AlarmKind): AlarmBoard =>
      new AlarmBoard({ clock, latency, verb: 'REPT ALM EQPT', kind, announce }); // [I] the verb
    this.#critical = board(CRITICAL);
    this.#degraded = board(DEGRADED);
    if (!profile.sendsAlarms) return;
    this.watch.onChange((port) => this.#update(port));
    this.#strong.onChange((port) => this.#update(port));
  }

  isDegraded(port: string): boolean {
    return !this.#strong.isLit(port);
  }

  /** The worst that stands at any of the ports, as AL of a connection says it. */
  worstAt(ports: readonly string[]): 'CR' | 'MN' | 'CL' {
    if (ports.some((port) => this.#critical.isStanding(port))) return 'CR';
    return ports.some((port) => this.#degraded.isStanding(port)) ? 'MN' : 'CL';
  }

  /** As RTRV-ALM-ALL lists them. */
  lines(): string[] {
    return [...this.#critical.lines(), ...this.#degraded.lines()];
  }

  #update(port: string): void {
    this.#critical.update(port, this.watch.hasLost(port));
    this.#degraded.update(
      port,
      this.watch.hasCarried(port) && this.watch.isLit(port) && this.isDegraded(port),
    );
  }
}
