// The worlds by name.

import { claimAddressBlock } from '../../host/address-block.ts';
import type { Scenario } from '../schema.ts';
import { LoopbackWorld } from './loopback.ts';
import { VirtualRunWorld } from './virtual.ts';
import type { World, WorldName, WorldOptions } from './world.ts';

export async function openWorld(
  name: WorldName,
  options: WorldOptions & { readonly folder: string; readonly scenario: Pick<Scenario, 'network' | 'name'> },
): Promise<World> {
  if (name === 'virtual') return new VirtualRunWorld(options);
  return new LoopbackWorld(options, await claimAddressBlock());
}
