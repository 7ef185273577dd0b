// Builds the plant of a scenario, records what happens in it, and lets the data links ride on its light: a
// link is up while both its hosts receive each other at the transceivers they have selected, with the delay of
// the fibres that the light really took.

import { families } from '../../emulators/families.ts';
import { Plant, type PlantObserver, type PlantPoint } from '../../emulators/plant.ts';
import { metres } from '../core/quantity.ts';
import { hostOf, terminalOf, terminalsOfHost } from './host-line.ts';
import { dataLinkDelay } from './machines.ts';
import type { DataLink, FibreEnd, Scenario } from './schema.ts';
import { Selector } from './selector.ts';
import type { World } from './worlds/world.ts';

/** `changed` is told of each terminal that has lost its light, or has it again, after the links that ride on it. */
export function buildPlant(world: World, scenario: Scenario, changed: (terminal: string) => void): Plant {
  const plant = new Plant({ clock: world.clock, observer: observe(world, scenario, changed) });
  for (const device of scenario.switches) {
    const family = families[device.family];
    plant.addSwitch(device.name, {
      ports: family.portLabels(device.ports),
      insertionLoss: device.insertionLoss ?? family.insertionLoss,
    });
  }
  for (const { name, transceiver } of scenario.hosts) {
    if (transceiver === undefined) continue;
    const { power, sensitivity, powerOn } = transceiver;
    for (const terminal of terminalsOfHost(scenario, name))
      plant.addTerminal(terminal, { launchPower: power, sensitivity, powerOnDelay: powerOn });
  }
  for (const fibre of scenario.fibres) {
    const [a, b] = fibre.between;
    plant.addFibre(fibre.name, { a: pointOf(a), b: pointOf(b), length: fibre.length, loss: fibre.loss });
  }
  return plant;
}

const pointOf = (end: FibreEnd): PlantPoint =>
  end.kind === 'host'
    ? { node: terminalOf(end.host, end.line), port: 'line' }
    : { node: end.switchName, port: end.port };

function observe(world: World, scenario: Scenario, changed: (terminal: string) => void): PlantObserver {
  const onLight = scenario.dataLinks.filter(({ circuit }) => circuit === undefined);
  const ends = onLight.flatMap((link) => linkEnds(world, scenario, link));
  return {
    fibreCut: (fibre, direction) => world.record('fibre.cut', { fibre, direction }),
    fibreRepaired: (fibre, direction) => world.record('fibre.repaired', { fibre, direction }),
    crossConnected: (name, input, output) =>
      world.record('switch.connected', { switch: name, input, output }),
    disconnected: (name, input, output) =>
      world.record('switch.disconnected', { switch: name, input, output }),
    lightLost: (terminal) => {
      world.record('light.lost', { terminal });
      for (const { selector } of ends) selector.lost(terminal);
      changed(terminal);
    },
    lightRestored: (terminal, from, length) => {
      world.record('light.restored', { terminal, from, length_m: length });
      for (const { far, selector } of ends) if (far === hostOf(from)) selector.restored(terminal, length);
      changed(terminal);
    },
  };
}

interface LinkEnd {
  /** The host whose light counts. */
  readonly far: string;
  readonly selector: Selector;
}

/** Both ends of a data link; it follows what they select. */
function linkEnds(world: World, scenario: Scenario, link: DataLink): readonly LinkEnd[] {
  const ends: readonly LinkEnd[] = link.between.map((host, i) => ({
    far: link.between[1 - i] ?? '',
    selector: new Selector({
      clock: world.clock,
      terminals: terminalsOfHost(scenario, host),
      time: scenario.network.selectionTime,
      changed: () => {
        recordSelected(world, scenario, link.name, ends[i]);
        setDataLink(world, link, ends);
      },
    }),
  }));
  return ends;
}

/** Where there is something to select from. */
function recordSelected(world: World, scenario: Scenario, link: string, end: LinkEnd | undefined): void {
  const terminal = end?.selector.selected?.terminal;
  if (terminal === undefined || terminalsOfHost(scenario, hostOf(terminal)).length < 2) return;
  world.record('receiver.selected', { link, terminal });
}

function setDataLink(world: World, link: DataLink, ends: readonly LinkEnd[]): void {
  const selected = ends.map(({ selector }) => selector.selected);
  const isUp = selected.every((light) => light !== null);
  const before = world.links.link(link.name);
  // Both ways of a duplex path have the same fibres; where they differ, the longer one bounds the round trip.
  const longest = metres(Math.max(...selected.map((light) => light?.length ?? 0)));
  const delay = isUp ? dataLinkDelay(link, longest) : before.delay;
  if (before.isUp === isUp && before.delay === delay) return;
  world.links.setLink(link.name, { isUp, delay });
  world.record(isUp ? 'link.up' : 'link.down', { link: link.name, delay_ns: delay });
}
