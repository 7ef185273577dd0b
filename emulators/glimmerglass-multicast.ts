// Multicast ports of a Glimmerglass: they stand above the licensed ports and are named MC-<group>-<leg>
// (cloudshell-L1-glimmerglass, Pynt). No source says how they work; here [I] the light sent to the first
// output of a group is split to all inputs of the group, each of which can then be connected on.

import { type Db, db } from '../src/core/quantity.ts';
import { attenuated } from './light.ts';
import type { PlantSwitch } from './plant-switch.ts';

/** [U] how many legs a group has. */
const LEGS = 4;
/** [I] a split into four is 6 dB, and something for the splitter itself. */
const SPLIT_LOSS: Db = db(7);

export class MulticastPorts {
  readonly #first: number;

  /** The last `count` ports of `optics`; they must not have fibres. */
  constructor(optics: PlantSwitch, count: number) {
    this.#first = optics.ports.length - count + 1;
    const ports = optics.ports.slice(this.#first - 1);
    for (let at = 0; at < ports.length; at += LEGS) {
      const legs = ports.slice(at, at + LEGS);
      optics.attach(legs[0] ?? '', (light) => {
        for (const leg of legs) optics.receive(leg, attenuated(light, SPLIT_LOSS));
      });
    }
  }

  /** `MC-1-1`, or null for a port that is none of these. */
  nameOf(port: string): string | null {
    const nth = Number(port) - this.#first;
    return nth < 0 ? null : `MC-${Math.floor(nth / LEGS) + 1}-${(nth % LEGS) + 1}`;
  }
}
