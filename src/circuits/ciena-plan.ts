// What a circuit is made of at the nodes of its ends, in the order in which it is entered (DRAGON VLSR): at each end a
// VCG and two EFLOWs, and at the first end GTPs of at most 48 members, each with an SNC to the second; GTPs at both
// and a CRS where the ends are ports of one node. Pure: from a request and the free time slots to commands.

import { formatAidList } from '../tl1/fields.ts';
import type { Tl1Request } from '../tl1/link.ts';
import type { CircuitRequest, RouteStep } from './circuit-service.ts';
import { formatSlots } from './sts.ts';

/** In the order of creation. */
export const OBJECT_KINDS = ['vcg', 'gtp', 'dtl', 'dtl-set', 'snc', 'crs', 'eflow'] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** An object by its place, kind and name. */
export interface ObjectKey {
  readonly node: string;
  readonly kind: ObjectKind;
  readonly name: string;
}

export interface Step extends ObjectKey {
  readonly enter: Tl1Request;
}

export interface PlannedEnd {
  readonly node: string;
  readonly port: string;
  readonly vcg: string;
  /** The TTP's time slots that are the VCG's members. */
  readonly slots: readonly number[];
}

/** DRAGON VLSR: 48 CTPs per GTP. */
const CTPS_PER_GTP_MAX = 48;
/** ENT-DTL takes so many (CoreDirectorTL1). */
export const ROUTE_STEPS_MAX = 20;

/** Ends the name of the second VCG of a circuit within one node; no circuit's own name ends so. */
export const FAR = '.far';

/** The TTP of an Ethernet port: `1-A-3-1` of `1-A-3-1-9`. */
export const ttpOf = (port: string): string => port.slice(0, port.lastIndexOf('-')).toUpperCase();

/** Names of the VCGs at both ends: the circuit's own, unless both are at one node. */
export const vcgNames = ({ name, ends: [a, b] }: Pick<CircuitRequest, 'name' | 'ends'>): [string, string] => [
  name,
  a.node === b.node ? `${name}${FAR}` : name,
];

/** The steps of a circuit, first to last. */
export function plan(request: CircuitRequest, ends: readonly [PlannedEnd, PlannedEnd]): Step[] {
  const [a, b] = ends;
  const isLocal = a.node === b.node;
  const groups = Math.ceil(a.slots.length / CTPS_PER_GTP_MAX);
  const indices = Array.from({ length: groups }, (_, i) => i + 1);
  const route = request.route ?? [];
  return [
    // Two clients that chose the same time slots meet at the same node first, so that one of them gets through.
    ...ends
      .toSorted((one, other) => (one.node < other.node ? -1 : one.node > other.node ? 1 : 0))
      .map(vcgStep),
    ...indices.map((i) => gtpStep(a, i)),
    ...(isLocal ? indices.map((i) => gtpStep(b, i)) : []),
    ...(isLocal || route.length === 0 ? [] : dtlSteps(request.name, a.node, b.node, route)),
    ...indices.map((i) => (isLocal ? crsStep(a, b, i) : sncStep(a, b, i, route.length > 0))),
    ...ends.flatMap((end) => flowSteps(end, request.vlans)),
  ];
}

/** The commands that remove an object: out of service first, where it can be in service. */
export function removal({ kind, name }: ObjectKey): {
  readonly lock: Tl1Request | null;
  readonly remove: Tl1Request;
} {
  const byName = { aid: `name=${name}` };
  const out = { payload: ['pst=oos'] };
  switch (kind) {
    case 'vcg':
      return { lock: { verb: 'ed-vcg', ...byName, ...out }, remove: { verb: 'dlt-vcg', ...byName } };
    case 'snc':
      return {
        lock: { verb: 'ed-snc-stspc', aid: name, ...out },
        remove: { verb: 'dlt-snc-stspc', aid: name },
      };
    case 'crs':
      return {
        lock: { verb: 'ed-crs-stspc', ...byName, ...out },
        remove: { verb: 'dlt-crs-stspc', ...byName },
      };
    default:
      return { lock: null, remove: { verb: `dlt-${kind}`, aid: name } };
  }
}

