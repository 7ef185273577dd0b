// What a request may ask for, and mistakes in it: each one complaint, at its place.

import * as v from 'valibot';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { LONGEST_SPAN } from '../core/time.ts';
import { PATH_TERMS } from '../provisioning/path-terms.ts';
import { ScenarioError } from './errors.ts';
import { termsOf } from './grammar-request.ts';
import { loadScenario } from './load.ts';
import { onlyMistake } from './problems.fixture.ts';
import type { Scenario } from './schema.ts';

const test = suite('requests in scenario files');

const text = (options: string): string => `scenario: small
title: Two hosts and two switches
duration: 10 s
sites:
  here: { title: Here }
switches:
  one: { site: here, family: polatis, ports: 4 }
  two: { site: here, family: polatis, ports: 4 }
hosts:
  left: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: &t { power: 0 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 10 Gb/s } }
  right: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: *t }
fibres:
  l: { between: [left, one/1], length: 1 km, loss: 1 dB }
  m: { between: [one/2, two/1], length: 2 km, loss: 1 dB }
  r: { between: [two/2, right], length: 2 km, loss: 1 dB }
timeline:
  - { at: 1 s, request: { path: main, from: left, to: right${options} } }
`;

const load = (options: string): Scenario => loadScenario('scenarios/small/scenario.yaml', text(options));

const problemOf = (options: string): string => onlyMistake(() => load(options));

function termsIn(options: string): unknown {
  const s = load(options);
  const action = s.timeline[0]?.action;
  return action?.kind === 'request' ? termsOf(action, s.switches, 1_000) : null;
}

test('the longest spans that a file may ask for are those that agents take', () => {
  const longest = ', hold: 1250 h, revert: { wait-to-restore: 1250 h }';
  assert.equal(v.parse(PATH_TERMS, termsIn(longest)), {
    reserve: { hold: LONGEST_SPAN },
    waitToRestore_ns: LONGEST_SPAN,
  });
  assert.match(problemOf(', hold: 1251 h'), /scenario\.yaml:17:\d+: .*"1251 h".*at most 1250 h/s);
  assert.match(
    problemOf(', revert: { wait-to-restore: 1251 h }'),
    /scenario\.yaml:17:\d+: .*"1251 h".*at most 1250 h/s,
  );
});

test('what is asked for becomes the terms that an agent is told', () => {
  assert.equal(termsIn(''), {});
  assert.equal(termsIn(', mode: simplex'), { isSimplex: true });
  assert.equal(termsIn(', priority: 0, pinned: true, preempt: true'), {
    priority: 0,
    isPinned: true,
    mayPreempt: true,
  });
  assert.equal(termsIn(', via: [two, m], avoid: [one], max-length: 5 km, power-budget: 9 dB, least: hops'), {
    route: {
      viaFibres: ['m'],
      viaSwitches: ['two'],
      avoidFibres: [],
      avoidSwitches: ['one'],
      maxLength: 5000,
      powerBudget: 9,
      measure: 'hops',
    },
  });
  assert.equal(termsIn(', along: [l, m, r]'), { route: { along: ['l', 'm', 'r'] } });
});

test('names that are not there, words that are not known and two ways at once are told with their place', () => {
  assert.match(problemOf(', via: [three]'), /"three", which is not a fibre or a switch/);
  assert.match(problemOf(', avoid: [left]'), /"left", which is not a fibre or a switch/);
  assert.match(problemOf(', along: [l, one]'), /"one", which is not a fibre/);
  assert.match(problemOf(', priority: 8'), /from 0 to 7/);
  assert.match(problemOf(', pinned: maybe'), /true or false/);
  assert.match(problemOf(', mode: half'), /duplex/);
  assert.match(problemOf(', max-length: 5 dB'), /km/);
  assert.match(problemOf(', along: [l, m, r], via: [one]'), /either "along" or "via"/);
});

test('times become calendar times, and times that make no sense are told', () => {
  assert.equal(termsIn(', start: 2 s, end: 5 s'), { reserve: { start: 3_000, end: 6_000 } });
  assert.equal(termsIn(', hold: 5 s'), { reserve: { hold: 5e9 } });
  assert.match(problemOf(', start: 5 s, end: 2 s'), /an end that is not after the start/);
  assert.match(problemOf(', start: 5 s'), /a start without an end/);
  assert.match(problemOf(', end: 9 s, hold: 1 s'), /a hold beside a time/);
});

test('agents may be told of seeds only, which are switches', () => {
  const withSeeds = (seeds: string): string =>
    text('').replace('timeline:', `provisioning: { seeds: [${seeds}] }\ntimeline:`);
  const load = (seeds: string): Scenario => loadScenario('scenarios/small/scenario.yaml', withSeeds(seeds));
  assert.equal(load('one').provisioning.seeds, ['one']);
  assert.throws(
    () => load('three'),
    (e: unknown) => e instanceof ScenarioError && /"three", which is not a switch/.test(e.message),
  );
});

test.run();
