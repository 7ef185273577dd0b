// The transceivers of a host, called its lines: a fibre that ends at `host` ends at the first, one that ends at
// `host/2` at the second. A host has as many as its fibres name, all of one kind. In the plant each is a terminal.

import type { WrittenScenario } from './grammar.ts';
import { isAmong, namesOf } from './reference.ts';
import type { FibreEnd, Scenario } from './schema.ts';
import { show } from './shape.ts';
import type { ScenarioSource } from './source.ts';

/** More than the slots of any host: ours. */
const linesMax = 16;

/** What the plant and its records call a line. */
export const terminalOf = (host: string, line: number): string => (line === 1 ? host : `${host}/${line}`);

/** The host that a terminal of the plant belongs to. */
export const hostOf = (terminal: string): string => terminal.split('/')[0] ?? terminal;

/** One end of a fibre, at a host. */
export interface HostEnd {
  readonly fibre: string;
  readonly line: number;
  readonly far: FibreEnd;
}

/** Gathered once for each list of fibres: a scenario may have thousands of hosts. */
const gathered = new WeakMap<Scenario['fibres'], ReadonlyMap<string, readonly HostEnd[]>>();

/** The fibre ends at that host, in the order of the fibres. */
export function endsAtHost({ fibres }: Pick<Scenario, 'fibres'>, host: string): readonly HostEnd[] {
  const known = gathered.get(fibres) ?? gatherEnds(fibres);
  gathered.set(fibres, known);
  return known.get(host) ?? [];
}

function gatherEnds(fibres: Scenario['fibres']): ReadonlyMap<string, readonly HostEnd[]> {
  const found = new Map<string, HostEnd[]>();
  for (const { name, between } of fibres) {
    const [a, b] = between;
    for (const [end, far] of [
      [a, b],
      [b, a],
    ] as const) {
      if (end.kind !== 'host') continue;
      const ends = found.get(end.host) ?? [];
      found.set(end.host, ends);
      ends.push({ fibre: name, line: end.line, far });
    }
  }
  return found;
}

/** The terminals of a host, first line first. It has one, if no fibre says otherwise. */
export function terminalsOfHost(scenario: Pick<Scenario, 'fibres'>, host: string): readonly string[] {
  const lines = endsAtHost(scenario, host).map(({ line }) => line);
  return [...new Set([1, ...lines])].sort((a, b) => a - b).map((line) => terminalOf(host, line));
}

/** By fibre, the terminals that it ends at: for most none. */
export function terminalsOfFibres(
  scenario: Pick<Scenario, 'fibres'>,
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    scenario.fibres.map(({ name, between }) => [
      name,
      between.flatMap((end) => (end.kind === 'host' ? [terminalOf(end.host, end.line)] : [])),
    ]),
  );
}

/** The grammar takes `left/2` for a port of a switch: only the whole file says that left is a host. */
export function settleLines(written: WrittenScenario, source: ScenarioSource): WrittenScenario {
  const isHost = (name: string): boolean =>
    isAmong(name, namesOf(written.hosts)) && !isAmong(name, namesOf(written.switches));
  const settle = (end: FibreEnd, fibre: string, i: number): FibreEnd => {
    if (end.kind === 'host' || !isHost(end.switchName)) return end;
    const { switchName: host, port } = end;
    const line = /^[1-9]\d?$/.test(port) ? Number(port) : 0;
    if (line >= 1 && line <= linesMax) return { kind: 'host', host, line };
    source.complain(['fibres', fibre, 'between', i], {
      found: `${show(`${host}/${port}`)}, which is no transceiver of a host`,
      expected: `"${host}" for its first transceiver, "${host}/2" to "${host}/${linesMax}" for others`,
    });
    return { kind: 'host', host: '', line: 1 };
  };
  const fibres = written.fibres.map((fibre) => {
    const [a, b] = fibre.between;
    return { ...fibre, between: [settle(a, fibre.name, 0), settle(b, fibre.name, 1)] as const };
  });
  return { ...written, fibres };
}