/** Positions are as in DRAGON VLSR's command; what is left empty takes the node's default. */
function vcgStep({ node, port, vcg, slots }: PlannedEnd): Step {
  const settings = [
    'alias=',
    'pst=IS',
    `suppttp=${ttpOf(port)}`,
    'crctype=CRC_32',
    '',
    '',
    'framingmode=GFP',
    'tunnelpeertype=ETTP',
    `tunnelpeername=${port}`,
    '',
    'gfpfcsenabled=YES',
    '',
    'lcasenabled=YES',
    `groupmem=${formatSlots(slots)}`,
    '',
    '',
  ];
  const enter = { verb: 'ent-vcg', aid: `name=${vcg}`, payload: [settings.join(',')] };
  return { node, kind: 'vcg', name: vcg, enter };
}

const groupSlots = ({ slots }: PlannedEnd, index: number): readonly number[] =>
  slots.slice((index - 1) * CTPS_PER_GTP_MAX, index * CTPS_PER_GTP_MAX);

function gtpStep(end: PlannedEnd, index: number): Step {
  const name = `${end.vcg}-${index}`;
  const ctps = groupSlots(end, index).map((slot) => `${end.vcg}-CTP-${slot}`);
  const enter = { verb: 'ent-gtp', aid: name, payload: [`lbl=,,ctp=${formatAidList(ctps)}`] };
  return { node: end.node, kind: 'gtp', name, enter };
}

/** One list and one set serve all SNCs of the circuit. */
function dtlSteps(circuit: string, node: string, far: string, route: readonly RouteStep[]): Step[] {
  const hops = route.map((step, i) => `nodename${i + 1}=${step.node},osrpltpid${i + 1}=${step.link}`);
  const [list, set] = [`${circuit}-dtl`, `${circuit}-dtlset`];
  const enterList = { verb: 'ent-dtl', aid: list, payload: [`${hops.join(',')},termnodename=${far}`] };
  const enterSet = { verb: 'ent-dtl-set', aid: set, payload: [`wrknm=${list},`] };
  return [
    { node, kind: 'dtl', name: list, enter: enterList },
    { node, kind: 'dtl-set', name: set, enter: enterSet },
  ];
}

/** From a GTP of the first end to the time slots of the second, as VLSR addresses them. */
function sncStep(a: PlannedEnd, b: PlannedEnd, index: number, hasRoute: boolean): Step {
  const name = `${a.vcg}-${index}`;
  const destination = formatSlots(groupSlots(b, index), `${ttpOf(b.port)}-`);
  const settings = [
    `name=${name}`,
    'type=dynamic',
    `rmnode=${b.node}`,
    'lep=gtp_nametype',
    'alias=',
    ...(hasRoute ? [`dtlsn=${a.vcg}-dtlset`] : []),
    'conndir=bi_direction',
    'meshrst=no',
    'prtt=aps_vlsr_unprotected',
    'pst=is',
  ];
  const aid = `${a.vcg}-${index},${destination}`;
  const enter = { verb: 'ent-snc-stspc', tid: a.node, aid, payload: [settings.join(',')] };
  return { node: a.node, kind: 'snc', name, enter };
}

function crsStep(a: PlannedEnd, b: PlannedEnd, index: number): Step {
  const name = `${a.vcg}-${index}`;
  const enter = {
    verb: 'ent-crs-stspc',
    aid: `fromendpoint=${a.vcg}-${index},toendpoint=${b.vcg}-${index}`,
    payload: [`name=${name},fromtype=gtp,totype=gtp`],
  };
  return { node: a.node, kind: 'crs', name, enter };
}

/** MonALISA takes EFLOWs whose names end in -IN and -OUT for a pair. */
function flowSteps({ node, port, vcg }: PlannedEnd, vlans: CircuitRequest['vlans']): Step[] {
  const frames =
    vlans === undefined
      ? 'pkttype=all'
      : `pkttype=single_vlan_tag,outervlanidrange=${vlans.first}&&${vlans.last},,priority=1&&8`;
  const flow = (suffix: string, from: readonly [string, string], to: readonly [string, string]): Step => {
    const ingress = `ingressporttype=${from[0]},ingressportname=${from[1]}`;
    const egress = `egressporttype=${to[0]},egressportname=${to[1]}`;
    const settings = `${ingress},${frames},${egress},cosmapping=cos_port_default,collectpm=yes`;
    const name = `${vcg}${suffix}`;
    return { node, kind: 'eflow', name, enter: { verb: 'ent-eflow', aid: name, payload: ['', settings] } };
  };
  const [ettp, group] = [['ettp', port] as const, ['vcg', vcg] as const];
  return [flow('-IN', ettp, group), flow('-OUT', group, ettp)];
}
