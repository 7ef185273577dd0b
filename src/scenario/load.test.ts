import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { ScenarioError } from './errors.ts';
import { loadScenario, scenarioFile } from './load.ts';
import { mistakes } from './problems.fixture.ts';
import type { Scenario } from './schema.ts';

const test = suite('scenario files');

const GOOD = `scenario: small
title: Two hosts and a switch
duration: 10 s
sites:
  here: { title: Here }
switches:
  mid: { site: here, family: glimmerglass, ports: 4 }
hosts:
  left: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: &t { power: 0 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 10 Gb/s } }
  right: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: *t }
fibres:
  one: { between: [left, mid/1], length: 1 km, loss: 1 dB }
  two: { between: [mid/2, right], length: 2 km, loss: 1 dB }
data-links:
  lambda: { between: [left, right], queue: 1 MB, mtu: 9000 B }
timeline:
  - { at: 1 s, request: { path: main, from: left, to: right } }
  - { at: 3 s, cut: { fibre: one } }
  - { at: 2 s, transfer: { name: data, from: left, to: right, size: 10 MB } }
  - { at: 4 s, repair: { fibre: one } }
expect:
  - { metric: path.setup, of: main, at-most: 1 s }
  - { metric: reroute.count, equals: 1 }
`;

const load = (text: string, file = 'scenarios/small/scenario.yaml'): Scenario => loadScenario(file, text);

/** `GOOD` with one passage replaced, and what is wrong with that. */
function problemsOf(passage: string, replacement: string): ScenarioError['problems'] {
  assert.ok(GOOD.includes(passage), `the good scenario has the passage ${passage}`);
  return problemsIn(GOOD.replace(passage, replacement));
}

function problemsIn(text: string): ScenarioError['problems'] {
  return mistakes(() => load(text))?.problems ?? [];
}

test('a good file becomes a scenario in base units', () => {
  const s = load(GOOD);
  assert.is(s.name, 'small');
  assert.is(s.seed, '1');
  assert.is(s.duration, 10e9);
  assert.is(s.fibres[1]?.length, 2000);
  assert.equal(s.fibres[0]?.between, [
    { kind: 'host', host: 'left', line: 1 },
    { kind: 'port', switchName: 'mid', port: '1' },
  ]);
  assert.is(s.hosts[1]?.transceiver?.capacity, 10e9);
  assert.is(s.network.convergence, 1e9);
  assert.equal(s.provisioning, {});
  assert.is(s.expectations[0]?.bound.value, 1e9);
  assert.is(s.expectations[0]?.bound.text, '1 s');
});

test('the timeline is in order of time, whatever the order of the file', () => {
  assert.equal(
    load(GOOD).timeline.map((e) => e.action.kind),
    ['request', 'transfer', 'cut', 'repair'],
  );
  assert.equal(load(GOOD).timeline[1]?.where, { line: 19, column: 5 });
});

test('a request goes to the agent at the end of the host’s fibre', () => {
  const action = load(GOOD).timeline[0]?.action;
  assert.is(action?.kind === 'request' && action.agent, 'mid');
});

