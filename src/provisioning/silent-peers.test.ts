import { assert, suite } from '../../scripts/testing/suite.ts';
import { instant, ms, seconds } from '../core/time.ts';
import { packetRule } from '../scenario/worlds/disturbance.ts';
import { Bed } from './bed.fixture.ts';
import { granted, LINE, REQUEST, refused } from './line.fixture.ts';
import { SilentPeers } from './silent-peers.ts';

const test = suite('silent peers');

/** S2 and S4 share no fibre, nor do S1 and S3: only those that share none forget each other. */
const RING = { ...LINE, ad: 'S1 S4 2000', dc: 'S4 S3 2000' };
const timings = { peerLife: seconds(20) };

const forgotten = (bed: Bed): string[] =>
  bed
    .records('peer.forgotten')
    .map(({ where, fields }) => `${where}: ${fields['peer']}`)
    .sort();

function partition(bed: Bed, names: readonly string[]): { remove(): void } {
  const concerns = (a: string, b: string): boolean => names.includes(a) !== names.includes(b);
  const loss = { loss: 1, duplicates: 0, delay: ms(0), jitter: ms(0), concerns };
  return bed.world.addPacketRule(packetRule(loss, bed.client.platform.random));
}

test('silence counts while somebody else is heard only', () => {
  const silent = new SilentPeers(seconds(60), instant(0));
  const look = (s: number, ...there: string[]): string[] =>
    silent.look(['a', 'b'], (name) => there.includes(name), instant(s * 1e9));
  assert.equal(look(40, 'b'), []);
  assert.equal(look(400), []);
  assert.equal(look(410, 'b'), []);
  assert.equal(look(420, 'b'), ['a']);
  silent.forget('a');
  assert.equal(look(430, 'b'), []);
  assert.equal(look(440, 'a', 'b'), []);
  assert.equal(look(495, 'b'), []);
});

test('a peer that was taken out of service is forgotten, but by those at its fibres; where it returns, it is found', async () => {
  const bed = new Bed({ fibres: RING, seeds: ['S4'], delay: ms(20), timings });
  await bed.run(async () => {
    bed.at('S2').crash();
    await bed.sleep(seconds(45));
    assert.equal(forgotten(bed), []);
    await bed.sleep(seconds(20));
    assert.equal(forgotten(bed), ['S4: S2']);
    bed.at('S4').crash();
    await bed.sleep(seconds(1));
    bed.at('S4').restart();
    await bed.sleep(seconds(70));
    assert.equal(forgotten(bed), ['S4: S2'], 'the disk has forgotten it, too, and nobody tells of it');
    bed.at('S2').restart();
    await bed.sleep(seconds(5));
    bed.plant.cut('ad');
    const answer = await bed.newClient('S4').request(REQUEST);
    assert.equal(granted(answer, bed).fibres, ['aa', 'ab', 'bc', 'cc']);
  });
});

test('peers that the configuration names are remembered for ever', async () => {
  const bed = new Bed({ fibres: RING, delay: ms(20), timings });
  await bed.run(async () => {
    bed.at('S2').crash();
    await bed.sleep(seconds(80));
    assert.equal(forgotten(bed), []);
  });
});

test('two halves that were apart for longer find each other again by a seed in one of them', async () => {
  // No fibre joins the halves, so that each forgets the other whole.
  const fibres = { aa: 'T1 S1 1', ab: 'S1 S2 300', bb: 'S2 T2 1', cc: 'T3 S3 1', cd: 'S3 S4 300' };
  const bed = new Bed({ fibres: { ...fibres, dd: 'S4 T4 1' }, seeds: ['S4'], delay: ms(20), timings });
  await bed.run(async () => {
    const cut = partition(bed, ['S1', 'S2', 'client']);
    await bed.sleep(seconds(80));
    const other = { S1: 'S3 S4', S2: 'S3 S4', S3: 'S1 S2', S4: 'S1 S2' };
    const all = Object.entries(other).flatMap(([at, of]) => of.split(' ').map((peer) => `${at}: ${peer}`));
    assert.equal(forgotten(bed), all);
    const request = { path: 'p', from: 'T3', to: 'T4' };
    assert.match(refused(await bed.newClient('S1').request(request)), /terminal T3 is not known/);
    cut.remove();
    await bed.sleep(seconds(10));
    granted(await bed.newClient('S1').request(request), bed);
  });
});

test('an agent that was cut off alone forgets nobody, though his seed is gone meanwhile', async () => {
  const bed = new Bed({ fibres: RING, seeds: ['S4'], delay: ms(20), timings });
  await bed.run(async () => {
    bed.isolate(['S1', 'client'], true);
    await bed.sleep(seconds(80));
    assert.equal(forgotten(bed), ['S3: S1']);
    bed.at('S4').crash();
    bed.isolate(['S1', 'client'], false);
    await bed.sleep(seconds(10));
    granted(await bed.newClient('S1').request(REQUEST), bed);
    await bed.sleep(seconds(30));
    assert.equal(forgotten(bed), ['S3: S1']);
  });
});

test.run();
