// The daemon of an end host: applications ask it for light paths, it asks the nearest agent, and points the host's traffic
// at a path while light is verified at both ends. This is the shell that listens, and joins the parts.

import type { Platform } from '../platform/platform.ts';
import { formatAddress } from '../platform/platform.ts';
import { DAEMON_TIMINGS, type DaemonConfig, type DaemonDoors } from './daemon-config.ts';
import { DaemonDoor } from './daemon-door.ts';
import { DaemonLights, type TheirPath } from './daemon-lights.ts';
import type { PathStatus } from './daemon-messages.ts';
import type { DaemonPath } from './daemon-path.ts';
import { DaemonPaths } from './daemon-paths.ts';
import { DaemonStore } from './daemon-store.ts';
import { DaemonTraffic } from './daemon-traffic.ts';
import { HostReceivers } from './host-receivers.ts';

/**
 * Runs for ever; rejects when the machine fails it (a TCP port is taken, its disk fails) or on a bug. Crash it at any
 * time: it takes its paths up again when it starts.
 */
export async function daemonProgram(
  platform: Platform,
  config: DaemonConfig,
  doors: DaemonDoors,
): Promise<void> {
  let fail = (_error: unknown): void => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Whatever rejects first is thrown by the race below; nothing waits for it before.
  failed.catch(() => {});
  const store = await DaemonStore.open(platform.store, `daemon-${config.host}.json`);
  const watch = (task: Promise<unknown>): void => void task.catch(fail);
  await new Daemon(platform, config, doors, store, watch).run(failed);
}

class Daemon {
  readonly #platform: Platform;
  readonly #config: DaemonConfig;
  readonly #doors: DaemonDoors;
  readonly #traffic: DaemonTraffic;
  readonly #lights: DaemonLights;
  readonly #paths: DaemonPaths;
  readonly #door: DaemonDoor;
  readonly #receivers: HostReceivers;

  constructor(
    platform: Platform,
    config: DaemonConfig,
    doors: DaemonDoors,
    store: DaemonStore,
    watch: (task: Promise<unknown>) => void,
  ) {
    this.#platform = platform;
    this.#config = config;
    this.#doors = doors;
    const { host } = config;
    const timings = { ...DAEMON_TIMINGS, ...config.timings };
    const common = { platform, config, timings, watch };
    this.#traffic = new DaemonTraffic({
      ...{ host, steering: doors.steering, log: platform.log, clock: platform.clock },
      steerAgain: timings.steerAgain,
      changed: (alias) => this.#lightChanged(alias),
    });
    this.#lights = new DaemonLights({
      ...common,
      monitor: doors.monitor,
      traffic: this.#traffic,
      boot: store.boot,
      changed: (alias) => this.#lightChanged(alias),
      closed: (path) => this.#door.tell({ ...this.#theirStatus(path), state: 'ended' }),
    });
    this.#paths = new DaemonPaths({
      ...common,
      store,
      lights: this.#lights,
      changed: (path) => this.#door.tell(this.#statusOf(path)),
    });
    const { receivers = [] } = config;
    const { monitor } = doors;
    this.#receivers = new HostReceivers({ platform, host, receivers, monitor, timings });
    this.#door = new DaemonDoor({ host, paths: this.#paths, statuses: () => this.#statuses(), watch });
  }

  async run(failed: Promise<never>): Promise<void> {
    const { network } = this.#platform;
    const { tcpPort, peerTcpPort, peers } = this.#config;
    this.#traffic.reset(peers.map(({ host }) => host));
    this.#paths.restore();
    const local = this.#doors.applications ?? network;
    const forPeers = await network.listen(peerTcpPort, (connection) => this.#lights.accept(connection));
    const forApplications = await local.listen(tcpPort, (connection) => this.#door.accept(connection));
    this.#doors.listening?.(forApplications.address, forPeers.address);
    await Promise.race([failed, this.#lights.run(), this.#paths.run(), ...this.#receivers.run()]);
  }

  #statuses(): readonly PathStatus[] {
    const theirs = this.#lights.theirs.map((path) => this.#theirStatus(path));
    return [...this.#paths.all.map((path) => this.#statusOf(path)), ...theirs];
  }

  #statusOf(path: DaemonPath): PathStatus {
    const { from, to, state, agent, isDetached, fibres, reason, alias } = path;
    const peer = from === this.#config.host ? to : from;
    return {
      ...{ path: path.path, from, to, state, reason },
      traffic: this.#traffic.isOn(alias, peer) ? 'path' : 'routed',
      agent: agent === null ? null : formatAddress(agent),
      detached: isDetached,
      fibres: [...fibres],
    };
  }

  #theirStatus({ path, peer, fibres }: TheirPath): PathStatus {
    return {
      ...{ path, from: peer, to: this.#config.host, state: 'theirs', reason: '' },
      traffic: this.#traffic.isOn(path, peer) ? 'path' : 'routed',
      ...{ agent: null, detached: false, fibres: [...fibres] },
    };
  }

  #lightChanged(alias: string): void {
    const own = this.#paths.all.find((path) => path.alias === alias);
    const theirs = this.#lights.theirs.find(({ path }) => path === alias);
    if (own !== undefined) this.#door.tell(this.#statusOf(own));
    else if (theirs !== undefined) this.#door.tell(this.#theirStatus(theirs));
  }
}