/** Of each: passage, replacement, and of the one error the text marked, what was found, what was expected, the suggestion. */
const MISTAKES: readonly [string, string, string, string, RegExp, RegExp, string | null][] = [
  ['an unknown key', 'ports: 4', 'ports: 4, size: 3', 'size', /unknown key "size"/, /insertion-loss/, null],
  [
    'a misspelt key, which is then not missing, too',
    'loss: 1 dB',
    'los: 1 dB',
    'los',
    /"los"/,
    /loss/,
    'loss',
  ],
  [
    'more shared risks than a line of agents carries',
    'length: 1 km, ',
    `length: 1 km, srlg: [${Array.from({ length: 101 }, (_, i) => `g${i}`).join(', ')}], `,
    '[g0, g1,',
    /101 of them/,
    /at most 100/,
    null,
  ],
  ['a misspelt section', 'fibres:', 'fibers:', 'fibers', /"fibers"/, /fibres/, 'fibres'],
  ['a missing key', 'length: 1 km, ', '', '{ between: [left, mid/1]', /no "length"/, /length/, null],
  ['a unit of another dimension', 'length: 1 km', 'length: 1 ms', '1 ms', /"1 ms"/, /m, km/, '"1 m"'],
  ['a misspelt unit', '10 Gb/s', '10 Gbps', '10 Gbps', /"10 Gbps"/, /Gb\/s/, '"10 Gb/s"'],
  ['a number without a unit', 'duration: 10 s', 'duration: 10', '10', /number 10/, /units ns, us/, null],
  ['a negative loss', 'loss: 1 dB', 'loss: -1 dB', '-1 dB', /-1 dB/, /at least 0/, null],
  ['a text for a number', 'ports: 4', 'ports: four', 'four', /"four"/, /whole number from 2/, null],
  [
    'a family nobody makes',
    'glimmerglass',
    'glimerglass',
    'glimerglass',
    /glimerglass/,
    /calient/,
    'glimmerglass',
  ],
  [
    'a list for a map',
    'data-links:\n  lambda',
    'data-links:\n - lambda',
    'data-links',
    /a list of 1/,
    /a map/,
    null,
  ],
  [
    'a site that is not there',
    'left: { site: here',
    'left: { site: there',
    'there',
    /"there"/,
    /of here/,
    'here',
  ],
  [
    'a host that is not there',
    '[mid/2, right]',
    '[mid/2, wright]',
    'wright',
    /"wright"/,
    /left, right/,
    'right',
  ],
  ['a switch that is not there', 'mid/2', 'mit/2', 'mit/2', /"mit"/, /one of mid/, 'mid'],
  ['a switch where its port is meant', 'mid/2', 'mid', 'mid', /without a port/, /mid\/port/, null],
  ['a port that does not exist', 'mid/2', 'mid/5', 'mid/5', /"mid\/5", a port that mid/, /1 to 4/, '"mid/1"'],
  ['a port used twice', 'mid/2', 'mid/1', 'mid/1', /"mid\/1" again/, /"one" in line 12/, null],
  ['a host with two fibres', 'mid/2, right', 'mid/2, left', 'left', /"left" again/, /"one" in line 12/, null],
  ['a link from a host to itself', '[left, right]', '[left, left]', 'left]', /twice/, /another end/, null],
  [
    'a cut of an unknown fibre',
    'cut: { fibre: one',
    'cut: { fibre: once',
    'once',
    /"once"/,
    /one, two/,
    'one',
  ],
  [
    'a repair before the cut',
    '4 s, repair',
    '2 s, repair',
    '{ fibre: one',
    /no cut before/,
    /earlier time/,
    null,
  ],
  [
    'a restart of what runs',
    'repair: { fibre: one }',
    'restart: { machine: left }',
    '{ machine',
    /no crash/,
    /crash/,
    null,
  ],
  [
    'two actions at once',
    'cut: {',
    'release: { path: main }, cut: {',
    '{ at: 3 s',
    /2 actions/,
    /exactly one/,
    null,
  ],
  [
    'no action',
    '{ at: 4 s, repair: { fibre: one } }',
    '{ at: 4 s }',
    '{ at: 4 s }',
    /no action/,
    /request/,
    null,
  ],
  ['a time after the end', 'at: 4 s', 'at: 11 s', '11 s', /after the end/, /line 3/, null],
  ['a transfer to nowhere', 'right, size', 'nowhere, size', 'nowhere', /"nowhere"/, /left, right/, null],
  ['a transfer to itself', 'right, size', 'left, size', 'left, size', /twice/, /another host/, null],
  ['an unknown agent', 'to: right } }', 'to: right, agent: mud } }', 'mud', /"mud"/, /mid/, 'mid'],
  [
    'an unknown metric',
    'reroute.count',
    'reroute.counts',
    'reroute.counts',
    /reroute/,
    /reroute.light/,
    'reroute.count',
  ],
  [
    'a bound in another dimension',
    'at-most: 1 s',
    'at-most: 1 km',
    '1 km',
    /"1 km"/,
    /as path.setup has/,
    null,
  ],
  [
    'a count with a unit',
    'equals: 1',
    'equals: 1 s',
    '1 s',
    /"1 s"/,
    /without a unit, as reroute.count/,
    null,
  ],
  ['two bounds', 'equals: 1', 'equals: 1, at-most: 1', '{ metric: reroute', /2 bounds/, /exactly one/, null],
  ['no bound', ', equals: 1', '', '{ metric: reroute', /no bound/, /exactly one/, null],
  ['a path nobody asked for', 'of: main', 'of: maine', 'maine', /"maine"/, /one of main/, 'main'],
  [
    'another name than its folder’s',
    'scenario: small',
    'scenario: smell',
    'smell',
    /"smell"/,
    /"small"/,
    null,
  ],
  ['a negative time', 'at: 3 s', 'at: -3 s', '-3 s', /"-3 s"/, /^at least 0$/, null],
  ['a time without end', 'at: 3 s', 'at: 1e300 s', '1e300 s', /"1e300 s"/, /^at most 1250 h$/, null],
  [
    'a run beyond the clock',
    'duration: 10 s',
    'duration: 2500 h',
    '2500 h',
    /2500 h/,
    /^at most 1250 h$/,
    null,
  ],
  ['a run of no length', 'duration: 10 s', 'duration: 0 s', '0 s', /"0 s"/, /^more than 0$/, null],
  ['a fibre to the stars', 'length: 1 km', 'length: 1e13 km', '1e13 km', /1e13/, /at most 1000000 km/, null],
  [
    'a cut behind the end',
    'fibre: one } }\n  - { at: 2',
    'fibre: one, at: 150 % } }\n  - { at: 2',
    '150 %',
    /150/,
    /at most 100 %/,
    null,
  ],
  ['an MTU no IP can use', 'mtu: 9000 B', 'mtu: 1 B', '1 B', /"1 B"/, /^at least 576 B$/, null],
  [
    'a link that loses all',
    'mtu: 9000 B',
    'mtu: 9000 B, loss: 100 %',
    '100 %',
    /"100 %"/,
    /at most 99 %/,
    null,
  ],
  [
    'a link that carries next to nothing',
    '10 Gb/s',
    '1e-9 b/s',
    '1e-9 b/s',
    /1e-9/,
    /at least 1 kb\/s/,
    null,
  ],
  ['a block beyond the program’s', '10 MB }', '10 MB, block: 1 GB }', '1 GB', /1 GB/, /at most 64 MiB/, null],
  [
    'more streams than the program’s',
    '10 MB }',
    '10 MB, streams: 257 }',
    '257',
    /257/,
    /from 1 to 256/,
    null,
  ],
  ['no stream', '10 MB }', '10 MB, streams: 0 }', '0', /number 0/, /from 1 to 256/, null],
  [
    'a billion files',
    '10 MB }',
    '10 MB, files: 1000000000 }',
    '1000000000',
    /number 1000000000/,
    /to 10000/,
    null,
  ],
  [
    'more blocks than the program’s',
    'size: 10 MB',
    'size: 900 TB',
    '900 TB',
    /blocks of 1.049 MB/,
    /larger blocks/,
    null,
  ],
  ['a switch without ports', 'ports: 4', 'ports: 0', '0', /number 0/, /from 2 to 1024/, null],
  [
    'a name that leads elsewhere',
    'path: main, from',
    'path: ../main, from',
    '../main',
    /"..\/main"/,
    /a name: /,
    null,
  ],
  ['a name in another script', 'here: { title', 'hère: { title', 'hère', /"hère"/, /lower-case/, null],
  ['an alias of nothing', 'transceiver: *t', 'transceiver: *u', '*u', /alias "\*u"/, /anchor "&u"/, null],
  ['a tab before a key', '  two:', '\ttwo:', '\ttwo', /Tabs are not allowed/, /well-formed YAML/, null],
  ['a second document', 'expect:', '---\nexpect:', '---', /multiple documents/, /well-formed YAML/, null],
  [
    'a lease shorter than a heartbeat',
    'timeline:',
    'provisioning: { lease: 5 s }\ntimeline:',
    '5 s',
    /^5 s$/,
    /heartbeats, 10 s/,
    null,
  ],
  [
    'a poll without pause',
    'timeline:',
    'provisioning: { power-poll: 1 ns }\ntimeline:',
    '1 ns',
    /1 ns/,
    /at least 1 ms/,
    null,
  ],
  ['a name with a capital', 'lambda:', 'Lambda:', 'Lambda', /"Lambda"/, /lower-case/, null],
];

