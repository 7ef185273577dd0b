import { FAULT_KINDS, FAULT_NAMES, type FaultName } from '../../emulators/device-fault.ts';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { checkWorld } from './check-world.ts';
import { loadScenario } from './load.ts';
import { mistakes } from './problems.fixture.ts';
import type { Action } from './schema-timeline.ts';

const test = suite('faults in scenario files');

const file = (action: string): string => `scenario: small
title: Two hosts and a switch
duration: 10 s
sites:
  here: { title: Here }
switches:
  mid: { site: here, family: glimmerglass, ports: 4 }
hosts:
  left: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: &t { power: 0 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 10 Gb/s } }
  right: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: *t }
timeline:
  - { at: 1 s, dark: { host: right } }
  - { at: 3 s, ${action} }
`;

const NAME = 'scenarios/small/scenario.yaml';

/** The second action of the timeline. */
const read = (action: string): Action | undefined => loadScenario(NAME, file(action)).timeline[1]?.action;

function problemsOf(body: () => unknown): string[] {
  return (mistakes(body)?.problems ?? []).map((p) => {
    const meant = p.suggestion === null ? '' : `; ${p.suggestion}?`;
    return `${p.column}: ${p.found} / ${p.expected}${meant}`;
  });
}

const GIVEN: Readonly<Record<string, string>> = { by: '2 s', down: '4 s', every: '5 ms', loss: '3 dB' };
const CODES: { readonly [kind in FaultName]?: string } = { deny: 'SARB', acknowledge: 'RL' };

for (const kind of FAULT_NAMES)
  test(`the fault ${kind} is read with what it needs`, () => {
    const { parameter, strikes } = FAULT_KINDS[kind];
    const value = parameter === null ? null : parameter.name === 'code' ? CODES[kind] : GIVEN[parameter.name];
    const given = parameter === null ? '' : `, ${parameter.name}: ${value}`;
    const port = strikes === 'port' ? ', port: 2' : '';
    const action = read(`fault: { device: mid, kind: ${kind}${given}${port}, for: 1 min }`);
    assert.is(action?.kind, 'fault');
    if (action?.kind !== 'fault') return;
    assert.is(action.fault.kind, kind);
    assert.is(action.for, 60e9);
    assert.is(action.skip, 0);
    assert.is(action.port, strikes === 'port' ? '2' : undefined);
    if (parameter !== null) assert.ok(parameter.name in action.fault, JSON.stringify(action.fault));
  });

test('quantities come in base units', () => {
  assert.equal(read('fault: { device: mid, kind: late, command: ENT-CRS, by: 8 s, times: 1, skip: 2 }'), {
    kind: 'fault',
    device: 'mid',
    fault: { kind: 'late', by: 8e9 },
    command: 'ENT-CRS',
    times: 1,
    skip: 2,
  });
  assert.equal(read('packets: { from: mid-agent, loss: 10 %, jitter: 20 ms, for: 5 s }'), {
    kind: 'packets',
    from: 'mid-agent',
    ways: 'two',
    loss: 0.1,
    duplicates: 0,
    delay: 0,
    jitter: 20e6,
    for: 5e9,
  });
  assert.equal(read('clock: { machine: mid-agent, back: 30 s }'), {
    kind: 'clock',
    machine: 'mid-agent',
    step: -30e9,
  });
});

test('every other action is read', () => {
  assert.equal(read('partition: { machines: [mid-agent, left-control] }'), {
    kind: 'partition',
    machines: ['mid-agent', 'left-control'],
  });
  assert.equal(read('light: { host: right }'), { kind: 'light', host: 'right' });
  assert.equal(read('reboot: { device: mid }'), { kind: 'reboot', device: 'mid', down: 5e9 });
  assert.equal(read('connect: { device: mid, input: 1, output: "2", ways: two, for: 1 s }'), {
    kind: 'connect',
    device: 'mid',
    input: '1',
    output: '2',
    ways: 'two',
    for: 1e9,
  });
  assert.equal(read('crash: { machine: mid, for: 2 s }'), {
    kind: 'crash',
    machine: 'mid',
    sockets: 'silent',
    disk: 'kept',
    for: 2e9,
  });
  assert.equal(read('crash: { machine: mid-agent, disk: lost, for: 2 s }'), {
    kind: 'crash',
    machine: 'mid-agent',
    sockets: 'silent',
    disk: 'lost',
    for: 2e9,
  });
  assert.equal(
    read('crash: { machine: mid-agent, upon: sync, skip: 3, later: 1 ms, within: 2 s, for: 1 s }'),
    {
      kind: 'crash',
      machine: 'mid-agent',
      sockets: 'silent',
      disk: 'kept',
      upon: 'sync',
      skip: 3,
      later: 1e6,
      within: 2e9,
      for: 1e9,
    },
  );
  assert.equal(read('reset: { from: mid-agent, to: mid }'), { kind: 'reset', from: 'mid-agent', to: 'mid' });
});

