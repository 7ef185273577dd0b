// The names of an emulated laboratory, and the TCP ports of its devices: what needs no process of its own.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { dbm } from '../core/quantity.ts';
import { ms } from '../core/time.ts';
import { ManualClock } from '../tl1/manual-clock.fixture.ts';
import { loadLab } from './emulate-file.ts';
import { LabPlant } from './emulate-plant.ts';
import { assignPorts } from './emulate-ports.ts';
import { UsageError } from './exit-code.ts';

const test = suite('the plant of an emulated laboratory');

const ONE = 'switches: { gva: { family: glimmerglass, ports: 4, lit: [2] } }\n';
const TWO = `switches:
  gva: { family: glimmerglass, ports: 4 }
  chi: { family: calient, ports: 4 }
hosts: { alice: { transceiver: { power: 2 dBm, sensitivity: -20 dBm, power-on: 1 ms, capacity: 1 Gb/s } } }
fibres:
  alice-gva: { between: [alice, gva/1], length: 50 m, loss: 0.5 dB }
  chi-gva: { between: [chi/10.1a.1, gva/2], length: 1 km, loss: 1 dB }
`;

async function plantOf(text: string): Promise<{ plant: LabPlant; settle: () => Promise<void> }> {
  const clock = new ManualClock();
  const plant = new LabPlant(loadLab('lab.yaml', text), clock);
  const settle = (): Promise<void> => clock.until(clock.sleep(ms(1)), ms(2));
  await settle();
  return { plant, settle };
}

test('a lone device needs no name before its ports; a lamp has the power it is told', async () => {
  const { plant, settle } = await plantOf(ONE);
  assert.equal(plant.power(), [{ port: 'gva/2', in: -3, out: -50 }]);
  plant.light('4', dbm(-10));
  plant.dark('gva/2');
  await settle();
  assert.equal(plant.power(), [{ port: 'gva/4', in: -10, out: -50 }]);
  assert.equal(plant.transmitters(), [{ transmitter: 'gva/4', isOn: true, received: null }]);
});

test('a port of a fibre means the host at its other end, and directions are seen from the port', async () => {
  const { plant, settle } = await plantOf(TWO);
  assert.equal(plant.power('gva/1'), [{ port: 'gva/1', in: 1.5, out: -50 }]);
  assert.is(plant.cut('gva/1', 'in').cut, 'a-to-b');
  assert.is(plant.cut('gva/1', 'out').cut, 'both');
  assert.is(plant.repair('alice-gva', 'b-to-a').cut, 'a-to-b');
  assert.is(plant.repair('alice').cut, null);
  assert.is(plant.cut('chi/10.1a.1', 'in').cut, 'b-to-a');
  assert.is(plant.dark('gva/1').transmitter, 'alice');
  await settle();
  assert.equal(plant.power(), []);
});

test('two devices need their names, and what is unknown gets a suggestion', async () => {
  const { plant } = await plantOf(TWO);
  const said = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      if (error instanceof UsageError) return error.message;
    }
    return 'nothing was thrown';
  };
  assert.is(
    said(() => plant.cut('1')),
    'there is no fibre or port 1; list shows what there is',
  );
  assert.is(
    said(() => plant.cut('chi-gav')),
    'there is no fibre or port chi-gav; did you mean chi-gva?',
  );
  assert.is(
    said(() => plant.light('alise')),
    'there is no transmitter or port alise; did you mean alice?',
  );
  assert.is(
    said(() => plant.power('gva/7')),
    'there is no port or device gva/7; did you mean gva/1?',
  );
  assert.match(
    said(() => plant.cut('chi-gva', 'in')),
    /^in is a direction of a port/,
  );
  assert.match(
    said(() => plant.light('gva/2')),
    /comes over fibre chi-gva from chi\/10\.1a\.1/,
  );
});

test('devices keep the distances between the ports of their family and follow one another', () => {
  const wish = (name: string, familyPorts: number[], first: number | null = null) => ({
    name,
    familyPorts,
    first,
  });
  const [gva, chi] = [wish('gva', [10033, 10034]), wish('chi', [3083, 3082])];
  assert.equal(assignPorts([gva, chi], 5000), [
    [5000, 5001],
    [5003, 5002],
  ]);
  assert.equal(assignPorts([chi, { ...gva, first: 5001 }], 5000), [
    [5004, 5003],
    [5001, 5002],
  ]);
  assert.equal(assignPorts([{ ...chi, first: 3083 }], 10_033), [[3083, 3082]]);
  assert.equal(assignPorts([gva, { ...chi, first: 9000 }], 0), [
    [0, 0],
    [9000, 8999],
  ]);
  assert.throws(
    () =>
      assignPorts(
        [
          { ...gva, first: 9000 },
          { ...chi, first: 9001 },
        ],
        0,
      ),
    /wanted by both gva and chi/,
  );
  assert.throws(() => assignPorts([gva], 65_535), /ports go from 1 to 65535/);
  assert.throws(
    () => assignPorts([{ ...chi, first: 1 }], 5000),
    /would listen at TCP port 0: ports go from 1/,
  );
});

test('what a lab file gets wrong is told with its place', () => {
  const said = (text: string): string => {
    try {
      loadLab('lab.yaml', text);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return 'nothing was thrown';
  };
  assert.match(said(ONE.replace('[2]', '[5]')), /lab\.yaml:1:\d+: found "5", a port that gva does not have/);
  assert.match(said(ONE.replace('lit:', 'list:')), /unknown key "list".*did you mean lit\?/);
  assert.match(
    said(ONE.replace('lit: [2]', 'profile: "1999"')),
    /"1999", which is not a profile of glimmerglass/,
  );
  assert.match(said(ONE.replace('lit: [2]', 'login: nobody')), /expected "user:password"/);
  assert.match(
    said(TWO.replace('alice, gva/1', 'alise, gva/1')),
    /"alise", which is not a host.*did you mean alice\?/,
  );
});

test.run();
