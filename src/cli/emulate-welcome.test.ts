// What an emulator suggests to type is what its device understands, for every family that there is.

import { connect } from 'node:net';
import { type FamilyName, families } from '../../emulators/families.ts';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { Terminal } from './emulate.fixture.ts';
import { Lab } from './emulate-lab.ts';
import { welcome } from './emulate-welcome.ts';

const NOTHING = { switches: [], hosts: [], fibres: [], circuitNodes: [], spans: [] };

const test = suite('first steps with an emulator');

for (const family of Object.keys(families) as FamilyName[]) {
  test(`a ${family} completes every command that it suggests`, async () => {
    const device = { name: family, site: 'lab', family, ports: 8 };
    const options = { address: '127.0.0.1', firstPort: 0, speed: 10, login: null, alarms: null };
    const lab = await Lab.open({ ...NOTHING, switches: [device] }, options);
    const text = welcome(lab.devices, lab.address, '127.0.0.1:1');
    const port = Number(/^nc 127\.0\.0\.1 (\d+),/m.exec(text)?.[1]);
    const commands = [...text.matchAll(/^ {2}(.*;)$/gm)].map(([, command]) => command ?? '');
    assert.ok(commands.length >= 3, text);
    const socket = connect(port, '127.0.0.1');
    const terminal = new Terminal(socket);
    for (const command of commands) assert.match(await terminal.type(command), /^M {2}\d COMPLD/m, command);
    socket.destroy();
    await lab.stop();
  });
}

test.run();
