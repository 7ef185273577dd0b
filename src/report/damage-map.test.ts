import { assert, suite } from '../../scripts/testing/suite.ts';
import { damageMapSvg } from './damage-map.ts';
import type { CableDamage, StudyReport } from './study-report.ts';

const test = suite('map of damage');

const cable = (name: string, end: string, damage: Partial<CableDamage>): CableDamage => ({
  ...{ name, ends: ['a', end], length: 50_000, cuts: 1, hit: 0, lost: 0, extraLength: null },
  ...damage,
});

/** Of three cables from one node: one that carries a demand which is lost, one that carries none, one not cut. */
const STUDY: StudyReport = {
  ...{ name: 'star', title: 'A star', seed: '1', version: 'test', cutsKind: '1', apartMs: 0 },
  ...{ cutsPer1000KmYear: 1, hoursToRepair: 1, untried: 0, cuts: [], demands: [] },
  nodes: ['a', 'b', 'c', 'd'].map((name) => ({ name, title: name, place: null })),
  cables: [cable('x', 'b', { hit: 1, lost: 1 }), cable('y', 'c', {}), cable('z', 'd', { cuts: 0 })],
  classes: [],
};
const classOf = (tried: number): StudyReport['classes'] =>
  [{ order: 1, population: 3, tried }] as unknown as StudyReport['classes'];
const lineOf = (svg: string, name: string): string =>
  svg.match(/<path[^>]*><title>[^<]*<\/title>/g)?.find((path) => path.includes(`<title>${name}:`)) ?? '';

test('a cable that no cut of the sample was of is dashed and said to be untried, not to carry nothing', async () => {
  const svg = await damageMapSvg({ ...STUDY, classes: classOf(2) });
  assert.match(svg, /2 of 3 cuts of one cable/);
  assert.match(svg, />not tried</);
  assert.match(lineOf(svg, 'z'), /stroke-dasharray="2 5".*; not tried</);
  for (const name of ['x', 'y']) assert.not.match(lineOf(svg, name), /dasharray/);
  assert.match(lineOf(svg, 'y'), /; hits 0, 0 lost</);
});

test('where every cut was tried nothing is said of any that was not', async () => {
  const svg = await damageMapSvg({ ...STUDY, cables: STUDY.cables.slice(0, 2), classes: classOf(3) });
  assert.match(svg, /every cut of one cable/);
  assert.not.match(svg, /not tried|dasharray/);
});

test.run();
