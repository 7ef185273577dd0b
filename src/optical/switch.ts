// What every optical switch can do for an agent, whatever its family. A cross-connect is one way: light that
// enters at the input port's receive side leaves at the output port's transmit side. What a family cannot say
// is said so (null, `unknown`), never guessed.

import type { Dbm } from '../core/quantity.ts';

/** A duplex port as its users call it: a Glimmerglass port "3" is input AID 10003 and output AID 20003; a Calient port's label is its AID. */
export type PortLabel = string;
export type Direction = 'in' | 'out';
/** `one`: input to output. `two`: also output to input, so a duplex light path through the switch. */
export type Way = 'one' | 'two';

export interface CrossConnect {
  readonly input: PortLabel;
  readonly output: PortLabel;
  /** Whether the switch says that light goes through; null where it does not say. */
  readonly isCarrying: boolean | null;
  /** The device's name of the connection that it is part of, where it has names; both ways of one have the same. */
  readonly connection?: string;
}

export interface PowerReading {
  readonly port: PortLabel;
  readonly direction: Direction;
  /** Dark is a low number, never NaN. */
  readonly power: Dbm;
}

export type SwitchOutcome =
  /** It is so now, whether this call did it or it was so before. */
  | { readonly kind: 'done' }
  /** The switch said no, and a retrieve afterwards showed that it is not so. */
  | { readonly kind: 'refused'; readonly errorCode: string; readonly reason: string }
  /** No answer, neither to the command nor to the question afterwards: it may be so. Find out by `listCrossConnects`. */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface SwitchNotification {
  readonly port: PortLabel;
  readonly direction: Direction;
  /** CL: the condition is over. */
  readonly severity: 'CR' | 'MJ' | 'MN' | 'CL';
  /** The device's name of the condition: LOS. */
  readonly condition: string;
  readonly text: string;
}

export interface OpticalSwitch {
  readonly name: string;
  /** Whether loss of light comes by itself as a notification; otherwise power must be polled. */
  readonly sendsAlarms: boolean;
  /** Duplex ports in the device's order. Rejects with `SwitchError`, like every retrieve here. */
  listPorts(): Promise<readonly PortLabel[]>;
  /** One entry per way: a two-way connection is two entries. */
  listCrossConnects(): Promise<readonly CrossConnect[]>;
  /** Repeatable: already so = done. Never rejects for what the device or the network did. */
  connect(input: PortLabel, output: PortLabel, way: Way): Promise<SwitchOutcome>;
  /** Repeatable: already gone = done. Only the ways named are removed. */
  disconnect(input: PortLabel, output: PortLabel, way: Way): Promise<SwitchOutcome>;
  /** Both directions of the ports named, or of all. */
  readPower(ports?: readonly PortLabel[]): Promise<readonly PowerReading[]>;
  /** Calls `listener` with each notification until the returned function is called. */
  subscribe(listener: (notification: SwitchNotification) => void): () => void;
  close(): Promise<void>;
}
