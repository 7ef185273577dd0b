// The text lines of a CD/CI's retrieves. Which fields an object has, and their order, are those of the samples in
// perfSONAR's CoreDirector.pm and MonALISA; a line leaves out the fields that no client was seen to read. An AID is
// followed by a comma, not by a colon, except for EFLOWs and counters. Values that no source shows are marked.

import { joinRuns, osrpLtpOf, slotAid } from './ciena-aid.ts';
import type { CienaNode } from './ciena-node.ts';
import type { Crs, Eflow, Ettp, Gtp, OcPort, Snc, Vcg } from './ciena-objects.ts';
import type { Span } from './ciena-span.ts';

type Pairs = readonly (readonly [name: string, value: string | number])[];

const pairsText = (pairs: Pairs): string => pairs.map(([name, value]) => `${name}=${value}`).join(',');
const line = (aid: string, pairs: Pairs): string => `${aid},${pairsText(pairs)}`;
const yesNo = (is: boolean): string => (is ? 'YES' : 'NO');

/** IS-NR, IS-ANR, OOS-AU, OOS-MA (TL1 manual release 5.2, cited in MonALISA); which holds when is [I]. */
function primaryState(isInService: boolean, working: number, all: number): string {
  if (!isInService) return 'OOS-MA';
  return working === 0 ? 'OOS-AU' : working < all ? 'IS-ANR' : 'IS-NR';
}

export function vcgLine(vcg: Vcg): string {
  const { name, group, slots } = vcg;
  const working = group.operational;
  return line(name, [
    ['PST', primaryState(vcg.isInService, working, slots.length)],
    ['SST', working < slots.length ? '[ALM,ACT]' : 'ACT'],
    ['ALIAS', vcg.alias],
    ['SUPPTTP', vcg.ttp],
    ['CRCTYPE', vcg.crcType],
    ['STSSIZE', 'STS1'],
    ['TUNNELPEERTYPE', 'ETTP'],
    ['TUNNELPEERNAME', vcg.peer],
    ['MEMBERFAILCRITERIA', vcg.failCriteria],
    ['GFPFCSENABLED', yesNo(vcg.hasFcs)],
    ['LCASENABLED', yesNo(vcg.isLcas)],
    ['LCASHOLDOFFTIMER', vcg.holdOff],
    ['LCASRSACKTIMER', vcg.rsAck],
    ['FRAMINGMODE', vcg.framingMode],
    ['GROUPMEM', joinRuns(slots.map(String))],
    ['PROVBW', slots.length],
    ['OPERBW', working],
    ['MEMBERDETAIL', memberDetail(vcg)],
  ]);
}

/** In braces and brackets as in the sample; what stands behind name and number there is [U], so the member's state here. */
function memberDetail({ name, slots, group }: Vcg): string {
  const members = slots.map((n) => `[${name}-CTP-${n} ${n} ${group.stateOf(n).toUpperCase()}]`);
  return `{${members.join('&')}}`;
}

export const gtpLine = (gtp: Gtp, node: CienaNode): string => {
  const crs = node.crsOf(gtp.name);
  return line(gtp.name, [
    ['LBL', gtp.label],
    ['OWN', ''],
    ['CIRC', crs?.circuit ?? ''],
    ['XCONN', crs?.name ?? ''],
    ['PST', 'IS-NR'],
    ['SST', crs === null ? 'IDLE' : 'ACT'], // [U] IDLE
    ['CTP', gtp.ctps.join('&')],
    ['RATE', gtp.slots.length],
  ]);
};

