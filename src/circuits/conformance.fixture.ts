// What the conformance suite needs of the nodes: two of them with two Ethernet ports each, joined by two spans, and
// ways to make spans and replies fail. The driver is on the platform of whoever uses it.

import { type CienaProfile, cienaDefaults, cienaNodeDefaults } from '../../emulators/ciena.ts';
import { CienaNetwork } from '../../emulators/ciena-network.ts';
import { type CommandRule, CommandRules, forVerbs } from '../../emulators/command-rules.ts';
import { type Duration, ms, seconds } from '../core/time.ts';
import type { Address, Clock, Platform } from '../platform/platform.ts';
import { CienaCircuits } from './ciena.ts';
import type { CienaNodeOptions, CircuitTimings } from './ciena-node.ts';
import type { CircuitFixture } from './circuit-service.conformance.ts';

export const NODES = ['CHGO', 'NYCY'] as const;
const LOGIN = { user: 'op', password: 'secret' };
/** Long for these nodes; a lost reply costs so much. */
const CHANGE_LIMIT: Duration = ms(100);

const SHORT = { changeLimit: CHANGE_LIMIT, retrieveLimit: seconds(2) };

export interface CienaPair {
  readonly network: CienaNetwork;
  /** Of both nodes. */
  readonly rules: CommandRules;
  profile(node: string): CienaProfile;
}

export function cienaPair(
  clock: Pick<Clock, 'now' | 'timer'>,
  manners: Partial<CienaProfile> = {},
): CienaPair {
  const network = new CienaNetwork({ clock, timings: { signallingPerNode: ms(2) } });
  for (const name of NODES) network.addNode(name, { ...cienaNodeDefaults, lcasTimerUnit: ms(10) });
  for (const [i, port] of ['1-A-1-1', '1-A-2-1'].entries())
    network.addSpan(`span-${i + 1}`, { a: { node: 'CHGO', port }, b: { node: 'NYCY', port } });
  const rules = new CommandRules();
  const profile = (node: string): CienaProfile => ({
    ...cienaDefaults(node),
    users: [LOGIN],
    commandTime: ms(1),
    alarmLatency: ms(5),
    rules,
    ...manners,
  });
  return { network, rules, profile };
}

/** A driver of both nodes. */
export function driverOf(
  { clock, network, log }: Platform,
  address: (node: string) => Address,
  timings: Partial<CircuitTimings>,
  sessionTimings: NonNullable<CienaNodeOptions['sessionTimings']> = {},
): CienaCircuits {
  const usual = { clock, network, log, login: LOGIN, timings, sessionTimings };
  return new CienaCircuits({
    name: 'lab',
    nodes: NODES.map((name) => ({ name, address: address(name), ...usual })),
  });
}

export function fixture(
  { network, rules }: CienaPair,
  platform: Platform,
  address: (node: string) => Address,
  service = driverOf(platform, address, SHORT),
): CircuitFixture {
  const spans = network.spans.map(({ name }) => name);
  return {
    service,
    clock: platform.clock,
    ends: [
      { node: 'CHGO', port: '1-A-3-1-1' },
      { node: 'NYCY', port: '1-A-3-1-1' },
    ],
    neighbour: { node: 'CHGO', port: '1-A-3-1-2' },
    absentPort: '1-A-9-1-1',
    secondRoute: [{ node: 'CHGO', link: '9' }],
    carried: (name) => network.circuits().find((circuit) => circuit.name === name)?.rate ?? null,
    failMember: () => network.failSlot('span-1', 1),
    mendMember: () => network.repairSlot('span-1', 1),
    cutFirst: () => network.cut('span-1'),
    cutAll: () => {
      for (const span of spans) network.cut(span);
    },
    repairAll: () => {
      for (const span of spans) network.repair(span);
    },
    loseReplies: (times) => rules.add(changesOnly({ kind: 'act-but-lose-reply' }, times)),
    dropCommands: (times) => rules.add(changesOnly({ kind: 'never-answer' }, times)),
  };
}

/** Whatever enters, edits or deletes; each command of a kind is lost so often. */
function changesOnly(verdict: Parameters<typeof forVerbs>[1], times: number): CommandRule {
  const seen = new Map<string, CommandRule>();
  return (command) => {
    const verb = command.verb.toUpperCase();
    if (!/^(ENT|ED|DLT)-/.test(verb)) return { kind: 'pass' };
    const rule = seen.get(verb) ?? forVerbs([verb], verdict, times);
    seen.set(verb, rule);
    return rule(command);
  };
}
