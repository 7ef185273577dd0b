// A small site for tests, with one switch of each family, two ways across the ocean and one light path, and its
// state as the devices would tell it.

import type { SwitchFamily } from '../optical/families.ts';
import { loadSite } from './load-site.ts';
import { makePlan, type PlanOrigin } from './make-plan.ts';
import type { NetworkState } from './network-state.ts';
import type { Plan } from './plan.ts';
import { readState } from './read-state.ts';
import type { Site } from './site.ts';
import { portsWithFibres } from './topology.ts';
import { onTwin } from './twin.ts';

const DEVICES = `devices:
  gva: { family: glimmerglass, address: 10.0.0.1 }
  ams: { family: calient-s, address: 10.0.0.2 }
  lon: { family: polatis, address: 10.0.0.3 }
  chi: { family: calient, address: 10.0.0.4 }
hosts:
  cern: { power: 0 dBm, sensitivity: -24 dBm }
  fnal: { power: 0 dBm, sensitivity: -24 dBm }
fibres:
  cern-gva: { between: [cern, gva/1], length: 1 km, loss: 0.5 dB }
  gva-ams: { between: [gva/2, ams/1.1.1], length: 900 km, loss: 2 dB }
  gva-lon: { between: [gva/3, lon/1], length: 800 km, loss: 2 dB }
  ams-chi: { between: [ams/1.1.2, chi/10.1a.1], length: 7000 km, loss: 2 dB }
  lon-chi: { between: [lon/2, chi/10.1a.2], length: 7500 km, loss: 2 dB }
  chi-fnal: { between: [chi/10.1a.3, fnal], length: 50 km, loss: 0.5 dB }
`;

/** `rest`: paths, cross-connects, changes. */
export const siteWith = (rest: string): Site => loadSite('site.yaml', DEVICES + rest);

export const SCIENCE = 'paths:\n  science: { from: cern, to: fnal }\n';

const PORTS: Readonly<Record<SwitchFamily, readonly string[]>> = {
  glimmerglass: ['1', '2', '3', '4'],
  'calient-s': ['1.1.1', '1.1.2', '1.1.3', '1.1.4'],
  polatis: ['1', '2', '3', '4'],
  calient: ['10.1a.1', '10.1a.2', '10.1a.3', '10.1a.4'],
};

type Given = readonly [device: string, input: string, output: string, connection: string | null];

/** `science` over Amsterdam, with the connection in Chicago made from the other end. */
export const OVER_AMS: readonly Given[] = [
  ['gva', '1', '2', null],
  ['gva', '2', '1', null],
  ['ams', '1.1.1', '1.1.2', '1.1.1-1.1.2'],
  ['ams', '1.1.2', '1.1.1', '1.1.1-1.1.2'],
  ['chi', '10.1a.1', '10.1a.3', '10.1a.3-10.1a.1'],
  ['chi', '10.1a.3', '10.1a.1', '10.1a.3-10.1a.1'],
];

/** Without powers. */
export const bareState = (site: Site, given: readonly Given[]): NetworkState => ({
  taken_at: '2026-11-20T12:00:00.000Z',
  devices: site.devices.map(({ name, family, address }) => ({
    device: name,
    family,
    address,
    ports: [...PORTS[family]],
    cross_connects: given
      .filter(([device]) => device === name)
      .map(([, input, output, connection]) => ({ input, output, connection })),
    powers: [],
  })),
});

/** With the powers that come of these cross-connects, as the devices measure them. */
export const stateWith = (site: Site, given: readonly Given[]): Promise<NetworkState> =>
  onTwin(site, bareState(site, given), ({ doors, clock }) =>
    readState(doors, clock, { ports: (device) => portsWithFibres(site, device) }),
  );

const ORIGIN: Omit<PlanOrigin, 'devices'> = {
  lightbed: '0.1.0',
  made_at: '2026-11-20T12:00:00.000Z',
  made_by: 'op@desk',
  site: 'site.yaml',
  from: 'live',
};

export const planOf = (site: Site, state: NetworkState): Promise<Plan> =>
  makePlan(site, state, {
    ...ORIGIN,
    devices: site.devices.map(({ name: device, family, address }) => {
      return { device, family, address, tid: null, quote_password: false, credentials: null };
    }),
  });

/** `gva 1→2`, of all devices, in order. */
export const linksIn = (state: NetworkState): string[] =>
  state.devices.flatMap(({ device, cross_connects }) =>
    cross_connects.map(({ input, output }) => `${device} ${input}→${output}`),
  );
