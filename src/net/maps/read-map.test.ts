// Every published file that is at hand arrives at its graph in the normal form, and small files of every format
// at what they say. The published ones are not part of the repository; without them their tests say so.

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assert, suite } from '../../../scripts/testing/suite.ts';
import { MapError } from './errors.ts';
import { greatCircle } from './great-circle.ts';
import { graphOf, type NetworkMap } from './network-map.ts';
import { readMap } from './read-map.ts';

const test = suite('maps');

// Beside the repository, seen from the source and from what is compiled into dist.
const published = ['../../../../shared/topologies', '../../../../../shared/topologies']
  .map((path) => fileURLToPath(new URL(path, import.meta.url)))
  .find((path) => existsSync(path));

const files = [
  ['topology-zoo/Cogentco.graphml', 'cogentco'],
  ['topology-zoo/Colt.graphml', 'colt'],
  ['topology-zoo/DialtelecomCz.graphml', 'dialtelecom-cz'],
  ['topology-zoo/Esnet.graphml', 'esnet-zoo'],
  ['topology-zoo/Garr201201.graphml', 'garr'],
  ['topology-zoo/Geant2012.graphml', 'geant2012'],
  ['topology-zoo/GtsCe.graphml', 'gtsce'],
  ['topology-zoo/Internet2.graphml', 'internet2-zoo'],
  ['topology-zoo/Interoute.graphml', 'interoute'],
  ['topology-zoo/Kdl.graphml', 'kdl'],
  ['topology-zoo/Surfnet.graphml', 'surfnet'],
  ['sndlib/abilene.txt', 'abilene'],
  ['sndlib/abilene.xml', 'abilene'],
  ['sndlib/geant.txt', 'geant'],
  ['sndlib/geant.xml', 'geant'],
  ['sndlib/cost266.txt', 'cost266'],
  ['sndlib/germany50.txt', 'germany50'],
  ['gnpy/CORONET_CONUS_Topology.json', 'coronet-conus'],
  ['gnpy/CORONET_Global_Topology.json', 'coronet-global'],
  ['gnpy/Sweden_OpenROADMv5_example_network.json', 'sweden-openroadm'],
  ['net2plan/NSFNet_N14_E42.n2p', 'nsfnet'],
  ['net2plan/internet2_N9_E26_withTraffic.n2p', 'internet2-9'],
  ['oscars/esnet-topology-reduced.json', 'esnet6'],
] as const;

const textOf = (path: string): string => readFileSync(`${published}/${path}`, 'utf8');

for (const [original, name] of files) {
  const title = `${original} arrives at ${name} in the normal form`;
  if (published === undefined) {
    test.skip(title, 'there is no folder shared/topologies beside the repository');
    continue;
  }
  test(title, () => {
    const map = readMap(textOf(`original/${original}`));
    const normal = readMap(textOf(`normal/${name}.json`));
    assert.equal(map.nodes, normal.nodes);
    assert.equal(map.links, normal.links);
  });
}

const links = (map: NetworkMap): string[] => map.links.map((l) => `${l.id} ${l.a}-${l.b} ${l.weight}`);
const refuses = (text: string, message: RegExp): void =>
  assert.throws(
    () => readMap(text),
    (error: unknown) => error instanceof MapError && message.test(error.message),
  );

const graphml = (edges: string): string => `<?xml version="1.0"?><graphml>
  <key attr.name="Latitude" for="node" id="d1"/><key attr.name="Longitude" for="node" id="d2"/>
  <key attr.name="label" for="node" id="d3"/><graph edgedefault="undirected">
  <node id="0"><data key="d1">0</data><data key="d2">0</data><data key="d3">A &amp; B</data></node>
  <node id="1"><data key="d1">0</data><data key="d2">1</data></node>
  <node id="2"><data key="d3">nowhere</data></node>${edges}</graph></graphml>`;

test('a degree of the equator is 111,195 metres', () => {
  assert.is(Math.round(greatCircle({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 1 })), 111_195);
});

test('GraphML: a missing place takes the median, a link to itself is dropped, parallel links stay', () => {
  const map = readMap(
    graphml(
      '<edge source="0" target="0"/><edge source="0" target="1"/><edge source="1" target="0"/><edge source="1" target="2"/>',
    ),
  );
  assert.equal(links(map), ['e0 n0-n1 111195', 'e1 n1-n0 111195', 'e2 n1-n2 111195']);
  assert.equal(
    map.nodes.map(({ name }) => name),
    ['A & B', '1', 'nowhere'],
  );
  assert.is(graphOf(map, 'hops').edgeWeight[0], 1);
  assert.is(graphOf(map, 'length').edgeWeight[0], 111_195);
});

test('without any place every link weighs 1', () => {
  const map = readMap(
    '<graphml><graph><node id="0"/><node id="1"/><edge source="0" target="1"/></graph></graphml>',
  );
  assert.equal(links(map), ['e0 n0-n1 1']);
});

test('SNDlib native: sections, comments, longitude before latitude', () => {
  const map = readMap(`?SNDlib native format; type: network; version: 1.0
# NODES (
NODES (
  A ( 0.0 60.0 ) # a comment
  B ( 1.0 60.0 )
)
LINKS (
  AB ( A B ) 1.00 0.00 ( 40.00 133.00 )
)`);
  assert.equal(links(map), ['AB A-B 55597']);
  refuses('?SNDlib native format\nNODES (\n A\n)\n', /no whole section LINKS/);
});

