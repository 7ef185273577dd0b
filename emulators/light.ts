// Light at one point of the plant: how strong, whose it is and how far it has come. The identity of the
// transmitter is for the observer only; no device can tell whose light it sees.

import { type Db, type Dbm, dbm, type Metres, metres } from '../src/core/quantity.ts';

export interface Light {
  readonly power: Dbm;
  /** The terminal whose transmitter made it; null in the dark. */
  readonly source: string | null;
  /** Fibre passed since the transmitter. */
  readonly length: Metres;
  /** Fibres and mirrors passed, so that light caught in a ring without loss ends. */
  readonly passes: number;
}

/** What a power monitor shows in the dark. Glimmerglass samples lie between -48 and -52 dBm (MonALISA, cloudshell-L1-glimmerglass). */
export const DARK_POWER = dbm(-50);

export const DARK: Light = { power: DARK_POWER, source: null, length: metres(0), passes: 0 };

/** No light path has a thousand elements; only light caught in a ring does. */
const passesMax = 1000;

export const transmitted = (source: string, power: Dbm): Light =>
  power <= DARK_POWER ? DARK : { power, source, length: metres(0), passes: 0 };

/** The light after one element with `loss`; below the monitors' floor it is dark. */
export function attenuated(light: Light, loss: Db, length: Metres = metres(0)): Light {
  if (light.source === null || light.passes >= passesMax) return DARK;
  const power = dbm(light.power - loss);
  if (power <= DARK_POWER) return DARK;
  return { power, source: light.source, length: metres(light.length + length), passes: light.passes + 1 };
}

export const isSameLight = (a: Light, b: Light): boolean =>
  a.power === b.power && a.source === b.source && a.length === b.length && a.passes === b.passes;
