// `lightbed apply`: applies a plan to the devices that it names, exactly or not at all. Without --write it only
// asks them, and shows what it would do.

import { basename, dirname, join } from 'node:path';
import type { CommandModule } from 'yargs';
import { hostClock } from '../host/clock.ts';
import { type ApplyMode, type ApplyParts, type ApplyResult, applyPlan, moved } from '../planning/apply.ts';
import { type Ledger, type LedgerEvent, progressOf } from '../planning/ledger.ts';
import { type Plan, planHash, readPlan, stepTitle } from '../planning/plan.ts';
import { stepsTable } from '../planning/plan-table.ts';
import { describeDifference } from '../planning/state-difference.ts';
import { AUDIT_LOG, openAuditLog, who } from './audit-log.ts';
import { EXIT_FAILED, EXIT_INTERRUPTED, EXIT_OK, UsageError } from './exit-code.ts';
import { holdFolder } from './folder-lock.ts';
import { isRunning } from './running-process.ts';
import { CREDENTIALS_OPTION, openDoors } from './site-doors.ts';
import { readText, toldFailures } from './site-file.ts';
import { lightbedVersion } from './version.ts';

interface ApplyArguments {
  plan: string;
  write: boolean;
  resume: boolean;
  'roll-back': boolean;
  log: string | undefined;
  credentials: string | undefined;
}

export const applyCommand: CommandModule<object, ApplyArguments> = {
  command: 'apply <plan>',
  describe:
    'apply a plan exactly, step by step with read-back, or refuse it; all is taken back if a step fails',
  builder: (yargs) =>
    yargs
      .positional('plan', { type: 'string', demandOption: true, describe: 'file that plan wrote' })
      .option('write', {
        type: 'boolean',
        default: false,
        describe: 'allow what changes the devices; without it they are only asked',
      })
      .option('resume', {
        type: 'boolean',
        default: false,
        describe: 'go on with an apply that was interrupted',
      })
      .option('roll-back', {
        type: 'boolean',
        default: false,
        describe: 'take back what an apply that was interrupted has done',
      })
      .option('log', {
        type: 'string',
        describe: `audit log, to which lines are added (default: ${AUDIT_LOG} beside the plan)`,
      })
      .option('credentials', CREDENTIALS_OPTION),
  handler: async (given) => {
    process.exitCode = await toldFailures(() => runApply(given));
  },
};

async function runApply(given: ApplyArguments): Promise<number> {
  if (given.resume && given['roll-back']) throw new UsageError('--resume or --roll-back, not both');
  const plan = readPlan(given.plan, readText(given.plan, 'a plan'));
  const mode: ApplyMode = given.resume ? 'resume' : given['roll-back'] ? 'roll-back' : 'begin';
  const log = given.log ?? join(dirname(given.plan), AUDIT_LOG);
  // Of two that begin at once the second would see the first half done, and take it back.
  const release = given.write ? await holdFolder(dirname(log), basename(log)) : null;
  try {
    return await applied(plan, mode, log, given);
  } finally {
    release?.();
  }
}

async function applied(plan: Plan, mode: ApplyMode, log: string, given: ApplyArguments): Promise<number> {
  const ledger = openAuditLog(log);
  mustBeAlone(ledger, plan);
  console.log(`${announcement(plan, mode)}\n\n${stepsTable(plan.steps)}\n`);
  const { doors, lost, close } = openDoors(plan.devices, given.credentials ?? null);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  try {
    const parts = {
      plan,
      doors,
      clock: hostClock,
      ledger,
      who: who(),
      pid: process.pid,
      tell,
      stop: stop.signal,
    };
    const work = given.write ? write(parts, mode, log) : look(parts, mode);
    return await Promise.race([work, lost]);
  } finally {
    await close();
  }
}

/** Two at the same plan would each take the other's work for a moved state. */
function mustBeAlone(ledger: Ledger, plan: Plan): void {
  const progress = progressOf(ledger.entries(), planHash(plan));
  if (progress.kind === 'unfinished' && progress.pid !== process.pid && isRunning(progress.pid))
    throw new UsageError(`process ${progress.pid} is applying this plan`);
}

function announcement(plan: Plan, mode: ApplyMode): string {
  const by = plan.lightbed === lightbedVersion() ? '' : ` with lightbed ${plan.lightbed}`;
  const name = `plan ${planHash(plan).slice(0, 12)} of ${plan.site}, made ${plan.made_at} by ${plan.made_by}${by}`;
  if (mode === 'resume') return `To go on with ${name}:`;
  return mode === 'roll-back' ? `To take back what is done of ${name}:` : `To apply ${name}:`;
}

async function look(parts: ApplyParts, mode: ApplyMode): Promise<number> {
  if (mode !== 'begin') {
    console.log('Nothing is sent without --write.');
    return EXIT_OK;
  }
  const progress = progressOf(parts.ledger.entries(), planHash(parts.plan));
  if (progress.kind === 'unfinished') {
    console.error('lightbed: an apply of this plan was interrupted: --resume or --roll-back');
    return EXIT_FAILED;
  }
  const wrong = await moved(parts);
  if (wrong.length > 0) {
    console.error(`lightbed: the state is not the plan's:\n${wrong.map(indented).join('\n')}`);
    return EXIT_FAILED;
  }
  console.log("The state is the plan's. Nothing is sent without --write.");
  return EXIT_OK;
}

const indented = (difference: Parameters<typeof describeDifference>[0]): string =>
  `  ${describeDifference(difference)}`;

async function write(parts: ApplyParts, mode: ApplyMode, log: string): Promise<number> {
  const code = showResult(await applyPlan(parts, mode), parts.plan);
  console.log(`Who did what, and when, is in ${log}.`);
  return code;
}

function tell(event: LedgerEvent): void {
  if (event.what === 'done' || event.what === 'undone')
    console.log(`step ${event.step}: ${event.title}: ${event.what}`);
  else if (event.what === 'failed') console.error(`step ${event.step}: failed: ${event.reason}`);
}

function showResult(result: ApplyResult, plan: Plan): number {
  const because = 'cause' in result && result.cause !== null ? `: ${result.cause}` : '';
  switch (result.kind) {
    case 'applied':
      console.log('Applied: every step is made and read back.');
      return EXIT_OK;
    case 'refused':
      console.error(`lightbed: refused, nothing was sent:\n${lines(result.reasons)}`);
      return EXIT_FAILED;
    case 'rolled-back':
      console.error(`lightbed: rolled back${because}; every step is taken back and read back`);
      if (result.others.length > 0)
        console.error(`something else is not as it was:\n${lines(result.others)}`);
      return because === '' ? EXIT_OK : EXIT_FAILED;
    case 'left':
      console.error(
        `lightbed: neither applied nor rolled back${because}:\n${lines(result.reasons)}\ntry again with --roll-back`,
      );
      return EXIT_FAILED;
    case 'stopped': {
      const next = plan.steps[result.done];
      console.error(
        `lightbed: stopped before step ${result.done + 1}${next === undefined ? '' : `, ${stepTitle(next)}`}: go on with --resume, or take it back with --roll-back`,
      );
      return EXIT_INTERRUPTED;
    }
  }
}

const lines = (texts: readonly string[]): string => texts.map((text) => `  ${text}`).join('\n');
