// An optical switch in memory, on the plant's optics: commands and mirrors take time as real ones do, and
// faults can be put in. It speaks no TL1; what it stands in for is the driver.

import type { PlantSwitch } from '../../emulators/plant-switch.ts';
import { type Duration, ms } from '../core/time.ts';
import type {
  CrossConnect,
  OpticalSwitch,
  PortLabel,
  PowerReading,
  SwitchNotification,
  SwitchOutcome,
  Way,
} from '../optical/switch.ts';
import type { Clock } from '../platform/platform.ts';

export interface MemorySwitchFaults {
  /** Retrieves and commands never answer. */
  isMute: boolean;
  /** `connect` is refused. */
  refusesConnect: boolean;
  /** `connect` acts, but its answer is lost. */
  losesAnswers: boolean;
  /** Power cannot be read. */
  failsPower: boolean;
}

export class MemorySwitch implements OpticalSwitch {
  readonly name: string;
  readonly sendsAlarms: boolean;
  readonly faults: MemorySwitchFaults = {
    isMute: false,
    refusesConnect: false,
    losesAnswers: false,
    failsPower: false,
  };
  readonly #clock: Clock;
  readonly #optics: PlantSwitch;
  readonly #command: Duration;
  readonly #mirrors: Duration;

  constructor(
    clock: Clock,
    optics: PlantSwitch,
    o: { sendsAlarms?: boolean; command?: Duration; mirrors?: Duration } = {},
  ) {
    this.name = optics.name;
    this.#clock = clock;
    this.#optics = optics;
    this.sendsAlarms = o.sendsAlarms ?? false;
    this.#command = o.command ?? ms(40);
    this.#mirrors = o.mirrors ?? ms(30);
  }

  async listPorts(): Promise<readonly PortLabel[]> {
    await this.#turn(this.#command);
    return this.#optics.ports;
  }

  async listCrossConnects(): Promise<readonly CrossConnect[]> {
    await this.#turn(this.#command);
    return this.#optics.crossConnects().map(([input, output]) => ({ input, output, isCarrying: null }));
  }

  async connect(input: PortLabel, output: PortLabel, way: Way): Promise<SwitchOutcome> {
    await this.#turn(ms((this.#command + this.#mirrors) / 1e6));
    if (this.faults.refusesConnect) return { kind: 'refused', errorCode: 'SROF', reason: 'mirror stuck' };
    for (const [from, to] of ways(input, output, way)) {
      if (this.#optics.outputOf(from) === to) continue;
      if (this.#optics.outputOf(from) !== null || this.#optics.inputOf(to) !== null)
        return { kind: 'refused', errorCode: 'SARB', reason: 'port busy' };
      this.#optics.connect(from, to);
    }
    return this.faults.losesAnswers ? { kind: 'unknown', reason: 'no answer' } : { kind: 'done' };
  }

  async disconnect(input: PortLabel, output: PortLabel, way: Way): Promise<SwitchOutcome> {
    await this.#turn(this.#command);
    for (const [from, to] of ways(input, output, way))
      if (this.#optics.outputOf(from) === to) this.#optics.disconnect(from, to);
    return this.faults.losesAnswers ? { kind: 'unknown', reason: 'no answer' } : { kind: 'done' };
  }

  async readPower(ports: readonly PortLabel[] = this.#optics.ports): Promise<readonly PowerReading[]> {
    await this.#turn(this.#command);
    if (this.faults.failsPower) throw new Error('power is not to be had');
    return ports.flatMap((port) =>
      (['in', 'out'] as const).map((direction) => ({
        port,
        direction,
        power: this.#optics.power(port, direction),
      })),
    );
  }

  subscribe(listener: (notification: SwitchNotification) => void): () => void {
    if (!this.sendsAlarms) return () => {};
    const isDark = new Map<string, boolean>();
    return this.#optics.onPower((port, direction, power) => {
      const key = `${port} ${direction}`;
      const wasDark = isDark.get(key) ?? true;
      isDark.set(key, power < -20);
      if (wasDark === power < -20) return;
      const severity = power < -20 ? 'CR' : 'CL';
      this.#clock.timer(ms(5), () => listener({ port, direction, severity, condition: 'LOS', text: '' }));
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #turn(d: Duration): Promise<void> {
    if (this.faults.isMute) await new Promise<never>(() => {});
    await this.#clock.sleep(d);
  }
}

function ways(input: string, output: string, way: Way): [string, string][] {
  return way === 'one'
    ? [[input, output]]
    : [
        [input, output],
        [output, input],
      ];
}
