// What goes wrong in a scenario, put in as rules and taken out by their handles: in devices, between machines, on their
// calendars, at transmitters. It is in the records, as `fault.began` and `fault.ended`.

import type { Restarts } from '../../emulators/device/restarts.ts';
import { formatFault } from '../../emulators/device-fault.ts';
import { families } from '../../emulators/families.ts';
import { type FaultyDevice, installFault } from '../../emulators/install-fault.ts';
import type { Plant } from '../../emulators/plant.ts';
import { assert, defined, unreachable } from '../core/assert.ts';
import { formatDuration, ns, ZERO } from '../core/time.ts';
import { openSwitch } from '../optical/families.ts';
import type { LogValue } from '../platform/platform.ts';
import { InTurn } from './in-turn.ts';
import type { SwitchFamily } from './schema.ts';
import type {
  ClockAction,
  DisconnectAction,
  FaultActions,
  PacketsAction,
  PartitionAction,
} from './schema-faults.ts';
import type { Disturbance } from './worlds/disturbance.ts';
import type { World } from './worlds/world.ts';

/** An emulated device of the run, as whoever upsets it needs it. */
export interface RunDevice extends FaultyDevice {
  readonly family: SwitchFamily | 'ciena';
  readonly restarts: Restarts;
  readonly login: { readonly user: string; readonly password: string };
}

/** A fault that stands: as the records tell it, and the way to take it out. */
interface Standing {
  readonly what: Fields;
  remove(): void;
}

type Fields = { readonly [key: string]: LogValue };
type Lasting = Exclude<FaultActions, { readonly kind: 'light' | 'reboot' | 'reset' | 'disconnect' }>;

export class FaultTimeline {
  readonly #world: World;
  readonly #plant: Plant;
  readonly #devices: ReadonlyMap<string, RunDevice>;
  readonly #others = new InTurn();

  constructor(world: World, plant: Plant, devices: ReadonlyMap<string, RunDevice>) {
    this.#world = world;
    this.#plant = plant;
    this.#devices = devices;
  }

  act(action: FaultActions): void {
    switch (action.kind) {
      case 'light':
        this.#plant.setTransmitter(action.host, true);
        return this.#world.record('fault.ended', { fault: 'dark', host: action.host });
      case 'reboot': {
        const { device, down } = action;
        this.#world.record('fault.began', { fault: `reboot, down ${formatDuration(down)}`, device });
        return this.#device(device).restarts.restart(down);
      }
      case 'reset':
        this.#world.record('fault.began', { fault: `connections reset, ${endsOf(action)}` });
        return this.#world.resetConnections(isBetween(action));
      case 'disconnect':
        return this.#asSomeoneElse('disconnect', action);
      default:
        return this.#stand(action);
    }
  }

  #stand(action: Lasting): void {
    const { what, remove } = this.#put(action);
    this.#world.record('fault.began', what);
    if (action.for === undefined) return;
    this.#world.clock.timer(action.for, () => {
      remove();
      this.#world.record('fault.ended', what);
    });
  }

  #put(action: Lasting): Standing {
    const { kind } = action;
    switch (kind) {
      case 'fault': {
        const { device, fault, command = null, port = null } = action;
        const { remove } = installFault(this.#world.clock, this.#device(device), action);
        return { what: { fault: formatFault(fault), device, command, port }, remove };
      }
      case 'packets':
        return this.#disturb(wordsOf(action), between(action));
      case 'partition':
        return this.#disturb(`partition of ${action.machines.join(', ')}`, across(action));
      case 'clock':
        return this.#stepClock(action);
      case 'dark':
        this.#plant.setTransmitter(action.host, false);
        return {
          what: { fault: kind, host: action.host },
          remove: () => this.#plant.setTransmitter(action.host, true),
        };
      case 'connect':
        this.#asSomeoneElse(kind, action);
        return {
          what: {
            fault: 'connected by somebody else',
            device: action.device,
            ports: [action.input, action.output],
          },
          remove: () => this.#asSomeoneElse('disconnect', action),
        };
      default:
        return unreachable(kind);
    }
  }

  #disturb(fault: string, disturbance: Disturbance): Standing {
    const { remove } = this.#world.disturb(disturbance);
    return { what: { fault }, remove };
  }

  #stepClock({ machine, step }: ClockAction): Standing {
    this.#world.stepClock(machine, step);
    const how = `${formatDuration(ns(Math.abs(step)))} ${step < 0 ? 'back' : 'ahead'}`;
    return {
      what: { fault: `clock ${how}`, machine },
      remove: () => this.#world.stepClock(machine, -step),
    };
  }

  /** Over TL1, as another client of the device would; what comes of it is in the records. */
  #asSomeoneElse(verb: 'connect' | 'disconnect', { device, input, output, ways }: DisconnectPorts): void {
    const { family, login } = this.#device(device);
    assert(family !== 'ciena', 'only switches have ports to connect');
    this.#world.start(device, async ({ clock, network, log }) => {
      const address = { machine: device, tcpPort: families[family].tcpPort };
      const client = openSwitch(family, { name: device, clock, network, log, address, login });
      await this.#others.do(clock, `${device} ${input} ${output}`, async () => {
        log.record(`foreign.${verb}`, { switch: device, input, output, ways });
        const { kind } = await client[verb](input, output, ways);
        log.record(`foreign.${verb}-${kind}`, { switch: device, input, output });
        await client.close();
      });
    });
  }

  #device(name: string): RunDevice {
    return defined(this.#devices.get(name), `device ${name}`);
  }
}

type DisconnectPorts = Omit<DisconnectAction, 'kind'>;

type Ends = { readonly [end in 'from' | 'to']?: string | undefined };

const isFrom =
  ({ from, to }: Ends) =>
  (a: string, b: string): boolean =>
    (from === undefined || from === a) && (to === undefined || to === b);

const isBetween =
  (ends: Ends) =>
  (a: string, b: string): boolean =>
    isFrom(ends)(a, b) || isFrom(ends)(b, a);

const endsOf = ({ from, to }: Ends): string => `${from ?? 'of everybody'} to ${to ?? 'everybody'}`;

function between({ from, to, ways, ...rest }: PacketsAction): Disturbance {
  return { ...rest, concerns: ways === 'two' ? isBetween({ from, to }) : isFrom({ from, to }) };
}

/** Between a machine of the group and one outside of it. */
function across({ machines }: PartitionAction): Disturbance {
  const group = new Set(machines);
  return {
    loss: 1,
    duplicates: 0,
    delay: ZERO,
    jitter: ZERO,
    concerns: (a, b) => group.has(a) !== group.has(b),
  };
}

/** `packets s1-agent to everybody, two ways: 10 % lost, 20 ms late` */
function wordsOf({ from, to, ways, loss, duplicates, delay, jitter }: PacketsAction): string {
  const fares = [
    loss > 0 && `${share(loss)} lost`,
    duplicates > 0 && `${share(duplicates)} doubled`,
    delay > 0 && `${formatDuration(delay)} late`,
    jitter > 0 && `up to ${formatDuration(jitter)} later`,
  ].filter((each) => each !== false);
  return `packets ${endsOf({ from, to })}, ${ways} way${ways === 'two' ? 's' : ''}: ${fares.join(', ')}`;
}

const share = (of1: number): string => `${Number((of1 * 100).toPrecision(3))} %`;
