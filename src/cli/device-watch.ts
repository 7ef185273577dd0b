// Shows a device live: its notifications as they come, and each port's power when it has changed since it was
// last shown. One line each, for people or as JSON.

import type { Duration, WallTime } from '../core/time.ts';
import { SwitchError } from '../optical/errors.ts';
import type { OpticalSwitch, PortLabel, PowerReading } from '../optical/switch.ts';
import type { Clock } from '../platform/platform.ts';
import { headerTime } from '../tl1/calendar.ts';

export interface WatchOptions {
  readonly clock: Clock;
  /** All of them if absent. */
  readonly ports: readonly PortLabel[] | undefined;
  readonly every: Duration;
  readonly isJson: boolean;
  readonly show: (line: string) => void;
  /** Aborted when it has been watched for long enough. */
  readonly until: AbortSignal;
}

/** Power monitors flicker; a change of less is not shown. */
const CHANGE_DB = 0.5;

type Sighting = { readonly kind: string } & { readonly [field: string]: string | number };

export async function watchDevice(device: OpticalSwitch, options: WatchOptions): Promise<void> {
  const { clock, every, until } = options;
  const shown = new Map<string, number>();
  const tell = (sighting: Sighting): void =>
    options.show(formatSighting(sighting, clock.wall(), options.isJson));
  const unsubscribe = device.subscribe((notification) => tell({ kind: 'notification', ...notification }));
  try {
    while (!until.aborted) {
      for (const reading of await readings(device, options.ports, tell)) {
        const { port, direction, power } = reading;
        const before = shown.get(`${port} ${direction}`);
        if (before !== undefined && Math.abs(power - before) < CHANGE_DB) continue;
        shown.set(`${port} ${direction}`, power);
        tell({ kind: 'power', port, direction, power_dbm: power });
      }
      await clock.sleep(every, until).catch(() => {});
    }
  } finally {
    unsubscribe();
  }
}

/** None, and a word on why, when the device does not answer: a watch goes on. */
async function readings(
  device: OpticalSwitch,
  ports: readonly PortLabel[] | undefined,
  tell: (sighting: Sighting) => void,
): Promise<readonly PowerReading[]> {
  try {
    return await device.readPower(ports);
  } catch (error) {
    if (!(error instanceof SwitchError)) throw error;
    tell({ kind: 'failure', text: error.message });
    return [];
  }
}

function formatSighting(sighting: Sighting, wall: WallTime, isJson: boolean): string {
  if (isJson) return JSON.stringify({ at_ms: Number(wall / 1_000_000n), ...sighting });
  const { kind, port, direction, severity, condition, text, power_dbm: power } = sighting;
  const place = `${headerTime(wall).time}  ${String(port ?? '').padEnd(8)} ${String(direction ?? '').padEnd(3)}`;
  if (kind === 'power') return `${place}  ${Number(power).toFixed(2)} dBm`;
  if (kind === 'notification') return `${place}  ${severity} ${condition} ${text}`.trimEnd();
  return `${headerTime(wall).time}  ${text}`;
}
