// The commands that make, lock and remove what circuits are made of, in the forms of DRAGON VLSR and of the syntax
// that its CoreDirectorTL1 emulator documents: VCG, GTP, DTL, SNC or CRS, EFLOW.

import type { Tl1Command } from '../src/tl1/command.ts';
import { parseAidList } from '../src/tl1/fields.ts';
import type { CienaNetwork } from './ciena-network.ts';
import { absent, type CienaNode, type Refusal, refusal } from './ciena-node.ts';
import type { Crs, SncHop } from './ciena-objects.ts';
import { nameOf, Parameters } from './ciena-parameters.ts';
import { type Answer, completed, denied, type Verb } from './device/verb.ts';

type Command = Required<Tl1Command>;

export interface ProvisioningProfile {
  /** Whether ENT-SNC-STSPC answers only when the SNC is up [U]. */
  readonly sncAnswersWhenUp: boolean;
  /** Which code goes with which mistake is [U]. */
  readonly refusals: Readonly<Record<Refusal['why'], string>>;
  /** What a VCG has unless the command says otherwise: [K] the sample values of a real one, 1 and 2, and no LCAS. */
  readonly vcgDefaults: { readonly isLcas: boolean; readonly holdOff: number; readonly rsAck: number };
}

/** ENT-DTL: NODENAME1 to NODENAME20. */
const DTL_HOPS_MAX = 20;

export function provisioningVerbs(
  node: CienaNode,
  network: CienaNetwork,
  profile: ProvisioningProfile,
): [string, Verb][] {
  const answer = (problem: Refusal | null): Answer =>
    problem === null ? completed() : denied(profile.refusals[problem.why], problem.text);
  /** A verb that does all it does at once. */
  const at =
    (act: (name: string, parameters: Parameters, command: Command) => Refusal | null): Verb =>
    (command) =>
      answer(act(nameOf(command.aid), Parameters.of(command), command));

  return [
    ['ENT-VCG', at((name, p) => enterVcg(node, profile, name, p))],
    ['ED-VCG', at((name, p) => withState(p, (isInService) => node.editVcg(name, isInService)))],
    ['DLT-VCG', at((name) => node.deleteVcg(name))],
    ['ENT-GTP', at((name, p) => node.enterGtp(name, p.text('LBL'), p.list('CTP') ?? []))],
    ['DLT-GTP', at((name) => node.deleteGtp(name))],
    ['ENT-DTL', at((name, p) => enterDtl(node, name, p))],
    ['DLT-DTL', at((name) => deleteDtl(node, name))],
    ['ENT-DTL-SET', at((name, p) => enterDtlSet(node, name, p.text('WRKNM')))],
    ['DLT-DTL-SET', at((name) => deleteDtlSet(node, name))],
    [
      'ENT-SNC-STSPC',
      async (command) => {
        const entry = enterSnc(node, network, command);
        if (entry.kind === 'refused') return answer(entry);
        if (profile.sncAnswersWhenUp) await entry.up;
        return completed();
      },
    ],
    ['ED-SNC-STSPC', at((name, p) => withState(p, (is) => network.sncs.edit(node, name, is)))],
    ['DLT-SNC-STSPC', at((name) => network.sncs.delete(node, name))],
    ['ENT-CRS-STSPC', at((_, p, command) => enterCrs(node, new Parameters(command.aid), p))],
    ['ED-CRS-STSPC', at((name, p) => withState(p, (is) => editCrs(node, name, is)))],
    ['DLT-CRS-STSPC', at((name) => deleteCrs(node, name))],
    ['ENT-EFLOW', at((name, p) => enterEflow(node, name, p))],
    ['DLT-EFLOW', at((name) => node.deleteEflow(name))],
  ];
}

function withState(p: Parameters, act: (isInService: boolean) => Refusal | null): Refusal | null {
  const state = p.state('');
  return state === null ? refusal('invalid', 'PST is IS or OOS') : act(state);
}

