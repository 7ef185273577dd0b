// What can be asked of CD/CI nodes: a request in the form of their names, before any of them is spoken to.

import { FAR, ROUTE_STEPS_MAX } from './ciena-plan.ts';
import type { CircuitPort, CircuitRequest } from './circuit-service.ts';
import { SLOTS_MAX, sts1For } from './sts.ts';

const NAME = /^[A-Za-z0-9_.-]{1,32}$/;
const AID = /^[A-Za-z0-9]+(-[A-Za-z0-9]+)+$/;
const VLAN_MAX = 4094;

/** Whether this driver makes objects that are called so. */
export const isName = (text: string): boolean => NAME.test(text);

/** Ports as the nodes write them. */
export const upperPorts = (request: CircuitRequest): CircuitRequest => {
  const [a, b] = request.ends;
  const upper = (end: CircuitPort): CircuitPort => ({ ...end, port: end.port.toUpperCase() });
  return { ...request, ends: [upper(a), upper(b)] };
};

/** What is wrong with it, or null. */
export const problemOf = (request: CircuitRequest, isNode: (name: string) => boolean): string | null =>
  nameProblem(request) ?? endsProblem(request, isNode) ?? routeProblem(request) ?? vlanProblem(request);

function nameProblem({ name, rate }: CircuitRequest): string | null {
  if (!isName(name) || name.endsWith(FAR)) return `"${name}" is no name for a circuit`;
  return rate > 0 && sts1For(rate) <= SLOTS_MAX ? null : `a circuit has 1 to ${SLOTS_MAX} STS-1`;
}

function endsProblem({ ends }: CircuitRequest, isNode: (name: string) => boolean): string | null {
  for (const { node, port } of ends) {
    if (!isNode(node)) return `node ${node} is not known`;
    if (!AID.test(port)) return `"${port}" is no port`;
  }
  const [a, b] = ends;
  const isOnePort = a.node === b.node && a.port.toUpperCase() === b.port.toUpperCase();
  return isOnePort ? 'both ends are one port' : null;
}

function routeProblem({ route = [] }: CircuitRequest): string | null {
  if (route.length > ROUTE_STEPS_MAX) return `a route has at most ${ROUTE_STEPS_MAX} steps`;
  const isWritable = route.every(({ node, link }) => isName(node) && /^\d+$/.test(link));
  return isWritable ? null : 'a route names nodes and numbers links';
}

function vlanProblem({ vlans }: CircuitRequest): string | null {
  if (vlans === undefined) return null;
  const { first, last } = vlans;
  const isRange =
    Number.isInteger(first) && Number.isInteger(last) && first >= 1 && first <= last && last <= VLAN_MAX;
  return isRange ? null : `VLAN ids are 1 to ${VLAN_MAX}`;
}
