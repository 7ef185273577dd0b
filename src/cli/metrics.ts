// `lightbed metrics`: what a run measures and an expectation may name.

import type { CommandModule } from 'yargs';
import { METRICS } from '../scenario/metric-names.ts';
import { EXIT_OK } from './exit-code.ts';

export const metricsCommand: CommandModule<object, { json: boolean }> = {
  command: 'metrics',
  describe: 'list the metrics that an expectation may name, with their dimension and meaning',
  builder: (yargs) =>
    yargs.option('json', { type: 'boolean', default: false, describe: 'as JSON, for other programs' }),
  handler: ({ json }) => {
    if (json) console.log(JSON.stringify(METRICS, null, 2));
    else for (const m of METRICS) console.log(`${m.name.padEnd(26)} ${m.dimension.padEnd(9)} ${m.meaning}`);
    process.exitCode = EXIT_OK;
  },
};
