// The worlds by name.

import type { Scenario } from '../schema.ts';
import { LoopbackWorld } from './loopback.ts';
import { VirtualRunWorld } from './virtual.ts';
import type { World, WorldName, WorldOptions } from './world.ts';

export function openWorld(
  name: WorldName,
  options: WorldOptions & { readonly folder: string; readonly scenario: Pick<Scenario, 'network' | 'name'> },
): World {
  return name === 'virtual' ? new VirtualRunWorld(options) : new LoopbackWorld(options);
}
