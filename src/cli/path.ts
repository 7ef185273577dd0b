// `lightbed path`: asks the daemon of this host for light paths, as any application may. A path that is not detached lives
// as long as the command that asked for it.

import type { Argv, CommandModule } from 'yargs';
import { formatDuration, ns } from '../core/time.ts';
import type { DaemonClient, DaemonPathAnswer } from '../provisioning/daemon-client.ts';
import type { PathStatus } from '../provisioning/daemon-messages.ts';
import type { PathTerms } from '../provisioning/path-terms.ts';
import { left, textTable } from '../report/text-table.ts';
import {
  type DaemonWay,
  DEFAULT_DAEMON_ADDRESS,
  defaultSocket,
  NoDaemonError,
  reachDaemon,
  SYSTEM_SOCKET,
} from './daemon-way.ts';
import { EXIT_FAILED, EXIT_INTERRUPTED, EXIT_OK, UsageError } from './exit-code.ts';
import { operatorCommands } from './path-operator.ts';
import { type TermsArguments, termsOf, withTerms } from './request-terms.ts';

const NAME_LENGTH_MAX = 200;

interface Common extends DaemonWay {
  json: boolean;
}

interface RequestArguments extends Common, TermsArguments {
  name: string;
  to: string;
  from: string | undefined;
  detached: boolean;
}

type Named = Common & { name: string };

const requestCommand: CommandModule<Common, RequestArguments> = {
  command: 'request <name>',
  describe: 'ask for a light path, and keep it until this command ends',
  builder: (yargs) =>
    withTerms(
      yargs
        .positional('name', { type: 'string', demandOption: true, describe: 'how the path is called' })
        .option('to', { type: 'string', demandOption: true, describe: 'the host at its other end' })
        .option('from', { type: 'string', describe: 'the host at this end (default: that of the daemon)' })
        .option('detached', {
          type: 'boolean',
          default: false,
          describe: 'the daemon keeps it; this command ends',
        }),
    ),
  handler: async (given) => {
    checkName(given.name, 'name');
    checkName(given.to, '--to');
    const terms = termsOf(given, Date.now());
    process.exitCode = await withDaemon(given, (daemon, at) => request(given, terms, daemon, at));
  },
};

const named = (
  command: string,
  describe: string,
  act: (given: Named, daemon: DaemonClient, at: string) => Promise<number>,
): CommandModule<Common, Named> => ({
  command: `${command} <name>`,
  describe,
  builder: (yargs) => yargs.positional('name', { type: 'string', demandOption: true }),
  handler: async (given) => {
    checkName(given.name, 'name');
    process.exitCode = await withDaemon(given, (daemon, at) => act(given, daemon, at));
  },
});

const listCommand: CommandModule<Common, Common> = {
  command: 'list',
  describe: 'the paths of this host, and those that other hosts asked for',
  handler: async (given) => {
    process.exitCode = await withDaemon(given, async (daemon, at) => {
      const paths = await daemon.list();
      if (paths === null) return gone(at);
      console.log(given.json ? JSON.stringify(paths) : tableOf(paths));
      return EXIT_OK;
    });
  },
};

const watchCommand: CommandModule<Common, Common> = {
  command: 'watch',
  describe: 'each change of a path, as it comes',
  handler: async (given) => {
    process.exitCode = await withDaemon(given, async (daemon, at) => {
      daemon.watch((status) => console.log(given.json ? JSON.stringify(status) : lineOf(status)));
      return (await Promise.race([daemon.ended, interrupted()])) === 'interrupted' ? EXIT_OK : gone(at);
    });
  },
};

export const pathCommand: CommandModule<object, Common> = {
  command: 'path',
  describe: 'ask the daemon of this host for light paths, or order agents about',
  builder: (yargs) =>
    operatorCommands(asking(yargs)).demandCommand(1, 'give a verb: lightbed path --help lists them').strict(),
  handler: () => {},
};

const asking = (yargs: Argv): Argv<Common> =>
  yargs
    .option('socket', {
      type: 'string',
      describe: `Unix socket where the daemon listens (default: ${defaultSocket() ?? SYSTEM_SOCKET})`,
    })
    .option('daemon', {
      type: 'string',
      describe: `HOST:PORT where it listens (default, after the socket: ${DEFAULT_DAEMON_ADDRESS})`,
    })
    .option('json', { type: 'boolean', default: false, describe: 'JSON instead of words' })
    .command(requestCommand)
    .command(
      named('confirm', 'have what is on hold connected', async (given, daemon) =>
        tell(given, await daemon.confirm(given.name)),
      ),
    )
    .command(named('release', 'give a path back', release))
    .command(listCommand)
    .command(watchCommand);