function enterVcg(
  node: CienaNode,
  profile: ProvisioningProfile,
  name: string,
  p: Parameters,
): Refusal | null {
  const { isLcas, holdOff, rsAck } = profile.vcgDefaults;
  const isInService = p.state('IS');
  const members = p.list('GROUPMEM')?.map(Number) ?? [];
  const [hold, ack] = [p.number('LCASHOLDOFFTIMER', holdOff), p.number('LCASRSACKTIMER', rsAck)];
  if (![hold, ack].every((n) => Number.isInteger(n) && n >= 0))
    return refusal('invalid', 'LCAS timers are whole numbers');
  if (isInService === null || p.text('TUNNELPEERTYPE', 'ETTP').toUpperCase() !== 'ETTP')
    return refusal('invalid', 'PST or TUNNELPEERTYPE is not valid');
  if (p.text('STSSIZE', 'STS1').toUpperCase() !== 'STS1') return refusal('invalid', 'Only STS1 is supported');
  const problem = node.enterVcg({
    name,
    alias: p.text('ALIAS'),
    ttp: p.text('SUPPTTP').toUpperCase(),
    peer: p.text('TUNNELPEERNAME').toUpperCase(),
    crcType: p.text('CRCTYPE', 'CRC_32').toUpperCase(),
    framingMode: p.text('FRAMINGMODE', 'GFP').toUpperCase(),
    hasFcs: p.isYes('GFPFCSENABLED', false),
    isLcas: p.isYes('LCASENABLED', isLcas),
    failCriteria: p.text('MEMBERFAILCRITERIA', 'DLOM&LOP_P&AIS_P'),
    holdOff: hold,
    rsAck: ack,
    slots: members,
  });
  return problem ?? (isInService ? null : node.editVcg(name, false));
}

/** `nodename1=,osrpltpid1=,…,termnodename=` */
function enterDtl(node: CienaNode, name: string, p: Parameters): Refusal | null {
  const hops: SncHop[] = [];
  for (let i = 1; i <= DTL_HOPS_MAX && p.text(`NODENAME${i}`) !== ''; i++)
    hops.push({ node: p.text(`NODENAME${i}`), ltp: p.number(`OSRPLTPID${i}`, 0) });
  const terminal = p.text('TERMNODENAME');
  if (name === '' || hops.length === 0 || terminal === '') return refusal('invalid', 'A DTL has nodes');
  if (node.dtls.has(name)) return refusal('exists', `DTL ${name} exists`);
  node.dtls.set(name, { name, hops, terminal });
  return null;
}

function deleteDtl(node: CienaNode, name: string): Refusal | null {
  if ([...node.dtlSets.values()].some(({ working }) => working === name))
    return refusal('in-use', `DTL ${name} is in a set`);
  return node.dtls.delete(name) ? null : absent('DTL', name);
}

function enterDtlSet(node: CienaNode, name: string, working: string): Refusal | null {
  if (name === '' || !node.dtls.has(working)) return absent('DTL', working);
  if (node.dtlSets.has(name)) return refusal('exists', `DTL set ${name} exists`);
  node.dtlSets.set(name, { name, working });
  return null;
}

function deleteDtlSet(node: CienaNode, name: string): Refusal | null {
  if ([...node.sncs.values()].some(({ dtlSet }) => dtlSet === name))
    return refusal('in-use', `DTL set ${name} is used by an SNC`);
  return node.dtlSets.delete(name) ? null : absent('DTL set', name);
}

/** `ent-snc-stspc:NODE:gtp,1-a-5-1-1&&21:ctag::name=,type=,rmnode=,lep=gtp_nametype,…` */
function enterSnc(
  node: CienaNode,
  network: CienaNetwork,
  command: Command,
): ReturnType<CienaNetwork['sncs']['enter']> {
  const p = Parameters.of(command);
  const [gtp = '', destination = ''] = command.aid.split(',');
  const slots = parseAidList(destination);
  const isInService = p.state('IS');
  const dtlSet = p.text('DTLSN');
  const refused = (text: string): ReturnType<CienaNetwork['sncs']['enter']> => ({
    kind: 'refused',
    ...refusal('invalid', text),
  });
  if (slots.kind === 'malformed') return refused(slots.reason);
  if (isInService === null) return refused('PST is IS or OOS');
  if (p.text('LEP', 'GTP_NAMETYPE').toUpperCase() !== 'GTP_NAMETYPE') return refused('LEP is GTP_NAMETYPE');
  if (dtlSet !== '' && !node.dtlSets.has(dtlSet)) return { kind: 'refused', ...absent('DTL set', dtlSet) };
  const settings = {
    name: p.text('NAME'),
    alias: p.text('ALIAS'),
    type: p.text('TYPE', 'DYNAMIC'),
    gtp,
    destination: destination.toUpperCase(),
    remoteNode: p.text('RMNODE', node.name),
    lep: 'GTP_NAMETYPE',
    dtlSet,
    meshRestore: p.isYes('MESHRST', false),
    protection: p.text('PRTT', 'APS_VLSR_UNPROTECTED'),
  };
  const destinations = slots.aids.map((aid) => aid.toUpperCase());
  return network.sncs.enter(node, settings, destinations, isInService);
}

