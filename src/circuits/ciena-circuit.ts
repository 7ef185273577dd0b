// What the nodes' inventories say of a circuit, and what a new one may take of them. Pure. Everything of a circuit
// bears its name: `c1` the VCGs, `c1-1` to `c1-4` GTPs and SNCs or CRSs, `c1-IN` and `c1-OUT` the EFLOWs.

import type { Inventory } from './ciena-node.ts';
import type { Vcg } from './ciena-objects.ts';
import { FAR, type ObjectKey, type PlannedEnd, ttpOf, vcgNames } from './ciena-plan.ts';
import type {
  Circuit,
  CircuitBandwidth,
  CircuitOutcome,
  CircuitPort,
  CircuitRequest,
} from './circuit-service.ts';
import { freeSlots, rateOf, sts1For } from './sts.ts';

export type Refused = Extract<CircuitOutcome, { kind: 'refused' }>;
/** By node. */
export type Inventories = ReadonlyMap<string, Inventory>;

export const refused = (reason: string, errorCode = ''): Refused => ({ kind: 'refused', errorCode, reason });

/** Time slots for both ends: those of a VCG that is there already, otherwise the next that are free, from `first` on. */
export function choose(
  request: CircuitRequest,
  inventories: Inventories,
  first = 1,
): [PlannedEnd, PlannedEnd] | Refused {
  const count = sts1For(request.rate);
  const names = vcgNames(request);
  const chosen: PlannedEnd[] = [];
  for (const [i, { node, port }] of request.ends.entries()) {
    const vcgs = inventories.get(node)?.vcgs ?? [];
    const vcg = names[i] as string;
    const own = vcgs.find(({ name }) => name === vcg);
    if (own !== undefined && (own.port !== port || own.slots.length !== count))
      return refused(`${node} has a circuit ${request.name} with another port or rate`, 'SRAC');
    const taken = new Set(vcgs.filter(({ ttp }) => ttp === ttpOf(port)).flatMap(({ slots }) => slots));
    for (const end of chosen)
      if (end.node === node && ttpOf(end.port) === ttpOf(port)) for (const slot of end.slots) taken.add(slot);
    const slots = own?.slots ?? freeSlots(taken, count, first);
    if (slots === null) return refused(`${node} has fewer than ${count} free time slots at ${port}`, 'SARB');
    chosen.push({ node, port, vcg, slots });
  }
  return chosen as [PlannedEnd, PlannedEnd];
}

/** Whether a VCG is an end of the circuit, at a node with these VCGs. */
export const isEnd = (vcg: string, circuit: string, vcgs: readonly Vcg[]): boolean =>
  vcg === circuit || (vcg === `${circuit}${FAR}` && vcgs.some(({ name }) => name === circuit));

/** The name of the circuit, of a VCG of this driver's. */
export const nearName = (vcg: string): string => (vcg.endsWith(FAR) ? vcg.slice(0, -FAR.length) : vcg);

/** The circuit that a VCG of a node is an end of. */
export function nameOf(vcg: string, node: string, inventories: Inventories): string {
  const circuit = nearName(vcg);
  return isEnd(vcg, circuit, inventories.get(node)?.vcgs ?? []) ? circuit : vcg;
}

/** The first object of the circuit that is locked. */
export function lockedObject(circuit: string, inventories: Inventories): string | null {
  for (const { node, kind, name } of objectsOf(circuit, inventories)) {
    const { vcgs = [], sncs = [], crss = [] } = inventories.get(node) ?? {};
    const list = kind === 'vcg' ? vcgs : kind === 'snc' ? sncs : kind === 'crs' ? crss : [];
    if (list.some((object) => object.name === name && object.isLocked)) return `${node}: ${kind} ${name}`;
  }
  return null;
}

/** Everything at the nodes that a circuit of this name is made of. DTLs cannot be seen, so they go with the SNCs. */
export function objectsOf(circuit: string, inventories: Inventories): ObjectKey[] {
  const keys: ObjectKey[] = [];
  for (const [node, { vcgs, gtps, sncs, crss, eflows }] of inventories) {
    const add = (
      kind: ObjectKey['kind'],
      objects: readonly { readonly name: string }[],
      form: RegExp,
    ): void => {
      for (const { name } of objects)
        if (name.startsWith(circuit) && form.test(name.slice(circuit.length)))
          keys.push({ node, kind, name });
    };
    add('vcg', vcgs, /^(\.far)?$/);
    add('gtp', gtps, /^(\.far)?-[1-4]$/);
    add('snc', sncs, /^-[1-4]$/);
    add('crs', crss, /^-[1-4]$/);
    add('eflow', eflows, /^(\.far)?-(IN|OUT)$/);
    const hasRoute = sncs.some(({ name }) => name === `${circuit}-1`);
    if (hasRoute)
      keys.push(
        { node, kind: 'dtl', name: `${circuit}-dtl` },
        { node, kind: 'dtl-set', name: `${circuit}-dtlset` },
      );
  }
  return keys;
}

export function describe(name: string, inventories: Inventories): Circuit {
  const ends: (CircuitPort & { readonly vcg: Vcg })[] = [];
  for (const [node, { vcgs }] of inventories)
    for (const vcg of vcgs) if (isEnd(vcg.name, name, vcgs)) ends.push({ node, port: vcg.port, vcg });
  const hasFlows = ends.every(({ node, port, vcg }) => {
    const flows = inventories.get(node)?.eflows ?? [];
    const goes = (from: string, to: string): boolean =>
      flows.some(
        (flow) =>
          flow.from.toUpperCase() === from.toUpperCase() && flow.to.toUpperCase() === to.toUpperCase(),
      );
    return goes(port, vcg.name) && goes(vcg.name, port);
  });
  const connected = ends.some(({ node, vcg }) => isWired(vcg, inventories.get(node)));
  return {
    name,
    ends: ends.map(({ node, port }) => ({ node, port })),
    ...bandwidthOf(ends.map(({ vcg }) => vcg)),
    isWhole: ends.length === 2 && hasFlows && connected,
  };
}

/** Whether every member is in a GTP that an SNC or a CRS begins at. */
function isWired({ name, slots }: Vcg, inventory: Inventory | undefined): boolean {
  if (inventory === undefined) return false;
  const { gtps, sncs, crss } = inventory;
  const used = gtps.filter(
    (gtp) =>
      sncs.some((snc) => snc.gtp === gtp.name) ||
      crss.some(({ from, to }) => from === gtp.name || to === gtp.name),
  );
  const ctps = new Set(used.flatMap((gtp) => gtp.ctps));
  return slots.every((slot) => ctps.has(`${name}-CTP-${slot}`));
}

export function bandwidthOf(vcgs: readonly Vcg[]): CircuitBandwidth {
  const least = (of: (vcg: Vcg) => number): number => (vcgs.length === 0 ? 0 : Math.min(...vcgs.map(of)));
  return {
    provisioned: rateOf(least((v) => v.provisioned)),
    operational: rateOf(least((v) => v.operational)),
  };
}
