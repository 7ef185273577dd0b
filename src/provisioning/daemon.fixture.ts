// Two hosts with daemons at the ends of a test bed of agents: what the daemons steer is kept in a list, and what light comes
// in they see at the bed's terminals.

import type { Duration } from '../core/time.ts';
import { Bed, type BedOptions } from './bed.fixture.ts';
import { daemonProgram } from './daemon.ts';
import { DaemonClient } from './daemon-client.ts';
import type { DaemonConfig, DaemonTimings } from './daemon-config.ts';

export interface DaemonBedOptions extends BedOptions {
  /** Agents, in the order of the daemons' list. */
  readonly agents: readonly string[];
  readonly daemons?: Partial<DaemonTimings>;
}

const HOSTS = ['TA', 'TB'] as const;
type Host = (typeof HOSTS)[number];
const machineOf = (host: string): string => `host-${host}`;

export class DaemonBed extends Bed {
  /** What each host's traffic for the other goes over. */
  readonly traffic: Record<Host, string> = { TA: 'routed', TB: 'routed' };
  readonly turns: string[] = [];

  constructor(o: DaemonBedOptions) {
    const listeners = new Map<string, Set<() => void>>(HOSTS.map((host) => [host, new Set()]));
    const onLight = (terminal: string): void => {
      for (const listener of listeners.get(terminal) ?? []) listener();
    };
    super({ ...o, hosts: HOSTS.map(machineOf), onLight, speakerOf: machineOf });
    for (const host of HOSTS) this.#start(host, o, listeners);
  }

  daemonOf(host: Host): ReturnType<Bed['at']> {
    return this.at(machineOf(host));
  }

  /** An application on that host. */
  application(host: Host): Promise<DaemonClient> {
    const machine = this.daemonOf(host);
    return DaemonClient.connect(machine.platform.network, { machine: machine.name, tcpPort: 3410 });
  }

  /** Waits until both hosts' traffic goes over that. */
  async untilTraffic(over: string, limit: Duration): Promise<void> {
    const at = this.client.platform.clock.now();
    while (HOSTS.some((host) => this.traffic[host] !== over)) {
      if (this.client.platform.clock.now() > at + limit)
        throw new Error(
          `traffic goes over ${JSON.stringify(this.traffic)}\n${this.trace.tail(30).join('\n')}`,
        );
      await this.sleep(5e6 as Duration);
    }
  }

  #start(host: Host, o: DaemonBedOptions, listeners: ReadonlyMap<string, Set<() => void>>): void {
    const peer = HOSTS.find((other) => other !== host) as Host;
    const config: DaemonConfig = {
      host,
      ...{ tcpPort: 3410, peerTcpPort: 3411 },
      agents: o.agents.map((machine) => ({ machine, tcpPort: 3400 })),
      peers: [{ host: peer, address: { machine: machineOf(peer), tcpPort: 3411 } }],
      receivers: Object.entries(o.fibres).flatMap(([fibre, ends]) => {
        const [near = '', far = ''] = ends.split(' ');
        if (near !== host && far !== host) return [];
        return [{ fibre, agent: { machine: near === host ? far : near, tcpPort: 3400 } }];
      }),
      timings: o.daemons ?? {},
    };
    const set = (over: string): void => {
      this.traffic[host] = over;
      this.turns.push(`${host} ${over}`);
    };
    this.daemonOf(host).boot((platform) =>
      daemonProgram(platform, config, {
        steering: { usePath: (path) => set(path), useRouted: () => set('routed') },
        monitor: {
          isLit: () => this.plant.terminal(host).receiver === 'lit',
          hasLight: () => this.plant.terminal(host).receiver !== 'dark',
          subscribe: (changed) => {
            listeners.get(host)?.add(changed);
            return () => void listeners.get(host)?.delete(changed);
          },
        },
      }),
    );
  }
}
