// `lightbed plan`: makes a plan of the changes of a site, from its live state or a snapshot. It only asks devices.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CommandModule } from 'yargs';
import { hostClock } from '../host/clock.ts';
import { FileFormatError } from '../planning/errors.ts';
import { progressOf } from '../planning/ledger.ts';
import { makePlan } from '../planning/make-plan.ts';
import type { NetworkState } from '../planning/network-state.ts';
import { type Plan, planHash, planText, readPlan } from '../planning/plan.ts';
import { planTables } from '../planning/plan-table.ts';
import type { Site } from '../planning/site.ts';
import { snapshotText } from '../planning/snapshot.ts';
import { timeText } from '../planning/time-text.ts';
import { AUDIT_LOG, auditEntries, who } from './audit-log.ts';
import { EXIT_OK, UsageError } from './exit-code.ts';
import { CREDENTIALS_OPTION, devicesOfSite } from './site-doors.ts';
import { readSite, readText, stateOf, toldFailures, writeText } from './site-file.ts';
import { lightbedVersion } from './version.ts';

interface PlanArguments {
  site: string;
  snapshot: string | undefined;
  'save-snapshot': string | undefined;
  out: string | undefined;
  credentials: string | undefined;
  json: boolean;
}

export const planCommand: CommandModule<object, PlanArguments> = {
  command: 'plan <site>',
  describe:
    'try the changes of a site on an emulated twin, and write what to do; asks devices, changes nothing',
  builder: (yargs) =>
    yargs
      .positional('site', { type: 'string', demandOption: true, describe: 'site file (YAML)' })
      .option('snapshot', { type: 'string', describe: 'the state to begin with, instead of the live one' })
      .option('save-snapshot', { type: 'string', describe: 'write the state that was read to this file' })
      .option('out', { type: 'string', describe: 'where the plan goes (default: <site>.plan.json)' })
      .option('credentials', CREDENTIALS_OPTION)
      .option('json', { type: 'boolean', default: false, describe: 'print the plan as it is written' }),
  handler: async (given) => {
    process.exitCode = await toldFailures(() => runPlan(given));
  },
};

async function runPlan(given: PlanArguments): Promise<number> {
  const { site: file, snapshot, 'save-snapshot': saved } = given;
  const site = readSite(file);
  if (site.changes.length === 0 && saved === undefined)
    throw new UsageError(`${file}: no changes to plan; --save-snapshot keeps the state`);
  const out = given.out ?? `${file.replace(/\.ya?ml$/, '')}.plan.json`;
  mustNotBeUnderWay(out);
  const state = await stateOf(file, site, given);
  if (saved !== undefined) writeText(saved, snapshotText(state));
  if (site.changes.length === 0) return EXIT_OK;
  const plan = await madePlan(file, site, state, snapshot !== undefined);
  const text = planText(plan);
  writeText(out, text);
  if (given.json) console.log(text.trimEnd());
  else console.log(`${planTables(plan)}\n\nPlan ${planHash(plan).slice(0, 12)} is in ${out}.`);
  return EXIT_OK;
}

/** Written over, a plan that was interrupted could neither be gone on with nor taken back. */
function mustNotBeUnderWay(out: string): void {
  const log = join(dirname(out), AUDIT_LOG);
  if (!existsSync(out) || !existsSync(log)) return;
  const hash = hashOfPlan(out);
  if (hash !== null && progressOf(auditEntries(log), hash).kind === 'unfinished')
    throw new UsageError(
      `an apply of ${out} was interrupted: end it with --resume or --roll-back first, or give --out`,
    );
}

/** Null where the file is no plan. */
function hashOfPlan(file: string): string | null {
  try {
    return planHash(readPlan(file, readText(file, 'a plan')));
  } catch (error) {
    if (error instanceof FileFormatError) return null;
    throw error;
  }
}

function madePlan(file: string, site: Site, state: NetworkState, isSnapshot: boolean): Promise<Plan> {
  const origin = {
    lightbed: lightbedVersion(),
    made_at: timeText(hostClock.wall()),
    made_by: who(),
    site: file,
    from: isSnapshot ? ('snapshot' as const) : ('live' as const),
    devices: devicesOfSite(file, site),
  };
  return makePlan(site, state, origin, (text) => console.error(text));
}
