// The rooms of the house and what each may import: the one table that the tidy test enforces and that the
// picture in ARCHITECTURE.md is drawn from.

export interface Room {
  readonly name: string;
  /** Folder, from the repository's root. */
  readonly folder: string;
  /** `product` code cannot tell which world it runs in; `world` is what it runs in; `outside` puts both together. */
  readonly block: 'ground' | 'product' | 'world' | 'outside';
  readonly purpose: string;
  readonly imports: readonly string[];
}

const product = ['net', 'tl1', 'optical', 'circuits', 'provisioning', 'transfer'];
const everything = ['core', 'platform', ...product, 'engine', 'sim', 'host', 'emulators'];

export const rooms: readonly Room[] = [
  room('core', 'ground', 'time, quantities, assertions, mailbox', []),
  room('platform', 'ground', 'the seam: clock, network, store, random, log', ['core']),
  room('net', 'product', 'graphs, shortest paths, links, queues, TCP as a model', ['core', 'platform']),
  room('tl1', 'product', 'the TL1 language and its session', ['core', 'platform']),
  room('optical', 'product', 'optical switches: ports, cross-connects, drivers', [
    'core',
    'platform',
    'net',
    'tl1',
  ]),
  room('circuits', 'product', 'Ethernet virtual circuits: VCG, SNC, EFLOW; drivers', [
    'core',
    'platform',
    'net',
    'tl1',
  ]),
  room('provisioning', 'product', 'agents that allocate, lease and reroute light paths', [
    'core',
    'platform',
    'net',
    'optical',
  ]),
  room('transfer', 'product', 'files over many streams, verified', ['core', 'platform', 'net']),
  room('engine', 'world', 'event queue, loop, trace', ['core', 'platform']),
  room('sim', 'world', 'machines, network and disks in virtual time', ['core', 'platform', 'net', 'engine']),
  room('host', 'world', "the machine's own clock, sockets and files", ['core', 'platform']),
  {
    ...room('emulators', 'outside', 'light in fibres; switches that speak TL1; relays', [
      'core',
      'platform',
      'net',
      'tl1',
    ]),
    folder: 'emulators',
  },
  room('report', 'outside', 'tables, plots, pictures, pages', ['core', 'net']),
  room('scenario', 'outside', 'schema, build, run, faults, checkers, metrics', [...everything, 'report']),
  room('planning', 'outside', 'sites: live state, a twin of it, plans that are applied exactly', [
    ...everything,
    'scenario',
    'report',
  ]),
  room('cli', 'outside', 'the commands', [...everything, 'scenario', 'report', 'planning']),
];

function room(name: string, block: Room['block'], purpose: string, imports: readonly string[]): Room {
  return { name, folder: `src/${name}`, block, purpose, imports };
}
