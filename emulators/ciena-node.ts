// One CD/CI as hardware and database: ports, time slots, and the objects of its provisioning with the rules that tie
// them to each other. It survives a restart of its TL1 agent. Which rules a real one enforces is [I] from the order of
// DRAGON VLSR's commands: an object cannot go while another stands on it, or while it is in service.

import { assert } from '../src/core/assert.ts';
import type { BitsPerSecond } from '../src/core/quantity.ts';
import { type Duration, ns } from '../src/core/time.ts';
import type { Clock } from '../src/platform/platform.ts';
import { slotAid, splitSlotAid, ttpOf } from './ciena-aid.ts';
import { MemberGroup } from './ciena-members.ts';
import type { Crs, Dtl, DtlSet, Eflow, Ettp, Gtp, OcPort, Snc, Vcg, VcgSettings } from './ciena-objects.ts';

export type Refusal = {
  readonly why: 'exists' | 'absent' | 'in-use' | 'in-service' | 'invalid' | 'no-route';
  readonly text: string;
};

export interface CienaNodeOptions {
  readonly ocPorts: readonly OcPort[];
  readonly ettps: readonly { readonly aid: string; readonly rate: BitsPerSecond }[];
  readonly ipAddress: string;
  /** One count of LCASHOLDOFFTIMER and LCASRSACKTIMER. */
  readonly lcasTimerUnit: Duration;
}

export interface NodeHooks {
  /** Called after a command changed whatever may matter to signals and bandwidths. */
  readonly changed: () => void;
  /** Called after a member changed by the passing of time. */
  readonly timePassed: () => void;
}

/** DRAGON VLSR: at most 48 CTPs to a GTP. */
const CTPS_PER_GTP_MAX = 48;
/** Time slots of a TTP, as the AIDs of its samples go: up to 192. */
const TTP_SLOTS = 192;

export class CienaNode {
  readonly name: string;
  readonly ipAddress: string;
  readonly ocPorts = new Map<string, OcPort>();
  readonly ettps = new Map<string, Ettp>();
  readonly vcgs = new Map<string, Vcg>();
  readonly gtps = new Map<string, Gtp>();
  readonly dtls = new Map<string, Dtl>();
  readonly dtlSets = new Map<string, DtlSet>();
  readonly sncs = new Map<string, Snc>();
  readonly crss = new Map<string, Crs>();
  readonly eflows = new Map<string, Eflow>();
  /** Who has a time slot, by its AID. */
  readonly #crossed = new Map<string, { crs: Crs; other: string }>();
  readonly #memberOf = new Map<string, Vcg>();
  readonly #groupedIn = new Map<string, Gtp>();
  readonly #clock: Pick<Clock, 'timer'>;
  readonly #timerUnit: Duration;
  readonly #hooks: NodeHooks;

  constructor(name: string, o: CienaNodeOptions, clock: Pick<Clock, 'timer'>, hooks: NodeHooks) {
    this.name = name;
    this.ipAddress = o.ipAddress;
    this.#clock = clock;
    this.#timerUnit = o.lcasTimerUnit;
    this.#hooks = hooks;
    for (const port of o.ocPorts) this.ocPorts.set(port.aid, port);
    for (const { aid, rate } of o.ettps) this.ettps.set(aid, { aid, rate, received: 0, sent: 0 });
    assert(
      this.ocPorts.size === o.ocPorts.length && this.ettps.size === o.ettps.length,
      `${name}: a port twice`,
    );
  }

