// The emulators as somebody with a TL1 client of their own meets them: commands typed into a socket, fibres cut
// by hand, faults put in.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { ask, Desk, isCompiled } from './emulate.fixture.ts';
import type { ControlRequest, Outcome } from './emulate-actions.ts';
import type { FaultWords } from './emulate-faults.ts';
import { UsageError } from './exit-code.ts';

const test = suite('lightbed emulate');

const add = (name: string, body: (desk: Desk) => Promise<void>): void => {
  if (!isCompiled) return test.skip(name, 'the command is not compiled here');
  test(name, async () => {
    const desk = new Desk();
    try {
      await body(desk);
    } finally {
      await desk.clear();
    }
  });
};

add('a Glimmerglass answers on both its ports, and a cut darkens a reading', async (desk) => {
  const emulator = await desk.emulate('glimmerglass', '--ports', '4', '--lit', '1,2');
  const { ports, started } = emulator;
  assert.is(ports.length, 2);
  const [echoing = 0, raw = 0] = ports;
  const first = await desk.terminal(echoing);
  await first.expect(/</);
  assert.match(
    await first.type('ACT-USER::admin:7::admin;'),
    /ACT-USER::admin:7::admin;[\s\S]*M {2}7 COMPLD/,
  );
  const second = await desk.terminal(raw);
  assert.match(await second.type('RTRV-PORT-POWER::all:1;'), /M {2}1 DENY\r\n {3}PLNA/);
  assert.match(await second.type('ACT-USER::admin:2::wrong;'), /M {2}2 DENY\r\n {3}PIUI/);
  assert.match(
    await second.type('ACT-USER::admin:3::admin;'),
    /^\r\n\n {3}GLIMMERGLASS .*\r\nM {2}3 COMPLD\r\n;$/,
  );
  const power = /"GGN:PORTID=10001,[^"]*PORTPOWER=-3\.00/;
  assert.match(await second.type('RTRV-PORT-POWER::10001&10003:4;'), power);
  await ask(emulator, { verb: 'cut', name: '1', direction: 'both' });
  assert.match(await second.type('RTRV-PORT-POWER::10001:5;'), /PORTID=10001,[^"]*PORTPOWER=-50\.00/);
  await ask(emulator, { verb: 'repair', name: 'glimmerglass/1', direction: 'both' });
  assert.match(await second.type('RTRV-PORT-POWER::10001:6;'), power);
  started.child.kill('SIGTERM');
  assert.is((await started.ended).code, 0);
  assert.equal(readdirSync(join(desk.folder, readdirSync(desk.folder)[0] ?? '')), []);
});

add('a cut raises an alarm of a Calient at another session, and the repair clears it', async (desk) => {
  const { ports } = await desk.emulate('calient', '--ports', '8', '--lit', 'all', '--speed', '10');
  const [prompting = 0, raw = 0] = ports;
  const maker = await desk.terminal(prompting);
  await maker.expect(/agent> /);
  await maker.type('ACT-USER::admin:1::admin;', /agent> /);
  assert.match(await maker.type('ENT-CRS::10.1a.1,10.1a.2:2::,2WAY;', /agent> /), /M {2}2 COMPLD/);
  const watcher = await desk.terminal(raw);
  await watcher.type('ACT-USER::admin:1::admin;');
  const cut = await desk.lightbed('emulate', 'ctl', 'cut', '10.1a.1', '--direction', 'in');
  assert.is(cut.stdout, 'calient/10.1a.1 (lamp – calient/10.1a.1) is cut a-to-b\n');
  assert.match(await watcher.expect(/\r\n;/), /\*C \d+ REPT ALM EQPT\r\n {3}"10\.1a\.1:CR,LOS,SA,[^"]*"/);
  const repaired = await desk.lightbed('emulate', 'ctl', 'repair', '10.1a.1', '--json');
  assert.is((JSON.parse(repaired.stdout) as { cut: unknown }).cut, null);
  assert.match(await watcher.expect(/\r\n;/), /A {2}\d+ REPT ALM EQPT\r\n {3}"10\.1a\.1:CL,LOS/);
});

add('each fault does what its name says, as often as it is told, and can be cleared', async (desk) => {
  const emulator = await desk.emulate(...['glimmerglass', '--ports', '4', '--user', 'op:pw', '--sid', 'GVA']);
  const client = await desk.terminal(emulator.ports[1] ?? 0);
  await client.type('ACT-USER::op:1::pw;');
  const fault = (command: string, kind: FaultWords, times: number | null = 1): Promise<Outcome> =>
    ask(emulator, { verb: 'fault', device: 'gva', command, fault: kind, times });
  const first = await desk.lightbed(...'emulate ctl fault gva rtrv-hdr deny SARB --times 1'.split(' '));
  assert.is(first.stdout, 'fault 1: gva, RTRV-HDR: deny SARB, once\n');
  assert.match(await client.type('RTRV-HDR:::2;'), /M {2}2 DENY\r\n {3}SARB/);
  assert.match(await client.type('RTRV-HDR:::3;'), /M {2}3 COMPLD/);
  await fault('RTRV-HDR', { kind: 'interleave' });
  assert.match(
    await client.type('RTRV-HDR:::4;', /M {2}4 COMPLD\r\n;/),
    /A {2}\d+ REPT EVT SESSION\r\n {3}"GVA:NO,"\r\n;/,
  );
  await fault('ENT-CRS-FIBER', { kind: 'lose-reply' });
  client.socket.write('ENT-CRS-FIBER::10001,20002:5;');
  assert.match(
    await client.type('RTRV-CRS-FIBER::10001:6;'),
    /^\r\n\n.*\r\nM {2}6 COMPLD\r\n {3}"GGN:IPORTID=10001,.*OPORTID=20002/,
  );
  await fault('*', { kind: 'no-answer' }, null);
  client.socket.write('RTRV-HDR:::7;');
  await fault('RTRV-HDR', { kind: 'delay', value: '300 ms' }, null);
  const { data } = await ask(emulator, { verb: 'clear', number: 4 });
  assert.equal(data, { cleared: 1 });
  const before = performance.now();
  assert.match(await client.type('RTRV-HDR:::8;'), /M {2}8 COMPLD/);
  assert.ok(performance.now() - before >= 300);
  const listed = await desk.lightbed('emulate', 'ctl', 'faults', '--json');
  const states = JSON.parse(listed.stdout) as { number: number; struck: number }[];
  const struck = states.map((state) => [state.number, state.struck]);
  assert.equal(struck, [
    [1, 1],
    [2, 1],
    [3, 1],
    [5, 1],
  ]);
  assert.equal((await ask(emulator, { verb: 'clear', device: 'GVA' })).data, { cleared: 4 });
  await fault('RTRV-HDR', { kind: 'acknowledge', value: 'RL' });
  assert.match(await client.type('RTRV-HDR:::9;', /</), /RL 9\r\n<$/);
  await fault('RTRV-PORT-POWER', { kind: 'other-release' });
  assert.match(
    await client.type('RTRV-PORT-POWER::10003:10;'),
    /NEWFIELD=.*PORTPOWER=-50\.00,.*PORTID=10003/,
  );
  await fault('ENT-CRS-FIBER', { kind: 'restart', value: '100ms' });
  const gone = new Promise((resolve) => client.socket.once('close', resolve));
  client.socket.write('ENT-CRS-FIBER::10003,20004:11;');
  await gone;
  const again = await desk.terminalAfterRestart(emulator.ports[1] ?? 0);
  await again.type('ACT-USER::op:1::pw;');
  assert.match(await again.type('RTRV-CRS-FIBER::10003:2;'), /IPORTID=10003,.*OPORTID=0,/);
});

const LAB = `
switches:
  gva: { family: glimmerglass, ports: 4, lit: [3] }
  chi: { family: calient, ports: 8, sid: CHICAGO, login: "op:secret" }
hosts: { alice: {}, bob: {} }
fibres:
  alice-gva: { between: [alice, gva/1], length: 50 m, loss: 0.5 dB }
  gva-chi: { between: [gva/2, chi/10.1a.1], length: 20 km, loss: 4 dB }
  chi-bob: { between: [chi/10.1a.2, bob], length: 50 m, loss: 0.5 dB }
`;

add(
  'devices of a file are joined by its fibres: light goes through both, and a cut between them is far',
  async (desk) => {
    writeFileSync(join(desk.folder, 'lab.yaml'), LAB);
    const emulator = await desk.emulate('--file', 'lab.yaml');
    const { ports } = emulator;
    assert.is(ports.length, 4);
    const [, gvaPort = 0, , chiPort = 0] = ports;
    const gva = await desk.terminal(gvaPort);
    await gva.type('ACT-USER::admin:1::admin;');
    await gva.type('ENT-CRS-FIBER::10001&10002,20002&20001:2;');
    const chi = await desk.terminal(chiPort);
    assert.match(await chi.type('ACT-USER::op:1::secret;'), / CHICAGO .*\r\nM {2}1 COMPLD/);
    await chi.type('ENT-CRS::10.1a.1,10.1a.2:2::,2WAY;');
    // 0 dBm, 0.5 dB of fibre, 1.57 dB of mirrors, 4 dB of fibre.
    assert.match(await chi.type('RTRV-DET-EQPT::10.1a.1:3;'), /INOPTICALPOWER=-6\.07/);
    await desk.lightbed('emulate', 'ctl', 'cut', 'gva-chi', '--direction', 'a-to-b');
    assert.match(await chi.expect(/\r\n;/), /REPT ALM EQPT\r\n {3}"10\.1a\.1:CR,LOS/);
    const list = await desk.lightbed('emulate', 'ctl', 'list');
    assert.match(list.stdout, /^gva-chi +gva\/2 +chi\/10\.1a\.1 +cut a-to-b$/m);
    assert.match(list.stdout, /^bob +on +-50\.00 dBm$/m);
    assert.match(list.stdout, /^gva\/3 +on$/m);
    const dark = await ask(emulator, { verb: 'dark', name: 'alice' });
    assert.is(dark.text, 'the transmitter at alice is off');
    assert.match(await gva.type('RTRV-PORT-POWER::10001:3;'), /PORTPOWER=-50/);
    await rejects(
      ask(emulator, { verb: 'dark', name: 'gva/2' }),
      /^the light at gva\/2 comes over fibre gva-chi from chi\/10\.1a\.1, .*: cut gva-chi instead$/,
    );
  },
);

add('an unknown name is one error that says what was probably meant', async (desk) => {
  const emulator = await desk.emulate('glimmerglass', '--ports', '4');
  const { code, stderr } = await desk.lightbed('emulate', 'ctl', 'cut', 'glimmerglas/1');
  assert.is(code, 2);
  assert.match(
    stderr,
    /^lightbed: there is no fibre or port glimmerglas\/1; did you mean glimmerglass\/1\?\n/,
  );
  const refused = async (request: ControlRequest): Promise<string> =>
    (await rejects(ask(emulator, request), UsageError)).message;
  assert.is(
    await refused({ verb: 'dark', name: 'alice' }),
    'there is no transmitter or port alice; list shows what there is',
  );
  const fault = { verb: 'fault', command: '*', fault: { kind: 'no-answer' }, times: null } as const;
  assert.is(
    await refused({ ...fault, device: 'glimmerglas' }),
    'there is no device glimmerglas; did you mean glimmerglass?',
  );
  const absent = await desk.lightbed('emulate', 'ctl', 'fault', 'glimmerglass', 'ENT-PAT', 'deny', 'SARB');
  assert.is(absent.code, 2);
  assert.match(
    absent.stderr,
    /glimmerglass has no command ENT-PAT, only ACT-USER, .*, ENT-CRS-FIBER, .* and '\*' for all\n/,
  );
  const near = await refused({ ...fault, device: 'glimmerglass', command: 'RTRV-HDD' });
  assert.match(near, /; did you mean RTRV-HDR\?$/);
  const word = await desk.lightbed('emulate', 'ctl', 'fault', 'glimmerglass', '*', 'no-anwser');
  assert.match(word.stderr, /did you mean no-answer\?\n/);
});

add(
  'where none runs ctl says so, and where two do it asks which; a scenario is a laboratory, too',
  async (desk) => {
    const none = await desk.lightbed('emulate', 'ctl', 'list');
    assert.is(none.code, 2);
    assert.match(none.stderr, /no lightbed emulate of this user is running here/);
    const [one, ring] = await Promise.all([
      desk.emulate('glimmerglass', '--ports', '4'),
      desk.emulate('--file', join(process.cwd(), 'scenarios/ring')),
    ]);
    assert.match(ring.started.stdout, /^w: glimmerglass, SID W, 8 ports \(1 to 8\)/m);
    const both = await desk.lightbed('emulate', 'ctl', 'list');
    assert.is(both.code, 2);
    assert.match(both.stderr, /say which one:(\n {2}--ctl 127\.0\.0\.1:\d+ {2}(w, n, e, s|glimmerglass)){2}/);
    const chosen = await desk.lightbed('emulate', 'ctl', 'list', '--ctl', `127.0.0.1:${one.ctl}`, '--json');
    const [device] = (JSON.parse(chosen.stdout) as { devices: { family: string }[] }).devices;
    assert.is(device?.family, 'glimmerglass');
  },
);

add('what is not a request ends the control connection, and so does a line without an end', async (desk) => {
  const emulator = await desk.emulate('glimmerglass', '--ports', '4');
  const closed = async (text: string): Promise<string> => {
    const terminal = await desk.terminal(emulator.ctl);
    const end = new Promise((resolve) => terminal.socket.on('close', resolve));
    const said = await terminal.type(text, /\}\n/);
    await end;
    return said;
  };
  assert.match(await closed('POST / HTTP/1.1'), /"ok":false/);
  assert.match(await closed('{"verb":"cut","name":"1","colour":"blue"}'), /"ok":false/);
  assert.match(await closed('x'.repeat(20_000)), /"ok":false/);
  assert.equal((await ask(emulator, { verb: 'power' })).data, []);
  const taken = await desk.start('emulate', 'glimmerglass', '--port', String(emulator.ports[0])).ended;
  assert.is(taken.code, 2);
  assert.match(taken.stderr, /^lightbed: listen at .*in-use; --port 0 takes any free ports\n/);
});

add('wrong arguments are one line and exit code 2', async (desk) => {
  writeFileSync(join(desk.folder, 'lab.yaml'), LAB.replace('gva/2', 'gva/9').replace('lit: [3]', 'lit: [1]'));
  const [family, profile, lamp, file] = await Promise.all(
    [
      ['glimmerglas'],
      ['glimmerglass', '--profile', '1999'],
      ['glimmerglass', '--port', '0', '--lit', '77'],
      ['--file', 'lab.yaml'],
    ].map((words) => desk.start('emulate', ...words).ended),
  );
  assert.equal([family?.code, profile?.code, lamp?.code, file?.code], [2, 2, 2, 2]);
  assert.match(family?.stderr ?? '', /^lightbed: there is no family glimmerglas, only /);
  assert.match(profile?.stderr ?? '', /^lightbed: there is no profile 1999 of glimmerglass, only /);
  assert.match(lamp?.stderr ?? '', /^lightbed: there is no transmitter or port 77/);
  assert.match(file?.stderr ?? '', /^lab\.yaml:3:\d+: found "1", where fibre "alice-gva" ends/m);
  assert.match(file?.stderr ?? '', /^lab\.yaml:8:\d+: found "gva\/9", a port that gva does not have/m);
});

add('a power that no transmitter has is told as such', async (desk) => {
  const told = await desk.lightbed('emulate', 'ctl', 'light', '2', '--power=99999dBm');
  assert.is(told.code, 2);
  assert.match(told.stderr, /^lightbed: --power 99999dBm: expected a power from -100 to 100 dBm\n/);
});

add('a place that is none is said as such, be it of a file or on the network', async (desk) => {
  writeFileSync(join(desk.folder, 'plain'), '');
  mkdirSync(join(desk.folder, 'folder.yaml'));
  const said = (...words: string[]) => desk.start('emulate', ...words).ended;
  const [plain, below, none, folder, far, unknown] = await Promise.all([
    said('--file', 'plain'),
    said('--file', 'plain/lab.yaml'),
    said('--file', 'none'),
    said('--file', 'folder.yaml'),
    said('glimmerglass', '--address', '192.0.2.1'),
    said('glimmerglass', '--address', 'nowhere.invalid'),
  ]);
  for (const each of [plain, below, none, folder, far, unknown]) assert.is(each?.code, 2, each?.stderr);
  const expected = 'expected a YAML file, or a folder with a scenario.yaml: ';
  assert.match(
    plain?.stderr ?? '',
    new RegExp(`^lightbed: --file plain: ${expected}its name does not end in`),
  );
  assert.match(below?.stderr ?? '', new RegExp(`^lightbed: --file plain/lab.yaml: ${expected}ENOTDIR`));
  assert.match(none?.stderr ?? '', /^lightbed: --file none: there is no none\/scenario\.yaml\n/);
  assert.match(folder?.stderr ?? '', new RegExp(`^lightbed: --file folder.yaml: ${expected}EISDIR`));
  for (const each of [far, unknown])
    assert.match(
      each?.stderr ?? '',
      /^lightbed: listen at .*, no address of this machine: .*; see --address\n$/,
    );
});

add('ctl upsets the optics, restarts a device, and connects as somebody else would', async (desk) => {
  const emulator = await desk.emulate('glimmerglass', '--ports', '4', '--lit', '1', '--user', 'op:pw');
  const ctl = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await desk.lightbed('emulate', 'ctl', ...words);
    assert.is(code, 0, stderr);
    return stdout;
  };
  const client = await desk.terminal(emulator.ports[1] ?? 0);
  await client.type('ACT-USER::op:1::pw;');
  const connect = { verb: 'connect', device: 'glimmerglass', input: '1', output: '2', way: 'one' } as const;
  assert.match(await ctl('connect', 'glimmerglass', '1', '2'), /somebody else did connect 1 2/);
  assert.match(await client.type('RTRV-CRS-FIBER::10001:2;'), /IPORTID=10001,.*OPORTID=20002/);
  await rejects(ask(emulator, { ...connect, input: '3' }), /connect 3 2: /);
  assert.match(await ctl('fault', 'glimmerglass', '1', 'weak-mirror'), /1: weak-mirror 10 dB/);
  assert.match(await client.type('RTRV-PORT-POWER::20002:3;'), /PORTPOWER=-14\.57/);
  assert.match(await ctl('fault', 'glimmerglass', '*', 'stuck-power'), /all of it: stuck-power/);
  await ask(emulator, { verb: 'dark', name: '1' });
  await ask(emulator, { verb: 'clear', number: 1 });
  assert.match(await client.type('RTRV-PORT-POWER::20002:4;'), /PORTPOWER=-14\.57/);
  await ask(emulator, { verb: 'clear', number: 2 });
  assert.match(await client.type('RTRV-PORT-POWER::20002:5;'), /PORTPOWER=-50\.00/);
  await ask(emulator, { verb: 'light', name: '1' });
  assert.match(await ctl('fault', 'glimmerglass', '1', 'flap', '60s'), /1: flap 60 s/);
  assert.match(await client.type('RTRV-PORT-POWER::10001:6;'), /PORTPOWER=-50\.00/);
  const absent = await desk.lightbed('emulate', 'ctl', 'fault', 'glimmerglass', '9', 'flap', '1s');
  assert.match(absent.stderr, /there is no port 9 at glimmerglass for flap/);
  const parts = { kind: 'interleave-parts' } as const;
  const device = 'glimmerglass';
  await ask(emulator, { verb: 'fault', device, command: 'RTRV-HDR', fault: parts, times: 1 });
  assert.match(await client.type('RTRV-HDR:::7;', /COMPLD\r\n;/), /REPT EVT SESSION[^]*M {2}7 COMPLD/);
  const gone = new Promise((resolve) => client.socket.once('close', resolve));
  assert.match(await ctl('restart', 'glimmerglass', '100ms'), /glimmerglass restarts and is down for 100 ms/);
  await gone;
  await desk.terminalAfterRestart(emulator.ports[1] ?? 0);
});

test.run();