/** `ent-crs-stspc::fromendpoint=g1,toendpoint=g2:ctag::name=,fromtype=gtp,totype=gtp` */
function enterCrs(node: CienaNode, ends: Parameters, p: Parameters): Refusal | null {
  const [from, to] = [ends.text('FROMENDPOINT'), ends.text('TOENDPOINT')];
  const name = p.text('NAME', `${from}_${to}`);
  const [source, target] = [node.gtps.get(from), node.gtps.get(to)];
  const types = [p.text('FROMTYPE', 'GTP'), p.text('TOTYPE', 'GTP')].map((type) => type.toUpperCase());
  if (types.some((type) => type !== 'GTP')) return refusal('invalid', 'Only GTPs are connected');
  if (node.crss.has(name)) return refusal('exists', `CRS ${name} exists`);
  if (source === undefined || target === undefined) return absent('GTP', source === undefined ? from : to);
  const isCrossed = (slot: string): boolean => node.crsAt(slot) !== null;
  if (source.slots.some(isCrossed) || target.slots.some(isCrossed) || from === to)
    return refusal('in-use', `GTP ${from} or ${to} is connected`);
  if (source.slots.length !== target.slots.length)
    return refusal('invalid', `${source.slots.length} time slots do not fit ${target.slots.length}`);
  const pairs = source.slots.map((slot, i): [string, string] => [slot, target.slots[i] as string]);
  const crs: Crs = {
    name,
    alias: p.text('ALIAS'),
    from,
    to,
    fromType: 'GTP',
    toType: 'GTP',
    circuit: '',
    pairs,
    isInService: true,
    isSignalled: true,
  };
  node.addCrs(crs);
  return null;
}

/** Those of an SNC are the SNC's own. */
function ownCrs(node: CienaNode, name: string): Crs | null {
  const crs = node.crss.get(name);
  return crs === undefined || crs.circuit !== '' ? null : crs;
}

function editCrs(node: CienaNode, name: string, isInService: boolean): Refusal | null {
  const crs = ownCrs(node, name);
  if (crs === null) return absent('CRS', name);
  node.editCrs(crs, { isInService });
  return null;
}

function deleteCrs(node: CienaNode, name: string): Refusal | null {
  const crs = ownCrs(node, name);
  if (crs === null) return absent('CRS', name);
  if (crs.isInService) return refusal('in-service', `CRS ${name} is in service`);
  node.removeCrs(name);
  return null;
}

/** `ingressporttype=ettp,ingressportname=AID,pkttype=single_vlan_tag,outervlanidrange=a&&b,,priority=1&&8,…` */
function enterEflow(node: CienaNode, name: string, p: Parameters): Refusal | null {
  const vlans = p.text('OUTERVLANIDRANGE');
  if (!/^(\d{1,4}(&&\d{1,4})?)?$/.test(vlans)) return refusal('invalid', 'OUTERVLANIDRANGE is not a range');
  const port = (end: 'INGRESS' | 'EGRESS'): [type: string, name: string] => {
    const type = p.text(`${end}PORTTYPE`).toUpperCase();
    const text = p.text(`${end}PORTNAME`);
    return [type, type === 'ETTP' ? text.toUpperCase() : text];
  };
  const [[ingressType, ingressName], [egressType, egressName]] = [port('INGRESS'), port('EGRESS')];
  return node.enterEflow({
    name,
    ingressType,
    ingressName,
    egressType,
    egressName,
    packetType: p.text('PKTTYPE', 'ALL'),
    outerVlans: vlans,
    priority: p.text('PRIORITY'),
    cosMapping: p.text('COSMAPPING', 'COS_PORT_DEFAULT'),
    collectsPm: p.isYes('COLLECTPM', false),
    inOctets: 0,
  });
}
