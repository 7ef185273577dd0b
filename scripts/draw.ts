// `npm run draw`: redraws what is generated from the code and committed beside it: the rooms in ARCHITECTURE.md,
// the run and the picture in README.md, the JSON Schemas of scenario, inventory and laboratory files.

import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inventoryJsonSchema } from '../src/cli/device-inventory.ts';
import { labJsonSchema } from '../src/cli/emulate-file.ts';
import { siteJsonSchema } from '../src/planning/site-grammar.ts';
import { scenarioJsonSchema } from '../src/scenario/json-schema.ts';
import { withResults, withRun } from './readme-run.ts';
import { withRoomsDiagram } from './rooms-diagram.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = 'scenarios/fibre-cut-cern-caltech';

rewrite('ARCHITECTURE.md', withRoomsDiagram);
rewrite('README.md', withRun);
rewrite('scenarios/scenario.schema.json', scenarioJsonSchema);
rewrite('scenarios/inventory.schema.json', inventoryJsonSchema);
rewrite('scenarios/lab.schema.json', labJsonSchema);
rewrite('scenarios/site.schema.json', siteJsonSchema);
withResults(main, (folder) =>
  copyFileSync(join(folder, 'throughput.svg'), join(root, main, 'throughput.svg')),
);

function rewrite(name: string, change: (text: string) => string): void {
  const file = join(root, name);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}
