// What a scenario asks for that a world cannot do, said before the run begins.

import { ScenarioSource } from './source.ts';
import type { WorldName } from './worlds/world.ts';

/** Throws a `ScenarioError` that names each such entry of the timeline. `text` is a scenario that loads. */
export function checkWorld(file: string, text: string, world: WorldName): void {
  if (world === 'virtual') return;
  const source = new ScenarioSource(file, text);
  for (const [i, entry] of timelineOf(source.value).entries()) {
    for (const action of ['crash', 'restart'].filter((key) => entry.has(key))) {
      source.complain(['timeline', i, action], {
        found: `a ${action}, but machines cannot crash in the ${world} world: they share one process`,
        expected: '--world virtual, or a timeline without it',
      });
    }
  }
  source.throwIfBad();
}

function timelineOf(value: unknown): readonly Map<unknown, unknown>[] {
  const timeline = value instanceof Map ? (value.get('timeline') as unknown) : [];
  return Array.isArray(timeline) ? timeline.filter((entry) => entry instanceof Map) : [];
}
