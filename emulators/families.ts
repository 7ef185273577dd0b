// The device families, so that whoever builds a plant needs no branch per family.

import { calient } from './calient.ts';
import { calientS } from './calient-s.ts';
import { glimmerglass } from './glimmerglass.ts';
import { polatis } from './polatis.ts';
import type { SwitchFamily } from './switch-family.ts';

const registry = { glimmerglass, calient, 'calient-s': calientS, polatis };

export type FamilyName = keyof typeof registry;

export const families: Readonly<Record<FamilyName, SwitchFamily>> = registry;
