#!/usr/bin/env node
// The lightbed command as a process: it obeys its arguments, and ends when that is done.

import { hideBin } from 'yargs/helpers';
import { obey } from './command-line.ts';

// Who reads our output may leave, as `head` does; what was asked for is done all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

await obey(hideBin(process.argv));
// Programs of a run in the machine's own time keep their sockets; the command ends all the same.
process.stdout.write('', () => process.exit());
