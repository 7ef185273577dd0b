// The light at the ports that paths hold: watched, reported to the paths' coordinators, and read for them when they search
// for a failure.

import type { Dbm } from '../core/quantity.ts';
import type { OpticalSwitch } from '../optical/switch.ts';
import { withDeadline } from '../platform/deadline.ts';
import type { AgentContext } from './agent-context.ts';
import { type Holdings, LightReport } from './light-report.ts';
import { LightWatch } from './light-watch.ts';
import { LossDetector } from './loss-detector.ts';
import type { MessageOf } from './messages.ts';
import type { Holding } from './port-book.ts';
import { inputsOf } from './port-pair.ts';
import { ReceiverDesk } from './receiver-desk.ts';
import type { SwitchControl } from './switch-control.ts';

export interface HeldLightOptions {
  readonly context: AgentContext;
  readonly device: OpticalSwitch;
  readonly control: SwitchControl;
  readonly holdings: Holdings;
  /** Reads the cross-connects back, and gives up what is missing. */
  readonly audit: () => Promise<void>;
}

export class HeldLight {
  readonly #c: AgentContext;
  readonly #control: SwitchControl;
  readonly #detector: LossDetector;
  readonly #watch: LightWatch;
  readonly #report: LightReport;

  /** What hosts say of theirs. */
  readonly receivers: ReceiverDesk;

  constructor({ context, device, control, holdings, audit }: HeldLightOptions) {
    const { platform, timings, config, threshold, hysteresis } = context;
    this.#c = context;
    this.#control = control;
    this.#detector = new LossDetector({
      threshold,
      drop: config.losDrop ?? null,
      hysteresis,
      holdOff: timings.holdOff,
      firstLight: timings.firstLight,
    });
    this.#report = new LightReport(context, this.#detector, holdings);
    this.receivers = new ReceiverDesk({
      ...{ context, audit },
      holdingAt: (port) => holdings.holdingAt(port),
      litSince: (port) => this.#detector.litSince(port),
      power: (port) => this.#powerAt(port),
      thresholdOf: (port) => this.#detector.thresholdOf(port),
      lit: (holding, fibre) => this.#hostLit(holding, fibre),
    });
    this.#watch = new LightWatch({
      clock: platform.clock,
      device,
      power: (ports) => control.power(ports),
      detector: this.#detector,
      timings,
      detection: config.detection ?? 'both',
      changed: (port, change, power, by) => this.#report.changed(port, change, power, by),
      awaited: () => this.#report.awaited,
      polled: (read, began) => this.#report.sayLit(read, began),
    });
  }

  /** The task that never ends. */
  run(): Promise<never> {
    return this.#watch.run();
  }

  /** From now on; what was `lit` before is not given time for first light. */
  hold({ path, pair }: Holding, light: 'awaiting' | 'lit'): void {
    const now = this.#c.platform.clock.now();
    for (const port of inputsOf(pair)) this.#detector.watch(port, now, light);
    this.await(path);
  }

  unhold({ path, pair }: Holding): void {
    for (const port of [pair.a, pair.b]) this.#detector.forget(port);
    this.#report.forget(path);
    this.receivers.forget(path);
  }

  /** The path's coordinator waits to hear that light is there. */
  await(path: string): void {
    this.receivers.changed(path);
    this.#report.oweLit(path);
    this.#watch.hurry();
  }

  /** Losses that last are told again when that is due. */
  sayAgain(): void {
    this.#report.sayAgain();
    this.receivers.tick();
  }

  /** What is read at the inputs of that holding; a reading that fails, or takes too long, is null. */
  async answerProbe(
    from: string,
    { path, round }: MessageOf<'probe'>,
    holding: Holding | null,
  ): Promise<void> {
    const ports = holding === null ? [] : inputsOf(holding.pair);
    const limit = this.#c.timings.deviceLimit;
    const said = holding === null ? [] : this.receivers.receiversOf(holding);
    const found = await withDeadline(this.#c.platform.clock, limit, 'answer a probe', () =>
      this.#control.power(ports),
    ).catch(() => []);
    const receivers = await said;
    const readings = ports.map((port) => {
      const reading = found.find((r) => r.port === port && r.direction === 'in');
      return { port, power: reading?.power ?? null, threshold: this.#detector.thresholdOf(port) };
    });
    const ofHosts = receivers.length > 0 ? { receivers } : {};
    this.#c.send(from, { type: 'readings', path, round, readings, ...ofHosts });
  }

  /** Null where it cannot be read. */
  async #powerAt(port: string): Promise<Dbm | null> {
    const found = await this.#control.power([port]).catch(() => []);
    return found.find((r) => r.port === port && r.direction === 'in')?.power ?? null;
  }

  /** Whoever waits for light on the path, or for the fibre, hears so. */
  #hostLit({ path }: Holding, fibre: string): void {
    if (this.#c.failed.clear(fibre)) {
      this.#c.news(null);
      this.#c.whole([fibre]);
    }
    this.#report.oweLit(path);
    this.#watch.hurry();
  }
}
