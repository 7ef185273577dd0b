// The timeline: actions name what exists, happen within the run, and make sense one after the other.

import { formatBytes } from '../core/quantity.ts';
import { LIMITS } from '../transfer/messages.ts';
import { circuitTarget } from './check-circuits.ts';
import { checkFaultAction, isFaultAction } from './check-faults.ts';
import { checkOperatorAction, isOperatorAction } from './check-operator.ts';
import { checkRequest } from './check-request.ts';
import type { WrittenScenario } from './grammar.ts';
import { controlInterface } from './machines.ts';
import { checkReference, namesOf, type Target } from './reference.ts';
import { agentMachine, machinesOf } from './schema.ts';
import type { FaultActions } from './schema-faults.ts';
import type { OperatorAction } from './schema-operator.ts';
import type { Action, CrashAction, TimelineEntry, TransferAction } from './schema-timeline.ts';
import { show } from './shape.ts';
import type { Path, ScenarioSource } from './source.ts';

export function checkTimeline(s: WrittenScenario, source: ScenarioSource): void {
  const targets = targetsOf(s);
  const entries = s.timeline.map((entry, i) => ({ ...entry, path: ['timeline', i] as Path }));
  for (const { at, action, path } of entries) {
    if (at > s.duration && !source.isUnread(['duration']))
      source.complain([...path, 'at'], {
        found: 'a time after the end of the run',
        expected: `at most the duration in line ${source.position(['duration']).line}`,
      });
    if (isFaultAction(action)) checkFaultAction(action, [...path, action.kind], s, source);
    else if (isOperatorAction(action)) checkOperatorAction(action, [...path, action.kind], s, source);
    else checkNamesIn(action, [...path, action.kind], targets, source);
    if (action.kind === 'request') checkRequest(s, action, [...path, 'request'], source);
  }
  checkOrder(
    [...entries].sort((a, b) => a.at - b.at),
    source,
  );
}

interface Targets {
  readonly host: Target;
  readonly fibre: Target;
  readonly span: Target;
  readonly circuit: Target;
  readonly agent: Target;
  readonly path: Target;
  readonly machine: Target;
}

const targetsOf = (s: WrittenScenario): Targets => ({
  host: { what: 'a host', names: namesOf(s.hosts), sections: ['hosts'] },
  fibre: { what: 'a fibre', names: namesOf(s.fibres), sections: ['fibres'] },
  span: { what: 'a span', names: namesOf(s.spans), sections: ['spans'] },
  circuit: circuitTarget(s),
  agent: { what: 'a switch', names: namesOf(s.switches), sections: ['switches'] },
  path: {
    what: 'a path requested in the timeline',
    names: requestedPaths(s),
    sections: ['timeline'],
    isWithin: true,
  },
  machine: {
    what: 'a machine',
    names: [...machinesOf(s), ...daemonMachines(s)],
    sections: ['hosts', 'switches', 'circuit-nodes'],
  },
});

/** Where the daemons of hosts run. */
const daemonMachines = (s: WrittenScenario): readonly string[] =>
  s.hosts.flatMap(({ name, daemon }) => (daemon === undefined ? [] : [controlInterface(name)]));

export const requestedPaths = (s: Pick<WrittenScenario, 'timeline'>): readonly string[] =>
  s.timeline.flatMap(({ action }) => (action.kind === 'request' && action.path !== '' ? [action.path] : []));

type PlainAction = Exclude<Action, FaultActions | OperatorAction>;

function checkNamesIn(action: PlainAction, path: Path, targets: Targets, source: ScenarioSource): void {
  const check = (key: string, name: string, target: Target) =>
    checkReference(name, [...path, key], target, source);
  switch (action.kind) {
    case 'request':
    case 'transfer': {
      const areKnown = [check('from', action.from, targets.host), check('to', action.to, targets.host)];
      if (areKnown.every(Boolean) && action.from === action.to)
        source.complain([...path, 'to'], { found: `${show(action.to)} twice`, expected: 'another host' });
      if (action.kind === 'transfer') checkBlocks(action, path, source);
      if (action.kind === 'request' && action.agent !== '') check('agent', action.agent, targets.agent);
      return;
    }
    case 'confirm':
    case 'release':
      check('path', action.path, targets.path);
      return;
    case 'cut':
    case 'repair':
      if ('span' in action) check('span', action.span, targets.span);
      else check('fibre', action.fibre, targets.fibre);
      return;
    case 'create-circuit':
      check('from', action.from, targets.host);
      check('to', action.to, targets.host);
      return;
    case 'delete-circuit':
      check('circuit', action.circuit, targets.circuit);
      return;
    case 'crash':
    case 'restart':
      if (!check('machine', action.machine, targets.machine)) return;
      if (action.kind === 'crash' && action.disk === 'lost') checkDiskOf(action, path, targets, source);
  }
}

/** What a host has on its disk is for its transfers, and a switch remembers by itself. */
function checkDiskOf({ machine }: CrashAction, path: Path, { agent }: Targets, source: ScenarioSource): void {
  if (agent.names.some((name) => agentMachine(name) === machine)) return;
  source.complain([...path, 'disk'], {
    found: `the disk of "${machine}" is lost`,
    expected: "only an agent's disk can be: that of a machine `<switch>-agent`",
  });
}

function checkBlocks(action: TransferAction, path: Path, source: ScenarioSource): void {
  const count = Math.ceil(action.size / action.files / action.block) * action.files;
  if (count > LIMITS.blocksMax && !source.isSuspect(path))
    source.complain([...path, 'size'], {
      found: `${count} blocks of ${formatBytes(action.block)}`,
      expected: `at most ${LIMITS.blocksMax} blocks: a smaller size, or larger blocks`,
    });
}

const UNDOES = {
  repair: 'cut',
  restart: 'crash',
  release: 'request',
  light: 'dark',
  'delete-circuit': 'create-circuit',
  thaw: 'freeze',
  'end-maintenance': 'maintain',
} as const;

const isUndoing = (kind: Action['kind']): kind is keyof typeof UNDOES => kind in UNDOES;

/** A repair follows a cut of that fibre or span, a restart a crash, a release a request, light a dark, a thaw a freeze, a deletion a creation. */
function checkOrder(
  entries: readonly (TimelineEntry & { readonly path: Path })[],
  source: ScenarioSource,
): void {
  // An entry that could not be read may be the one that is missed.
  const areSuspect = source.isSuspect(['timeline']);
  const done = new Set<string>();
  for (const { action, path } of entries) {
    const subject = subjectOf(action);
    done.add(`${action.kind} ${subject}`);
    const { kind } = action;
    if (!isUndoing(kind)) continue;
    const before = UNDOES[kind];
    if (done.has(`${before} ${subject}`) || areSuspect) continue;
    source.complain([...path, kind], {
      found: `a ${kind} of "${subject}" with no ${before} before it`,
      expected: `a ${before} of "${subject}" at an earlier time`,
    });
  }
}

function subjectOf(action: Action): string {
  if (action.kind === 'maintain' || action.kind === 'end-maintenance')
    return action.fibre ?? action.switch ?? '';
  if ('fibre' in action) return action.fibre;
  if ('span' in action) return action.span;
  if ('circuit' in action) return action.circuit;
  if ('machine' in action) return action.machine;
  if ('host' in action) return action.host;
  if ('path' in action) return action.path;
  return 'name' in action ? action.name : '';
}
