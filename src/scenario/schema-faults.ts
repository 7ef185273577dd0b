// What a timeline can do to devices, to packets and to machines. Each is a rule that the timeline puts in, and takes out
// after `for`; without it the rule stays until the end of the run.

import type { DeviceFault } from '../../emulators/device-fault.ts';
import type { Duration } from '../core/time.ts';

interface Lasting {
  readonly for?: Duration;
}

/** A device misbehaves: at the commands to come, at a port, or as a whole. */
export interface FaultAction extends Lasting {
  readonly kind: 'fault';
  readonly device: string;
  readonly fault: DeviceFault;
  /** In capitals. Absent: every command, for a fault that strikes commands. */
  readonly command?: string;
  /** For a fault that strikes a port. */
  readonly port?: string;
  /** So many of the commands it is meant for are spared first. */
  readonly skip: number;
  /** Absent: every one. */
  readonly times?: number;
}

/** Packets from one machine to another fare badly; where `from` or `to` is absent, everybody's. */
export interface PacketsAction extends Lasting {
  readonly kind: 'packets';
  readonly from?: string;
  readonly to?: string;
  /** `two`: those of the answers, too. */
  readonly ways: 'one' | 'two';
  /** Share that is lost. */
  readonly loss: number;
  /** Share that arrives twice. */
  readonly duplicates: number;
  /** Added to each of the others. */
  readonly delay: Duration;
  /** Up to so much more, evenly: packets overtake each other. */
  readonly jitter: Duration;
}

/** No packet passes between these machines and all others. */
export interface PartitionAction extends Lasting {
  readonly kind: 'partition';
  readonly machines: readonly string[];
}

/** Connections from one machine to another are reset; where `from` or `to` is absent, everybody's. What is under way is lost. */
export interface ResetAction {
  readonly kind: 'reset';
  readonly from?: string;
  readonly to?: string;
}

/** A machine's calendar jumps; after `for` it jumps back. Its monotonic clock does not care. */
export interface ClockAction extends Lasting {
  readonly kind: 'clock';
  readonly machine: string;
  /** ns ahead; negative for back. */
  readonly step: number;
}

/** A host's transmitter stops shining. */
export interface DarkAction extends Lasting {
  readonly kind: 'dark';
  readonly host: string;
}

/** A host's transmitter shines again. */
export interface LightAction {
  readonly kind: 'light';
  readonly host: string;
}

/** A device's controller restarts; its mirrors and circuits stay as they are. */
export interface RebootAction {
  readonly kind: 'reboot';
  readonly device: string;
  readonly down: Duration;
}

/** Somebody else, another client of the device, connects two ports; after `for` they disconnect them. */
export interface ConnectAction extends Lasting {
  readonly kind: 'connect';
  readonly device: string;
  readonly input: string;
  readonly output: string;
  readonly ways: 'one' | 'two';
}

/** Somebody else disconnects two ports, whoever connected them. */
export interface DisconnectAction extends Omit<ConnectAction, 'kind' | 'for'> {
  readonly kind: 'disconnect';
}

export type FaultActions =
  | FaultAction
  | PacketsAction
  | PartitionAction
  | ResetAction
  | ClockAction
  | DarkAction
  | LightAction
  | RebootAction
  | ConnectAction
  | DisconnectAction;