/** A working connection's STATE is known; what it is before that, and while it is locked, is [U]. */
export const sncLine = (snc: Snc): string =>
  line(snc.name, [
    ['TYPE', snc.type.toUpperCase()],
    ['FROMENDPOINT', snc.gtp],
    ['TOENDPOINT', snc.destination],
    ['RMNODE', snc.remoteNode],
    ['LEP', snc.lep.toUpperCase()],
    ['EPTYPE', 'ORIGINATING'],
    ['ALIAS', snc.alias],
    ['MESHRST', yesNo(snc.meshRestore)],
    ['PRTT', snc.protection.toUpperCase()],
    ['PST', snc.isInService ? (snc.isSignalled ? 'IS-NR' : 'OOS-AU') : 'OOS-MA'],
    ['STATE', !snc.isInService ? 'LOCKED' : snc.isSignalled ? 'TERM_WORKING_CONNECTED' : 'STARTING'],
    ['RATE', snc.rate],
  ]);

/** No sample of RTRV-SNC-ROUTE was found [U]: the names are those of ENT-DTL. */
export const sncRouteLine = ({ name, hops, remoteNode }: Snc): string =>
  line(name, [
    ...hops.flatMap(
      ({ node, ltp }, i): Pairs => [
        [`NODENAME${i + 1}`, node],
        [`OSRPLTPID${i + 1}`, ltp],
      ],
    ),
    ['TERMNODENAME', remoteNode],
  ]);

export const crsLine = (crs: Crs): string => {
  const settings = pairsText([
    ['NAME', crs.name],
    ['FROMTYPE', crs.fromType],
    ['TOTYPE', crs.toType],
    ['ALIAS', crs.alias],
    ['SIZE', crs.pairs.length],
    ['USRC', 'NO'],
    ['CKTID', crs.circuit],
    ['PRIOR', 1023],
    ['CONNSTND', 'SONET'],
  ]);
  return `FROMENDPOINT=${crs.from},TOENDPOINT=${crs.to}:${settings}::PST=${crs.isInService ? 'IS-NR' : 'OOS-MA'},`;
};

/** One CTP: a member of a VCG, or a time slot of a span that a circuit has. */
export function ctpLine(node: CienaNode, slot: string, isAlive: boolean): string {
  const crs = node.crsAt(slot);
  const vcg = node.vcgAt(slot);
  const port = slot.slice(0, slot.lastIndexOf('-'));
  const name = vcg === null ? slot : `${vcg.name}-CTP-${slot.slice(port.length + 1)}`;
  return line(slot, [
    ['NAME', name],
    ['ALIAS', name],
    ['GTPNAME', node.gtpOf(slot)?.name ?? ''],
    ['SUPCK', crs?.circuit ?? ''],
    ['SUPTP', port],
    ['CRSCONN', crs?.name ?? ''],
    ['PST', isAlive ? 'IS-NR' : 'OOS-AU'],
  ]);
}

export function ocnLine(node: CienaNode, port: OcPort, span: Span | null): string {
  const used = slotsInUse(node, port);
  const hasSignal = span !== null && !span.isCut;
  return line(port.aid, [
    ['ITYPE', 'SONET'],
    ['PST', hasSignal ? 'IS-NR' : 'OOS-AU'],
    ['SST', 'ALM'],
    ['RATE', `OC${port.slots}`],
    ['TIMESLOTMAP', joinRuns(used.map(String))], // empty in the samples; how slots in use are written is [U]
    ['NOACTP', used.length],
    ['UTILIZATION', `${used.length}/${port.slots}`],
    ['SIGNALST', hasSignal ? 'Normal' : 'LOS'],
  ]);
}

function slotsInUse(node: CienaNode, { aid, slots }: OcPort): number[] {
  const used: number[] = [];
  for (let slot = 1; slot <= slots; slot++) if (node.crsAt(slotAid(aid, slot)) !== null) used.push(slot);
  return used;
}

export function gigeLine(node: CienaNode, { aid, rate }: Ettp): string {
  const peers = [...node.vcgs.values()].filter(({ peer }) => peer === aid);
  return line(aid, [
    ['ALIAS', ''],
    ['ETHERPHY', rate > 1e9 ? '10GBASE_R' : '1000BASE_X'], // [U] the second
    ['TUNNELPEERTYPE', peers.length === 0 ? '' : 'VCG'],
    ['TUNNELPEERNAME', peers.map(({ name }) => name).join('&')],
    ['PST', 'IS-NR'],
  ]);
}

