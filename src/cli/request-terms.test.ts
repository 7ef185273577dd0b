// Terms of a light path on the command line: each option as agents keep it, and a live agent that acts upon them.

import yargs from 'yargs';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { parseDaemonRequest } from '../provisioning/daemon-messages.ts';
import type { PathTerms } from '../provisioning/path-terms.ts';
import { LONG, onBench } from './agent-bench.fixture.ts';
import { UsageError } from './exit-code.ts';
import { termsOf, withTerms } from './request-terms.ts';

const test = suite('terms of lightbed path request');
const add = onBench(test);

const NOW = 1_800_000_000_000;

const terms = (...words: string[]): PathTerms => termsOf(withTerms(yargs(words)).parseSync(), NOW);

test('each option is a term that agents keep, and none is none', () => {
  const asked: readonly (readonly [readonly string[], PathTerms])[] = [
    [[], {}],
    [['--simplex', '--priority', '3'], { isSimplex: true, priority: 3 }],
    [['--pinned', '--preempt'], { isPinned: true, mayPreempt: true }],
    [['--protection', 'shared'], { protection: { kind: 'shared', disjoint: 'edge' } }],
    [
      ['--protection', '1+1', '--disjoint', 'srlg', '--revert', '5 min'],
      { protection: { kind: '1+1', disjoint: 'srlg' }, waitToRestore_ns: 300e9 },
    ],
    [['--start', '1 s', '--end', '1 min'], { reserve: { start: NOW + 1000, end: NOW + 60_000 } }],
    [['--hold', '2 s'], { reserve: { hold: 2e9 } }],
    [['--along', 'a, b'], { route: { along: ['a', 'b'] } }],
    [
      ['--via', 'a,switch:s', '--avoid', 'switch:t,b,srlg:duct,c'],
      {
        route: {
          viaFibres: ['a'],
          viaSwitches: ['s'],
          avoidFibres: ['b', 'c'],
          avoidSwitches: ['t'],
          avoidSrlgs: ['duct'],
        },
      },
    ],
    [
      ['--max-length', '2000 km', '--power-budget', '20 dB'],
      { route: { maxLength: 2_000_000, powerBudget: 20 } },
    ],
  ];
  for (const [words, expected] of asked) {
    const found = terms(...words);
    assert.equal(found, expected, words.join(' '));
    // Nothing that the daemon would not take.
    const request = { type: 'request', path: 'p', to: 'b', terms: found };
    assert.is(parseDaemonRequest(JSON.stringify(request)).type, 'request', words.join(' '));
  }
});

test('what cannot be asked is said in one line that names the option', () => {
  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    [['--priority', '8'], /--priority 8: expected a whole number from 0 to 7/],
    [['--disjoint', 'node'], /--disjoint is about two routes: give --protection, too/],
    [['--revert', 'soon'], /--revert soon: expected /],
    [['--revert', '2000 h'], /--revert 2000 h: expected at most 52 days, 1250 h/],
    [['--avoid', 'a,,b'], /--avoid "a,,b": expected up to 64 names, separated by commas/],
    [['--via', 'switch:'], /--via "switch:": expected a name after switch:/],
    [['--max-length=-1 km'], /--max-length -1 km: expected 0 or more/],
    [['--power-budget', '20 km'], /--power-budget 20 km: expected /],
  ];
  for (const [words, message] of refused)
    assert.throws(
      () => terms(...words),
      (error: unknown) => error instanceof UsageError && message.test(error.message),
    );
});

add(
  'a live agent leaves out what it is asked to, and holds a pinned path where it was cut',
  async (bench) => {
    const [gva, , { path }] = await Promise.all([
      bench.agent('gva', '--write'),
      bench.agent('chi', '--write'),
      bench.daemon(),
    ]);
    const asked = await path('request', 'x', '--to', 'fnal', '--detached', '--avoid', 'short', '--pinned');
    assert.match(asked.stdout, new RegExp(`path x is up after .*: ${LONG.join(', ')}`), asked.stderr);
    await gva.said(/ path\.requested path=x .*pinned=true/);
    const refused = await path('request', 'y', '--to', 'fnal', '--via', 'switch:nowhere');
    assert.is(refused.code, 1);
  },
);

test.run();
