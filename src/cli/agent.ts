// `lightbed agent`: runs the agent of one switch of a site on this machine. It watches; with --write it also makes and
// removes cross-connects. What happens is one line each.

import type { CommandModule } from 'yargs';
import { hostPlatform } from '../host/platform.ts';
import { SwitchError } from '../optical/errors.ts';
import { NetworkError, StoreError } from '../platform/errors.ts';
import type { Address, LogValue, Platform } from '../platform/platform.ts';
import { agentProgram } from '../provisioning/agent.ts';
import { DecisionLogError } from '../provisioning/errors.ts';
import { agentOf, type SiteAgent } from './agent-site.ts';
import { openAgentSwitch } from './agent-switch.ts';
import { UnreachableError } from './device-connection.ts';
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './exit-code.ts';
import { holdFolder } from './folder-lock.ts';
import { givenFolder } from './given-folder.ts';
import { toldFailures } from './site-file.ts';

interface AgentArguments {
  site: string;
  switch: string | undefined;
  store: string;
  listen: string | undefined;
  seeds: string | undefined;
  credentials: string | undefined;
  write: boolean;
  json: boolean;
}

export const agentCommand: CommandModule<object, AgentArguments> = {
  command: 'agent <site>',
  describe:
    'run the agent of one switch: it finds the others, and sets up and reroutes light paths with them',
  builder: (yargs) =>
    yargs
      .positional('site', { type: 'string', demandOption: true, describe: 'YAML file of the site' })
      .option('switch', { type: 'string', describe: 'its device in the file (default: the only one)' })
      .option('store', {
        type: 'string',
        demandOption: true,
        describe: 'folder for what it has promised; keep it over restarts',
      })
      .option('listen', {
        type: 'string',
        describe: 'HOST:PORT for agents and clients (default: its address in the file); no authentication',
      })
      .option('seeds', {
        type: 'string',
        describe: 'HOST:PORT,…: agents to ask for the others (default: those of the file)',
      })
      .option('credentials', {
        type: 'string',
        describe: 'file with mode 600, where the site names none: lines "user: …" and "password: …"',
      })
      .option('write', {
        type: 'boolean',
        default: false,
        describe: 'let it make and remove cross-connects; without, it only watches',
      })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON object a line' }),
  handler: async (given) => {
    process.exitCode = await toldFailures(() => runAgent(given));
  },
};

async function runAgent(given: AgentArguments): Promise<number> {
  const agent = agentOf(given);
  const folder = givenFolder('--store', given.store);
  const release = await holdFolder(folder, `agent-${agent.config.switchName}`);
  const stopped = new Promise<number>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(EXIT_OK));
  });
  const platform = platformOf(agent, folder, given);
  const { device, ready, close } = openAgentSwitch(agent, platform, given);
  try {
    const work = ready.then(() => agentProgram(platform, agent.config, device));
    return await Promise.race([work.then(() => EXIT_OK), stopped]);
  } catch (error) {
    return failure(error);
  } finally {
    await close();
    release();
  }
}

/** What it dials must not come from the address that others reach it at. */
function platformOf(
  { config, listen }: SiteAgent,
  folder: string,
  { json, write }: AgentArguments,
): Platform {
  const machine = config.switchName;
  const record = json ? jsonLine : readableLine;
  const platform = hostPlatform({
    machine,
    folder,
    record: (_at, where, kind, fields) => console.log(record(where, kind, fields)),
  });
  const { network } = hostPlatform({ machine, folder, bind: listen.machine });
  const own: Platform['network'] = {
    connect: platform.network.connect.bind(platform.network),
    datagrams: platform.network.datagrams.bind(platform.network),
    listen: async (tcpPort, accept) => {
      const listener = await network.listen(tcpPort, accept);
      console.error(welcome(machine, { ...listen, tcpPort: listener.address.tcpPort }, write));
      return listener;
    },
  };
  return { ...platform, network: own };
}

const welcome = (machine: string, { machine: host, tcpPort }: Address, isWriting: boolean): string =>
  `agent of ${machine} at ${host}:${tcpPort}, ${isWriting ? 'changes its switch' : 'only watches: --write lets it change its switch'}; Ctrl-C ends it`;

type Fields = { readonly [key: string]: LogValue };

const jsonLine = (where: string, kind: string, fields: Fields): string =>
  JSON.stringify({ time: new Date().toISOString(), where, kind, ...fields });

function readableLine(_where: string, kind: string, fields: Fields): string {
  const words = Object.entries(fields).map(([key, value]) => `${key}=${wordOf(value)}`);
  return [new Date().toISOString(), kind, ...words].join(' ');
}

const wordOf = (value: LogValue): string =>
  typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);

/** What a person can mend is one message. */
function failure(error: unknown): number {
  const isUse = error instanceof NetworkError;
  const isKnown = isUse || error instanceof StoreError || error instanceof DecisionLogError;
  if (!isKnown && !(error instanceof SwitchError || error instanceof UnreachableError)) throw error;
  console.error(`lightbed: ${error.message}`);
  return isUse ? EXIT_USAGE : EXIT_FAILED;
}
