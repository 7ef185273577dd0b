// The scenario language as JSON Schema, for editors that complete and check while one writes. Generated
// from the grammar; references, ports and times are beyond it.

import { grammar } from './grammar.ts';

/** As `scenarios/scenario.schema.json` holds it. */
export const scenarioJsonSchema = (): string =>
  `${JSON.stringify(
    {
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'Lightbed scenario',
      ...grammar.json,
    },
    plain,
    2,
  )}\n`;

const plain = (_key: string, value: unknown): unknown =>
  value instanceof Map ? Object.fromEntries(value) : value;
