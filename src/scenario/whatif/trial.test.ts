// Whole runs in the virtual world: the ring, a double cut while the first is being rerouted, and two demands for one
// fibre.

import { readFileSync } from 'node:fs';
import { assert, suite } from '../../../scripts/testing/suite.ts';
import { ms, seconds, ZERO } from '../../core/time.ts';
import { loadScenario } from '../load.ts';
import { run } from '../run.ts';
import type { CutOutcome } from './outcome.ts';
import { cablesOfScenario, strippedScenario, studyOfMap } from './subject.ts';
import { baseline, tryCut } from './trial.ts';

const test = suite('what-if trial');

const file = 'scenarios/ring/scenario.yaml';
const ringText = readFileSync(file, 'utf8');
const ring = strippedScenario(loadScenario(file, ringText));
const options = { seed: '1', version: 'test', apart: ZERO };
const part = (name: string) => ({ name, fibres: [name] });
const cutOf = (...names: string[]) =>
  ({ id: names.join('+'), order: names.length === 2 ? 2 : 1, parts: names.map(part) }) as const;
const affectedBy = ({ affected }: CutOutcome) => affected.map((d) => [d.demand, d.isHit, d.isLost, d.cause]);

test('a scenario is left with its requests, and its cables are the fibres between switches', () => {
  assert.equal(
    ring.timeline.map(({ action }) => action.kind),
    ['request'],
  );
  const cables = cablesOfScenario(ring, () => []);
  assert.equal(
    cables.map(({ name }) => name),
    ['w-n', 'n-e', 'w-s', 's-e'],
  );
});

test('fibres of a cable have names of their own, also where the map has links of such names', () => {
  const links = ['x', 'x-2', 'x-3-2'].map((id) => ({ id, a: 'A', b: 'B', weight: 1000 }));
  const map = { nodes: ['A', 'B'].map((id) => ({ id, name: id })), links };
  const { cables } = studyOfMap(map, { name: 'twins', seed: '1', fibresPerLink: 3, demands: [] });
  assert.equal(
    cables.map(({ name, fibres }) => `${name}: ${fibres.join(' ')}`),
    ['x: x x-3 x-4', 'x-2: x-2 x-2-2 x-2-3', 'x-3-2: x-3-2 x-3-2-2 x-3-2-3'],
  );
});

test('a cut of a fibre in use is healed, with its times and the way round; of another it hits nobody', async () => {
  const before = await baseline(ring, options);
  assert.equal(before.demands[0]?.fibres, ['alice-w', 'w-n', 'n-e', 'e-bob']);
  const used = await tryCut(ring, cutOf('w-n'), options);
  assert.equal(affectedBy(used), [['ring', true, false, null]]);
  const [ringDemand] = used.affected;
  assert.ok((ringDemand?.darkMs ?? 0) > 50 && (ringDemand?.darkMs ?? Infinity) < 500);
  assert.is(ringDemand?.lengthAfter, 50_100);
  assert.equal(affectedBy(await tryCut(ring, cutOf('w-s'), options)), []);
  assert.equal(used.violations, []);
});

test('a second cut during the reroute takes the new route away', async () => {
  const outcome = await tryCut(ring, cutOf('w-n', 'w-s'), { ...options, apart: ms(40) });
  assert.equal(affectedBy(outcome), [['ring', true, true, 'bridge']]);
});

test('of two demands and one fibre that is left, the second is told what it lost to', async () => {
  const text = ringText
    .replace(
      /^timeline:[^]*$/m,
      `timeline:
  - { at: 0.5 s, request: { path: one, from: alice, to: bob } }
  - { at: 1.5 s, request: { path: two, from: alice2, to: bob2 } }
`,
    )
    .replace(
      /^( {2})w-n: /m,
      '$1alice2-w: { between: [alice2, w/7], length: 50 m, loss: 0.5 dB }\n  e-bob2: { between: [e/7, bob2], length: 50 m, loss: 0.5 dB }\n  w-n: ',
    )
    .replace(/^hosts:\n/m, (head) => `${head}${hosts}`);
  const scenario = strippedScenario(loadScenario(file, text));
  const outcome = await tryCut(scenario, cutOf('w-n'), options);
  assert.equal(affectedBy(outcome), [['one', true, true, 'ports']]);
  assert.equal(outcome.affected[0]?.others, ['two']);
});

const hosts = ['alice2', 'bob2']
  .map(
    (name) =>
      `  ${name}: { site: ${name === 'alice2' ? 'west' : 'east'}, disk: { read: 1 GB/s, write: 1 GB/s }, transceiver: { power: 0 dBm, sensitivity: -24 dBm, power-on: 50 ms, capacity: 1 Gb/s } }\n`,
  )
  .join('');

test('the same cut comes out the same, and leaves nothing behind for the scenario’s own run', async () => {
  const own = async (): Promise<string> =>
    (
      await run(
        { ...loadScenario(file, ringText), duration: seconds(4) },
        { world: 'virtual', folder: '', version: 'test', file },
      )
    ).hash;
  const before = await own();
  const first = await tryCut(ring, cutOf('n-e'), options);
  assert.equal(await tryCut(ring, cutOf('n-e'), options), first);
  assert.is(first.hash.length, 64);
  assert.is(await own(), before);
});

test.run();
