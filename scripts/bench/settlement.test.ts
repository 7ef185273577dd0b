import { seconds } from '../../src/core/time.ts';
import type { TraceRecord } from '../../src/engine/trace.ts';
import type { FibreEnd, Scenario } from '../../src/scenario/schema.ts';
import { assert, suite } from '../testing/suite.ts';
import { Settlement } from './settlement.ts';

const test = suite('settlement of a crowd');

const port = (switchName: string, name: string): FibreEnd => ({ kind: 'port', switchName, port: name });
const host = (name: string): FibreEnd => ({ kind: 'host', host: name, line: 1 });

/** Two hosts, a switch each, and two fibres between these. */
const scenario = {
  fibres: [
    { name: 'a', between: [host('A'), port('S', '1')] },
    { name: 'b', between: [port('T', '1'), host('B')] },
    { name: 'x', between: [port('S', '2'), port('T', '2')] },
    { name: 'y', between: [port('S', '3'), port('T', '3')] },
  ],
  timeline: [{ at: seconds(1), action: { kind: 'request', path: 'p', from: 'A', to: 'B' } }],
} as unknown as Scenario;

const record = (at: number, kind: string, fields: TraceRecord['fields']): TraceRecord => ({
  at: seconds(at) as number as TraceRecord['at'],
  where: 'world',
  kind,
  fields,
});
const switched = (at: number, kind: 'connected' | 'disconnected', output: string): TraceRecord =>
  record(at, `switch.${kind}`, { switch: 'S', input: '4', output });
const refused = (kind: string): TraceRecord =>
  record(5, 'path.refused', { path: 'p', kind, reason: 'others were faster' });

const wrongOf = (...records: readonly TraceRecord[]): readonly string[] =>
  new Settlement(scenario, records).wrong;

test('a refusal is right where all ways were in use, or came to be so', () => {
  const both = [switched(2, 'connected', '2'), switched(3, 'connected', '3')];
  assert.equal(wrongOf(...both, refused('port-busy')), []);
  assert.equal(wrongOf(...both, refused('contention'), switched(9, 'disconnected', '3')), []);
  const [one] = both;
  assert.equal(wrongOf(one as TraceRecord, refused('port-busy'), switched(6, 'connected', '3')), []);
});

test('a refusal is wrong where a way was free from then on, whatever was tried', () => {
  const tried = record(2, 'transaction.aborted', { path: 'p', reason: 'port 3 is wanted by q' });
  const one = switched(2, 'connected', '2');
  assert.match(wrongOf(one, tried, refused('port-busy'))[0] ?? '', /a way is free/);
  const shortly = [switched(2, 'connected', '3'), switched(3, 'disconnected', '3')];
  assert.match(wrongOf(one, ...shortly, refused('contention'))[0] ?? '', /a way is free/);
});

test('one that had just come free may not have been heard of', () => {
  const one = switched(2, 'connected', '2');
  const late = [switched(2, 'connected', '3'), switched(4.5, 'disconnected', '3')];
  assert.equal(wrongOf(one, ...late, refused('contention')), []);
});

test('whatever is said beside that others were there is wrong, and so is silence', () => {
  const both = [switched(2, 'connected', '2'), switched(3, 'connected', '3')];
  assert.match(wrongOf(...both, refused('no-light'))[0] ?? '', /refused as no-light/);
  assert.equal(wrongOf(...both), ['p is neither up nor refused']);
});

test('a path that is up has light at both ends, and no fibre that another has', () => {
  const up = (path: string): TraceRecord => record(3, 'path.up', { path, fibres: ['a', 'x', 'b'] });
  assert.equal(wrongOf(up('p')), ['p is up, and A dark', 'p is up, and B dark']);
  const lit = ['A', 'B'].map((terminal) => record(2, 'light.restored', { terminal }));
  assert.equal(wrongOf(...lit, up('p')), []);
  assert.is(wrongOf(...lit, up('p'), up('q')).length, 3);
});

test.run();
