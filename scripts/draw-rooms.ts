// `npm run draw`: puts the picture of the rooms, as the table has them, into ARCHITECTURE.md.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withRoomsDiagram } from './rooms-diagram.ts';

const file = fileURLToPath(new URL('../../ARCHITECTURE.md', import.meta.url));
writeFileSync(file, withRoomsDiagram(readFileSync(file, 'utf8')));
