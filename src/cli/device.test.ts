// `lightbed device` against an emulated device: the hardware world's command, with no hardware at hand.

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms } from '../core/time.ts';
import { NO_READING } from '../optical/device.ts';
import { SWITCH_FAMILIES, type SwitchFamily, type SwitchFamilyEntry } from '../optical/families.ts';
import { ManualClock } from '../tl1/manual-clock.fixture.ts';
import { ADDRESS, ScriptedNetwork } from '../tl1/scripted-peer.fixture.ts';
import { PASSWORD_MASK } from './device-recording.ts';
import { ask, Desk, type Emulator, isCompiled } from './emulate.fixture.ts';

const test = suite('lightbed device');

const LAB = `switches:
  gva: { family: glimmerglass, ports: 4, lit: [1, 2, 3, 4] }
  chi: { family: calient, ports: 4, lit: [10.1a.1, 10.1a.2, 10.1a.3, 10.1a.4] }
  ams: { family: calient-s, ports: 4, lit: [1.1.1] }
  lon: { family: polatis, ports: 4, lit: [1] }
`;

interface Bench {
  readonly desk: Desk;
  readonly emulator: Emulator;
  /** `HOST:PORT` of the first listener of each. */
  readonly gva: string;
  readonly chi: string;
  readonly at: Readonly<Record<SwitchFamily, string>>;
}

/** One emulator for all of the suite, started by the first test: processes are slow. */
let bench: Promise<Bench> | null = null;

async function openBench(): Promise<Bench> {
  const desk = new Desk();
  writeFileSync(join(desk.folder, 'emulated.yaml'), LAB);
  const emulator = await desk.emulate('--file', 'emulated.yaml', '--user', 'op:hidden-word');
  const at = (listener: number): string => `127.0.0.1:${emulator.ports[listener]}`;
  const [gva, chi] = [at(0), at(2)];
  const all = { glimmerglass: gva, calient: chi, 'calient-s': at(4), polatis: at(6) };
  return { desk, emulator, gva, chi, at: all };
}

const add = (name: string, body: (bench: Bench) => Promise<void>): void => {
  if (!isCompiled) return test.skip(name, 'the command is not compiled here');
  test(name, async () => {
    bench ??= openBench();
    const made = await bench;
    made.desk.environment = { LIGHTBED_USER: 'op', LIGHTBED_PASSWORD: 'hidden-word' };
    await body(made);
  });
};

add(
  'it lists ports and cross-connects, reads power, and changes only with --write',
  async ({ desk, gva }) => {
    const device = (...words: string[]) => desk.lightbed('device', gva, ...words, '--family', 'glimmerglass');
    const refused = await device('connect', '1', '2');
    assert.is(refused.code, 2);
    assert.match(
      refused.stderr,
      /^lightbed: connect changes 127\.0\.0\.1:\d+: nothing is sent without --write\n/,
    );
    assert.is((await device('crs')).stdout, 'no cross-connects\n');
    const made = await device('connect', '1', '2', '--way', 'one', '--write');
    assert.is(made.stdout, 'connect 1 2: done\n');
    const listed = await device('crs', '--json');
    assert.equal(JSON.parse(listed.stdout), [{ input: '1', output: '2', is_carrying: true }]);
    assert.match((await device('power', '2')).stdout, /^2 +-3\.00 dBm +-4\.57 dBm$/m);
    const busy = await device('connect', '1', '3', '--way', 'one', '--write');
    assert.is(busy.code, 1);
    assert.match(busy.stderr, /^lightbed: connect 1 3: refused: denied SNVS/);
  },
);

add(
  'an inventory names devices and where their credentials are; others must not be able to read them',
  async ({ desk, chi }) => {
    const write = (name: string, text: string): void => writeFileSync(join(desk.folder, name), text);
    write('lab.yaml', `devices:\n  chi: { family: calient, address: "${chi}", credentials: chi.login }\n`);
    write('chi.login', '# of the emulator\nuser: op\npassword: hidden-word\n');
    const device = (...words: string[]) => desk.lightbed('device', ...words, '--inventory', 'lab.yaml');
    desk.environment = {};
    chmodSync(join(desk.folder, 'chi.login'), 0o640);
    const open = await device('chi', 'ports');
    assert.is(open.code, 2);
    assert.match(open.stderr, /chi\.login: others may read it \(mode 640\): chmod 600 /);
    chmodSync(join(desk.folder, 'chi.login'), 0o600);
    assert.is((await device('chi', 'ports')).stdout, '10.1a.1\n10.1a.2\n10.1a.3\n10.1a.4\n');
    const missed = await device('cih', 'ports');
    assert.is(missed.code, 2);
    assert.match(missed.stderr, /there is no device cih in lab\.yaml; did you mean chi\?/);
  },
);

