// Each fault of a device, put in by a timeline while a path is asked for and while it is moved: what the run ends as.

import { FAULT_KINDS, FAULT_NAMES, type FaultName } from '../../emulators/device-fault.ts';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { endOf, MOMENTS, survives } from './faults-run.fixture.ts';

const test = suite('scenarios in which a device fails');

interface Written {
  /** Besides the kind. Ports and commands are a Glimmerglass's. */
  readonly written: string;
  /** Whether the path must come up, and come up again after the cut, while the fault stands. */
  readonly isBorne?: true;
}

const borne = (written: string): Written => ({ written, isBorne: true });
const any = (written: string): Written => ({ written });

const WRITTEN: Readonly<Record<FaultName, readonly Written[]>> = {
  delay: [any('by: 1 s'), any('by: 8 s, command: ENT-CRS-FIBER')],
  late: [any('by: 1 s'), any('by: 8 s, command: ENT-CRS-FIBER, times: 1')],
  'slow-listing': [any('by: 500 ms')],
  deny: [
    any('code: SARB, command: ENT-CRS-FIBER'),
    borne('code: SARB, command: ENT-CRS-FIBER, times: 1'),
    any('code: SARB, command: DLT-CRS-FIBER, skip: 1'),
  ],
  'lose-reply': [borne('command: ENT-CRS-FIBER'), borne('command: DLT-CRS-FIBER, times: 1')],
  'no-answer': [any(''), any('command: ENT-CRS-FIBER'), borne('command: ENT-CRS-FIBER, times: 1')],
  acknowledge: [borne('code: NA, command: ENT-CRS-FIBER'), any('code: RL, command: ENT-CRS-FIBER')],
  'hang-up': [borne('command: ACT-USER'), borne('command: ENT-CRS-FIBER')],
  restart: [any('down: 3 s, command: ENT-CRS-FIBER, times: 1')],
  interleave: [borne('')],
  'interleave-parts': [borne('')],
  'other-release': [borne('')],
  'login-settling': [borne('by: 700 ms')],
  'stuck-power': [any('')],
  'weak-mirror': [borne('port: 1, loss: 10 dB'), any('port: 1, loss: 30 dB')],
  flap: [any('port: 1, every: 300 ms')],
};

for (const kind of FAULT_NAMES)
  for (const [moment, at] of Object.entries(MOMENTS))
    test(`${kind}, while a path is ${moment}: ${FAULT_KINDS[kind].meaning}`, async () => {
      for (const { written, isBorne } of WRITTEN[kind]) {
        const given = written === '' ? '' : `, ${written}`;
        const result = await survives(`at: ${at}, fault: { device: s1, kind: ${kind}${given}, for: 10 s }`);
        const kinds = result.records.map((record) => record.kind);
        assert.ok(kinds.includes('fault.began') && kinds.includes('fault.ended'));
        if (isBorne) assert.is(endOf(result), 'path.up', written);
      }
    });

test.run();
