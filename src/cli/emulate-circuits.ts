// The circuit nodes of an emulated laboratory: several CD/CIs and the spans between them, at real TCP ports. What a
// person can do to a span, by its name, and what there is to see of spans and circuits.

import {
  CIENA_TCP_PORT,
  type CienaProfile,
  cienaDefaults,
  cienaEmulator,
  cienaNodeDefaults,
} from '../../emulators/ciena.ts';
import { CienaNetwork } from '../../emulators/ciena-network.ts';
import { SNC_TIMINGS } from '../../emulators/ciena-snc.ts';
import type { Span } from '../../emulators/ciena-span.ts';
import type { BitsPerSecond } from '../core/quantity.ts';
import type { Clock, Platform } from '../platform/platform.ts';
import {
  type CircuitNodeDescription,
  type SpanDescription,
  type SpanEnd,
  slotsOf,
} from '../scenario/schema-circuits.ts';
import { faster } from './emulate-profile.ts';
import { UsageError } from './exit-code.ts';

export interface LabCircuitNode extends CircuitNodeDescription {
  /** 0 for any free one. Absent: the next in turn. */
  readonly tcpPort?: number;
  /** `user:password`. */
  readonly login?: string;
  /** Whether it tells its alarms by itself. */
  readonly alarms?: 'on' | 'off';
}

export interface SpanState {
  readonly span: string;
  readonly ends: readonly [string, string];
  readonly slots: number;
  readonly isCut: boolean;
  /** Numbers of the time slots that failed by themselves. */
  readonly failedSlots: readonly number[];
}

export interface CircuitState {
  readonly circuit: string;
  readonly ends: readonly [string, string];
  readonly bandwidth: BitsPerSecond;
}

export const CIENA_PORTS = [CIENA_TCP_PORT];
/** The node's name in headers, TIDs and OSRP. */
export const nodeSid = (name: string): string => name.toUpperCase();

/** The ports of `lightbed emulate ciena`: those of the emulator's defaults. */
export const oneCircuitNode = (name: string): LabCircuitNode => ({
  name,
  site: 'lab',
  ocPorts: cienaNodeDefaults.ocPorts.map(({ aid }) => ({ aid, level: 'oc-192' })),
  ethernetPorts: cienaNodeDefaults.ettps,
});

export class LabCircuits {
  readonly #network: CienaNetwork;
  readonly #speed: number;

  constructor(
    lab: {
      readonly circuitNodes: readonly CircuitNodeDescription[];
      readonly spans: readonly SpanDescription[];
    },
    clock: Pick<Clock, 'timer'>,
    speed: number,
  ) {
    const { signallingPerNode, restoreAfter } = SNC_TIMINGS;
    const timings = {
      signallingPerNode: faster(signallingPerNode, speed),
      restoreAfter: faster(restoreAfter, speed),
    };
    this.#speed = speed;
    this.#network = new CienaNetwork({ clock, timings });
    for (const [i, { name, ocPorts, ethernetPorts }] of lab.circuitNodes.entries())
      this.#network.addNode(nodeSid(name), {
        ocPorts: ocPorts.map((port) => ({ aid: port.aid, slots: slotsOf(port) })),
        ettps: ethernetPorts,
        ipAddress: `192.0.2.${i + 1}`, // RFC 5737, for documentation: only OSRP's tables show it
        lcasTimerUnit: faster(cienaNodeDefaults.lcasTimerUnit, speed),
      });
    const end = ({ node, port }: SpanEnd): SpanEnd => ({ node: nodeSid(node), port });
    for (const { name, between, length } of lab.spans)
      this.#network.addSpan(name, { a: end(between[0]), b: end(between[1]), length });
  }

  /** What a node is like before anybody says otherwise, as fast as the laboratory is. */
  defaults({ name, commandTime }: LabCircuitNode): CienaProfile {
    const usual = cienaDefaults(nodeSid(name));
    return {
      ...usual,
      commandTime: faster(commandTime ?? usual.commandTime, this.#speed),
      alarmLatency: faster(usual.alarmLatency, this.#speed),
    };
  }

  run(platform: Platform, name: string, profile: Partial<CienaProfile>): Promise<void> {
    return cienaEmulator(platform, this.#network, nodeSid(name), profile);
  }

  hasSpan(name: string): boolean {
    return this.#network.spans.some((span) => span.name === name);
  }

  /** A whole span, or single time slots of it. */
  cut(name: string, slots: readonly number[] = []): SpanState {
    const span = this.#span(name, slots);
    if (slots.length === 0) this.#network.cut(name);
    for (const slot of slots) this.#network.failSlot(name, slot);
    return stateOf(span);
  }

  repair(name: string, slots: readonly number[] = []): SpanState {
    const span = this.#span(name, slots);
    if (slots.length === 0) this.#network.repair(name);
    for (const slot of slots) this.#network.repairSlot(name, slot);
    return stateOf(span);
  }

  spans(): readonly SpanState[] {
    return this.#network.spans.map(stateOf);
  }

  circuits(): readonly CircuitState[] {
    return this.#network.circuits().map(({ name, a, b, rate }) => ({
      circuit: name,
      ends: [`${a.node}/${a.port}`, `${b.node}/${b.port}`],
      bandwidth: rate,
    }));
  }

  #span(name: string, slots: readonly number[]): Span {
    const span = this.#network.spans.find((each) => each.name === name);
    if (span === undefined) throw new UsageError(`there is no span ${name}`);
    const beyond = slots.find((slot) => slot > span.slots);
    if (beyond === undefined) return span;
    throw new UsageError(`span ${name} has time slots 1 to ${span.slots}, not ${beyond}`);
  }
}

const stateOf = ({ name, a, b, slots, isCut, failedSlots }: Span): SpanState => ({
  span: name,
  ends: [`${a.node.name}/${a.port}`, `${b.node.name}/${b.port}`],
  slots,
  isCut,
  failedSlots: [...failedSlots].sort((x, y) => x - y),
});
