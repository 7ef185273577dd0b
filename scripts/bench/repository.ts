// Where the repository is, seen from the compiled bench.

import { fileURLToPath } from 'node:url';

/** Compiled to dist/scripts/bench/, three folders below the root; LIGHTBED_ROOT for output that lies elsewhere. */
const root = process.env.LIGHTBED_ROOT ?? fileURLToPath(new URL('../../..', import.meta.url));

export const repositoryPath = (name: string): string => `${root.replace(/\/$/, '')}/${name}`;
