// The states of a light path at its coordinator.
//
//   allocating -> lighting -> up -> locating -> moving -> lighting -> up ...
//                                      \          \
//                                       +---------+--> down --> locating or moving ...
//                    any of them -> ended

export type LightPathState = 'allocating' | 'lighting' | 'up' | 'locating' | 'moving' | 'down' | 'ended';

export const LIGHT_PATH_TRANSITIONS: Readonly<Record<LightPathState, readonly LightPathState[]>> = {
  allocating: ['lighting', 'down', 'ended'],
  lighting: ['up', 'locating', 'ended'],
  up: ['locating', 'moving', 'ended'],
  locating: ['up', 'moving', 'down', 'ended'],
  moving: ['lighting', 'down', 'ended'],
  down: ['locating', 'moving', 'ended'],
  ended: [],
};
