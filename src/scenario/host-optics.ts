// What programs of a host see of its transceivers, which are terminals of the plant, and whom they tell of their
// receivers: hosts with a daemon have it done by that, the others by a program of its own.

import type { Plant } from '../../emulators/plant.ts';
import type { Terminal } from '../../emulators/terminal.ts';
import { ns } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
import type { TransceiverMonitor } from '../provisioning/daemon-config.ts';
import { type HostReceiver, HostReceivers } from '../provisioning/host-receivers.ts';
import { endsAtHost, hostOf, terminalOf } from './host-line.ts';
import { controlInterface } from './machines.ts';
import { agentAddress } from './programs.ts';
import type { Scenario } from './schema.ts';
import type { World } from './worlds/world.ts';

/** Tells hosts of their light, as the plant reports it. */
export class HostLights {
  readonly #listeners = new Map<string, Set<() => void>>();

  changed(terminal: string): void {
    for (const listener of this.#listeners.get(hostOf(terminal)) ?? []) listener();
  }

  subscribe(host: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(host) ?? new Set();
    this.#listeners.set(host, listeners.add(listener));
    return () => void listeners.delete(listener);
  }
}

/** By fibre: the terminals of the host, and the switch at the other end. */
function linesOf(
  scenario: Pick<Scenario, 'fibres'>,
  host: string,
): ReadonlyMap<string, { readonly terminal: string; readonly switchName: string | null }> {
  return new Map(
    endsAtHost(scenario, host).map(({ fibre, line, far }) => [
      fibre,
      { terminal: terminalOf(host, line), switchName: far.kind === 'port' ? far.switchName : null },
    ]),
  );
}

export function monitorOf(
  clock: Pick<Clock, 'timer'>,
  scenario: Pick<Scenario, 'fibres'>,
  host: string,
  plant: Plant,
  lights: HostLights,
): TransceiverMonitor {
  const lines = linesOf(scenario, host);
  const at = (fibre: string): Terminal['receiver'] => {
    const line = lines.get(fibre);
    return line === undefined ? 'dark' : plant.terminal(line.terminal).receiver;
  };
  return {
    isLit: (path) => path.some((fibre) => at(fibre) === 'lit'),
    hasLight: (fibre) => at(fibre) !== 'dark',
    // By a timer of the machine, so that a program that has crashed hears nothing.
    subscribe: (changed) => lights.subscribe(host, () => void clock.timer(ns(0), changed)),
  };
}

/** Each with the agent that is told of it. */
export const receiversOf = (scenario: Pick<Scenario, 'fibres'>, host: string): readonly HostReceiver[] =>
  [...linesOf(scenario, host)].flatMap(([fibre, { switchName }]) =>
    switchName === null ? [] : [{ fibre, agent: agentAddress(switchName) }],
  );

/** For hosts with a transceiver and without a daemon. Their machines must be there. */
export function bootReceivers(world: World, scenario: Scenario, plant: Plant, lights: HostLights): void {
  for (const { name, transceiver, daemon } of scenario.hosts) {
    const receivers = receiversOf(scenario, name);
    if (transceiver === undefined || daemon !== undefined || receivers.length === 0) continue;
    world.boot(controlInterface(name), async (platform) => {
      const monitor = monitorOf(platform.clock, scenario, name, plant, lights);
      await Promise.all(new HostReceivers({ platform, host: name, receivers, monitor }).run());
    });
  }
}