/** `AID:RMON_OCTETS_RX,335688487788` */
export const counterLine = (aid: string, counter: string, value: number): string =>
  `${aid}:${counter},${value}`;

export const eflowLine = (flow: Eflow): string =>
  `${flow.name}:${pairsText([
    ['INGRESSPORTTYPE', flow.ingressType],
    ['INGRESSPORTNAME', flow.ingressName],
    ['PKTTYPE', flow.packetType.toUpperCase()],
    ['OUTERVLANIDRANGE', flow.outerVlans],
    ['PRIORITY', flow.priority],
    ['EGRESSPORTTYPE', flow.egressType],
    ['EGRESSPORTNAME', flow.egressName],
    ['COSMAPPING', flow.cosMapping.toUpperCase()],
    ['COLLECTPM', yesNo(flow.collectsPm)],
  ])}`;

/** RTRV-OSRP-CTP, in the order of MonALISA's sample of 2007-11-02, where an unused port has Unknown, 0 and NULL. */
export function osrpCtpLine(node: CienaNode, port: OcPort, span: Span | null, delayMs: number): string {
  const far = span?.otherEnd(node) ?? null;
  const state = span !== null && !span.isCut ? 'IS-NR' : 'OOS-AU';
  return line(port.aid, [
    ['OSRPCTPID', 0],
    ['OSRPOOBCTPID', 0],
    ['RMTOSRPCTPID', 0],
    ['ALIAS', ''],
    ['RMTALIAS', ''],
    ['RMTNM', far?.node.name ?? 'Unknown'],
    ['RMTSUPTP', far?.port ?? 'Unknown'],
    ['DELAY', delayMs],
    ['OSRPLTP', osrpLtpOf(port.aid)],
    ['RMTOSRPLTP', far === null ? 0 : osrpLtpOf(far.port)],
    ['PST', state],
    ['RMTPST', far === null ? 'NULL' : state],
  ]);
}

export type Locality = 'LOCAL' | 'NEIGHBOR' | 'REMOTE';

/** The first field is the OSRP node id, whose form is [U]: the position among the nodes. */
export const osrpNodeLine = (id: number, { name, ipAddress }: CienaNode, locality: Locality): string =>
  line(String(id), [
    ['SWNAME', name],
    ['IPADDR', ipAddress],
    ['LOCAL', locality],
  ]);

export interface OsrpLink {
  readonly node: CienaNode;
  readonly port: string;
  readonly span: Span;
  readonly locality: Locality;
}

/** Node and LTP first, as MonALISA's OsrpTopology reads them; HSTATE's words are [U]. */
export function osrpLtpLine(link: OsrpLink, delayMs: number, weight: number): string {
  const { node, port, span, locality } = link;
  const far = span.otherEnd(node);
  return line(`${node.name},${osrpLtpOf(port)}`, [
    ['ALIAS', ''],
    ['LOCAL', locality],
    ['RMTNM', far.node.name],
    ['RMTLID', osrpLtpOf(far.port)],
    ['DELAY', delayMs],
    ['ADMW', weight],
    ['HSTATE', span.isCut ? 'DOWN' : 'TWO_WAY_INSIDE'],
    ['OSRPCTPS', port],
  ]);
}

/** Bandwidths in STS-1 [I]; XFERD in microseconds. */
export function osrpMetricLine({ node, port, span }: OsrpLink, delayMs: number): string {
  return line(node.name, [
    ['OSRPLTP', osrpLtpOf(port)],
    ['MAXBW', span.slots],
    ['AVLBW', span.freeSlots().length],
    ['PRIO', 0],
    ['PROTO', 'UNPROTECTED'], // [U] its words
    ['XFERD', delayMs * 1000],
  ]);
}
