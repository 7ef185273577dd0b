// The process that the bench's farm line polls: many emulated switches at TCP ports of 127.0.0.1, or instead of them
// servers that send ready-made bytes. Says over its channel where it listens, and what it has used when asked.

import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import type { SwitchProfile } from '../../emulators/device/profile.ts';
import { type FamilyName, families } from '../../emulators/families.ts';
import { transmitted } from '../../emulators/light.ts';
import { Plant } from '../../emulators/plant.ts';
import { dbm } from '../../src/core/quantity.ts';
import { hostClock } from '../../src/host/clock.ts';
import { hostPlatform } from '../../src/host/platform.ts';
import { type FarmOrder, type FarmReport, usage } from './farm-report.ts';

const HERE = '127.0.0.1';

process.on('message', (message: FarmOrder | 'usage') => {
  if (message === 'usage') return report({ kind: 'usage', ...usage() });
  void open(message).then((tcpPorts) => report({ kind: 'listening', tcpPorts }));
});
process.on('disconnect', () => process.exit());

function report(message: FarmReport): void {
  process.send?.(message);
}

async function open({ switches, ports, answerBytes }: FarmOrder): Promise<readonly number[]> {
  if (answerBytes !== null) return Promise.all(switches.map(() => openReadyMade(answerBytes)));
  const plant = new Plant({ clock: hostClock });
  return Promise.all(switches.map((family, i) => openSwitch(plant, `s${i}`, family, ports)));
}

/** Lit at every port, and each port connected both ways with its neighbour. */
function openSwitch(plant: Plant, name: string, family: FamilyName, count: number): Promise<number> {
  const { portLabels, insertionLoss, program, defaults } = families[family];
  const optics = plant.addSwitch(name, { ports: portLabels(count), insertionLoss });
  for (const [i, port] of optics.ports.entries()) {
    optics.receive(port, transmitted(name, dbm(-3 - (i % 40) / 10)));
    optics.connect(port, optics.ports[i ^ 1] ?? port);
  }
  const platform = hostPlatform({ machine: name, folder: tmpdir(), bind: HERE });
  return new Promise((resolve, reject) => {
    const profile: Partial<SwitchProfile> = {
      listeners: defaults(name)
        .listeners.slice(0, 1)
        .map((listener) => ({ ...listener, tcpPort: 0 })),
      listening: ([address]) => resolve(address?.tcpPort ?? 0),
    };
    program(platform, optics, profile).catch(reject);
  });
}

/** Answers whatever it is asked with the same bytes. */
function openReadyMade(answerBytes: number): Promise<number> {
  const answer = Buffer.alloc(answerBytes, 'x');
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('data', () => socket.write(answer)).on('error', () => socket.destroy());
  });
  return new Promise((resolve) =>
    server.listen(0, HERE, () => resolve((server.address() as { port: number }).port)),
  );
}
