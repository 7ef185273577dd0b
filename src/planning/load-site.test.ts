import { assert, suite } from '../../scripts/testing/suite.ts';
import { ScenarioError } from '../scenario/errors.ts';
import { loadSite } from './load-site.ts';
import { SCIENCE, siteWith } from './site.fixture.ts';

const test = suite('site files');

/** Where in the file the fixture's devices, hosts and fibres are over. */
const FIRST_LINE = 16;

/** `line` counts from there. */
const mistakes: readonly [fact: string, rest: string, message: RegExp, line: number][] = [
  [
    'a path to a host that is none',
    'paths:\n  x: { from: cern, to: fnall }\n',
    /found "fnall", which is not a host, expected one of cern, fnal; did you mean fnal\?/,
    2,
  ],
  [
    'a seed without an agent',
    'provisioning: { seeds: [gva] }\n',
    /"gva", which is not a device with an agent/,
    1,
  ],
  [
    'no patience at all',
    'provisioning: { patience: 0 }\n',
    /found the number 0, expected a whole number from 1 to 100/,
    1,
  ],
  ['a path from a host to itself', 'paths:\n  x: { from: cern, to: cern }\n', /found "cern" twice/, 2],
  [
    'a route over a fibre that is none',
    'paths:\n  x: { from: cern, to: fnal, route: [gva-amz] }\n',
    /which is not a fibre, .* did you mean gva-ams\?/,
    2,
  ],
  [
    'a whole route and what to avoid',
    'paths:\n  x: { from: cern, to: fnal, route: [cern-gva], avoid: [ams] }\n',
    /found route beside via or avoid/,
    2,
  ],
  [
    'a change of a path that is not there',
    `${SCIENCE}changes:\n  - remove: { path: sience }\n`,
    /which is not a path that is there then, expected one of science; did you mean science\?/,
    4,
  ],
  [
    'a second removal',
    `${SCIENCE}changes:\n  - remove: { path: science }\n  - remove: { path: science }\n`,
    /expected a path that is there then, and there is none/,
    5,
  ],
  [
    'a new path with an old name',
    `${SCIENCE}changes:\n  - add: { path: science, from: cern, to: fnal }\n`,
    /a path that is there already, expected a new name/,
    4,
  ],
  [
    'a move without a word of where to',
    `${SCIENCE}changes:\n  - move: { path: science }\n`,
    /no word of where to, expected route, via or avoid/,
    4,
  ],
  [
    'a change of two kinds',
    'changes:\n  - connect: { device: gva, input: 1, output: 2 }\n    remove: { path: x }\n',
    /found remove and connect, expected one of add, remove, move, connect, disconnect/,
    2,
  ],
  [
    'a device that is none',
    'changes:\n  - connect: { device: gwa, input: 1, output: 2 }\n',
    /which is not a device, .* did you mean gva\?/,
    2,
  ],
  ['an unknown key', 'chnges: []\n', /unknown key "chnges".*did you mean changes\?/, 1],
  ['a tolerance without a unit', 'power-tolerance: 3\n', /expected a number with one of the units dB/, 1],
];

for (const [fact, rest, message, line] of mistakes)
  test(`${fact} is told with its line`, () => {
    try {
      siteWith(rest);
    } catch (error) {
      assert.instance(error, ScenarioError);
      const { problems, message: text } = error as ScenarioError;
      assert.is(problems.length, 1, text);
      assert.match(text.split('\n')[0] ?? '', message);
      assert.is(problems[0]?.line, FIRST_LINE - 1 + line, text);
      return;
    }
    assert.unreachable('it was taken');
  });

test('two fibres at one port, and a name twice, are told together', () => {
  const text = `devices:
  gva: { family: calient, address: 10.0.0.1 }
hosts:
  gva: { power: 0 dBm, sensitivity: -24 dBm }
fibres:
  one: { between: [gva, gva/10.1a.1], length: 1 km, loss: 0 dB }
  two: { between: [gva/10.1a.2, gva/10.1a.1], length: 1 km, loss: 0 dB }
`;
  assert.throws(
    () => loadSite('s.yaml', text),
    /s\.yaml:4:3: found "gva", which is in devices, too[\s\S]*s\.yaml:7:\d+: found "gva\/10\.1a\.1" again, expected an end without a fibre: "one" ends there/,
  );
});

test('a file without devices is no site', () => {
  assert.throws(() => loadSite('s.yaml', 'devices: {}\n'), /found no device, expected at least one/);
});

test.run();
