// What a CD/CI can be asked about itself: the retrieves that MonALISA and perfSONAR send. An object that is not there
// gives an empty list and says so in a comment (DRAGON VLSR); a GTP is the exception, which VLSR expects to be denied.

import type { Tl1Command } from '../src/tl1/command.ts';
import { unquote } from '../src/tl1/quoting.ts';
import { slotAid, splitSlotAid } from './ciena-aid.ts';
import {
  counterLine,
  crsLine,
  ctpLine,
  eflowLine,
  gigeLine,
  gtpLine,
  type Locality,
  type OsrpLink,
  ocnLine,
  osrpCtpLine,
  osrpLtpLine,
  osrpMetricLine,
  osrpNodeLine,
  sncLine,
  sncRouteLine,
  vcgLine,
} from './ciena-lines.ts';
import type { CienaNetwork } from './ciena-network.ts';
import type { CienaNode } from './ciena-node.ts';
import { nameOf } from './ciena-parameters.ts';
import { type Answer, completed, denied, type Verb } from './device/verb.ts';

type Command = Required<Tl1Command>;

export interface RetrievalProfile {
  /** DELAY of every OSRP link, in ms: the sample has 1 even for Chicago - New York, so a configured value [I]. */
  readonly osrpDelayMs: number;
  /** ADMW of every OSRP link [U]. */
  readonly osrpWeight: number;
  /** Whether RTRV-GTP of an absent GTP is denied: VLSR reads COMPLD as "exists" and DENY as "does not". */
  readonly deniesAbsentGtp: boolean;
  readonly codes: { readonly invalidAid: string };
}

const EMPTY = 'Empty list returned for entered parameter.';

export function retrievalVerbs(
  node: CienaNode,
  network: CienaNetwork,
  profile: RetrievalProfile,
): [string, Verb][] {
  const { osrpDelayMs: delay, osrpWeight, codes } = profile;
  const spanAt = (port: string): ReturnType<CienaNetwork['spanAt']> => network.spanAt(node, port);
  const invalidAid = (): Answer => denied(codes.invalidAid, 'Input, Invalid Access Identifier');

  /** Objects by name, `ALL` or nothing for all of them. */
  const listing =
    <T>(objects: ReadonlyMap<string, T>, format: (object: T) => string): Verb =>
    (command) =>
      list([...named(objects, command)].map(format));
  /** Ports, which are there or not. */
  const ports =
    <T>(all: ReadonlyMap<string, T>, format: (port: T) => string[]): Verb =>
    (command) => {
      const chosen = [...named(all, command, (aid) => aid.toUpperCase())];
      return chosen.length === 0 && !isAll(command) ? invalidAid() : completed(chosen.flatMap(format));
    };

  return [
    ['RTRV-VCG', listing(node.vcgs, vcgLine)],
    ['RTRV-SNC-STSPC', listing(node.sncs, sncLine)],
    ['RTRV-SNC-ROUTE', listing(node.sncs, sncRouteLine)],
    ['RTRV-CRS', listing(node.crss, crsLine)],
    ['RTRV-CRS-STSPC', listing(node.crss, crsLine)],
    ['RTRV-EFLOW', listing(node.eflows, eflowLine)],
    [
      'RTRV-GTP',
      (command) => {
        const gtps = [...named(node.gtps, command)];
        return gtps.length === 0 && !isAll(command) && profile.deniesAbsentGtp
          ? invalidAid()
          : list(gtps.map((gtp) => gtpLine(gtp, node)));
      },
    ],
    ['RTRV-STSPC', (command) => list(ctpLines(node, network, command))],
    ['RTRV-OCN', ports(node.ocPorts, (port) => [ocnLine(node, port, spanAt(port.aid))])],
    ['RTRV-GIGE', ports(node.ettps, (ettp) => [gigeLine(node, ettp)])],
    [
      'RTRV-MIB-GIGE',
      ports(node.ettps, ({ aid, received, sent }) => [
        counterLine(aid, 'RMON_OCTETS_RX', received),
        counterLine(aid, 'RMON_OCTETS_TX', sent),
      ]),
    ],
    [
      'RTRV-MIB-EFLOW',
      (command) => {
        const flows = [...named(node.eflows, command)].filter(({ collectsPm }) => collectsPm);
        return list(flows.map(({ name, inOctets }) => counterLine(name, 'INTF_IN_OCTETS', inOctets)));
      },
    ],
    [
      'RTRV-OSRP-NODE',
      () => completed(network.nodes.map((n, i) => osrpNodeLine(i + 1, n, localityOf(network, node, n)))),
    ],
    ['RTRV-OSRP-CTP', ports(node.ocPorts, (port) => [osrpCtpLine(node, port, spanAt(port.aid), delay)])],
    [
      'RTRV-OSRP-LTP',
      () => completed(linksSeen(network, node).map((l) => osrpLtpLine(l, delay, osrpWeight))),
    ],
    ['RTRV-OSRP-ROUTEMETRIC', () => completed(linksSeen(network, node).map((l) => osrpMetricLine(l, delay)))],
  ];
}

const isAll = (command: Command): boolean => ['', 'ALL'].includes(nameOf(command.aid).toUpperCase());

const list = (lines: readonly string[]): Answer =>
  lines.length === 0 ? completed([], [EMPTY]) : completed(lines);

function* named<T>(
  objects: ReadonlyMap<string, T>,
  command: Command,
  canonical: (name: string) => string = (name) => name,
): Iterable<T> {
  if (isAll(command)) yield* objects.values();
  else {
    const object = objects.get(canonical(unquote(nameOf(command.aid))));
    if (object !== undefined) yield object;
  }
}

/** Members of VCGs, then the time slots of spans that circuits have. */
function ctpLines(node: CienaNode, network: CienaNetwork, command: Command): string[] {
  const members = [...node.vcgs.values()].flatMap(({ ttp, slots, group }) =>
    slots.map((n) => ({ slot: slotAid(ttp, n), isAlive: group.stateOf(n) === 'active' })),
  );
  const spanSlots = [...node.crss.values()]
    .flatMap(({ pairs }) => pairs.flat())
    .filter((slot) => node.ocPorts.has(splitSlotAid(slot)?.port ?? ''))
    .map((slot) => {
      const place = splitSlotAid(slot);
      const span = place === null ? null : network.spanAt(node, place.port);
      return { slot, isAlive: span?.carries(place?.slot ?? 0) ?? false };
    });
  const wanted = nameOf(command.aid).toUpperCase();
  return [...members, ...spanSlots]
    .filter(({ slot }) => isAll(command) || slot === wanted)
    .map(({ slot, isAlive }) => ctpLine(node, slot, isAlive));
}

function localityOf(network: CienaNetwork, here: CienaNode, other: CienaNode): Locality {
  if (here === other) return 'LOCAL';
  const joins = network.spans.some(
    ({ a, b }) => (a.node === here && b.node === other) || (a.node === other && b.node === here),
  );
  return joins ? 'NEIGHBOR' : 'REMOTE';
}

/** Both ends of every span: OSRP tells every node of all links. */
function linksSeen(network: CienaNetwork, here: CienaNode): OsrpLink[] {
  return network.nodes.flatMap((node) =>
    [...node.ocPorts.keys()].flatMap((port) => {
      const span = network.spanAt(node, port);
      return span === null ? [] : [{ node, port, span, locality: localityOf(network, here, node) }];
    }),
  );
}
