import { assert, suite } from '../../../scripts/testing/suite.ts';
import { loadScenario } from '../load.ts';
import type { RequestAction } from '../schema-timeline.ts';
import { strippedScenario } from './subject.ts';
import { type Holdings, RouteOracle } from './why-not.ts';

const test = suite('why not');

/** Two ways from left to right: the short one over one fibre, the long one over a lossy fibre to mid and on. */
const text = `
scenario: fork
title: Fork
seed: "1"
duration: 10 s
sites: { home: { title: Home } }
switches:
  left: { site: home, family: polatis, ports: 8, insertion-loss: 1 dB }
  mid: { site: home, family: polatis, ports: 8, insertion-loss: 1 dB }
  right: { site: home, family: polatis, ports: 8, insertion-loss: 1 dB }
hosts:
  a: { site: home, disk: { read: 1 GB/s, write: 1 GB/s }, transceiver: &t { power: 0 dBm, sensitivity: -20 dBm, power-on: 50 ms, capacity: 1 Gb/s } }
  b: { site: home, disk: { read: 1 GB/s, write: 1 GB/s }, transceiver: *t }
fibres:
  a-left: { between: [a, left/1], length: 10 m, loss: 0 dB }
  right-b: { between: [right/1, b], length: 10 m, loss: 0 dB }
  short: { between: [left/2, right/2], length: 10 km, loss: 2 dB }
  out: { between: [left/3, mid/1], length: 20 km, loss: OUT dB }
  back: { between: [mid/2, right/3], length: 20 km, loss: 4 dB }
timeline:
  - { at: 1 s, request: { path: p, from: a, to: b } }
`;

const oracle = (loss = 4) =>
  new RouteOracle(strippedScenario(loadScenario('fork/scenario.yaml', text.replace('OUT', String(loss)))));
const request = (more: Partial<RequestAction> = {}): RequestAction => ({
  ...{ kind: 'request', path: 'p', from: 'a', to: 'b', agent: 'left', mode: 'duplex' },
  ...{ pinned: false, preempt: false },
  ...more,
});
const holdings = (cut: string[], held: Record<string, [string, boolean]> = {}): Holdings => ({
  cut: new Set(cut),
  before: ['a-left', 'short', 'right-b'],
  holderOf: (fibre) => {
    const [demand, isUntouched] = held[fibre] ?? [];
    return demand === undefined ? null : { demand, isUntouched: isUntouched === true };
  },
});
const why = (o: RouteOracle, demand: RequestAction, h: Holdings): string => {
  const { cause, others } = o.whyNot(demand, h);
  return [cause, ...others].join(' ');
};

test('where no fibres are left it is a bridge', () => {
  assert.is(why(oracle(), request(), holdings(['short', 'back'])), 'bridge');
  assert.is(why(oracle(), request(), holdings(['a-left'])), 'bridge');
});

test('what the demand itself forbids are constraints', () => {
  assert.is(why(oracle(), request({ avoid: ['mid'] }), holdings(['short'])), 'constraints');
  assert.is(why(oracle(), request({ pinned: true }), holdings(['short'])), 'constraints');
  assert.is(why(oracle(), request({ maxLength: 40_000 as never }), holdings(['short'])), 'constraints');
});

test('a way on which too much light is lost is no way: 1 + 1 + 1 + 4 + 13 dB fit, a tenth more does not', () => {
  assert.is(why(oracle(13), request(), holdings(['short'])), 'agents');
  assert.is(why(oracle(13.1), request(), holdings(['short'])), 'budget');
});

test('fibres of demands that were not cut are ports, of those that were, contention; both by name', () => {
  assert.is(why(oracle(), request(), holdings(['short'], { out: ['q', true] })), 'ports q');
  assert.is(why(oracle(), request(), holdings(['short'], { back: ['r', false] })), 'contention r');
});

test('what the demand holds itself is not in its way', () => {
  assert.is(why(oracle(), request(), holdings(['short'], { out: ['p', false] })), 'agents');
});

test.run();
