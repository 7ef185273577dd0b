// The grammar of what is asked of a light path beyond its ends: how it is protected, and whether it goes back.

import type { Duration } from '../core/time.ts';
import { DISJOINT_KINDS, PROTECTION_KINDS, type Protection } from '../provisioning/protection.ts';
import { defaulted, record, required } from './record.ts';
import { oneOf, quantity } from './shape.ts';

export const protection = record<Protection>({
  kind: required(
    oneOf(PROTECTION_KINDS),
    '1+1: both routes lit; 1:1: the backup computed and held; shared: held beside those of paths that share no risk with it',
  ),
  disjoint: defaulted(
    oneOf(DISJOINT_KINDS),
    'edge',
    'what the two routes never share: fibres (edge), switches, too (node), or SRLGs',
  ),
});

/** 5 min: the wait-to-restore time of ITU-T G.873.1 (8.16, 5 to 12 min) and G.841. */
export const revert = record<{ readonly waitToRestore: Duration }>({
  waitToRestore: defaulted(
    quantity<Duration>('time'),
    '5 min',
    'how long the working route must have been whole',
  ),
});
