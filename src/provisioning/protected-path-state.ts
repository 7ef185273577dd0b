// The states of a light path with 1+1 protection: how many of its legs are lit.
//
//   setting-up -> protected <-> unprotected <-> dark -> ended

export type ProtectedPathState = 'setting-up' | 'protected' | 'unprotected' | 'dark' | 'ended';

export const PROTECTED_PATH_TRANSITIONS: Readonly<Record<ProtectedPathState, readonly ProtectedPathState[]>> =
  {
    'setting-up': ['protected', 'ended'],
    protected: ['unprotected', 'dark', 'ended'],
    unprotected: ['protected', 'dark', 'ended'],
    dark: ['protected', 'unprotected', 'ended'],
    ended: [],
  };
