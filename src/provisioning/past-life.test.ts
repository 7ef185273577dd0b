// Agents whose store was lost while they had promised something.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds, us } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';
import { assertAgreement, granted, LINE, REQUEST } from './line.fixture.ts';
import { legacyOf } from './past-life.ts';
import type { AnnouncedPort } from './topology-messages.ts';

const test = suite('past lives');

function lose(bed: Bed, name: string): void {
  bed.at(name).crash();
  bed.at(name).disk.clear();
}

async function replaced(bed: Bed, name: string): Promise<void> {
  lose(bed, name);
  await bed.sleep(seconds(1));
  bed.at(name).restart();
}

for (const name of ['S2', 'S3'])
  test(`a path goes on through a switch whose agent has lost its store (${name})`, async () => {
    const bed = new Bed({ fibres: LINE, delay: ms(20) });
    await bed.run(async () => {
      granted(await bed.newClient('S1').request(REQUEST), bed);
      await bed.sleep(seconds(2));
      const before = bed.crossConnects();
      await replaced(bed, name);
      await bed.sleep(seconds(60));
      assert.is(bed.records('crossconnect.inherited').length, 1);
      assert.equal(bed.crossConnects(), before);
      assert.equal(bed.records('path.down'), []);
      assert.is(bed.records('path.up').at(-1)?.fields['path'], 'p');
      assertAgreement(bed);
    });
  });

test('what nobody speaks for any more goes with its lease: the coordinator itself has forgotten the path', async () => {
  const bed = new Bed({ fibres: LINE, delay: ms(20) });
  await bed.run(async () => {
    const client = bed.newClient('S1');
    granted(await client.request(REQUEST), bed);
    await bed.sleep(seconds(2));
    await replaced(bed, 'S1');
    await bed.sleep(seconds(60));
    assert.equal(bed.crossConnects(), []);
    granted(await client.request({ ...REQUEST, path: 'again' }), bed);
    assert.is(bed.crossConnects().length, 6);
    assertAgreement(bed);
  });
});

const HAND_MADE = ['S2 1 2', 'S2 2 1'];

/** S3 is cut off, and does not hear that the path is over, nor that somebody connects its ports. */
async function endUnheard(bed: Bed, client: ReturnType<Bed['newClient']>): Promise<void> {
  bed.isolate(['S3'], true);
  await bed.sleep(seconds(2));
  await client.release('p');
  await bed.sleep(seconds(40));
  bed.plant.switch('S2').connect('1', '2');
  bed.plant.switch('S2').connect('2', '1');
  await bed.sleep(seconds(20));
}

test('what is remembered of the life that it is in is nothing that it has forgotten', async () => {
  const bed = new Bed({ fibres: LINE, delay: ms(20) });
  await bed.run(async () => {
    const client = bed.newClient('S1');
    await bed.sleep(seconds(5));
    await replaced(bed, 'S2');
    await bed.sleep(seconds(60));
    granted(await client.request(REQUEST), bed);
    await bed.sleep(seconds(20));
    await endUnheard(bed, client);
    bed.isolate(['S3'], false);
    await bed.sleep(seconds(90));
    assert.equal(bed.records('crossconnect.inherited'), []);
    assert.equal(bed.crossConnects(), HAND_MADE);
  });
});

test('of what several remember the newest counts: one that was cut off does not know what is over', async () => {
  const bed = new Bed({ fibres: LINE, delay: ms(20) });
  await bed.run(async () => {
    const client = bed.newClient('S1');
    granted(await client.request(REQUEST), bed);
    await bed.sleep(seconds(10));
    await endUnheard(bed, client);
    lose(bed, 'S2');
    await bed.sleep(seconds(1));
    bed.isolate(['S3'], false);
    bed.at('S2').restart();
    await bed.sleep(seconds(90));
    assert.equal(bed.records('crossconnect.inherited'), []);
    assert.equal(bed.crossConnects(), HAND_MADE);
  });
});

const isMade = (bed: Bed): boolean => bed.crossConnects().filter((one) => one.startsWith('S2')).length > 2;
const isHeld = (bed: Bed): boolean =>
  bed.records('lease.granted').some(({ fields }) => fields['path'] === 'p' && fields['switch'] === 'S2');

for (const [when, isDue] of [
  ['made', isMade],
  ['held', isHeld],
] as const)
  test(`what was ${when} just before the store was lost, and no neighbour had heard of, is known to whoever decided it`, async () => {
    const config = { timings: { announceGap: ms(500), announceGapMost: ms(500) } };
    const bed = new Bed({ fibres: { ...LINE, in: 'T3 S2 1', out: 'S2 T4 1' }, delay: ms(1), config });
    await bed.run(async () => {
      // What is made from now on is told half a second after this.
      granted(await bed.newClient('S2').request({ path: 'first', from: 'T3', to: 'T4' }), bed);
      const client = bed.newClient('S1');
      const asked = client.request(REQUEST);
      while (!isDue(bed)) await bed.sleep(us(100));
      await replaced(bed, 'S2');
      await asked;
      await bed.sleep(seconds(60));
      const inherited = bed.records('crossconnect.inherited').map(({ fields }) => fields['path']);
      assert.equal(inherited, ['first', 'p']);
      await client.release('p');
      await bed.sleep(seconds(60));
      assert.equal(bed.crossConnects(), []);
      assertAgreement(bed);
    });
  });

const port = (name: string, holder: string | null, coordinator: string | null = null): AnnouncedPort => ({
  ...{ port: name, fibre: `f${name}`, far: { kind: 'terminal', terminal: 't' }, weight: 1, length: 1 },
  ...{ state: holder === null ? 'free' : 'held', holder },
  ...(coordinator !== null && { keeper: { coordinator, priority: 3 } }),
});
const announced = (...ports: AnnouncedPort[]) => ({ switchName: 'S', boot: 1, sequence: 9, ports });

test('of what is found, what one path had is taken over, what was on its way out goes, and the rest is somebody else’s', () => {
  const past = announced(
    ...[port('1', 'p', 'C'), port('2', 'p', 'C'), port('3', 'q'), port('4', 'q'), port('5', null)],
    ...[port('6', null), port('7', '(being freed)'), port('8', '(being freed)'), port('9', 'p', 'C')],
  );
  const both = (a: string, b: string) => [
    { a, b },
    { a: b, b: a },
  ];
  const found = [...both('1', '2'), { a: '4', b: '3' }, ...both('5', '6'), ...both('8', '7')];
  const { holdings, left } = legacyOf(past, found, () => null);
  assert.equal(
    holdings.map(({ path, pair, coordinator, priority }) => [path, pair, coordinator, priority]),
    [
      ['p', { a: '1', b: '2' }, 'C', 3],
      ['q', { a: '4', b: '3', way: 'one' }, 'S', undefined],
    ],
  );
  assert.equal(left, [{ path: '(being freed)', pair: { a: '8', b: '7' } }]);
  assert.equal(legacyOf(past, both('1', '5'), () => null).holdings, []);
  assert.equal(legacyOf(past, both('2', '3'), () => null).holdings, []);
});

test.run();
