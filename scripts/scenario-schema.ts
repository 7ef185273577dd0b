// Writes the JSON Schema of scenario files that editors use: after `npm run build`,
// `node dist/scripts/scenario-schema.js` in the repository's root.

import { writeFileSync } from 'node:fs';
import { scenarioJsonSchema } from '../src/scenario/json-schema.ts';

writeFileSync('scenarios/scenario.schema.json', scenarioJsonSchema());
