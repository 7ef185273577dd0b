// Mistakes about transceivers and protection: each one complaint, at its place.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { loadScenario } from './load.ts';
import { onlyMistake } from './problems.fixture.ts';
import type { Scenario } from './schema.ts';

const test = suite('protection in scenario files');

const GOOD = `scenario: small
title: Two hosts with two transceivers each
duration: 10 s
sites:
  here: { title: Here }
switches:
  up: { site: here, family: polatis, ports: 4 }
  low: { site: here, family: polatis, ports: 4 }
hosts:
  left: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: &t { power: 0 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 10 Gb/s } }
  right: { site: here, disk: { read: 1 MB/s, write: 1 MB/s }, transceiver: *t }
fibres:
  up-left: { between: [left, up/1], length: 1 km, loss: 1 dB }
  up-right: { between: [up/2, right], length: 2 km, loss: 1 dB }
  low-left: { between: [left/2, low/1], length: 1 km, loss: 1 dB }
  low-right: { between: [low/2, right/2], length: 2 km, loss: 1 dB }
data-links:
  lambda: { between: [left, right], queue: 1 MB, mtu: 9000 B }
timeline:
  - { at: 1 s, request: { path: main, from: left, to: right, protection: { kind: 1+1 } } }
`;

const load = (text: string): Scenario => loadScenario('scenarios/small/scenario.yaml', text);

/** `GOOD` with one passage replaced: its single problem, as `line: message`. */
function problemOf(passage: string, replacement: string): string {
  assert.ok(GOOD.includes(passage), `the good scenario has the passage ${passage}`);
  return onlyMistake(() => load(GOOD.replace(passage, replacement)));
}

test('a fibre may end at a second transceiver of a host', () => {
  const s = load(GOOD);
  assert.equal(
    s.fibres.map(({ between: [a, b] }) => [a, b].map((end) => (end.kind === 'host' ? end.line : end.port))),
    [
      [1, '1'],
      ['2', 1],
      [2, '1'],
      ['2', 2],
    ],
  );
});

test('a transceiver that cannot be is named with its place', () => {
  assert.match(problemOf('left/2, low/1', 'left/x, low/1'), /"left\/x", which is no transceiver of a host/);
  assert.match(problemOf('left/2, low/1', 'left/17, low/1'), /"left\/2" to "left\/16" for others/);
});

test('two fibres at one transceiver are named', () => {
  assert.match(problemOf('left/2, low/1', 'left, low/1'), /"left" again.*a transceiver without a fibre/s);
  assert.match(problemOf('left/2, low/1', 'left/1, low/1'), /"left" again/);
});

test('protection is edge-disjoint where nothing else is said', () => {
  const [entry] = load(GOOD).timeline;
  assert.equal(entry?.action.kind === 'request' && entry.action.protection, {
    kind: '1+1',
    disjoint: 'edge',
  });
});

test('a kind of protection that there is not is named', () => {
  assert.match(problemOf('kind: 1+1', 'kind: 2+1'), /"2\+1".*1\+1, 1:1, shared/s);
  assert.match(problemOf('kind: 1+1', 'kind: 1+1, disjoint: site'), /"site".*edge, node, srlg/s);
});

test('1+1 for a host with one transceiver is named with the mend', () => {
  const message = problemOf('left/2, low/1', 'low/3, low/1');
  assert.match(message, /1\+1 for left, a host with one transceiver/);
  assert.match(message, /"left\/2", or the kind 1:1/);
});

test('reversion waits five minutes where nothing else is said', () => {
  const [entry] = load(GOOD.replace('kind: 1+1 }', 'kind: 1+1 }, revert: {}')).timeline;
  assert.is(entry?.action.kind === 'request' && entry.action.revert?.waitToRestore, 300e9);
});

test('a wait to restore that is no time is named', () => {
  const wrong = 'kind: 1+1 }, revert: { wait-to-restore: 5 }';
  assert.match(problemOf('kind: 1+1 }', wrong), /wait-to-restore.*5/s);
});

test('a backup may be shared, and needs no second transceiver', () => {
  const one = GOOD.replace('left/2, low/1', 'low/3, low/1');
  const asked = { kind: 'shared', disjoint: 'srlg' } as const;
  const [entry] = load(one.replace('kind: 1+1', 'kind: shared, disjoint: srlg')).timeline;
  assert.equal(entry?.action.kind === 'request' && entry.action.protection, asked);
  assert.match(problemOf('kind: 1+1', 'kind: 1+1, with: other'), /"with"|with/);
  assert.match(problemOf('kind: 1+1', 'kind: shared-mesh'), /"shared-mesh".*shared/s);
});

test.run();
