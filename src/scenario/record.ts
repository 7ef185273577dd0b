// Maps with known keys. The interface drives the grammar: each property needs its field, and a property
// `switchingTime` is written `switching-time`. Unknown keys are mistakes; so are missing ones, unless an
// unknown key looks like the missing one, because one slip of the pen is one error.

import { type JsonSchema, type Place, type Shape, show } from './shape.ts';
import { nearMiss } from './suggest.ts';

interface Field<T> {
  readonly shape: Shape<T>;
  readonly presence: 'required' | 'optional' | { readonly otherwise: unknown };
  readonly meaning: string;
}

export type Fields<T> = { readonly [K in keyof T]-?: Field<T[K]> };

export const required = <T>(shape: Shape<T>, meaning: string): Field<T> => ({
  shape,
  presence: 'required',
  meaning,
});

export const optional = <T>(shape: Shape<T>, meaning: string): Field<T> => ({
  shape,
  presence: 'optional',
  meaning,
});

/** A field that stands at `otherwise`, as it would be written, where the file does not give it. */
export const defaulted = <T>(shape: Shape<T>, otherwise: unknown, meaning: string): Field<T> => ({
  shape,
  presence: { otherwise },
  meaning,
});

export function record<T>(fields: Fields<T>): Shape<T> {
  const entries = Object.entries<Field<unknown>>(fields).map(([property, field]) => ({
    property,
    key: kebab(property),
    field,
  }));
  const keys = entries.map((e) => e.key);
  const fallback = Object.fromEntries(entries.map((e) => [e.property, e.field.shape.fallback])) as T;
  return {
    fallback,
    json: recordJson(entries),
    read: (value, place) => {
      if (!(value instanceof Map)) {
        place.complain({ found: show(value), expected: `a map with ${keys.join(', ')}` });
        return fallback;
      }
      const meant = complainOfUnknownKeys(value, keys, place);
      const result: Record<string, unknown> = {};
      for (const { property, key, field } of entries) {
        if (value.has(key)) result[property] = field.shape.read(value.get(key), place.child(key));
        else if (typeof field.presence === 'object')
          result[property] = field.shape.read(field.presence.otherwise, place.child(key));
        else if (field.presence === 'required') {
          result[property] = field.shape.fallback;
          if (!meant.has(key)) place.complain({ found: `no "${key}"`, expected: `${key}: ${field.meaning}` });
        }
      }
      return result as T;
    },
  };
}

/** The known keys that the unknown ones probably mean; those are suspect, and their absence is not news. */
function complainOfUnknownKeys(
  value: Map<unknown, unknown>,
  keys: readonly string[],
  place: Place,
): Set<string> {
  const meant = new Set<string>();
  for (const key of value.keys()) {
    if (keys.includes(String(key))) continue;
    const absent = keys.filter((k) => !value.has(k));
    const suggestion = nearMiss(String(key), absent);
    place.child(String(key)).complain({
      found: `unknown key ${show(key)}`,
      expected: absent.length > 0 ? `one of ${absent.join(', ')}` : 'nothing more here',
      suggestion,
      isAboutKey: true,
    });
    if (suggestion !== null) {
      meant.add(suggestion);
      place.source.suspect([...place.path, suggestion]);
    }
  }
  return meant;
}

function recordJson(entries: readonly { key: string; field: Field<unknown> }[]): JsonSchema {
  const properties = Object.fromEntries(entries.map(({ key, field }) => [key, fieldJson(field)]));
  const requiredKeys = entries.filter((e) => e.field.presence === 'required').map((e) => e.key);
  return {
    type: 'object',
    properties,
    ...(requiredKeys.length > 0 ? { required: requiredKeys } : {}),
    additionalProperties: false,
  };
}

function fieldJson({ shape, presence, meaning }: Field<unknown>): JsonSchema {
  const otherwise = typeof presence === 'object' ? { default: presence.otherwise } : {};
  return { description: meaning, ...shape.json, ...otherwise };
}

const kebab = (property: string): string => property.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
