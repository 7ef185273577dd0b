// What a person reads when an emulator has started: where each device listens, how to log in, and something to
// type first.

import type { DeviceListener } from '../../emulators/device/profile.ts';
import type { EmulatedDevice } from './emulate-lab.ts';

/** A first look and a first cross-connect, by family; the AIDs of ports are in the family's own way. */
const FIRST_COMMANDS: { readonly [family: string]: (ports: readonly string[]) => readonly string[] } = {
  glimmerglass: () => ['RTRV-PORT-POWER::all:2;', 'ENT-CRS-FIBER::10001&10002,20002&20001:3;'],
  'calient-s': ([a, b]) => [
    `RTRV-PORT-SUM::${a}:2;`,
    `ENT-CRS::${a},${b}:3::SYSTEM,2WAY;`,
    `ACT-CRS::${a},${b}:4::${a}-${b},SYSTEM;`,
  ],
  ciena: ([oc]) => [
    `RTRV-OCN::${oc}:2;`,
    'ENT-VCG::NAME=c1:3::SUPPTTP=1-A-3-1,TUNNELPEERNAME=1-A-3-1-1,LCASENABLED=YES,GROUPMEM=1&&21;',
    'RTRV-VCG::c1:4;',
  ],
  polatis: (ports) => ['RTRV-PORT-POWER::1&&2:2:;', `ENT-PATCH::1,${ports.length + 2}:3:;`],
  calient: ([a, b]) => [`RTRV-DET-EQPT::${a}:2;`, `ENT-CRS::${a},${b}:3::,2WAY;`],
};

export function welcome(devices: readonly EmulatedDevice[], address: string, ctl: string): string {
  const lines = devices.flatMap((device) => [heading(device), ...listenerLines(device, address)]);
  return [
    ...lines,
    `control at ${ctl}: lightbed emulate ctl --help`,
    '',
    ...firstSteps(devices, address),
  ].join('\n');
}

const heading = ({ name, family, sid, ports, login }: EmulatedDevice): string =>
  `${name}: ${family}, SID ${sid}, ${ports.length} ports (${ports[0]} to ${ports.at(-1)}), login ${login.user}:${login.password}`;

const listenerLines = (device: EmulatedDevice, address: string): string[] =>
  device.listeners.map((listener) => `  ${address}:${listener.tcpPort}  ${manners(device, listener)}`);

function manners({ family }: EmulatedDevice, { hasEcho, prompt }: DeviceListener): string {
  // Its prompt is the `;` that ends a message.
  if (family === 'ciena') return 'telnet, with echo and prompt ;';
  const shown = prompt.trim();
  if (shown === '') return 'raw TL1';
  return `with ${hasEcho ? 'echo and ' : ''}prompt ${shown}`;
}

/** On the raw port of the first device, where there is one. */
function firstSteps(devices: readonly EmulatedDevice[], address: string): string[] {
  const [device] = devices;
  if (device === undefined) return [];
  const listener = device.listeners.find(({ prompt }) => prompt === '') ?? device.listeners[0];
  const commands = [
    `ACT-USER::${device.login.user}:1::${device.login.password};`,
    ...(FIRST_COMMANDS[device.family]?.(device.ports) ?? []),
  ];
  return [
    `nc ${address} ${listener?.tcpPort}, and type for instance`,
    ...commands.map((c) => `  ${c}`),
    'Ctrl-C ends it.',
  ];
}