const MISTAKES: readonly (readonly [what: string, action: string, found: RegExp])[] = [
  ['an unknown kind', 'fault: { device: mid, kind: dely }', /"dely" \/ one of delay, .*; delay\?/],
  [
    'the disk of a switch',
    'crash: { machine: mid, disk: lost }',
    /the disk of "mid" is lost \/ only an agent's disk can be/,
  ],
  ['an unknown device', 'fault: { device: mit, kind: no-answer }', /"mit", which is not a switch .*; mid\?/],
  ['no figure', 'fault: { device: mid, kind: late }', /no "by" \/ by: a number with one of the units ns/],
  ['a figure of another unit', 'fault: { device: mid, kind: late, by: 8 dB }', /"8 dB" \/ a number with one/],
  ['a flap too fast', 'fault: { device: mid, kind: flap, port: 1, every: 1 us }', /"1 us" \/ at least 1 ms/],
  [
    'another kind’s figure',
    'fault: { device: mid, kind: late, by: 8 s, loss: 3 dB }',
    /"loss" for late \/ by$/,
  ],
  [
    'a figure for none',
    'fault: { device: mid, kind: no-answer, by: 8 s }',
    /"by" for no-answer \/ no figure/,
  ],
  ['a bad code', 'fault: { device: mid, kind: deny, code: NOPE1 }', /"NOPE1" \/ an error code of four/],
  ['a bad acknowledgement', 'fault: { device: mid, kind: acknowledge, code: OK }', /"OK" \/ one of NA, NG/],
  ['no port', 'fault: { device: mid, kind: weak-mirror }', /no "port" \/ port: where the device/],
  ['a port too many', 'fault: { device: mid, kind: no-answer, port: 1 }', /"port" for no-answer \/ no port/],
  [
    'a port that is not',
    'fault: { device: mid, kind: flap, every: 1 s, port: 5 }',
    /port "5", which mid does/,
  ],
  [
    'a command for a port',
    'fault: { device: mid, kind: flap, every: 1 s, port: 1, command: X }',
    /"command" for flap/,
  ],
  [
    'a command in small letters',
    'fault: { device: mid, kind: no-answer, command: ent }',
    /a command code in/,
  ],
  ['packets of nobody', 'packets: { from: lift, loss: 1 % }', /"lift", which is not a machine .*left\?/],
  ['packets to the same', 'packets: { from: mid, to: mid, loss: 1 % }', /"mid" twice/],
  ['packets as ever', 'packets: { from: mid }', /packets as ever/],
  ['packets beyond number', 'packets: { loss: 60 %, duplicates: 60 % }', /more packets than there are/],
  ['a crash upon nothing', 'crash: { machine: mid, skip: 2 }', /"skip" without "upon" \/ upon: what it/],
  ['a crash upon who knows', 'crash: { machine: mid, upon: sink }', /"sink" \/ one of store, sync, send/],
  ['a reset of one', 'reset: { from: mid, to: mid }', /"mid" twice/],
  ['a partition of none', 'partition: { machines: [] }', /no machine/],
  ['a partition of one twice', 'partition: { machines: [mid, mid] }', /"mid" twice/],
  [
    'a partition of all',
    'partition: { machines: [mid, mid-agent, left, right, left-control, right-control] }',
    /every machine/,
  ],
  ['a clock that stands', 'clock: { machine: mid }', /neither "ahead" nor "back"/],
  ['a clock in two minds', 'clock: { machine: mid, ahead: 1 s, back: 1 s }', /both "ahead" and "back"/],
  ['light that was on', 'light: { host: left }', /a light of "left" with no dark before it/],
  ['a host’s device', 'reboot: { device: left }', /"left", which is not a switch/],
  ['a port on itself', 'connect: { device: mid, input: 1, output: 1 }', /port 1 twice/],
];

for (const [what, action, found] of MISTAKES)
  test(`${what} is an error with its place`, () => {
    const problems = problemsOf(() => read(action));
    assert.is(problems.length, 1, problems.join('\n'));
    assert.match(problems[0] ?? '', found);
  });

const BEYOND_LOOPBACK = [
  ['crash: { machine: mid }', /machines cannot crash in the loopback world/],
  ['reset: { to: mid }', /connections that are reset, but nothing does that in the loopback world/],
  ['clock: { machine: mid, ahead: 1 s }', /in the loopback world all machines have this machine's calendar/],
  ['packets: { loss: 10 % }', /some packets lost, but in the loopback world a relay carries TCP/],
  ['packets: { duplicates: 1 % }', /packets doubled, but in the loopback world/],
  ['packets: { from: mid, loss: 100 %, ways: one }', /packets lost one way, but in the loopback world/],
] as const;

test('what the loopback world cannot do is refused there, by name, and nowhere else', () => {
  for (const [action, found] of BEYOND_LOOPBACK) {
    const problems = problemsOf(() => checkWorld(NAME, file(action), 'loopback'));
    assert.is(problems.length, 1, action);
    assert.match(problems[0] ?? '', found);
    checkWorld(NAME, file(action), 'virtual');
  }
  for (const action of [
    'packets: { from: mid, loss: 100 % }',
    'packets: { delay: 1 s, jitter: 1 s, ways: one }',
    'partition: { machines: [mid] }',
    'dark: { host: left }',
  ])
    checkWorld(NAME, file(action), 'loopback');
});

test.run();
