// A program for tests: the agent of one switch with a host at each of its two ports, on a free port of this machine. The
// switch and its fibres are models. Runs until it is killed; its arguments are the folder of its log, and where it listens.

import { Plant } from '../../emulators/plant.ts';
import { db, dbm, metres } from '../core/quantity.ts';
import { ms } from '../core/time.ts';
import { hostClock } from '../host/clock.ts';
import { hostPlatform } from '../host/platform.ts';
import { agentProgram } from '../provisioning/agent.ts';
import { MemorySwitch } from '../provisioning/memory-switch.fixture.ts';
import { patientAgent } from '../provisioning/patience.ts';

const [, , folder = '.', bind = '127.0.0.1'] = process.argv;
const plant = new Plant({ clock: hostClock });
plant.addSwitch('s', { ports: ['1', '2'], insertionLoss: db(1) });
const ports = ['left', 'right'].map((terminal, i) => {
  const [port, fibre, length] = [String(i + 1), `to-${terminal}`, metres(1000)];
  plant.addTerminal(terminal, { launchPower: dbm(0), sensitivity: dbm(-25), powerOnDelay: ms(10) });
  const [a, b] = [
    { node: terminal, port: 'line' },
    { node: 's', port },
  ];
  plant.addFibre(fibre, { a, b, length, loss: db(1) });
  return { port, fibre, far: { kind: 'terminal', terminal } as const, length };
});
const platform = hostPlatform({ machine: 's', folder, bind });
const probe = await platform.network.listen(0, (connection) => connection.abort());
const { tcpPort } = probe.address;
await probe.close();
console.log(`agent at ${bind}:${tcpPort}`);
const device = new MemorySwitch(hostClock, plant.switch('s'), { sendsAlarms: false });
await agentProgram(
  platform,
  { switchName: 's', tcpPort, ports, peers: [], timings: patientAgent(10) },
  device,
);