add(
  'what cannot work ends at once: nobody there, a wrong password, no credentials',
  async ({ desk, chi }) => {
    const device = (...words: string[]) => desk.lightbed('device', ...words, '--family', 'calient');
    desk.environment = { LIGHTBED_USER: 'op', LIGHTBED_PASSWORD: 'forgotten' };
    const wrong = await device(chi, 'ports', '--record', 'refused.txt');
    assert.is(wrong.code, 1);
    assert.match(wrong.stderr, /^lightbed: 127\.0\.0\.1:\d+: login of op: PIUI Illegal User Identity\n$/);
    // Once: a second try may lock an account.
    assert.is(readFileSync(join(desk.folder, 'refused.txt'), 'utf8').match(/^> ACT-USER/gm)?.length, 1);
    const nobody = await device('127.0.0.1:1', 'ports');
    assert.is(nobody.code, 1);
    assert.match(nobody.stderr, /^lightbed: 127\.0\.0\.1:1: .*refused\n$/);
    desk.environment = {};
    assert.match((await device(chi, 'ports')).stderr, /^lightbed: no credentials: set LIGHTBED_USER/);
  },
);

add(
  'watch shows an alarm and the power before and after it, as they happen',
  async ({ desk, emulator, chi }) => {
    const words = ['--family', 'calient', '--json'];
    const made = await desk.lightbed('device', chi, 'connect', '10.1a.1', '10.1a.2', '--write', ...words);
    assert.is(made.stdout, '{"outcome":"done"}\n');
    const watch = desk.start('device', chi, 'watch', '10.1a.1', '--every', '100ms', ...words);
    await watch.said(/"direction":"in","power_dbm":-3\}/);
    await ask(emulator, { verb: 'cut', name: 'chi/10.1a.1', direction: 'in' });
    await watch.said(
      /"kind":"notification","port":"10\.1a\.1","direction":"in","severity":"CR","condition":"LOS"/,
    );
    await watch.said(/"direction":"in","power_dbm":-50\}/);
    await ask(emulator, { verb: 'repair', name: 'chi/10.1a.1', direction: 'in' });
    await watch.said(/"severity":"CL"/);
    watch.child.kill('SIGINT');
    assert.is((await watch.ended).code, 0);
  },
);

for (const [family, entry] of Object.entries(SWITCH_FAMILIES)) {
  add(
    `the recording of a ${family} plays to the driver as the device did, command by command, without the password`,
    async ({ desk, at }) => {
      const file = `${family}.txt`;
      const words = ['--json', '--family', family, '--record', file];
      const record = () => desk.lightbed('device', at[family as SwitchFamily], 'power', ...words);
      const said = await record();
      assert.is(said.code, 0, said.stderr);
      const transcript = readFileSync(join(desk.folder, file), 'utf8');
      assert.not.match(transcript, /hidden/);
      assert.match(transcript, /^> ACT-USER::op:\{ctag\}::\*\*\*;$/m);
      const replayed = await replayPower(entry, transcript);
      assert.equal(replayed.power, JSON.parse(said.stdout));
      assert.is(replayed.commands, transcript.match(/^> /gm)?.length);
      const again = await record();
      assert.is(again.code, 2);
      assert.match(again.stderr, /the file is there already/);
    },
  );
}

/** What the driver reads from a device that says what the transcript says, and how many of its commands it said: another one is a failure. */
async function replayPower(
  family: SwitchFamilyEntry,
  transcript: string,
): Promise<{ power: unknown; commands: number | undefined }> {
  const clock = new ManualClock();
  const network = new ScriptedNetwork((peer) => peer.play(transcript));
  const device = family.open({
    name: 'replayed',
    ...{ clock, network: network as never, address: ADDRESS },
    log: { record: () => undefined },
    login: { user: 'op', password: PASSWORD_MASK },
  });
  const readings = await clock.until(device.readPower(), ms(2000));
  await clock.until(device.close(), ms(5000));
  assert.is(network.failure, null);
  const power = readings.map(({ port, direction, power: at }) => {
    return { port, direction, power_dbm: at === NO_READING ? null : at };
  });
  return { power, commands: network.peers[0]?.received.length };
}

add('nothing of a password comes out, whatever is wrong with the file that holds it', async ({ desk }) => {
  const file = join(desk.folder, 'login');
  writeFileSync(file, 'user: op\npasword: hidden-word\n', { mode: 0o600 });
  const { code, stdout, stderr } = await desk.lightbed(
    ...['device', '127.0.0.1:1', 'ports', '--family', 'calient', '--credentials', file],
  );
  assert.is(code, 2);
  assert.match(stderr, /login:2: expected "user: …" and "password: …"/);
  assert.not.match(stdout + stderr, /hidden/);
});

add('a signal ends the emulator cleanly', async ({ desk, emulator }) => {
  emulator.started.child.kill('SIGTERM');
  assert.is((await emulator.started.ended).code, 0);
  await desk.clear();
});

test.run();
