// Builds the plant of a scenario, records what happens in it, and lets the data links ride on its light: a
// link is up while both its transceivers receive each other, with the delay of the fibres that the light
// really took.

import { families } from '../../emulators/families.ts';
import { Plant, type PlantObserver, type PlantPoint } from '../../emulators/plant.ts';
import type { Metres } from '../core/quantity.ts';
import { dataLinkDelay } from './machines.ts';
import type { DataLink, FibreEnd, Scenario } from './schema.ts';
import type { World } from './worlds/world.ts';

export function buildPlant(world: World, scenario: Scenario): Plant {
  const plant = new Plant({ clock: world.clock, observer: observe(world, scenario) });
  for (const device of scenario.switches) {
    const family = families[device.family];
    plant.addSwitch(device.name, {
      ports: family.portLabels(device.ports),
      insertionLoss: device.insertionLoss ?? family.insertionLoss,
    });
  }
  for (const { name, transceiver } of scenario.hosts) {
    const { power, sensitivity, powerOn } = transceiver;
    plant.addTerminal(name, { launchPower: power, sensitivity, powerOnDelay: powerOn });
  }
  for (const fibre of scenario.fibres) {
    const [a, b] = fibre.between;
    plant.addFibre(fibre.name, { a: pointOf(a), b: pointOf(b), length: fibre.length, loss: fibre.loss });
  }
  return plant;
}

const pointOf = (end: FibreEnd): PlantPoint =>
  end.kind === 'host' ? { node: end.host, port: 'line' } : { node: end.switchName, port: end.port };

function observe(world: World, scenario: Scenario): PlantObserver {
  const lit = new Map<string, { from: string; length: Metres }>();
  const follow = (terminal: string): void => {
    for (const link of scenario.dataLinks) if (link.between.includes(terminal)) setDataLink(world, link, lit);
  };
  return {
    fibreCut: (fibre, direction) => world.record('fibre.cut', { fibre, direction }),
    fibreRepaired: (fibre, direction) => world.record('fibre.repaired', { fibre, direction }),
    crossConnected: (name, input, output) =>
      world.record('switch.connected', { switch: name, input, output }),
    disconnected: (name, input, output) =>
      world.record('switch.disconnected', { switch: name, input, output }),
    lightLost: (terminal) => {
      world.record('light.lost', { terminal });
      lit.delete(terminal);
      follow(terminal);
    },
    lightRestored: (terminal, from, length) => {
      world.record('light.restored', { terminal, from, length_m: length });
      lit.set(terminal, { from, length });
      follow(terminal);
    },
  };
}

function setDataLink(
  world: World,
  link: DataLink,
  lit: ReadonlyMap<string, { from: string; length: Metres }>,
): void {
  const [a, b] = link.between;
  const atA = lit.get(a);
  const atB = lit.get(b);
  const isUp = atA?.from === b && atB?.from === a;
  const before = world.links.link(link.name);
  // Both ways of a duplex path have the same fibres; where they differ, the longer one bounds the round trip.
  const longest = Math.max(atA?.length ?? 0, atB?.length ?? 0) as Metres;
  const delay = isUp ? dataLinkDelay(link, longest) : before.delay;
  if (before.isUp === isUp && before.delay === delay) return;
  world.links.setLink(link.name, { isUp, delay });
  world.record(isUp ? 'link.up' : 'link.down', { link: link.name, delay_ns: delay });
}
