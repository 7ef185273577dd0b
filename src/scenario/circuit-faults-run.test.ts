// Each fault that a circuit node can have, put in by a timeline while a circuit is made and while it is removed. Whatever
// came of it, afterwards all is as if nothing had been: the circuit goes, is made again, and carries.

import { tmpdir } from 'node:os';
import { FAULT_KINDS, FAULT_NAMES, type FaultName } from '../../emulators/device-fault.ts';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { loadScenario } from './load.ts';
import { type RunResult, run } from './run.ts';

const test = suite('scenarios in which a circuit node fails');

type AtCommands = Exclude<FaultName, 'stuck-power' | 'weak-mirror' | 'flap'>;

/** Besides the kind; and whether the circuit is made and removed although the fault stands. */
const WRITTEN: Readonly<Record<AtCommands, readonly (readonly [written: string, isBorne: boolean])[]>> = {
  delay: [['by: 1 s', true]],
  late: [['by: 7 s, command: ENT-VCG, times: 1', true]],
  'slow-listing': [['by: 200 ms', true]],
  deny: [
    ['code: SARB, command: ENT-EFLOW', false],
    ['code: SARB, command: DLT-VCG, times: 1', false],
  ],
  'lose-reply': [['command: ENT-SNC-STSPC, times: 1', true]],
  'no-answer': [['', false]],
  acknowledge: [
    ['code: NA, command: ENT-GTP', true],
    ['code: RL, times: 2', true],
  ],
  'hang-up': [['command: ENT-VCG, times: 1', true]],
  restart: [['down: 2 s, command: ENT-SNC-STSPC, times: 1', false]],
  interleave: [['', true]],
  'interleave-parts': [['', true]],
  'other-release': [['', true]],
  'login-settling': [['by: 700 ms', true]],
};

const file = (fault: string, at: string): string => `scenario: pair
title: Two circuit nodes
duration: 90 s
sites: { here: { title: Here } }
circuit-nodes:
  gva: { site: here, oc-ports: { 1-A-1-1: oc-48 }, ethernet-ports: { 1-A-3-1-1: 10 Gb/s }, command-time: 20 ms }
  nyc: { site: here, oc-ports: { 1-A-1-1: oc-48 }, ethernet-ports: { 1-A-3-1-1: 10 Gb/s }, command-time: 20 ms }
spans:
  north: { between: [gva/1-A-1-1, nyc/1-A-1-1], length: 100 km }
hosts:
  alice: { site: here, disk: &d { read: 1 MB/s, write: 1 MB/s }, ethernet-port: gva/1-A-3-1-1 }
  bob: { site: here, disk: *d, ethernet-port: nyc/1-A-3-1-1 }
timeline:
  - { at: 1 s, create-circuit: { circuit: vc, from: alice, to: bob, sts1: 3 } }
  - { at: ${at}, fault: { device: gva, ${fault}, for: 12 s } }
  - { at: 35 s, delete-circuit: { circuit: vc } }
  - { at: 72 s, delete-circuit: { circuit: vc } }
  - { at: 78 s, create-circuit: { circuit: vc, from: alice, to: bob, sts1: 3 } }
`;

const MOMENTS = { made: '0 s', removed: '34 s' } as const;

const play = (text: string): Promise<RunResult> =>
  run(loadScenario('pair.yaml', text), {
    ...{ world: 'virtual', folder: tmpdir(), version: 'test', file: 'pair.yaml' },
  });

const outcomes = ({ records }: RunResult, from: number, to: number): string[] =>
  records
    .filter(({ at, kind }) => at >= from * 1e9 && at < to * 1e9 && /^circuit\.(cre|del|fail)/.test(kind))
    .map(({ kind }) => kind);

for (const kind of FAULT_NAMES) {
  const faults = WRITTEN[kind as AtCommands];
  if (faults === undefined) continue;
  for (const [moment, at] of Object.entries(MOMENTS))
    test(`${kind}, while a circuit is ${moment}: ${FAULT_KINDS[kind].meaning}`, async () => {
      for (const [written, isBorne] of faults) {
        const fault = written === '' ? `kind: ${kind}` : `kind: ${kind}, ${written}`;
        const result = await play(file(fault, at));
        const kinds = result.records.map((record) => record.kind);
        assert.ok(kinds.includes('fault.began') && kinds.includes('fault.ended'), fault);
        assert.is(outcomes(result, 0, 35).length, 1, `${fault}: an outcome in time`);
        if (isBorne) {
          assert.equal(outcomes(result, 0, 35), ['circuit.created'], fault);
          assert.equal(outcomes(result, 35, 72), ['circuit.deleted'], fault);
        }
        assert.is(outcomes(result, 72, 78).at(-1), 'circuit.deleted', fault);
        assert.equal(outcomes(result, 78, 90), ['circuit.created'], fault);
        const carried = result.records.filter((record) => record.kind === 'circuit.carried');
        assert.is(carried.at(-1)?.fields['bandwidth_bps'], Math.round((3 * 9621.5e6) / 192), fault);
        const early = carried.filter((record) => record.at < 78e9);
        assert.is(early.at(-1)?.fields['bandwidth_bps'] ?? 0, 0, `${fault}: nothing is left`);
      }
    });
}

test('a controller that is told to reboot drops its sessions, and its circuit carries on', async () => {
  const text = file('kind: interleave', '34 s').replace(
    /fault: \{ device: gva.*?\}/,
    'reboot: { device: nyc, down: 5 s }',
  );
  const result = await play(text);
  assert.equal(outcomes(result, 0, 72), ['circuit.created', 'circuit.deleted']);
});

test.run();