test('Net2Plan: two one-way links are one duplex link, kilometres are metres', () => {
  const map = readMap(`<network><node id="2" name="A"/><node id="3" name="B"/><layer>
    <link id="7" originNodeId="2" destinationNodeId="3" lengthInKm="1.5" bidirectionalPairId="8"/>
    <link id="8" originNodeId="3" destinationNodeId="2" lengthInKm="1.5" bidirectionalPairId="7"/>
  </layer></network>`);
  assert.equal(links(map), ['l7 n2-n3 1500']);
});

test('GNPy: a chain of fibres and amplifiers between ROADMs is one link', () => {
  const elements = [
    { uid: 't', type: 'Transceiver' },
    { uid: 'A', type: 'Roadm' },
    { uid: 'B', type: 'Roadm' },
    { uid: 'f1', type: 'Fiber', params: { length: 80.5, length_units: 'km' } },
    { uid: 'amp', type: 'Edfa' },
    { uid: 'f2', type: 'Fiber', params: { length: 250, length_units: 'm' } },
    { uid: 'back', type: 'Fiber', params: { length: 81 } },
  ];
  const chain = ['A', 'f1', 'amp', 'f2', 'B', 'back', 'A', 't'];
  const connections = chain.slice(1).map((to, i) => ({ from_node: chain[i], to_node: to }));
  assert.equal(links(readMap(JSON.stringify({ elements, connections }))), ['l0 A-B 80750']);
});

test('OSCARS: a device that only an adjacency names is a node', () => {
  const adjcies = [
    { a: { device: 'A', port: 'A:1' }, z: { device: 'B', port: 'B:1' }, metrics: { MPLS: 750 } },
  ];
  const map = readMap(JSON.stringify({ devices: [{ urn: 'A', location: 'ALBQ' }], adjcies }));
  assert.equal(
    map.nodes.map(({ id, name }) => `${id} ${name}`),
    ['A ALBQ', 'B B'],
  );
  assert.equal(links(map), ['l0 A-B 750']);
});

test('a file that is no map says why', () => {
  refuses('hello', /it is no map/);
  refuses('{"a":', /it is not JSON/);
  refuses('{"a": 1}', /none of the keys/);
  refuses('<graphml><graph>', /not well-formed XML: \d+:\d+/);
  refuses('<svg/>', /root <svg>/);
  refuses('{"nodes": [{"id": 7}], "links": []}', /at nodes\.0\.id/);
  const ab = '"nodes": [{"id": "A"}, {"id": "B"}]';
  refuses(`{${ab}, "links": [{"id": "x", "a": "A", "b": "C", "w": 1}]}`, /ends at C, which is not a node/);
  refuses(`{${ab}, "links": [{"id": "x", "a": "A", "b": "B", "w": 0.5}]}`, /weight 0\.5/);
  refuses('{"nodes": [{"id": "A"}, {"id": "A"}], "links": []}', /two nodes are named A/);
  refuses('{"nodes": [], "links": []}', /no nodes/);
  refuses('{"nodes": [{"id": "A"}, {"id": ""}], "links": []}', /node 2 has no id/);
  refuses(`{${ab}, "links": [{"id": "", "a": "A", "b": "B", "w": 1}]}`, /link 1 has no id/);
  refuses('{"nodes": [{"id": "A", "lat": 91, "lon": 0}], "links": []}', /node A lies at 91 degrees north/);
});

test('weights that cannot be added exactly are refused, for a length of them would be wrong', () => {
  const most = Number.MAX_SAFE_INTEGER;
  const chain = (...weights: number[]): string =>
    JSON.stringify({
      nodes: ['A', 'B', 'C'].map((id) => ({ id })),
      links: weights.map((w, i) => ({ id: `l${i}`, a: 'ABC'[i], b: 'ABC'[i + 1], w })),
    });
  assert.is(readMap(chain(most - 1, 1)).links.length, 2);
  refuses(chain(most, 2), /beyond what can be added exactly/);
  const dear = JSON.parse(chain(1, 1)) as { links: object[] };
  dear.links = dear.links.map((link) => ({ ...link, cost: most }));
  refuses(JSON.stringify(dear), /beyond what can be added exactly/);
});

test('SNDlib: coordinates that are pixels are no places, so every link weighs 1', () => {
  const xml = (type: string, y: number): string => `<network><networkStructure>
    <nodes coordinatesType="${type}"><node id="A"><coordinates><x>1</x><y>${y}</y></coordinates></node>
    <node id="B"><coordinates><x>2</x><y>${y}</y></coordinates></node></nodes>
    <links><link id="l"><source>A</source><target>B</target></link></links></networkStructure></network>`;
  assert.equal(links(readMap(xml('geographical', 60))), ['l A-B 55597']);
  assert.equal(links(readMap(xml('pixel', 60))), ['l A-B 1']);
  assert.equal(links(readMap(xml('geographical', 600))), ['l A-B 1']);
  const native = '?SNDlib native format\nNODES (\nA ( 10 350 )\nB ( 20 35 )\n)\nLINKS (\nl ( A B )\n)';
  assert.equal(links(readMap(native)), ['l A-B 1']);
});

test.run();
