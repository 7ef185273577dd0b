// What became of paths, on written records where every value can be counted by hand.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { instant } from '../core/time.ts';
import type { TraceRecord } from '../engine/trace.ts';
import { pathValues } from './metric-paths.ts';
import { RecordIndex } from './record-index.ts';
import type { Scenario } from './schema.ts';

const test = suite('metrics of paths');

const record = (at: number, kind: string, fields: TraceRecord['fields']): TraceRecord => ({
  at: instant(at * 1e9),
  where: 'test',
  kind,
  fields,
});

const scenario = {
  fibres: [
    { name: 'f', length: 10 },
    { name: 'g', length: 30 },
  ],
  timeline: [{ action: { kind: 'request', path: 'p' } }],
} as unknown as Scenario;

function measured(records: readonly TraceRecord[], metric: string): (number | null)[] {
  const values = pathValues(scenario, new RecordIndex(records));
  return values.filter((v) => v.metric === metric).map((v) => v.value);
}

const up = (at: number, ...fibres: string[]): TraceRecord => record(at, 'path.up', { path: 'p', fibres });
const down = (at: number): TraceRecord => record(at, 'path.down', { path: 'p', reason: 'cut' });

test('other fibres are a move, the same ones are not, whatever was between', () => {
  const records = [up(1, 'f'), up(2, 'f'), up(3, 'g'), down(4), up(5, 'g'), up(6, 'f')];
  assert.equal(measured(records, 'path.moves'), [2]);
  assert.equal(measured(records, 'path.up_at_end'), [1]);
  assert.equal(measured(records, 'path.length_at_end'), [10]);
});

test('each time DOWN lasts until it is up again, also where DOWN is said twice, and has no end where it is not', () => {
  const records = [up(1, 'f'), down(2), down(3), up(5, 'f'), down(7)];
  assert.equal(measured(records, 'path.downs'), [2]);
  assert.equal(measured(records, 'path.down_time'), [3e9, null]);
  assert.equal(measured(records, 'path.up_at_end'), [0]);
  assert.equal(measured(records, 'path.length_at_end'), [null]);
});

test('a path that is given back is up no more, nor is it DOWN', () => {
  const records = [up(1, 'f'), record(2, 'path.released', { path: 'p' })];
  assert.equal(measured(records, 'path.up_at_end'), [0]);
  assert.equal(measured(records, 'path.downs'), [0]);
});

test('a refusal counts once, whether its agent or its host says so', () => {
  const byAgent = record(1, 'path.refused', { path: 'p', kind: 'no-path' });
  const byHost = record(2, 'request.refused', { path: 'p', kind: 'no-path' });
  assert.equal(measured([byAgent, byHost], 'path.refused'), [1]);
  assert.equal(measured([byHost], 'path.refused'), [1]);
  assert.equal(measured([up(1, 'f')], 'path.refused'), [0]);
});

test('a path with two legs has the moves and the lengths of both', () => {
  const leg = (at: number, path: string, fibre: string): TraceRecord[] => [
    record(at, 'path.requested', { path, of: 'p' }),
    record(at, 'path.up', { path, fibres: [fibre] }),
  ];
  const records = [...leg(1, 'p/1', 'f'), ...leg(1, 'p/2', 'f'), ...leg(2, 'p/2', 'g'), up(2)];
  assert.equal(measured(records, 'path.length_at_end'), [40]);
  assert.equal(measured(records, 'path.moves'), [1]);
});

test('cross-connects are counted each way, those that are left', () => {
  const way = (kind: string, input: string, output: string): TraceRecord =>
    record(1, `switch.${kind}`, { switch: 's', input, output });
  const records = [way('connected', '1', '2'), way('connected', '2', '1'), way('disconnected', '1', '2')];
  assert.equal(measured(records, 'crossconnects.at_end'), [1]);
});

test.run();
