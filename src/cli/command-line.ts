// A line of words to the lightbed command, obeyed: finds the command, runs it, and turns what went wrong into a message and an
// exit code. Wrong input gets one message and exit code 2; what was asked for but does not hold gets exit code 1.

import yargs, { type Argv, type CommandModule } from 'yargs';
import { ScenarioError } from '../scenario/errors.ts';
import { RunError } from '../scenario/run-error.ts';
import { nearMiss } from '../scenario/suggest.ts';
import { EXIT_FAILED, EXIT_USAGE, UsageError } from './exit-code.ts';
import { lightbedVersion } from './version.ts';

/** Each is loaded when it is given, so that a short one starts quickly; all of them where help or a mistake wants the list. */
const COMMANDS: Readonly<Record<string, () => Promise<(cli: Argv) => void>>> = {
  run: async () => adding((await import('./run.ts')).runCommand),
  check: async () => adding((await import('./check.ts')).checkCommand),
  replay: async () => adding((await import('./replay.ts')).replayCommand),
  explore: async () => adding((await import('./explore.ts')).exploreCommand),
  metrics: async () => adding((await import('./metrics.ts')).metricsCommand),
  import: async () => adding((await import('./import.ts')).importCommand),
  paths: async () => adding((await import('./paths.ts')).pathsCommand),
  cuts: async () => adding((await import('./cuts.ts')).cutsCommand),
  whatif: async () => adding((await import('./whatif.ts')).whatifCommand),
  transfer: async () => adding((await import('./transfer.ts')).transferCommand),
  emulate: async () => adding((await import('./emulate.ts')).emulateCommand),
  device: async () => adding((await import('./device.ts')).deviceCommand),
  agent: async () => adding((await import('./agent.ts')).agentCommand),
  daemon: async () => adding((await import('./daemon.ts')).daemonCommand),
  path: async () => adding((await import('./path.ts')).pathCommand),
  plan: async () => adding((await import('./plan.ts')).planCommand),
  apply: async () => adding((await import('./apply.ts')).applyCommand),
  audit: async () => adding((await import('./audit.ts')).auditCommand),
};

/** Arguments that are lists; the first two are yargs's own. */
const LISTS = ['_', '--', 'scenarios', 'files', 'labels'];

/** In place of yargs's words, which speak of its insides. */
const TOO_FEW = {
  one: 'something is missing: %s given, %s needed',
  other: 'something is missing: %s given, %s needed',
};

/** Runs the command to its end and leaves its verdict in `process.exitCode`. Help and the version end the process at once. */
export async function obey(words: readonly string[]): Promise<void> {
  try {
    const cli = await commandLine(words);
    await cli.parseAsync();
  } catch (error) {
    process.exitCode = complain(error, words[0] ?? '');
  }
}

async function commandLine(words: readonly string[]): Promise<Argv> {
  const [given = ''] = words;
  const isKnown = Object.hasOwn(COMMANDS, given);
  const isUnknown = !isKnown && given !== '' && !given.startsWith('-');
  const cli = yargs(words)
    .scriptName('lightbed')
    .usage('$0 <command>\n\nA testbed for on-demand light paths and the data transfers that ride on them.')
    .demandCommand(1, 'give a command')
    .strict()
    .middleware(takeLast, true)
    .version(lightbedVersion())
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .updateStrings({
      'Not enough non-option arguments: got %s, need at least %s': TOO_FEW as unknown as string,
    })
    .fail((message, error) => {
      throw error ?? new UsageError(isUnknown ? noCommand(given) : message);
    });
  const named = isKnown ? [given] : Object.keys(COMMANDS);
  const commands = await Promise.all(named.map((name) => COMMANDS[name]?.() ?? []));
  for (const addTo of commands.flat()) addTo(cli);
  return cli;
}

/** A command of any arguments, ready to be added. */
function adding<A>(command: CommandModule<object, A>): (cli: Argv) => void {
  return (cli) => void cli.command(command);
}

/** An option given twice counts as given last; yargs would make a list of it. */
function takeLast(options: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(options)) {
    if (Array.isArray(value) && !LISTS.includes(name)) options[name] = value.at(-1);
  }
}

function noCommand(given: string): string {
  const near = nearMiss(given, Object.keys(COMMANDS));
  return `there is no command ${given}${near === null ? '' : `; did you mean ${near}?`}`;
}

function complain(error: unknown, given: string): number {
  if (error instanceof UsageError) {
    const help = Object.hasOwn(COMMANDS, given)
      ? `lightbed ${given} --help says what it takes`
      : 'lightbed --help lists the commands';
    console.error(`lightbed: ${error.message}\n${help}`);
    return EXIT_USAGE;
  }
  if (error instanceof ScenarioError) {
    console.error(error.message);
    return EXIT_USAGE;
  }
  if (isOfMachine(error)) console.error(`lightbed: ${error.message}`);
  else console.error(error instanceof RunError ? error.message : error);
  return EXIT_FAILED;
}

/** A file, folder or socket that the machine refuses: the message has which, and a stack would say no more. */
function isOfMachine(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
