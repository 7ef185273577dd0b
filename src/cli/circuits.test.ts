// Circuit nodes at the command line: emulated CD/CIs that a telnet client talks to, spans that ctl cuts, and circuits
// that `lightbed device` makes between them.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { CienaCircuits } from '../circuits/ciena.ts';
import type { Circuit } from '../circuits/circuit-service.ts';
import { ms } from '../core/time.ts';
import { ManualClock } from '../tl1/manual-clock.fixture.ts';
import { ScriptedNetwork } from '../tl1/scripted-peer.fixture.ts';
import { PASSWORD_MASK } from './device-recording.ts';
import { ask, Desk, type Emulator, isCompiled } from './emulate.fixture.ts';

const test = suite('circuit nodes at the command line');

const LAB = `circuit-nodes:
  gva: { oc-ports: { 1-A-1-1: oc-48, 1-A-2-1: oc-48 }, ethernet-ports: { 1-A-3-1-1: 10 Gb/s } }
  nyc: { oc-ports: { 1-A-1-1: oc-48, 1-A-2-1: oc-48 }, ethernet-ports: { 1-A-3-1-1: 10 Gb/s } }
spans:
  north: { between: [gva/1-A-1-1, nyc/1-A-1-1], length: 8700 km }
  south: { between: [gva/1-A-2-1, nyc/1-A-2-1], length: 9500 km }
`;

interface Bench {
  readonly desk: Desk;
  readonly emulator: Emulator;
  readonly gva: string;
  readonly nyc: string;
}

/** One emulator for all of the suite, started by the first test: processes are slow. */
let bench: Promise<Bench> | null = null;

async function openBench(): Promise<Bench> {
  const desk = new Desk();
  writeFileSync(join(desk.folder, 'lab.yaml'), LAB);
  const emulator = await desk.emulate('--file', 'lab.yaml', '--speed', '10');
  const [gva, nyc] = emulator.ports;
  const inventory = `devices:
  gva: { family: ciena, address: "127.0.0.1:${gva}" }
  nyc: { family: ciena, address: "127.0.0.1:${nyc}" }
  chi: { family: calient, address: "127.0.0.1:1" }
`;
  writeFileSync(join(desk.folder, 'inventory.yaml'), inventory);
  return { desk, emulator, gva: `127.0.0.1:${gva}`, nyc: `127.0.0.1:${nyc}` };
}

const add = (name: string, body: (bench: Bench) => Promise<void>): void => {
  if (!isCompiled) return test.skip(name, 'the command is not compiled here');
  test(name, async () => {
    bench ??= openBench();
    await body(await bench);
  });
};

