// Which TCP ports emulated devices listen at. A device keeps the distances between the ports of its family: a
// Calient's raw port is one below its port with a prompt.

import { UsageError } from './exit-code.ts';

export interface PortWish {
  readonly name: string;
  /** The family's own, first listener first. */
  readonly familyPorts: readonly number[];
  /** For the first listener; 0 for any free ones. Null: the next in turn. */
  readonly first: number | null;
}

const PORT_MAX = 65_535;

/** Ports for each device, in order; those without a wish follow one another from `from` on, or are any free ones if that is 0. */
export function assignPorts(devices: readonly PortWish[], from: number): readonly (readonly number[])[] {
  const taken = new Map<number, string>();
  const fixed = devices.map((device) => {
    const ports = wishedPorts(device);
    if (device.first !== 0) for (const port of ports ?? []) take(port, device.name, taken);
    return ports;
  });
  let next = from;
  return devices.map(({ name, familyPorts }, i) => {
    const wished = fixed[i] ?? null;
    if (wished !== null) return wished;
    if (from === 0) return familyPorts.map(() => 0);
    const lowest = Math.min(...familyPorts);
    let ports = familyPorts.map((port) => port - lowest + next);
    while (ports.some((port) => taken.has(port))) {
      next++;
      ports = familyPorts.map((port) => port - lowest + next);
    }
    for (const port of ports) take(port, name, taken);
    next = Math.max(...ports) + 1;
    return ports;
  });
}

function wishedPorts({ familyPorts, first }: PortWish): readonly number[] | null {
  if (first === null) return null;
  return familyPorts.map((port) => (first === 0 ? 0 : port - (familyPorts[0] ?? 0) + first));
}

function take(port: number, name: string, taken: Map<number, string>): void {
  const other = taken.get(port);
  if (other !== undefined)
    throw new UsageError(`TCP port ${port} is wanted by both ${other} and ${name}: give one of them another`);
  if (port < 1 || port > PORT_MAX)
    throw new UsageError(`${name} would listen at TCP port ${port}: ports go from 1 to ${PORT_MAX}`);
  taken.set(port, name);
}
