// A verb of `emulate ctl`: what it is given becomes a request to a running laboratory, and the answer is printed.

import { tmpdir } from 'node:os';
import type { ArgumentsCamelCase, Argv, CommandModule } from 'yargs';
import { type Dimension, parseQuantity, unitsOf } from '../core/quantity.ts';
import { LONGEST_SPAN, LONGEST_SPAN_HOURS } from '../core/time.ts';
import { hostPlatform } from '../host/platform.ts';
import type { Address } from '../platform/platform.ts';
import { parseAddress } from './address.ts';
import type { ControlRequest, Outcome } from './emulate-actions.ts';
import { askControl } from './emulate-control.ts';
import { runningEmulators } from './emulate-state.ts';
import { EXIT_OK, UsageError } from './exit-code.ts';

export interface CtlArguments {
  ctl: string | undefined;
  json: boolean;
}

type Builder<A> = (yargs: Argv<CtlArguments>) => Argv<CtlArguments & A>;

export function verb<A>(
  command: string,
  describe: string,
  builder: Builder<A>,
  request: (given: A) => ControlRequest,
): CommandModule<CtlArguments, CtlArguments & A> {
  const handler = async (given: ArgumentsCamelCase<CtlArguments & A>): Promise<void> => {
    // Names without hyphens stay as they are.
    const { text, data } = await ask(given.ctl, request(given as unknown as A));
    console.log(given.json ? JSON.stringify(data) : text);
    process.exitCode = EXIT_OK;
  };
  return { command, describe, builder, handler };
}

/** The device that a verb is about. */
export const ofDevice = (yargs: Argv<CtlArguments>) =>
  yargs.positional('device', { type: 'string', demandOption: true, describe: 'its name or SID' });

/** In its base unit; `option` names it in the message. */
export function quantity(text: string, dimension: Dimension, option: string): number {
  const parsed = parseQuantity(text, dimension);
  if (dimension === 'time' && parsed.kind === 'ok' && parsed.value > LONGEST_SPAN)
    throw new UsageError(`${option} ${text}: expected at most ${LONGEST_SPAN_HOURS} h`);
  if (parsed.kind === 'ok') return parsed.value;
  throw new UsageError(
    `${option} ${text}: expected a number with one of the units ${unitsOf(dimension).join(', ')}`,
  );
}

function ask(ctl: string | undefined, request: ControlRequest): Promise<Outcome> {
  const to = ctl === undefined ? theOnlyOne() : parseAddress(ctl, '--ctl');
  return askControl(hostPlatform({ machine: 'ctl', folder: tmpdir() }), to, request);
}

function theOnlyOne(): Address {
  const running = runningEmulators();
  const [only, ...others] = running;
  if (only === undefined) throw new UsageError('no lightbed emulate of this user is running here');
  if (others.length === 0) return parseAddress(only.ctl, 'ctl');
  const known = running.map(({ ctl, devices }) => `  --ctl ${ctl}  ${devices.join(', ')}`);
  throw new UsageError(`several emulators run here; say which one:\n${known.join('\n')}`);
}
