// The states of a light path at its coordinator.
//
//   allocating -> lighting -> up -> locating -> moving -> lighting -> up ...
//                    any of them -> ended

export type LightPathState = 'allocating' | 'lighting' | 'up' | 'locating' | 'moving' | 'ended';

export const LIGHT_PATH_TRANSITIONS: Readonly<Record<LightPathState, readonly LightPathState[]>> = {
  allocating: ['lighting', 'ended'],
  lighting: ['up', 'locating', 'ended'],
  up: ['locating', 'moving', 'ended'],
  locating: ['up', 'moving', 'ended'],
  moving: ['lighting', 'ended'],
  ended: [],
};
