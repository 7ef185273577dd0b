// Fibres: each end is a port that exists, or a host's transceiver, and no end has two fibres.

import { families } from '../../emulators/families.ts';
import type { WrittenScenario } from './grammar.ts';
import { terminalOf } from './host-line.ts';
import { checkReference, isAmong, namesOf, type Target } from './reference.ts';
import type { FibreEnd } from './schema.ts';
import { show } from './shape.ts';
import type { Path, ScenarioSource } from './source.ts';
import { nearMiss } from './suggest.ts';

export function checkFibres(s: WrittenScenario, source: ScenarioSource): void {
  const taken = new Map<string, Path>();
  for (const fibre of s.fibres) {
    for (const [i, end] of fibre.between.entries()) {
      const path = ['fibres', fibre.name, 'between', i];
      if (!checkEnd(end, path, s, source)) continue;
      const other = taken.get(formatEnd(end));
      if (other === undefined) taken.set(formatEnd(end), path);
      else complainOfUse(end, path, other, source);
    }
  }
}

/** As the file writes it. */
const formatEnd = (end: FibreEnd): string =>
  end.kind === 'host' ? terminalOf(end.host, end.line) : `${end.switchName}/${end.port}`;

function complainOfUse(end: FibreEnd, path: Path, other: Path, source: ScenarioSource): void {
  const line = source.position(other).line;
  source.complain(path, {
    found: `"${formatEnd(end)}" again`,
    expected: `a ${end.kind === 'host' ? 'transceiver' : 'port'} without a fibre: "${String(other[1])}" in line ${line} ends there`,
  });
}

function checkEnd(end: FibreEnd, path: Path, s: WrittenScenario, source: ScenarioSource): boolean {
  const switches: Target = { what: 'a switch', names: namesOf(s.switches), sections: ['switches'] };
  if (end.kind === 'port')
    return checkReference(end.switchName, path, switches, source) && checkPort(end, path, s, source);
  if (isAmong(end.host, switches.names)) {
    source.complain(path, {
      found: `${show(end.host)}, a switch without a port`,
      expected: `"${end.host}/port"`,
    });
    return false;
  }
  const target: Target = { what: 'a host', names: namesOf(s.hosts), sections: ['hosts', 'switches'] };
  return checkReference(end.host, path, target, source);
}

type Device = WrittenScenario['switches'][number];

/** Made once for each switch, which may have a thousand. */
const knownLabels = new WeakMap<Device, readonly string[]>();

function labelsOf(device: Device): readonly string[] {
  const known = knownLabels.get(device) ?? families[device.family].portLabels(device.ports);
  knownLabels.set(device, known);
  return known;
}

function checkPort(
  end: FibreEnd & { readonly kind: 'port' },
  path: Path,
  s: WrittenScenario,
  source: ScenarioSource,
): boolean {
  const device = s.switches.find((w) => w.name === end.switchName);
  if (device === undefined || source.isSuspect(['switches', device.name])) return false;
  const labels = labelsOf(device);
  if (isAmong(end.port, labels)) return true;
  const suggestion = nearMiss(end.port, labels);
  source.complain(path, {
    found: `${show(formatEnd(end))}, a port that ${device.name} does not have`,
    expected: `a port from ${labels[0]} to ${labels.at(-1)} of this ${device.family} with ${labels.length} ports`,
    suggestion: suggestion === null ? null : `"${device.name}/${suggestion}"`,
  });
  return false;
}
