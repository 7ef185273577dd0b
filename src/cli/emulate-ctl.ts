// `lightbed emulate ctl`: cuts fibres, turns light on and off and puts faults into the devices of a running
// `lightbed emulate`.

import type { Argv, CommandModule } from 'yargs';
import { connect, disconnect, list, restart } from './emulate-ctl-devices.ts';
import { fault, faults } from './emulate-ctl-faults.ts';
import { cut, dark, light, power, repair } from './emulate-ctl-light.ts';
import type { CtlArguments } from './emulate-ctl-verb.ts';

export const ctlCommand: CommandModule<object, CtlArguments> = {
  command: 'ctl',
  describe: 'cut fibres, darken ports, put faults into a running emulate',
  builder: (yargs) => {
    const common: Argv<CtlArguments> = yargs
      .option('ctl', { type: 'string', describe: 'HOST:PORT of the emulate, where several run' })
      .option('json', { type: 'boolean', default: false, describe: 'as JSON, for other programs' });
    return common
      .command(list)
      .command(cut)
      .command(repair)
      .command(dark)
      .command(light)
      .command(power)
      .command(fault)
      .command(restart)
      .command(connect)
      .command(disconnect)
      .command(faults)
      .recommendCommands()
      .demandCommand(1, 'give a verb: lightbed emulate ctl --help lists them')
      .strict();
  },
  handler: () => {},
};