for (const [what, passage, replacement, marked, found, expected, suggestion] of MISTAKES) {
  test(`${what} is one error at its place`, () => {
    const problems = problemsOf(passage, replacement);
    assert.is(problems.length, 1, JSON.stringify(problems, null, 1));
    const p = problems[0] as ScenarioError['problems'][number];
    const lines = GOOD.replace(passage, replacement).split('\n');
    const there = lines[p.line - 1]?.slice(p.column - 1) ?? '';
    assert.ok(there.startsWith(marked), `${there} starts with ${marked}`);
    assert.match(p.found, found);
    assert.match(p.expected, expected);
    assert.is(p.suggestion, suggestion);
  });
}

test('a machine called like another is one error', () => {
  const problems = problemsIn(GOOD.replaceAll('right', 'mid-agent'));
  assert.is(problems.length, 1);
  assert.match(problems[0]?.expected ?? '', /another name: line 7 has .* "mid-agent"/);
});

test('all mistakes of a file come at once, in the order of the file', () => {
  const text = GOOD.replace('1 km', '1 kilometre')
    .replace('fibre: one } }\n  - { at: 2', 'fibre: noe } }\n  - { at: 2')
    .replace('reroute.count', 'reroute.cuont');
  assert.equal(
    problemsIn(text).map((p) => p.line),
    [12, 18, 23],
  );
});

