// The languages of our files as JSON Schema, for editors that complete and check while one writes. Generated
// from their grammars; references, ports and times are beyond it.

import { grammar } from './grammar.ts';
import type { Shape } from './shape.ts';

/** As `scenarios/scenario.schema.json` holds it. */
export const scenarioJsonSchema = (): string => jsonSchema('Lightbed scenario', grammar);

/** Of files that this grammar reads, as text with a line end. */
export function jsonSchema(title: string, { json }: Pick<Shape<unknown>, 'json'>): string {
  const $schema = 'http://json-schema.org/draft-07/schema#';
  return `${JSON.stringify({ $schema, title, ...json }, plain, 2)}\n`;
}

const plain = (_key: string, value: unknown): unknown =>
  value instanceof Map ? Object.fromEntries(value) : value;
