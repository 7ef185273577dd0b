// `lightbed audit`: names where the live state of a site, or a snapshot of it, is not what the site means.

import type { CommandModule } from 'yargs';
import { drift } from '../planning/drift.ts';
import { checkPorts } from '../planning/make-plan.ts';
import { meantAfter, type Site } from '../planning/site.ts';
import { type Difference, describeDifference } from '../planning/state-difference.ts';
import { Topology } from '../planning/topology.ts';
import { EXIT_FAILED, EXIT_OK } from './exit-code.ts';
import { CREDENTIALS_OPTION } from './site-doors.ts';
import { readSite, stateOf, toldFailures } from './site-file.ts';

const CHANGES = ['pending', 'made'] as const;
type Changes = (typeof CHANGES)[number];

interface AuditArguments {
  site: string;
  snapshot: string | undefined;
  changes: Changes | undefined;
  credentials: string | undefined;
  json: boolean;
}

export const auditCommand: CommandModule<object, AuditArguments> = {
  command: 'audit <site>',
  describe:
    'name every drift between what a site means and what its devices have; asks devices, changes nothing',
  builder: (yargs) =>
    yargs
      .positional('site', { type: 'string', demandOption: true, describe: 'site file (YAML)' })
      .option('snapshot', { type: 'string', describe: 'the state to judge, instead of the live one' })
      .option('changes', {
        choices: CHANGES,
        describe: "whether the site's changes are made by now (default: as is nearer to the state)",
      })
      .option('credentials', CREDENTIALS_OPTION)
      .option('json', { type: 'boolean', default: false, describe: 'as JSON, for other programs' }),
  handler: async (given) => {
    process.exitCode = await toldFailures(() => runAudit(given));
  },
};

async function runAudit(given: AuditArguments): Promise<number> {
  const site = readSite(given.site);
  const state = await stateOf(given.site, site, given);
  checkPorts(given.site, site, state);
  const topology = new Topology(site);
  const drifts: Readonly<Record<Changes, readonly Difference[]>> = {
    pending: drift(topology, state, site),
    made: drift(topology, state, meantAfter(site)),
  };
  const nearer = drifts.made.length < drifts.pending.length ? 'made' : 'pending';
  const changes = given.changes ?? nearer;
  show(drifts[changes], site, changes, given.json);
  return drifts[changes].length === 0 ? EXIT_OK : EXIT_FAILED;
}

function show(drifts: readonly Difference[], site: Site, changes: Changes, isJson: boolean): void {
  if (isJson) return console.log(JSON.stringify({ changes, drift: drifts }));
  const basis = site.changes.length === 0 ? 'the site' : `the site with its changes ${changes}`;
  if (drifts.length === 0) console.log(`No drift: all is as ${basis} means it.`);
  else
    console.log(
      `Not as ${basis} means it:\n${drifts.map((one) => `  ${describeDifference(one)}`).join('\n')}`,
    );
}
