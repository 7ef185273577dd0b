import { assert, suite } from '../../scripts/testing/suite.ts';
import { drift } from './drift.ts';
import type { NetworkState } from './network-state.ts';
import { bareState, OVER_AMS, SCIENCE, siteWith, stateWith } from './site.fixture.ts';
import { meantAfter, type Site } from './site.ts';
import { describeDifference } from './state-difference.ts';
import { Topology } from './topology.ts';

const test = suite('drift');

const told = (site: Site, state: NetworkState, meant = meantAfter({ ...site, changes: [] })): string[] =>
  drift(new Topology(site), state, meant).map(describeDifference);

test('a state that is as the site means it has none', async () => {
  const site = siteWith(SCIENCE);
  assert.equal(told(site, await stateWith(site, OVER_AMS)), []);
});

test('a path with a gap is told with where its light ends, and what is left of it is its own', () => {
  const site = siteWith(SCIENCE);
  assert.equal(told(site, bareState(site, OVER_AMS.slice(1))), [
    'path science: expected light of cern at fnal, found its way ends at gva/1',
  ]);
  const isInAms = ([device]: (typeof OVER_AMS)[number]): boolean => device === 'ams';
  assert.equal(
    told(
      site,
      bareState(
        site,
        OVER_AMS.filter((link) => !isInAms(link)),
      ),
    ),
    [
      'path science: expected light of cern at fnal, found its way ends at ams/1.1.1',
      'path science: expected light of fnal at cern, found its way ends at ams/1.1.2',
    ],
  );
});

test('a way that ends early is told with where it has left its route, and not with what it has yet to pass', () => {
  const state = (site: Site): NetworkState => bareState(site, OVER_AMS.slice(0, 1));
  const [gap = '', ...rest] = told(siteWith(SCIENCE), state(siteWith(SCIENCE)));
  assert.match(gap, /^path science: expected light of cern at fnal, found its way ends at ams\//);
  const byLondon = siteWith(
    'paths:\n  science: { from: cern, to: fnal, route: [cern-gva, gva-lon, lon-chi, chi-fnal] }\n',
  );
  assert.equal(told(byLondon, state(byLondon)), [
    gap,
    'path science: expected fibres cern-gva, gva-lon, lon-chi, chi-fnal, found fibres cern-gva, gva-ams',
    ...rest,
  ]);
  const avoids = siteWith('paths:\n  science: { from: cern, to: fnal, avoid: [gva-ams] }\n');
  assert.is(
    told(avoids, state(avoids))[1],
    'path science: expected a way without gva-ams, found fibres cern-gva, gva-ams',
  );
  const passes = siteWith('paths:\n  science: { from: cern, to: fnal, via: [chi] }\n');
  assert.equal(told(passes, state(passes)), [gap, ...rest]);
});

test('a cross-connect that nobody means is told, and one that somebody else has is not', () => {
  const foreign = [...OVER_AMS, ['lon', '3', '4', null] as const];
  const site = siteWith(SCIENCE);
  assert.equal(told(site, bareState(site, foreign)), [
    'lon 3→4: expected no cross-connect, found one that no path of the site means',
  ]);
  const known = siteWith(`${SCIENCE}cross-connects:\n  - { device: lon, input: 3, output: 4, way: one }\n`);
  assert.equal(told(known, bareState(known, foreign)), []);
  assert.equal(told(known, bareState(known, OVER_AMS)), ['lon 3→4: expected a cross-connect, found none']);
});

test('a path that does not go by what it shall pass is told with where it goes', () => {
  const site = siteWith('paths:\n  science: { from: cern, to: fnal, via: [lon] }\n');
  assert.equal(told(site, bareState(site, OVER_AMS)), [
    'path science: expected a way by lon, found fibres cern-gva, gva-ams, ams-chi, chi-fnal',
  ]);
});

test('light that is weaker than the losses say is told where it is so first', async () => {
  const site = siteWith(SCIENCE);
  const state = await stateWith(site, OVER_AMS);
  const weak = {
    ...state,
    devices: state.devices.map((device) => ({
      ...device,
      powers: device.powers.map((power) =>
        power.in_dbm !== null && ['1.1.1', '10.1a.1'].includes(power.port)
          ? { ...power, in_dbm: power.in_dbm - 4 }
          : power,
      ),
    })),
  };
  assert.equal(told(site, weak), ['ams/1.1.1 in: expected -4.1 dBm from cern over gva-ams, found -8.1 dBm']);
  assert.equal(told({ ...site, powerTolerance: 5 as never }, weak), []);
});

test('changes that are made are meant from then on', () => {
  const site = siteWith(
    `${SCIENCE}changes:\n  - remove: { path: science }\n  - connect: { device: lon, input: 3, output: 4 }\n`,
  );
  const made = bareState(site, [
    ['lon', '3', '4', null],
    ['lon', '4', '3', null],
  ]);
  assert.equal(told(site, made, meantAfter(site)), []);
  assert.is(told(site, made).length, 4);
});

test.run();
