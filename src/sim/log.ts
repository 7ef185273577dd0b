// A machine's records go into the run's trace, with the engine's time: records of different machines compare.

import type { Engine } from '../engine/engine.ts';
import type { Trace } from '../engine/trace.ts';
import type { Log } from '../platform/platform.ts';
import type { Boot } from './boot.ts';

export const virtualLog = (engine: Engine, trace: Trace, boot: Boot): Log => ({
  record: (kind, fields) => {
    if (boot.isAlive) trace.record(engine.now(), boot.machine, kind, fields);
  },
});
