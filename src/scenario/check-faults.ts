// What goes wrong in a timeline names what exists: devices and their ports, machines, hosts.

import { isOfOptics } from '../../emulators/device-fault.ts';
import { families } from '../../emulators/families.ts';
import { unreachable } from '../core/assert.ts';
import type { WrittenScenario } from './grammar.ts';
import { controlInterface } from './machines.ts';
import { checkReference, namesOf, type Target } from './reference.ts';
import { machinesOf } from './schema.ts';
import type { FaultAction, FaultActions, PacketsAction, PartitionAction } from './schema-faults.ts';
import type { Action } from './schema-timeline.ts';
import { show } from './shape.ts';
import type { Path, ScenarioSource } from './source.ts';
import { nearMiss } from './suggest.ts';

const KINDS: ReadonlySet<string> = new Set<FaultActions['kind']>([
  'fault',
  'packets',
  'partition',
  'reset',
  'clock',
  'dark',
  'light',
  'reboot',
  'connect',
  'disconnect',
]);

export const isFaultAction = (action: Action): action is FaultActions => KINDS.has(action.kind);

export function checkFaultAction(
  action: FaultActions,
  path: Path,
  s: WrittenScenario,
  source: ScenarioSource,
): void {
  switch (action.kind) {
    case 'fault':
    case 'reboot':
    case 'connect':
    case 'disconnect':
      return checkDevice(action, path, s, source);
    case 'packets':
      return checkPackets(action, path, s, source);
    case 'partition':
      return checkPartition(action, path, s, source);
    case 'reset':
      return checkEnds(action, path, s, source);
    case 'clock':
      return void checkReference(action.machine, [...path, 'machine'], machine(s), source);
    case 'dark':
    case 'light': {
      const host: Target = { what: 'a host', names: namesOf(s.hosts), sections: ['hosts'] };
      return void checkReference(action.host, [...path, 'host'], host, source);
    }
    default:
      return unreachable(action);
  }
}

/** Hosts have a second interface, on the control network, that packets come from. */
const machine = (s: WrittenScenario): Target => ({
  what: 'a machine',
  names: [...machinesOf(s), ...s.hosts.map((host) => controlInterface(host.name))],
  sections: ['hosts', 'switches'],
});

function checkDevice(
  action: Extract<FaultActions, { readonly device: string }>,
  path: Path,
  s: WrittenScenario,
  source: ScenarioSource,
): void {
  const device = action.kind === 'connect' || action.kind === 'disconnect' ? aSwitch(s) : anyDevice(s);
  if (!checkReference(action.device, [...path, 'device'], device, source)) return;
  if (action.kind === 'fault' && s.circuitNodes.some(({ name }) => name === action.device))
    return checkMirrorless(action, path, source);
  const check = (key: string, port: string): boolean =>
    checkPort(action.device, port, [...path, key], s, source);
  if (action.kind === 'fault' && action.port !== undefined) check('port', action.port);
  if (action.kind !== 'connect' && action.kind !== 'disconnect') return;
  const { input, output } = action;
  const areKnown = [check('input', input), check('output', output)];
  if (areKnown.every(Boolean) && input === output)
    source.complain([...path, 'output'], { found: `port ${output} twice`, expected: 'another port' });
}

const aSwitch = (s: WrittenScenario): Target => ({
  what: 'a switch',
  names: namesOf(s.switches),
  sections: ['switches'],
});

const anyDevice = (s: WrittenScenario): Target => ({
  what: 'a switch or a circuit node',
  names: [...namesOf(s.switches), ...namesOf(s.circuitNodes)],
  sections: ['switches', 'circuit-nodes'],
});

/** Of a circuit node. */
function checkMirrorless({ device, fault }: FaultAction, path: Path, source: ScenarioSource): void {
  if (!isOfOptics(fault) || source.isSuspect(path)) return;
  source.complain([...path, 'kind'], {
    found: `${fault.kind} at ${device}, a circuit node`,
    expected: 'a fault at commands: it has neither mirrors nor power monitors',
  });
}

function checkPort(
  name: string,
  port: string,
  path: Path,
  s: WrittenScenario,
  source: ScenarioSource,
): boolean {
  const device = s.switches.find((each) => each.name === name);
  if (port === '' || device === undefined || source.isSuspect(['switches', name])) return false;
  const labels = families[device.family].portLabels(device.ports);
  if (labels.includes(port)) return true;
  source.complain(path, {
    found: `port ${show(port)}, which ${name} does not have`,
    expected: `a port from ${labels[0]} to ${labels.at(-1)}`,
    suggestion: nearMiss(port, labels),
  });
  return false;
}

function checkEnds(
  ends: Pick<PacketsAction, 'from' | 'to'>,
  path: Path,
  s: WrittenScenario,
  source: ScenarioSource,
): void {
  for (const key of ['from', 'to'] as const) {
    const name = ends[key];
    if (name !== undefined) checkReference(name, [...path, key], machine(s), source);
  }
  if (!source.isSuspect(path) && ends.from !== undefined && ends.from === ends.to)
    source.complain([...path, 'to'], { found: `${show(ends.to)} twice`, expected: 'another machine' });
}

function checkPackets(action: PacketsAction, path: Path, s: WrittenScenario, source: ScenarioSource): void {
  checkEnds(action, path, s, source);
  if (source.isSuspect(path)) return;
  if (action.loss + action.duplicates > 1)
    source.complain([...path, 'duplicates'], {
      found: 'more packets than there are',
      expected: 'loss and duplicates of 100 % together at most',
    });
  if (action.loss + action.duplicates + action.delay + action.jitter === 0)
    source.complain(path, { found: 'packets as ever', expected: 'a loss, duplicates, a delay or a jitter' });
}

function checkPartition(
  { machines }: PartitionAction,
  path: Path,
  s: WrittenScenario,
  source: ScenarioSource,
): void {
  const where = [...path, 'machines'];
  const target = machine(s);
  for (const [i, name] of machines.entries()) {
    if (!checkReference(name, [...where, i], target, source) || machines.indexOf(name) === i) continue;
    source.complain([...where, i], { found: `${show(name)} twice`, expected: 'each machine once' });
  }
  if (source.isSuspect(path)) return;
  if (machines.length === 0 || target.names.every((name) => machines.includes(name)))
    source.complain(where, {
      found: machines.length === 0 ? 'no machine' : 'every machine',
      expected: 'some machines, and others that they cannot reach',
    });
}
