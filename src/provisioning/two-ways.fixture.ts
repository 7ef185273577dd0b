// Two ways between two pairs of terminals, one of them longer, with some delay between the agents.

import { ms } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';

const MAP = {
  a: 'T1 S1 1',
  n1: 'S1 S2 300',
  n2: 'S2 S4 300',
  s1: 'S1 S3 500',
  s2: 'S3 S4 500',
  z: 'S4 T2 1',
  b: 'T3 S1 1',
  y: 'S4 T4 1',
};

/** The fibres from T1 to T2 by the shorter way. */
export const NORTH = ['a', 'n1', 'n2', 'z'];
export const SOUTH = ['a', 's1', 's2', 'z'];

export const twoWays = (): Bed => new Bed({ fibres: MAP, delay: ms(20) });
