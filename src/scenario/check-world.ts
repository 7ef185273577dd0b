// What a scenario asks for that a world cannot do, said before the run begins.

import { readQuantity } from './shape.ts';
import { ScenarioSource } from './source.ts';
import type { WorldName } from './worlds/world.ts';

/** Throws a `ScenarioError` that names each such entry of the timeline. `text` is a scenario that loads. */
export function checkWorld(file: string, text: string, world: WorldName): void {
  if (world === 'virtual') return;
  const source = new ScenarioSource(file, text);
  for (const [i, entry] of timelineOf(source.value).entries()) {
    for (const [action, impossible] of Object.entries(IMPOSSIBLE)) {
      const asked = entry.get(action);
      const why = asked instanceof Map ? impossible(asked) : null;
      if (why === null) continue;
      source.complain(['timeline', i, action], {
        found: why.replace('WORLD', `the ${world} world`),
        expected: '--world virtual, or a timeline without it',
      });
    }
  }
  source.throwIfBad();
}

/** What is asked for, and what keeps the loopback world from it; null where nothing does. */
type Impossible = (asked: ReadonlyMap<unknown, unknown>) => string | null;

const IMPOSSIBLE: Readonly<Record<string, Impossible>> = {
  crash: () => 'a crash, but machines cannot crash in WORLD: they share one process',
  restart: () => 'a restart, but machines cannot crash in WORLD: they share one process',
  reset: () => 'connections that are reset, but nothing does that in WORLD',
  clock: () => "a clock that jumps, but in WORLD all machines have this machine's calendar",
  packets: (asked) => {
    const [loss, duplicates] = [shareOf(asked.get('loss')), shareOf(asked.get('duplicates'))];
    if (duplicates > 0) return `packets doubled, ${relayed}`;
    if (loss > 0 && loss < 1) return `some packets lost, ${relayed}`;
    return loss > 0 && asked.get('ways') === 'one' ? `packets lost one way, ${relayed}` : null;
  },
};

const relayed = 'but in WORLD a relay carries TCP, and can hold or delay bytes, both ways';

/** It has been read before: what is not there is the default, none. */
function shareOf(value: unknown): number {
  const read = readQuantity(value ?? '0 %', 'share');
  return typeof read === 'number' ? read : 0;
}

function timelineOf(value: unknown): readonly Map<unknown, unknown>[] {
  const timeline = value instanceof Map ? (value.get('timeline') as unknown) : [];
  return Array.isArray(timeline) ? timeline.filter((entry) => entry instanceof Map) : [];
}