async function withDaemon(
  given: Common,
  act: (daemon: DaemonClient, at: string) => Promise<number>,
): Promise<number> {
  try {
    const { client, at } = await reachDaemon(given);
    const status = await act(client, at);
    client.close();
    return status;
  } catch (error) {
    if (!(error instanceof NoDaemonError)) throw error;
    console.error(`lightbed: ${error.message}`);
    return EXIT_FAILED;
  }
}

async function request(
  given: RequestArguments,
  terms: PathTerms,
  daemon: DaemonClient,
  at: string,
): Promise<number> {
  const { name: path, to, from, detached } = given;
  const answer = daemon.request({ path, to, ...(from === undefined ? {} : { from }), terms, detached });
  const first = await Promise.race([answer, interrupted()]);
  if (first === 'interrupted') return EXIT_INTERRUPTED;
  const status = tell(given, first);
  if (status !== EXIT_OK || detached) return status;
  daemon.watch((news) => {
    if (news.path === path) console.log(given.json ? JSON.stringify(news) : lineOf(news));
  });
  if ((await Promise.race([daemon.ended, interrupted()])) !== 'interrupted') return gone(at);
  await daemon.release(path);
  return EXIT_OK;
}

/** What is not there needs no giving back, but who asks has probably mistaken its name. */
async function release({ name }: Named, daemon: DaemonClient, at: string): Promise<number> {
  const paths = await daemon.list();
  if (paths === null) return gone(at);
  const path = paths.find((each) => each.path === name);
  if (path !== undefined && path.state !== 'theirs') {
    await daemon.release(name);
    return daemon.isOpen ? EXIT_OK : gone(at);
  }
  const reason = path === undefined ? `there is no path ${name}` : `path ${name} is of ${path.from}`;
  console.error(`lightbed: ${reason}; lightbed path list shows what there is`);
  return EXIT_FAILED;
}

/** As the daemon's messages have names. */
function checkName(text: string, what: string): void {
  if (text.trim() === '') throw new UsageError(`${what}: expected a name, got nothing`);
  if (/\p{Cc}/u.test(text))
    throw new UsageError(`${what} ${JSON.stringify(text)}: expected a name without control characters`);
  if (text.length > NAME_LENGTH_MAX)
    throw new UsageError(`${what}: a name has at most ${NAME_LENGTH_MAX} characters, got ${text.length}`);
}

function tell({ json }: Common, answer: DaemonPathAnswer): number {
  if (json) console.log(JSON.stringify(answer));
  else if (answer.type === 'refused')
    console.error(`lightbed: path ${answer.path} is refused (${answer.kind}): ${answer.reason}`);
  else if (answer.type === 'granted')
    console.log(
      `path ${answer.path} is up after ${formatDuration(ns(answer.setup_ns))}: ${answer.fibres.join(', ')}`,
    );
  else console.log(`path ${answer.path} is reserved ${periodOf(answer)}: ${answer.fibres.join(', ')}`);
  return answer.type === 'refused' ? EXIT_FAILED : EXIT_OK;
}

const periodOf = ({ start, end }: { readonly start: number; readonly end: number | null }): string =>
  `from ${new Date(start).toISOString()}${end === null ? '' : ` to ${new Date(end).toISOString()}`}`;

function gone(at: string): number {
  console.error(`lightbed: the daemon at ${at} has gone`);
  return EXIT_FAILED;
}

const interrupted = (): Promise<'interrupted'> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('interrupted'));
  });

const lineOf = ({ path, from, to, state, traffic, reason }: PathStatus): string =>
  `${path} from ${from} to ${to}: ${state}, traffic ${traffic === 'path' ? 'on the path' : 'routed'}` +
  (reason === '' ? '' : ` (${reason})`);

const tableOf = (paths: readonly PathStatus[]): string =>
  textTable(
    ['path', 'from', 'to', 'state', 'traffic', 'agent', 'fibres', 'reason'].map(left),
    paths.map(({ path, from, to, state, traffic, agent, fibres, reason }) => [
      ...[path, from, to, state, traffic, agent ?? '–', fibres.join(', '), reason],
    ]),
  );