test('each error is one line, with the place marked below it', () => {
  const [problem] = problemsOf('mid/2', 'mid/5');
  assert.is(problem?.excerpt.split('\n')[1]?.indexOf('^'), problem?.excerpt.indexOf('mid/5'));
  assert.match(problem?.excerpt ?? '', /\^{5}$/);
  const message = new ScenarioError([problem as never]).message;
  assert.match(message, /^scenarios\/small\/scenario\.yaml:13:20: found "mid\/5".*did you mean "mid\/1"\?\n/);
});

test('a file that is not YAML says where', () => {
  const problems = problemsIn('scenario: small\ntitle: [a, b\nduration: 10 s\n');
  assert.ok(problems.length >= 1);
  assert.match(problems[0]?.expected ?? '', /well-formed YAML/);
});

test('an empty file, a list and a text are told what is missing', () => {
  for (const text of ['', '- a\n', 'hello\n'])
    assert.match(problemsIn(text)[0]?.expected ?? '', /a map with scenario/);
});

test('nesting without end is one short error', () => {
  const problems = problemsIn(`a: ${'['.repeat(20_000)}`);
  assert.is(problems.length, 1);
  assert.match(problems[0]?.found ?? '', /nested too deep/);
  assert.ok((problems[0]?.excerpt.length ?? 0) < 400);
});

test('what a file holds is not said to the terminal as it is', () => {
  const problems = problemsIn('scenario: "\u001b[2J\u0007"\r\n\u0000\u009b31m\n');
  assert.ok(problems.length > 0);
  const { message } = new ScenarioError(problems);
  assert.not(/[^\n\P{Cc}]/u.test(message), JSON.stringify(message));
});

test('a key given twice is an error', () => {
  assert.match(problemsOf('title:', 'duration: 1 s\ntitle:')[0]?.found ?? '', /unique/);
});

test('aliases that multiply are refused, not expanded', () => {
  const levels = Array.from({ length: 12 }, (_, i) => `b${i + 1}: &b${i + 1} [${`*b${i},`.repeat(10)}]`);
  assert.ok(problemsIn(['b0: &b0 [x]', ...levels].join('\n')).length >= 1);
});

test('a file of 32 million characters is refused at once', () => {
  const [problem] = problemsIn(`#${'x'.repeat(32_000_000)}`);
  assert.is(problem?.found, '32000001 characters');
  assert.is(problem?.line, 1);
});

test('however a file is garbled, it loads or says where it is wrong', () => {
  const position = fc.nat({ max: GOOD.length });
  const scrap = fc.constantFrom(
    '',
    ' ',
    '\n',
    ':',
    '{',
    '}',
    '[',
    ']',
    '- ',
    '1 s',
    'mid',
    '*t',
    '&t',
    '"',
    '#',
    '\t',
    '%',
    '!x ',
  );
  fc.assert(
    fc.property(position, fc.nat({ max: 12 }), scrap, (start, length, inserted) => {
      const text = GOOD.slice(0, start) + inserted + GOOD.slice(start + length);
      const lineCount = text.split('\n').length;
      for (const p of problemsIn(text))
        assert.ok(p.line >= 1 && p.line <= lineCount && p.column >= 1, p.excerpt);
    }),
    { numRuns: 200 },
  );
});

test('an argument is a file, or a folder with a scenario in it', () => {
  assert.is(scenarioFile('scenarios/ring'), 'scenarios/ring/scenario.yaml');
  assert.is(scenarioFile('scenarios/ring/'), 'scenarios/ring/scenario.yaml');
  assert.is(scenarioFile('some/where.yaml'), 'some/where.yaml');
});

test('a file outside a folder of its own may have any name', () => {
  assert.is(load(GOOD, 'scenario.yaml').name, 'small');
  assert.is(load(GOOD, '/tmp/other.yaml').name, 'small');
});

test('every scenario of the repository is good', () => {
  const folders = readdirSync('scenarios', { withFileTypes: true }).filter((f) => f.isDirectory());
  assert.ok(folders.length >= 3);
  for (const { name } of folders) {
    // Several in one folder: recovery-scenarios.test.ts has them.
    if (name === 'recovery') continue;
    const file = scenarioFile(`scenarios/${name}`);
    assert.is(loadScenario(file, readFileSync(file, 'utf8')).name, name);
  }
});

test.run();
