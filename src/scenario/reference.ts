// A name that must be one of those given elsewhere in the file.

import { show } from './shape.ts';
import type { Path, ScenarioSource } from './source.ts';
import { nearMiss } from './suggest.ts';

export interface Target {
  /** `a host`. */
  readonly what: string;
  readonly names: readonly string[];
  /** Where they are given: while one of these could not be read, nobody can say that a name is unknown. */
  readonly sections: readonly string[];
  /** Whether the names stand within the entries of those sections, so that a fault anywhere in them may hide one. */
  readonly isWithin?: boolean;
}

/** Whether `name`, written at `path`, can be relied on; complains if it is unknown. */
export function checkReference(name: string, path: Path, target: Target, source: ScenarioSource): boolean {
  if (isAmong(name, target.names)) return true;
  const isNews =
    name !== '' &&
    !target.sections.some((section) =>
      target.isWithin === true
        ? source.isSuspect([section])
        : source.isUnread([section]) || source.isUnread([section, name]),
    );
  if (isNews)
    source.complain(path, {
      found: `${show(name)}, which is not ${target.what}`,
      expected:
        target.names.length === 0 ? `${target.what}, and there is none` : `one of ${target.names.join(', ')}`,
      suggestion: nearMiss(name, target.names),
    });
  return false;
}

type Named = readonly { readonly name: string }[];

/** Made once for each list: of fibres there may be tens of thousands, and as many that name one. */
const gathered = new WeakMap<Named, readonly string[]>();
const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

export function namesOf(items: Named): readonly string[] {
  const names = gathered.get(items) ?? items.map((item) => item.name).filter((name) => name !== '');
  gathered.set(items, names);
  return names;
}

export function isAmong(name: string, names: readonly string[]): boolean {
  const set = sets.get(names) ?? new Set(names);
  sets.set(names, set);
  return set.has(name);
}
