// The verbs of `lightbed path` that are for operators: they go to an agent, not to this host's daemon. Who gave an order is in
// the agents' records.

import { userInfo } from 'node:os';
import type { Argv, CommandModule } from 'yargs';
import { hostPlatform } from '../host/platform.ts';
import { DEFAULT_AGENT_TCP_PORT } from '../provisioning/agent-config.ts';
import { operate } from '../provisioning/operator-client.ts';
import type { OperatorAnswer, OperatorOrder } from '../provisioning/operator-order.ts';
import { parseAddress } from './address.ts';
import type { DaemonWay } from './daemon-way.ts';
import { EXIT_FAILED, EXIT_OK, UsageError } from './exit-code.ts';

/** What all verbs of `lightbed path` have. */
interface Common extends DaemonWay {
  json: boolean;
}

interface OrderArguments extends Common {
  agent: string;
  by: string | undefined;
  name: string | undefined;
  fibre: string | undefined;
  along: string | undefined;
}

/** What an order is about: a path, or a fibre, or else the whole switch. */
type Subject = 'name' | 'fibre';

function verb(
  subject: Subject,
  kind: OperatorOrder['kind'],
  describe: string,
  orderOf: (given: OrderArguments) => OperatorOrder,
): CommandModule<Common, OrderArguments> {
  return {
    command: `${kind} ${subject === 'name' ? '<name>' : '[fibre]'}`,
    describe,
    builder: (yargs) => builder(yargs, subject, kind),
    handler: async (given) => {
      process.exitCode = await give(given, orderOf(given));
    },
  };
}

function builder(yargs: Argv<Common>, subject: Subject, kind: OperatorOrder['kind']): Argv<OrderArguments> {
  // What the positional is called differs; the options below are the same for all.
  const verb = yargs as Argv<OrderArguments>;
  const isOfPath = subject === 'name';
  verb
    .positional(subject, {
      type: 'string',
      demandOption: isOfPath,
      describe: isOfPath ? 'the path, as agents name it' : "default: all of the agent's switch",
    })
    .option('agent', {
      type: 'string',
      demandOption: true,
      describe: "HOST:PORT of the agent: of a path its coordinator, of a fibre or switch its switch's",
    })
    .option('by', { type: 'string', describe: 'who gives the order (default: your login name)' });
  if (kind === 'move')
    verb.option('along', {
      type: 'string',
      describe: 'FIBRE,…: all its fibres, in order (default: any others)',
    });
  return verb;
}

export const operatorCommands = (yargs: Argv<Common>): Argv<Common> =>
  yargs
    .command(
      verb('name', 'free', 'operator: all switches let go of a path', ({ name = '' }) => ({
        kind: 'free',
        path: name,
      })),
    )
    .command(verb('name', 'move', 'operator: a path takes another route', moveOf))
    .command(
      verb('name', 'freeze', 'operator: only operators move a path', ({ name = '' }) => ({
        kind: 'freeze',
        path: name,
      })),
    )
    .command(
      verb('name', 'thaw', 'operator: a frozen path moves again', ({ name = '' }) => ({
        kind: 'thaw',
        path: name,
      })),
    )
    .command(
      verb(
        'fibre',
        'maintain',
        'operator: paths leave a fibre or a switch, and no other comes',
        ({ fibre }) => ({
          kind: 'maintain',
          ...(fibre !== undefined && { fibre }),
        }),
      ),
    )
    .command(
      verb('fibre', 'end-maintenance', 'operator: it is used again', ({ fibre }) => ({
        kind: 'end-maintenance',
        ...(fibre !== undefined && { fibre }),
      })),
    );

function moveOf({ name = '', along }: OrderArguments): OperatorOrder {
  if (along === undefined) return { kind: 'move', path: name };
  const fibres = along.split(',').filter((each) => each !== '');
  if (fibres.length === 0)
    throw new UsageError(`--along ${along}: expected FIBRE, or several with commas between`);
  return { kind: 'move', path: name, along: fibres };
}

async function give(
  { agent, by = userInfo().username, json }: OrderArguments,
  order: OperatorOrder,
): Promise<number> {
  if (by === '') throw new UsageError('--by: expected a name');
  const platform = hostPlatform({ machine: 'operator', folder: '/' });
  const answer = await operate(platform, parseAddress(agent, '--agent', DEFAULT_AGENT_TCP_PORT), by, order);
  if (json) console.log(JSON.stringify(answer));
  else if (answer.isDone) console.log(lineOf(order, answer));
  else console.error(`lightbed: ${order.kind} ${subjectOf(order)}: ${answer.reason}`);
  return answer.isDone ? EXIT_OK : EXIT_FAILED;
}

const DONE: Readonly<Record<OperatorOrder['kind'], string>> = {
  move: 'has moved',
  freeze: 'is frozen',
  thaw: 'may move again',
  maintain: 'is in maintenance',
  'end-maintenance': 'is in service',
  free: 'is freed',
};

function lineOf(order: OperatorOrder, { reason, ports }: OperatorAnswer): string {
  const freed = ports.map(({ switchName, port }) => `${switchName}/${port}`).join(', ');
  const more = [reason, freed].filter((each) => each !== '').join('; ');
  return `${subjectOf(order)} ${DONE[order.kind]}${more === '' ? '' : `: ${more}`}`;
}

const subjectOf = (order: OperatorOrder): string =>
  order.kind === 'maintain' || order.kind === 'end-maintenance' ? (order.fibre ?? 'the switch') : order.path;