  enterVcg(settings: VcgSettings): Refusal | null {
    const { name, ttp, peer, slots, isLcas, holdOff, rsAck } = settings;
    if (name === '' || slots.length === 0) return refusal('invalid', 'A VCG has a name and members');
    if (this.vcgs.has(name)) return refusal('exists', `VCG ${name} exists`);
    if (!this.ettps.has(peer) || ttpOf(peer) !== ttp)
      return refusal('invalid', `${peer} is no ETTP of ${ttp}`);
    if (new Set(slots).size < slots.length || slots.some((slot) => !(slot >= 1 && slot <= TTP_SLOTS)))
      return refusal('invalid', `Group members are time slots 1 to ${TTP_SLOTS}`);
    const taken = slots.find((slot) => this.vcgAt(slotAid(ttp, slot)) !== null);
    if (taken !== undefined) return refusal('in-use', `Time slot ${slotAid(ttp, taken)} is in use`);
    const group = new MemberGroup({
      clock: this.#clock,
      slots,
      isLcas,
      holdOff: ns(this.#timerUnit * holdOff),
      rsAck: ns(this.#timerUnit * rsAck),
      changed: this.#hooks.timePassed,
    });
    const vcg: Vcg = { ...settings, group, isInService: true };
    this.vcgs.set(name, vcg);
    for (const slot of slots) this.#memberOf.set(slotAid(ttp, slot), vcg);
    return this.#done();
  }

  editVcg(name: string, isInService: boolean): Refusal | null {
    const vcg = this.vcgs.get(name);
    if (vcg === undefined) return absent('VCG', name);
    vcg.isInService = isInService;
    return this.#done();
  }

  deleteVcg(name: string): Refusal | null {
    const vcg = this.vcgs.get(name);
    if (vcg === undefined) return absent('VCG', name);
    if (vcg.isInService) return refusal('in-service', `VCG ${name} is in service`);
    const own = vcg.slots.map((slot) => slotAid(vcg.ttp, slot));
    const isHeld = own.some((slot) => this.#groupedIn.has(slot));
    const isFed = [...this.eflows.values()].some((flow) => isAt(flow, 'VCG', name));
    if (isHeld || isFed) return refusal('in-use', `VCG ${name} is used by ${isHeld ? 'a GTP' : 'an EFLOW'}`);
    vcg.group.close();
    this.vcgs.delete(name);
    for (const slot of own) this.#memberOf.delete(slot);
    return this.#done();
  }

  enterGtp(name: string, label: string, ctps: readonly string[]): Refusal | null {
    if (name === '' || ctps.length === 0) return refusal('invalid', 'A GTP has a name and CTPs');
    if (this.gtps.has(name)) return refusal('exists', `GTP ${name} exists`);
    if (ctps.length > CTPS_PER_GTP_MAX)
      return refusal('invalid', `A GTP has at most ${CTPS_PER_GTP_MAX} CTPs`);
    const slots: string[] = [];
    for (const ctp of ctps) {
      const slot = this.slotOf(ctp);
      if (slot === null) return absent('CTP', ctp);
      if (slots.includes(slot) || this.gtpOf(slot) !== null || this.#crossed.has(slot))
        return refusal('in-use', `CTP ${ctp} is in use`);
      slots.push(slot);
    }
    const gtp: Gtp = { name, label, ctps, slots };
    this.gtps.set(name, gtp);
    for (const slot of slots) this.#groupedIn.set(slot, gtp);
    return this.#done();
  }

  deleteGtp(name: string): Refusal | null {
    const gtp = this.gtps.get(name);
    if (gtp === undefined) return absent('GTP', name);
    if (gtp.slots.some((slot) => this.#crossed.has(slot)))
      return refusal('in-use', `GTP ${name} is connected`);
    this.gtps.delete(name);
    for (const slot of gtp.slots) this.#groupedIn.delete(slot);
    return this.#done();
  }

  /** Joins the slots of `pairs`; they must be free. */
  addCrs(crs: Crs): void {
    for (const [a, b] of crs.pairs) {
      assert(!this.#crossed.has(a) && !this.#crossed.has(b), `${this.name}: ${a} or ${b} is crossed already`);
      this.#crossed.set(a, { crs, other: b });
      this.#crossed.set(b, { crs, other: a });
    }
    this.crss.set(crs.name, crs);
    this.#hooks.changed();
  }

  removeCrs(name: string): void {
    for (const pair of this.crss.get(name)?.pairs ?? []) for (const slot of pair) this.#crossed.delete(slot);
    this.crss.delete(name);
    this.#hooks.changed();
  }

  editCrs(crs: Crs, change: Partial<Pick<Crs, 'isInService' | 'isSignalled'>>): void {
    Object.assign(crs, change);
    this.#hooks.changed();
  }

  enterEflow(flow: Eflow): Refusal | null {
    if (flow.name === '') return refusal('invalid', 'An EFLOW has a name');
    if (this.eflows.has(flow.name)) return refusal('exists', `EFLOW ${flow.name} exists`);
    for (const [type, name] of [
      [flow.ingressType, flow.ingressName],
      [flow.egressType, flow.egressName],
    ] as const) {
      const isThere = type === 'ETTP' ? this.ettps.has(name) : type === 'VCG' && this.vcgs.has(name);
      if (!isThere) return refusal('invalid', `${type} ${name} is no port of an EFLOW`);
    }
    this.eflows.set(flow.name, flow);
    return this.#done();
  }

  deleteEflow(name: string): Refusal | null {
    return this.eflows.delete(name) ? this.#done() : absent('EFLOW', name);
  }

  /** Whether Ethernet goes both ways between the VCG and its port. */
  hasFlows(vcg: Vcg): boolean {
    const flows = [...this.eflows.values()];
    const goes = (from: string, to: string): boolean =>
      flows.some((flow) => flow.ingressName === from && flow.egressName === to);
    return goes(vcg.peer, vcg.name) && goes(vcg.name, vcg.peer);
  }

  /** The other end of the slot's cross-connect, if signal may pass it now. */
  passedTo(slot: string): string | null {
    const crossed = this.#crossed.get(slot);
    return crossed?.crs.isInService && crossed.crs.isSignalled ? crossed.other : null;
  }

  crsAt(slot: string): Crs | null {
    return this.#crossed.get(slot)?.crs ?? null;
  }

  /** Whether a circuit may take this slot of a span. */
  isFree(slot: string): boolean {
    return !this.#crossed.has(slot) && this.gtpOf(slot) === null;
  }

  vcgAt(slot: string): Vcg | null {
    return this.#memberOf.get(slot) ?? null;
  }

  gtpOf(slot: string): Gtp | null {
    return this.#groupedIn.get(slot) ?? null;
  }

  /** The cross-connect that a GTP is an end of. */
  crsOf(gtp: string): Crs | null {
    for (const crs of this.crss.values()) if (crs.from === gtp || crs.to === gtp) return crs;
    return null;
  }

  /** The time slot that a CTP's name means, `vcg-CTP-2` or the slot's own AID; null if there is none. */
  slotOf(ctp: string): string | null {
    const [, vcgName = '', digits = ''] = /^(.+)-CTP-(\d+)$/i.exec(ctp) ?? [];
    const vcg = this.vcgs.get(vcgName);
    if (vcg?.slots.includes(Number(digits))) return slotAid(vcg.ttp, Number(digits));
    const place = splitSlotAid(ctp);
    if (place === null || place.slot < 1) return null;
    const aid = slotAid(place.port, place.slot);
    const oc = this.ocPorts.get(place.port);
    return this.vcgAt(aid) !== null || (oc !== undefined && place.slot <= oc.slots) ? aid : null;
  }

  #done(): null {
    this.#hooks.changed();
    return null;
  }
}

export const refusal = (why: Refusal['why'], text: string): Refusal => ({ why, text });
export const absent = (what: string, name: string): Refusal =>
  refusal('absent', `${what} ${name} does not exist`);

const isAt = (flow: Eflow, type: string, name: string): boolean =>
  (flow.ingressType === type && flow.ingressName === name) ||
  (flow.egressType === type && flow.egressName === name);
