// What agents are told of loss and flapping, and mistakes in it: each one complaint, at its place.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { seconds } from '../core/time.ts';
import { loadScenario } from './load.ts';
import { onlyMistake } from './problems.fixture.ts';
import type { Scenario } from './schema.ts';

const test = suite('provisioning in scenario files');

const load = (settings: string, ofSwitch = ''): Scenario =>
  loadScenario(
    'scenarios/small/scenario.yaml',
    `scenario: small
title: A switch
duration: 10 s
sites:
  here: { title: Here }
switches:
  one: { site: here, family: polatis, ports: 4${ofSwitch} }
provisioning: { ${settings} }
`,
  );

const problemOf = (settings: string, ofSwitch = ''): string => onlyMistake(() => load(settings, ofSwitch));

test('detection, hold-off, drop, flapping and the number of reroutes are told', () => {
  const { provisioning } = load(
    'detection: poll, hold-off: 20 ms, los-drop: 6 dB, reroutes-at-once: 4, flapping: { suppress: 3000, half-life: 60 s }',
  );
  assert.is(provisioning.detection, 'poll');
  assert.is(provisioning.reroutesAtOnce, 4);
  assert.equal(provisioning.flapping, { suppress: 3000, halfLife: seconds(60) });
  assert.is(load('lease: 30 s', ', detection: alarm').switches[0]?.detection, 'alarm');
});

test('patience is told', () => {
  assert.is(load('patience: 4').provisioning.patience, 4);
  assert.match(problemOf('patience: 1.5'), /from 1 to 100/);
});

test('mistakes in them are told with their place', () => {
  assert.match(problemOf('detection: guess'), /both, alarm, poll|alarm/);
  assert.match(problemOf('lease: 30 s', ', detection: never'), /alarm/);
  assert.match(problemOf('reroutes-at-once: 0'), /from 1 to 1000/);
  assert.match(problemOf('flapping: { half-live: 60 s }'), /half-life/);
  assert.match(problemOf('flapping: { suppress: 700, reuse: 800 }'), /less than suppress/);
});

test.run();
