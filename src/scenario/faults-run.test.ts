// What goes wrong between machines, with them and at their transmitters, while a path is asked for and while it is moved.

import { suite } from '../../scripts/testing/suite.ts';
import { MOMENTS, survives } from './faults-run.fixture.ts';

const test = suite('scenarios in which something goes wrong');

const OTHERS: readonly (readonly [what: string, action: string])[] = [
  ['packets lost', 'packets: { loss: 20 %, for: 10 s }'],
  ['packets lost one way', 'packets: { from: s1-agent, to: s2-agent, ways: one, loss: 100 %, for: 10 s }'],
  ['packets late and out of order', 'packets: { delay: 50 ms, jitter: 200 ms, for: 10 s }'],
  ['packets doubled', 'packets: { duplicates: 50 %, for: 10 s }'],
  ['an agent cut off', 'partition: { machines: [s2-agent], for: 10 s }'],
  ['a switch cut off', 'partition: { machines: [s2], for: 10 s }'],
  ['a clock ahead', 'clock: { machine: s1-agent, ahead: 1 h, for: 10 s }'],
  ['a clock back', 'clock: { machine: s2-agent, back: 1 h, for: 10 s }'],
  ['a dark transmitter', 'dark: { host: left, for: 10 s }'],
  ['a controller that restarts', 'reboot: { device: s1, down: 3 s }'],
  ['connections reset', 'reset: { from: s1-agent }'],
  ['an agent that crashes as it syncs', 'crash: { machine: s1-agent, upon: sync, skip: 1, for: 5 s }'],
  ['an agent that crashes as it sends', 'crash: { machine: s2-agent, upon: send, within: 10 s, for: 5 s }'],
  ['an agent that crashes', 'crash: { machine: s1-agent, for: 5 s }'],
  ['an agent that loses its disk', 'crash: { machine: s2-agent, disk: lost, for: 5 s }'],
  ['a switch that crashes', 'crash: { machine: s1, sockets: reset, for: 5 s }'],
  ['ports taken by somebody else', 'connect: { device: s3, input: 2, output: 3, ways: two, for: 10 s }'],
  ['a cross-connect taken away', 'disconnect: { device: s1, input: 1, output: 2 }'],
];

for (const [what, action] of OTHERS)
  for (const [moment, at] of Object.entries(MOMENTS))
    test(`${what}, while a path is ${moment}`, async () => void (await survives(`at: ${at}, ${action}`)));

test.run();
