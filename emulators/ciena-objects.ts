// What a CD/CI keeps in its database: the objects that provisioning makes, by name.

import type { BitsPerSecond } from '../src/core/quantity.ts';
import type { MemberGroup } from './ciena-members.ts';

export interface OcPort {
  readonly aid: string;
  /** STS-1 time slots: 192 for OC-192. */
  readonly slots: number;
}

export interface Ettp {
  readonly aid: string;
  readonly rate: BitsPerSecond;
  /** Octets since the port was fitted: RMON_OCTETS_RX and _TX. */
  received: number;
  sent: number;
}

export interface VcgSettings {
  readonly name: string;
  readonly alias: string;
  /** The TTP whose time slots its members are. */
  readonly ttp: string;
  /** The Ethernet port. */
  readonly peer: string;
  readonly crcType: string;
  readonly framingMode: string;
  readonly hasFcs: boolean;
  readonly isLcas: boolean;
  readonly failCriteria: string;
  /** LCASHOLDOFFTIMER and LCASRSACKTIMER as written, in units that no source states. */
  readonly holdOff: number;
  readonly rsAck: number;
  readonly slots: readonly number[];
}

export interface Vcg extends VcgSettings {
  readonly group: MemberGroup;
  isInService: boolean;
}

export interface Gtp {
  readonly name: string;
  readonly label: string;
  readonly ctps: readonly string[];
  /** AIDs of the time slots, in the order of the CTPs. */
  readonly slots: readonly string[];
}

export interface Dtl {
  readonly name: string;
  readonly hops: readonly { readonly node: string; readonly ltp: number }[];
  readonly terminal: string;
}

export interface DtlSet {
  readonly name: string;
  readonly working: string;
}

/** Time slots of one node joined two and two, both ways. */
export interface Crs {
  readonly name: string;
  readonly alias: string;
  readonly from: string;
  readonly to: string;
  readonly fromType: string;
  readonly toType: string;
  /** The SNC that it is a part of; empty for one made by hand. */
  readonly circuit: string;
  readonly pairs: readonly (readonly [string, string])[];
  /** Both must hold for signal to pass. */
  isInService: boolean;
  isSignalled: boolean;
}

export interface SncSettings {
  readonly name: string;
  readonly alias: string;
  readonly type: string;
  readonly gtp: string;
  readonly destination: string;
  readonly remoteNode: string;
  readonly lep: string;
  readonly dtlSet: string;
  readonly meshRestore: boolean;
  readonly protection: string;
}

export interface SncHop {
  readonly node: string;
  readonly ltp: number;
}

export interface Snc extends SncSettings {
  readonly rate: number;
  hops: readonly SncHop[];
  isInService: boolean;
  isSignalled: boolean;
}

export interface Eflow {
  readonly name: string;
  readonly ingressType: string;
  readonly ingressName: string;
  readonly egressType: string;
  readonly egressName: string;
  readonly packetType: string;
  readonly outerVlans: string;
  readonly priority: string;
  readonly cosMapping: string;
  readonly collectsPm: boolean;
  /** Octets that came in, while it collects: INTF_IN_OCTETS. */
  inOctets: number;
}
