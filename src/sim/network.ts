// The virtual world's network: for each machine that is up, the platform's `Network` over the links of the data network
// and the pure TCP model. Connections belong to one boot of a machine; when that ends, nothing of them settles.

import { assert } from '../core/assert.ts';
import type { Duration } from '../core/time.ts';
import type { Engine } from '../engine/engine.ts';
import type { DataNetwork } from '../net/data-network.ts';
import { type Address, formatAddress, type Network, type Random } from '../platform/platform.ts';
import { DatagramStack } from './datagram.ts';
import { Transit } from './network-transit.ts';
import type { PacketRules } from './packet-rule.ts';
import type { StepWatch } from './step-watch.ts';
import type { TcpConnection } from './tcp-connection.ts';
import { TcpHost } from './tcp-host.ts';
import { TCP_DEFAULTS, type TcpOptions } from './tcp-options.ts';
import { TcpStack } from './tcp-stack.ts';
import type { WaitTable } from './wait-table.ts';

export interface VirtualNetworkOptions {
  readonly engine: Engine;
  readonly data: DataNetwork;
  readonly random: Random;
  readonly rules: PacketRules;
  readonly waits: WaitTable;
  readonly tcp?: Partial<TcpOptions>;
}

/** A machine's part in the network during one boot. */
export interface MachineSockets {
  readonly network: Network;
  /** After this nothing of these sockets settles or calls back. `reset`: peers are told, as far as packets get through. */
  crash(how: 'silent' | 'reset'): void;
}

/** One direction of an open connection, for samplers of the world's side; programs cannot see this. */
export interface Flow {
  /** `from>to`, by address. */
  readonly id: string;
  readonly from: Address;
  readonly to: Address;
  readonly cwndBytes: number;
  /** Smoothed; null before the first sample. */
  readonly rttNs: Duration | null;
  /** In order, at the receiver, whether read or not. */
  readonly deliveredBytes: number;
  readonly retransmittedBytes: number;
}

interface Attachment {
  readonly host: TcpHost;
  readonly tcp: TcpStack;
  readonly datagrams: DatagramStack;
}

export class VirtualNetwork {
  readonly #engine: Engine;
  readonly #data: DataNetwork;
  readonly #waits: WaitTable;
  readonly #tcp: TcpOptions;
  readonly #transit: Transit;
  /** Machines that are up. */
  readonly #attached = new Map<string, Attachment>();

  constructor(options: VirtualNetworkOptions) {
    this.#engine = options.engine;
    this.#data = options.data;
    this.#waits = options.waits;
    this.#tcp = { ...TCP_DEFAULTS, ...options.tcp };
    this.#transit = new Transit(options);
  }

  /** Puts a machine on the network, for one boot. It is a node of the data network, and not attached now. */
  attach(machine: string, steps: StepWatch): MachineSockets {
    assert(this.#data.hasNode(machine), () => `${machine} is not a node of the data network`);
    assert(!this.#attached.has(machine), () => `${machine} is on the network already`);
    const { host, tcp, datagrams } = this.#attachment(machine, steps);
    this.#attached.set(machine, { host, tcp, datagrams });
    const crash = (how: 'silent' | 'reset'): void => {
      if (host.isCrashed) return;
      host.crash(how);
      datagrams.crash();
      this.#attached.delete(machine);
    };
    const network: Network = {
      connect: (to, signal) => tcp.connect(to, signal),
      listen: (tcpPort, accept) => tcp.listen(tcpPort, accept),
      datagrams: (udpPort) => datagrams.bind(udpPort),
    };
    return { network, crash };
  }

  /** Something on the way tells both ends of these connections that the other has reset them. */
  resetConnections(concerns: (from: string, to: string) => boolean): void {
    for (const { host } of this.#attached.values())
      for (const connection of [...host.connections])
        if (
          connection.state === 'established' &&
          concerns(connection.local.machine, connection.remote.machine)
        )
          connection.onReset();
  }

  /** Both directions of every connection that is not over, by machine in the order they came up. */
  flows(): readonly Flow[] {
    const flows: Flow[] = [];
    for (const { host } of this.#attached.values()) {
      for (const connection of host.connections) if (connection.hasPeer) flows.push(flowOf(connection));
    }
    return flows;
  }

  #attachment(machine: string, steps: StepWatch): Attachment {
    const shared = { machine, engine: this.#engine, transit: this.#transit, waits: this.#waits };
    const isUp = (name: string): boolean => this.#attached.has(name);
    const host = new TcpHost({ ...shared, options: this.#tcp, steps, isUp });
    const tcp = new TcpStack(host, this.#data, (name) => this.#attached.get(name)?.tcp ?? null);
    const stackOf = (name: string): DatagramStack | null => this.#attached.get(name)?.datagrams ?? null;
    return { host, tcp, datagrams: new DatagramStack({ ...shared, data: this.#data, stackOf }) };
  }
}

function flowOf({ local, remote, sender, peer }: TcpConnection): Flow {
  return {
    id: `${formatAddress(local)}>${formatAddress(remote)}`,
    from: local,
    to: remote,
    cwndBytes: sender.tcp.cwnd,
    rttNs: sender.tcp.rtt.srtt,
    deliveredBytes: peer.receiver.delivered,
    retransmittedBytes: sender.retransmittedBytes,
  };
}
