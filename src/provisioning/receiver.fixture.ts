// A test bed whose hosts tell agents what their receivers see, each from a machine of its own, `host-T1` for T1.

import { Bed, type BedOptions, hostOf } from './bed.fixture.ts';
import { HostReceivers, type ReceiverTimings } from './host-receivers.ts';

export interface ReceiverBedOptions extends BedOptions {
  readonly receivers: readonly string[];
  readonly told?: Partial<ReceiverTimings>;
}

const speakerOf = (host: string): string => `host-${host}`;

export class ReceiverBed extends Bed {
  constructor(o: ReceiverBedOptions) {
    const listeners = new Map<string, (() => void)[]>();
    super({
      ...{ ...o, speakerOf },
      hosts: o.receivers.map(speakerOf),
      onLight: (terminal) => {
        for (const listener of listeners.get(hostOf(terminal)) ?? []) listener();
      },
    });
    for (const host of o.receivers) {
      const lines = Object.entries(o.fibres).flatMap(([fibre, text]) => {
        const [a = '', b = ''] = text.split(' ');
        if (hostOf(a) === host) return [{ fibre, terminal: a, agent: { machine: b, tcpPort: 3400 } }];
        return hostOf(b) === host ? [{ fibre, terminal: b, agent: { machine: a, tcpPort: 3400 } }] : [];
      });
      const monitor = {
        hasLight: (fibre: string): boolean =>
          lines.some(
            (line) => line.fibre === fibre && this.plant.terminal(line.terminal).receiver !== 'dark',
          ),
        subscribe: (changed: () => void) => {
          listeners.set(host, [...(listeners.get(host) ?? []), changed]);
          return () => {};
        },
      };
      const told = { host, receivers: lines, monitor, timings: o.told ?? {} };
      this.at(speakerOf(host)).boot(async (platform) => {
        await Promise.all(new HostReceivers({ platform, ...told }).run());
      });
    }
  }
}
