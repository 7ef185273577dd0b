import { assert, suite } from '../../../scripts/testing/suite.ts';
import type { Incident } from './incident.ts';
import { shrink } from './shrink.ts';

const test = suite('shrink');

const incident = (fibre: string, at: number): Incident => ({
  at,
  lasts: 1234,
  action: 'cut',
  fields: { fibre },
});
const list = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((fibre, i) => incident(fibre, 100_123 * (i + 1)));
const fibresOf = (incidents: readonly Incident[]) => incidents.map((i) => i.fields['fibre']);

test('only what the failure needs is left', async () => {
  const few = await shrink(list, async (some) => ['b', 'f'].every((name) => fibresOf(some).includes(name)));
  assert.equal(fibresOf(few), ['b', 'f']);
});

test('times are rounded as far as the failure stays', async () => {
  const isLate = async (some: readonly Incident[]) => some.some((i) => i.at > 650_000);
  const [left, ...others] = await shrink(list, isLate);
  assert.equal(others, []);
  assert.equal(left, { ...incident('g', 1_000_000), lasts: 1000 });
});

test('a disk is lost only where the failure needs that', async () => {
  const crash: Incident = { ...incident('', 100), action: 'crash', fields: { machine: 'm', disk: 'lost' } };
  const [kept] = await shrink([crash], async (some) => some.length > 0);
  assert.equal(kept?.fields, { machine: 'm' });
  const needsIt = async (some: readonly Incident[]) => some.some(({ fields }) => fields['disk'] === 'lost');
  const [lost] = await shrink([crash], needsIt);
  assert.equal(lost?.fields, { machine: 'm', disk: 'lost' });
});

test('a failure that needs no fault is left with none', async () => {
  assert.equal(await shrink(list, async () => true), []);
});

test('the same list is asked about in the same order', async () => {
  const ask = async () => {
    const asked: string[] = [];
    await shrink(list, async (some) => {
      asked.push(fibresOf(some).join());
      return fibresOf(some).includes('d');
    });
    return asked;
  };
  assert.equal(await ask(), await ask());
});

test.run();