add(
  'a telnet client that refuses every option logs in, and is told of a cut span',
  async ({ desk, emulator }) => {
    const terminal = await desk.terminal(emulator.ports[0] ?? 0);
    const greeting = await terminal.expect(/;$/);
    // RFC 854: DONT for WILL, WONT for DO, of which WONT and DONT are no answer's cause.
    for (const [, verb, option = ''] of greeting.matchAll(/\xff([\xfb\xfd])([\s\S])/g))
      terminal.socket.write(`\xff${verb === '\xfb' ? '\xfe' : '\xfc'}${option}`, 'latin1');
    assert.match(greeting, /TXN TL1 Agent/);
    assert.match(
      await terminal.type('ACT-USER::admin:1::admin;', /"GVA:NO,"\r\n;/),
      /IP 1\r\n<[\s\S]*M {2}1 COMPLD\r\n {3}"admin:LASTLOGIN=/,
    );
    assert.match(
      await terminal.type('RTRV-OSRP-CTP::1-A-1-1:2;', /M {2}2 [\s\S]*\r\n;/),
      /RMTNM=NYC,RMTSUPTP=1-A-1-1,/,
    );
    const cut = await ask(emulator, { verb: 'cut', name: 'north', direction: 'both' });
    assert.is(cut.text, 'span north (GVA/1-A-1-1 – NYC/1-A-1-1) is cut');
    assert.match(await terminal.expect(/REPT ALM OCN[\s\S]*?\r\n;/), /"1-A-1-1:CR,LOS,/);
    await ask(emulator, { verb: 'repair', name: 'north', direction: 'both' });
    assert.match(await terminal.expect(/REPT ALM OCN[\s\S]*?\r\n;/), /"1-A-1-1:CL,LOS,/);
  },
);

add(
  'device makes a circuit between two nodes, shows what it carries, and removes it',
  async ({ desk, emulator }) => {
    const device = (...words: string[]) =>
      desk.lightbed('device', 'gva', ...words, '--with', 'nyc', '--inventory', 'inventory.yaml');
    const order = ['create', 'c1', '1-A-3-1-1', 'nyc/1-A-3-1-1', '--rate', '2.6Gb/s'];
    const refused = await device(...order);
    assert.is(refused.code, 2);
    assert.match(refused.stderr, /create changes gva: nothing is sent without --write/);
    const made = await device(...order, '--write');
    assert.is(made.stdout, 'create c1: done\n', made.stderr);
    await ask(emulator, { verb: 'cut', name: 'north', direction: 'both', slots: [1, 2] });
    const listed = await device('circuits', '--json', '--record', 'session.txt');
    const [circuit] = JSON.parse(listed.stdout) as Record<string, unknown>[];
    assert.is(circuit?.['is_whole'], true);
    assert.is(Math.round(Number(circuit?.['provisioned_bps']) / 1e6), 2606);
    assert.is(Math.round(Number(circuit?.['operational_bps']) / 1e6), 2506);
    const transcript = readFileSync(join(desk.folder, 'session.txt'), 'utf8');
    assert.match(transcript, /^> rtrv-vcg::ALL:\{ctag\};$/m);
    const [replayed, commands] = await replay(transcript);
    assert.equal(
      replayed.map(({ name, ends, operational }) => ({ name, ends, operational })),
      [
        {
          name: 'c1',
          ends: [{ node: 'GVA', port: '1-A-3-1-1' }], // the other is at the node that is not recorded
          operational: circuit?.['operational_bps'],
        },
      ],
    );
    assert.is(commands, transcript.match(/^> /gm)?.length);
    const { text } = await ask(emulator, { verb: 'list' });
    assert.match(text, /^north .* without time slots 1, 2$/m);
    assert.match(text, /^c1 +GVA\/1-A-3-1-1 +NYC\/1-A-3-1-1 +2\.51 Gb\/s$/m);
    await ask(emulator, { verb: 'repair', name: 'north', direction: 'both', slots: [1, 2] });
    const gone = await device('delete', 'c1', '--write');
    assert.is(gone.stdout, 'delete c1: done\n', gone.stderr);
  },
);

/** What the driver reads from one node that says what the transcript says, and how many commands it said: another one is a failure. */
async function replay(transcript: string): Promise<[circuits: readonly Circuit[], commands: number]> {
  const clock = new ManualClock();
  const network = new ScriptedNetwork((peer) => peer.play(transcript));
  const node = {
    ...{ name: 'GVA', clock, network: network as never, log: { record: () => undefined } },
    address: { machine: 'gva', tcpPort: 10_201 },
    login: { user: 'admin', password: PASSWORD_MASK },
  };
  const service = new CienaCircuits({ name: 'replayed', nodes: [node] });
  const listing = service.list();
  // A session of many commands takes many turns; the clock must not run on in the middle of it.
  for (let turn = 0; turn < 20_000 && network.failure === null; turn++) await Promise.resolve();
  assert.is(network.failure, null);
  const circuits = await clock.until(listing, ms(2000));
  await clock.until(service.close(), ms(5000));
  assert.is(network.failure, null);
  return [circuits, network.peers[0]?.received.length ?? 0];
}

add('watch shows alarms and bandwidths', async ({ desk, emulator, gva, nyc }) => {
  const words = ['device', `gva=${gva}`, '--family', 'ciena', '--with', `nyc=${nyc}`];
  const order = ['create', 'c2', '1-A-3-1-1', 'nyc/1-A-3-1-1', '--rate', '2.6Gb/s', '--write'];
  assert.is((await desk.lightbed(...words, ...order)).code, 0);
  const watch = desk.start(...words, 'watch', '--every', '100ms');
  await watch.said(/c2 {2}2\.61 Gb\/s of 2\.61 Gb\/s/);
  await ask(emulator, { verb: 'cut', name: 'north', direction: 'both' });
  await watch.said(/GVA 1-A-1-1 {2}CR LOS Loss of signal/);
  await watch.said(/c2 {2}200 Mb\/s of 2\.61 Gb\/s/);
  await ask(emulator, { verb: 'repair', name: 'north', direction: 'both' });
  watch.child.kill('SIGTERM');
  assert.is((await watch.ended).code, 0);
});

add(
  'what is for optical switches is refused with a word on why, and the reverse',
  async ({ desk, emulator, gva }) => {
    const power = await desk.lightbed('device', gva, 'power', '--family', 'ciena');
    assert.is(power.code, 2);
    assert.match(
      power.stderr,
      /power is for optical switches; a ciena has circuits: circuits, create, delete, watch/,
    );
    const circuits = await desk.lightbed('device', 'chi', 'circuits', '--inventory', 'inventory.yaml');
    assert.match(circuits.stderr, /circuits is for nodes with circuits: --family ciena/);
    const mirror = await desk.lightbed('emulate', 'ctl', 'fault', 'gva', '*', 'weak-mirror', '10dB');
    assert.match(mirror.stderr, /weak-mirror is a fault of optics, and gva has none/);
    const slots = await desk.lightbed('emulate', 'ctl', 'cut', 'north', '--slots', '49');
    assert.match(slots.stderr, /span north has time slots 1 to 48, not 49/);
    const ports = await desk.lightbed('emulate', 'ciena', '--ports', '8');
    assert.match(ports.stderr, /--ports is for optical switches/);
    const faulty = await ask(emulator, {
      verb: 'fault',
      device: 'GVA',
      command: 'RTRV-VCG',
      fault: { kind: 'deny', value: 'SARB' },
      times: 1,
    });
    assert.is(faulty.text, 'fault 1: gva, RTRV-VCG: deny SARB, once');
    const denied = await desk.lightbed('device', gva, 'circuits', '--family', 'ciena');
    assert.is(denied.code, 1);
    assert.match(denied.stderr, /rtrv-vcg: denied SARB/);
  },
);

add('the commands that a single node suggests are completed', async ({ desk }) => {
  const single = await desk.emulate('ciena', '--sid', 'CHGO', '--speed', '10');
  const commands = [...single.started.stdout.matchAll(/^ {2}([A-Z].*;)$/gm)].map(
    ([, command]) => command ?? '',
  );
  assert.is(commands.length, 4, single.started.stdout);
  const terminal = await desk.terminal(single.ports[0] ?? 0);
  await terminal.expect(/;$/);
  for (const [i, command] of commands.entries())
    assert.match(
      await terminal.type(command, /M {2}\d [\s\S]*?\r\n;/),
      new RegExp(`M {2}${i + 1} COMPLD`),
      command,
    );
});

add('the emulator ends when it is told to', async ({ desk, emulator }) => {
  emulator.started.child.kill('SIGTERM');
  assert.is((await emulator.started.ended).code, 0);
  await desk.clear();
});

test.run();
