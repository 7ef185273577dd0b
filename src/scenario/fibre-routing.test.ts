// What a scenario says of its fibres for path computation, SRLGs, cost, port type and loss: mistakes at their place, and
// the agents' routes follow it.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { loadScenario } from './load.ts';
import { mistakes } from './problems.fixture.ts';
import { run } from './run.ts';

const test = suite('fibres for path computation');

const scenario = (direct: string, round = ''): string => `scenario: small
title: Two ways
duration: 3 s
sites:
  here: { title: Here }
switches:
  one: { site: here, family: polatis, ports: 4 }
  two: { site: here, family: polatis, ports: 4 }
  three: { site: here, family: polatis, ports: 4 }
hosts:
  left: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: &t { power: 0 dBm, sensitivity: -16 dBm, power-on: 50 ms, capacity: 10 Gb/s } }
  right: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: *t }
fibres:
  left-one: { between: [left, one/1], length: 10 m, loss: 1 dB }
  two-right: { between: [two/1, right], length: 10 m, loss: 1 dB }
  direct: { between: [one/2, two/2], length: 1 km, ${direct} }
  out: { between: [one/3, three/3], length: 2 km, loss: 1 dB${round} }
  back: { between: [three/2, two/3], length: 2 km, loss: 1 dB }
provisioning: { los-threshold: -20 dBm }
timeline:
  - { at: 1 s, request: { path: main, from: left, to: right } }
`;

const load = (text: string) => loadScenario('scenarios/small/scenario.yaml', text);

function problemsOf(text: string): string[] {
  return (mistakes(() => load(text))?.message ?? 'it loads').split('\n');
}

async function outcomeOf(text: string): Promise<unknown> {
  const options = { world: 'virtual', folder: '', file: 'small', version: 'test' } as const;
  const { records } = await run(load(text), options);
  return records.find(({ kind }) => kind === 'path.up' || kind === 'path.refused')?.fields;
}

test('SRLGs, cost and port type are read, and mistakes in them are told at their place', () => {
  const { fibres } = load(scenario('loss: 1 dB, srlg: [duct, bridge], cost: 7, port-type: sm'));
  const direct = fibres.find(({ name }) => name === 'direct');
  assert.equal(direct?.srlg, ['duct', 'bridge']);
  assert.is(direct?.cost, 7);
  assert.is(direct?.portType, 'sm');
  const line = 'small/scenario.yaml:16';
  for (const [wrong, message] of [
    ['srlg: duct', 'a list'],
    ['srlg: [The Duct]', 'a name'],
    ['cost: -1', 'a whole number from 0 to'],
    ['port-type: 7', 'a name'],
    ['srgl: [duct]', 'did you mean'],
  ] as const) {
    const problems = problemsOf(scenario(`loss: 1 dB, ${wrong}`)).join('\n');
    assert.ok(problems.includes(line) && problems.includes(message), problems);
  }
});

test('an agent takes the way of least cost, and none whose light could not be received', async () => {
  const routeOf = async (text: string) => JSON.stringify(await outcomeOf(text));
  assert.match(await routeOf(scenario('loss: 1 dB')), /left-one","direct","two-right/);
  assert.match(await routeOf(scenario('loss: 1 dB, cost: 5000')), /left-one","out","back","two-right/);
  assert.match(await routeOf(scenario('loss: 14 dB')), /left-one","out","back","two-right/);
});

test('where every way loses too much, the refusal says that it is the power budget', async () => {
  const refused = JSON.stringify(
    await outcomeOf(scenario('loss: 14 dB', '.0e1').replace('loss: 1 dB.0e1', 'loss: 13 dB')),
  );
  assert.match(refused, /power-budget|loses more than 16 dB/);
});

test.run();
