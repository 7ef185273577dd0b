import { assert, suite } from '../../scripts/testing/suite.ts';
import { metres } from '../core/quantity.ts';
import { instant, ms, seconds } from '../core/time.ts';
import { Bed, type BedOptions } from './bed.fixture.ts';
import { FailedFibres } from './failed-fibres.ts';
import { granted } from './line.fixture.ts';
import { reportRepair } from './repair-report.ts';
import { computeRoute, type Fibre } from './route.ts';

const test = suite('suspect fibres');

const CABLE = ['c1', 'c2', 'c3', 'c4'];
const between = (km: number) => Object.fromEntries(CABLE.map((id) => [id, `S1 S2 ${km}`]));
/** One cable, two terminals at each end, and what else leads there. */
const withCable = (others: BedOptions['fibres'] = {}): BedOptions['fibres'] => ({
  a1: 'T1 S1 1',
  a2: 'T2 S1 1',
  ...between(100),
  ...others,
  b1: 'S2 T3 1',
  b2: 'S2 T4 1',
});
const DETOUR = { d1: 'S1 S3 300', d2: 'S3 S2 300' };
const ENDS = { path: 'p', from: 'T1', to: 'T3' };

async function up(o: BedOptions, task: (bed: Bed, own: string) => Promise<void>): Promise<void> {
  const bed = new Bed({ delay: ms(20), ...o });
  await bed.run(async () => {
    const { fibres } = granted(await bed.newClient('S1').request(ENDS), bed);
    await bed.sleep(seconds(3));
    await task(bed, fibres[1] ?? '');
  });
}

/** The routes tried from now until the path is up again, each without the terminals' fibres. */
async function moves(bed: Bed, cut: readonly string[]): Promise<string[][]> {
  const ups = bed.records('path.up').length;
  for (const fibre of cut) bed.plant.cut(fibre);
  await bed.until('path.up', ups + 1);
  return bed.records('reroute.decided').map((r) => (r.fields['fibres'] as string[]).slice(1, -1));
}

test('when a whole cable is cut a path tries none of its other fibres: the move takes one try', async () => {
  await up({ fibres: withCable(DETOUR) }, async (bed, own) => {
    assert.ok(CABLE.includes(own));
    assert.equal(await moves(bed, CABLE), [['d1', 'd2']]);
    assert.equal(
      bed.records('loss.located').map((r) => r.fields['fibres']),
      [[own]],
    );
  });
});

test('other agents have the same suspects, until the mark has aged or the fibre is told to be mended', async () => {
  const timings = { failedFibreHold: seconds(20) };
  for (const isTold of [false, true])
    await up(
      { fibres: withCable({ ...DETOUR, e1: 'S1 S4 400', e2: 'S4 S2 400' }), timings },
      async (bed, own) => {
        await moves(bed, CABLE);
        const other = bed.newClient('S2');
        const ask = async (path: string) =>
          granted(await other.request({ path, from: 'T4', to: 'T2' }), bed).fibres.slice(1, -1);
        assert.equal(await ask('q'), ['e2', 'e1']);
        assert.is(bed.records('loss.located').length, 1, 'at the first try');
        await other.release('q');
        for (const fibre of CABLE) bed.plant.repair(fibre);
        if (isTold) await reportRepair(bed.client.platform, { machine: 'S3', tcpPort: 3400 }, [own]);
        await bed.sleep(seconds(isTold ? 1 : 21));
        const [fibre = ''] = await ask('r');
        assert.ok(CABLE.includes(fibre), fibre);
      },
    );
});

test('a fibre is cut and its neighbours live: they carry the path where nothing else leads there', async () => {
  await up({ fibres: withCable() }, async (bed, own) => {
    const [first = [], ...more] = await moves(bed, [own]);
    assert.equal(more, []);
    assert.ok(first[0] !== own && CABLE.includes(first[0] ?? ''), first.join());
  });
});

test('when only suspects are left they are tried until the one that lives is found', async () => {
  await up({ fibres: withCable() }, async (bed, own) => {
    const alive = CABLE.find((id) => id !== own) ?? '';
    const tried = await moves(
      bed,
      CABLE.filter((id) => id !== alive),
    );
    assert.equal(tried.at(-1), [alive]);
  });
});

test('fibres between other switches are suspects when they share an SRLG with what failed', async () => {
  const fibres = withCable({ ...DETOUR, e1: 'S1 S4 400', e2: 'S4 S2 400' });
  const srlgs = { ...Object.fromEntries(CABLE.map((id) => [id, ['bridge']])), d2: ['bridge', 'tunnel'] };
  await up({ fibres, srlgs }, async (bed) => {
    assert.equal(await moves(bed, [...CABLE, 'd2']), [['e1', 'e2']]);
  });
});

test('fibres of another length between the same two switches take another way, and are none', async () => {
  const other = { o: 'S1 S2 130' };
  await up({ fibres: withCable({ ...other, ...DETOUR }) }, async (bed) => {
    assert.equal(await moves(bed, CABLE), [['o']]);
  });
});

const fibre = (id: string, from: string, to: string, km: number): Fibre => ({
  id,
  a: { node: from, port: from.startsWith('T') ? null : `${id}a` },
  b: { node: to, port: to.startsWith('T') ? null : `${id}b` },
  weight: km,
  length: metres(km * 1e3),
});

test('who can have no route without suspects has one with as few as can be', () => {
  const map = [
    fibre('a', 'T1', 'S1', 1),
    fibre('only', 'S1', 'S2', 10),
    fibre('short', 'S2', 'S3', 10),
    fibre('long', 'S2', 'S3', 9_000),
    fibre('b', 'S3', 'T2', 1),
  ];
  const found = computeRoute(map, 'T1', 'T2', { last: new Set(['only', 'short']) });
  assert.equal(found.kind === 'found' && found.route.fibres, ['a', 'only', 'long', 'b']);
  assert.is(found.kind === 'found' && found.route.length, 9_012e3);
});

test('a mark makes suspects of its cable and its groups, and they end with it', () => {
  const map = [
    fibre('c1', 'S1', 'S2', 100),
    fibre('c2', 'S2', 'S1', 100.5),
    fibre('other', 'S1', 'S2', 103),
    { ...fibre('near', 'S2', 'S3', 7), srlg: ['duct'] },
    { ...fibre('far', 'S3', 'S4', 7), srlg: ['x', 'duct'] },
    fibre('t1', 'T1', 'S1', 1),
    fibre('t2', 'T1', 'S1', 1),
  ];
  const failed = new FailedFibres(seconds(30));
  const suspects = (at: number): string[] => [...failed.suspects(map, instant(at))];
  assert.equal(suspects(0), []);
  failed.mark('c1', instant(0), true);
  failed.mark('t1', instant(0), true);
  failed.mark('near', instant(0), true);
  assert.equal(suspects(1), ['c2', 'far']);
  failed.clear('near');
  assert.equal(suspects(1), ['c2']);
  assert.equal(suspects(30e9), []);
});

test.run();
