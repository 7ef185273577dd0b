// Faults of a timeline in real time, over real sockets: the same rules as in virtual time, as far as a relay of TCP goes.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { workFolder } from './cli.fixture.ts';
import { conducted, DURATION, type Line, NEVER } from './conducted.fixture.ts';

const test = suite('faults in the loopback world');

const SCENARIO = `scenario: ring
title: Three switches and two hosts
duration: ${DURATION}
sites:
  here: { title: Here }
switches:
  s1: { site: here, family: glimmerglass, ports: 4 }
  s2: { site: here, family: glimmerglass, ports: 4 }
  s3: { site: here, family: glimmerglass, ports: 4 }
hosts:
  left: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: &t { power: 0 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 10 Gb/s } }
  right: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: *t }
fibres:
  l: { between: [left, s1/1], length: 1 km, loss: 1 dB }
  r: { between: [right, s2/1], length: 1 km, loss: 1 dB }
  direct: { between: [s1/2, s2/3], length: 10 km, loss: 1 dB }
provisioning: { patience: 60, lease: 10 min }
timeline:
  - { at: ${NEVER}, request: { path: first, from: left, to: right } }
  - { at: ${NEVER}, release: { path: first } }
  - { at: ${NEVER}, connect: { device: s3, input: 2, output: 4, for: 1 s } }
  - { at: ${NEVER}, fault: { device: s1, kind: late, by: 300 ms, command: ENT-CRS-FIBER, times: 1, for: 10 s } }
  - { at: ${NEVER}, packets: { from: s1-agent, to: s2-agent, delay: 20 ms, jitter: 20 ms, for: 2 s } }
  - { at: ${NEVER}, request: { path: p, from: left, to: right } }
  - { at: ${NEVER}, partition: { machines: [s2-agent], for: 1500 ms } }
  - { at: ${NEVER}, release: { path: p } }
  - { at: ${NEVER}, reboot: { device: s3, down: 500 ms } }
`;
const [FIRST, RELEASE_FIRST, CONNECT, LATE, PACKETS, REQUEST, PARTITION, RELEASE, REBOOT] = [
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8],
] as const;

const freed = (path: string, where: string) => ({ kind: 'lease.released', where, fields: { path } });

const STEPS = [
  {
    after: ['s1', 's2', 's3'].map((s) => ({ kind: 'tl1-session.opened', where: `${s}-agent` })),
    acts: [FIRST],
  },
  // By now every program has done everything once, and is as quick as it will be.
  { after: [{ kind: 'path.up', fields: { path: 'first' } }], acts: [RELEASE_FIRST] },
  {
    after: [freed('first', 's1-agent'), freed('first', 's2-agent')],
    acts: [CONNECT, LATE, PACKETS, REQUEST],
  },
  { after: [{ kind: 'path.up', fields: { path: 'p' } }], acts: [PARTITION, RELEASE, REBOOT] },
  {
    after: [
      { kind: 'fault.ended', times: 4 },
      { kind: 'tl1-session.opened', where: 's3-agent', times: 2 },
      { kind: 'foreign.disconnect-done' },
      freed('p', 's2-agent'),
    ],
    acts: [],
  },
];

test('late answers, late and held bytes, a restart, somebody else: put in, and taken out again', async () => {
  const work = workFolder();
  writeFileSync(join(work.path, 'scenarios/ring/scenario.yaml'), SCENARIO);
  const { code, stdout, stderr, lines } = await conducted(work.path, 'ring', STEPS);
  assert.ok(code === 0, stdout + stderr);
  const all = (kind: string): readonly Line[] => lines.filter((line) => line.kind === kind);
  const at = (kind: string, fields: Line['fields']): number =>
    all(kind).find((line) => Object.entries(fields).every(([key, value]) => line.fields[key] === value))
      ?.at ?? Number.NaN;
  assert.is(all('foreign.connect-done').length, 1);
  assert.is(all('foreign.disconnect-done').length, 1);
  const asked = at('path.requested', { path: 'p' });
  assert.ok(at('path.up', { path: 'p' }) - asked > 0.3e9, 'the late answer is waited for');
  assert.is(all('fault.ended').length, all('fault.began').length - 1, 'all but the restart end');
  const joined = at('fault.ended', { fault: 'partition of s2-agent' });
  const letGo = lines.find(
    ({ kind, where, fields }) => kind === 'lease.released' && where === 's2-agent' && fields['path'] === 'p',
  );
  assert.ok((letGo?.at ?? 0) >= joined, 'the release waits for the end of the partition');
  work.remove();
});

test.run();
