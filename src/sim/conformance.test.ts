// The virtual world, held to the same promises as the machine's own clock, network and files.

import { clockConformance } from '../platform/clock.conformance.ts';
import { networkConformance } from '../platform/network.conformance.ts';
import type { PairFixture } from '../platform/pair.fixture.ts';
import { randomConformance } from '../platform/random.conformance.ts';
import { storeConformance } from '../platform/store.conformance.ts';
import { smallWorld } from './world.fixture.ts';

const fixture: PairFixture = {
  name: 'sim',
  run: (body) => {
    const { world, drive } = smallWorld({ nodes: ['left', 'router', 'right'] });
    const left = world.machine('left');
    const right = world.machine('right');
    return drive(() => left.run((platform) => body({ left: platform, right: right.platform })));
  },
};

clockConformance(fixture);
randomConformance(fixture);
storeConformance(fixture);
networkConformance(fixture);
