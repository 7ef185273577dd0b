import { readdirSync, readFileSync } from 'node:fs';
import { assert, rejects, suite } from '../scripts/testing/suite.ts';
import { ms, seconds, ZERO } from '../src/core/time.ts';
import { cienaBench } from './ciena-bench.fixture.ts';
import { CommandRules, forVerbs } from './command-rules.ts';
import type { BenchClient } from './testing/bench-network.fixture.ts';

const test = suite('ciena emulator');

const FOLDER = 'emulators/ciena-transcripts';

for (const file of readdirSync(FOLDER).sort()) {
  test(`${file} comes out as it is written`, async () => {
    const text = readFileSync(`${FOLDER}/${file}`, 'utf8');
    const bench = await cienaBench();
    assert.is(await bench.perform(text), text);
  });
}

type Bench = Awaited<ReturnType<typeof cienaBench>>;

const codeOf = (text: string): string =>
  /^M {2}\S+ (COMPLD|DENY\r\n {3}[A-Z]{4})/m.exec(text)?.[1]?.replace(/\s+/, ' ') ?? text;

/** A VCG of so many members at a node, with its flows; the first member is time slot 1. */
async function group(b: Bench, client: BenchClient, name: string, members: number, first = 1): Promise<void> {
  const slots = `${first}&&${first + members - 1}`;
  const settings = `suppttp=1-A-3-1,tunnelpeertype=ETTP,tunnelpeername=1-A-3-1-1,lcasenabled=YES,groupmem=${slots}`;
  assert.is(codeOf(await b.ask(client, `ent-vcg::name=${name}:1::${settings};`)), 'COMPLD');
  const [port, vcg] = ['portname=1-A-3-1-1', `portname=${name}`];
  const there = `ingressporttype=ettp,ingress${port},egressporttype=vcg,egress${vcg}`;
  const back = `ingressporttype=vcg,ingress${vcg},egressporttype=ettp,egress${port}`;
  assert.is(codeOf(await b.ask(client, `ent-eflow::${name}-IN:1:::${there};`)), 'COMPLD');
  assert.is(codeOf(await b.ask(client, `ent-eflow::${name}-OUT:1:::${back};`)), 'COMPLD');
}

const ctps = (vcg: string, members: number): string =>
  Array.from({ length: members }, (_, i) => `${vcg}-CTP-${i + 1}`).join('&');

async function circuit(b: Bench, members: number, snc = ''): Promise<BenchClient> {
  const [near, far] = [await b.open('CHGO'), await b.open('NYCY')];
  await group(b, near, 'c', members);
  await group(b, far, 'c', members);
  assert.is(codeOf(await b.ask(near, `ent-gtp::g:1::ctp=${ctps('c', members)};`)), 'COMPLD');
  const text = `ent-snc-stspc::g,1-A-3-1-1&&${members}:1::name=s,type=dynamic,rmnode=NYCY,lep=gtp_nametype${snc},pst=is;`;
  assert.is(codeOf(await b.ask(near, text)), 'COMPLD');
  await b.clock.run(ms(200));
  return near;
}

test('the first bytes negotiate as a CoreDirector does, and options are answered once', async () => {
  const b = await cienaBench();
  const client = await b.open('CHGO', false);
  const codes = (text: string): number[] => [...text].map((c) => c.charCodeAt(0));
  // WILL NAWS with a window of 141 x 40, DO SGA, DO ECHO: nothing to say. DO BINARY and WILL STATUS: refused.
  client.send('\xff\xfb\x1f\xff\xfa\x1f\x00\x8d\x00\x28\xff\xf0\xff\xfd\x03\xff\xfd\x01\xff\xfd\x00\xff\xfb');
  client.send('\x05\xff\xfd\x00');
  await b.clock.run(ZERO);
  assert.equal(codes(client.take()), [255, 252, 0, 255, 254, 5]);
  assert.match(await b.ask(client, '\xff\xfd\x03act-user::admin:1::admin;'), /M {2}1 COMPLD/);
});

test('a return between commands shows the prompt again, within a command and after one it does not', async () => {
  const b = await cienaBench();
  const client = await b.open('CHGO');
  assert.is(await b.ask(client, '\r\n'), '\r\n;');
  assert.is(await b.ask(client, 'rtrv-hdr:'), '');
  assert.is(await b.ask(client, '\r\n'), '');
  assert.match(await b.ask(client, '::1;\r\n'), /M {2}1 COMPLD\r\n;$/);
});

test('sessions are limited, and one without a command for long is closed', async () => {
  const b = await cienaBench({ sessionsMax: 2, idleLimit: seconds(30) });
  const [one, two] = [await b.open('CHGO'), await b.open('CHGO')];
  assert.is((await b.open('CHGO', false)).isDropped, true);
  await b.clock.run(seconds(20));
  assert.match(await b.ask(one, 'rtrv-hdr:::1;'), /COMPLD/);
  await b.clock.run(seconds(20));
  assert.equal([one.isDropped, two.isDropped], [false, true]);
  assert.is((await b.open('CHGO', false)).isDropped, false);
});

test('a user who is logged in elsewhere is let in beside it, refused, or takes its place, as the profile says', async () => {
  const outcomes = { beside: ['COMPLD', false], refused: ['DENY SARB', false], instead: ['COMPLD', true] };
  for (const secondLogin of ['beside', 'refused', 'instead'] as const) {
    const b = await cienaBench({ secondLogin });
    const [first, second] = [await b.open('CHGO'), await b.open('CHGO', false)];
    const code = codeOf(await b.ask(second, 'ACT-USER::admin:LOGIN::admin;'));
    assert.equal([code, first.isDropped], outcomes[secondLogin], secondLogin);
  }
});

test('a tolerant node takes the CTAG that MonALISA puts in the place of the AID', async () => {
  const b = await cienaBench({ misplacedCtag: 'take' });
  const client = await b.open('CHGO');
  assert.match(await b.ask(client, 'rtrv-ocn::rocn;\n'), /IP rocn\r\n<[^]*M {2}rocn COMPLD\r\n {3}"1-A-1-1,/);
});

test('mistakes are denied with the codes of the profile, and change nothing', async () => {
  const b = await cienaBench();
  const client = await b.open('CHGO');
  const vcg = (more: string): string =>
    `ent-vcg::name=c:1::suppttp=1-A-3-1,tunnelpeername=1-A-3-1-1,${more};`;
  const cases: [command: string, code: string][] = [
    [vcg('groupmem=0'), 'DENY IPNV'],
    [vcg('groupmem=192&193'), 'DENY IPNV'],
    [vcg('groupmem=1&1'), 'DENY IPNV'],
    [vcg('groupmem='), 'DENY IPNV'],
    [vcg('groupmem=1,pst=sideways'), 'DENY IPNV'],
    [vcg('groupmem=1,lcasholdofftimer=-1'), 'DENY IPNV'],
    [vcg('groupmem=1,tunnelpeername=1-A-9-1-1'), 'DENY IPNV'],
    [vcg('groupmem=1&&4'), 'COMPLD'],
    [vcg('groupmem=5'), 'DENY SRAC'],
    [vcg('groupmem=4').replace('name=c', 'name=d'), 'DENY SNVS'],
    ['ent-gtp::g:1::ctp=c-CTP-5;', 'DENY IIAC'],
    ['ent-gtp::g:1::ctp=c-CTP-1&c-CTP-1;', 'DENY SNVS'],
    ['ent-gtp::g:1::ctp=c-CTP-1;', 'COMPLD'],
    ['ent-gtp::h:1::ctp=c-CTP-1;', 'DENY SNVS'],
    ['ent-snc-stspc::h,1-A-3-1-1:1::name=s,rmnode=NYCY;', 'DENY IIAC'],
    ['ent-snc-stspc::g,1-A-3-1-1:1::name=s,rmnode=NOWHERE;', 'DENY IIAC'],
    ['ent-snc-stspc::g,1-A-3-1-1:1::name=s,rmnode=NYCY;', 'DENY IIAC'],
    ['ent-snc-stspc::g,1-A-1-1-1&&2:1::name=s,rmnode=NYCY;', 'DENY IPNV'],
    ['ent-snc-stspc::g,1-A-1-1-1:1::name=s,rmnode=NYCY,dtlsn=none;', 'DENY IIAC'],
    ['ed-snc-stspc::s:1::pst=oos;', 'DENY IIAC'],
    ['ent-dtl::d:1::nodename1=CHGO,osrpltpid1=1;', 'DENY IPNV'],
    ['ent-dtl-set::t:1::wrknm=none;', 'DENY IIAC'],
    [
      'ent-eflow::e:1:::ingressporttype=ettp,ingressportname=1-A-3-1-1,egressporttype=vcg,egressportname=x;',
      'DENY IPNV',
    ],
    ['dlt-eflow::e:1;', 'DENY IIAC'],
  ];
  for (const [command, code] of cases) assert.is(codeOf(await b.ask(client, command)), code, command);
});

test('a GTP holds 48 CTPs at most', async () => {
  const b = await cienaBench();
  const client = await b.open('CHGO');
  await group(b, client, 'c', 49);
  assert.is(codeOf(await b.ask(client, `ent-gtp::g:1::ctp=${ctps('c', 49)};`)), 'DENY IPNV');
  assert.is(codeOf(await b.ask(client, `ent-gtp::g:1::ctp=${ctps('c', 48)};`)), 'COMPLD');
});

test('a route goes round a span that is full, and there is none when all are', async () => {
  const b = await cienaBench();
  const [near, far] = [await b.open('CHGO'), await b.open('NYCY')];
  await group(b, near, 'c', 192);
  await group(b, far, 'c', 192);
  for (let i = 0; i < 4; i++) {
    const members = Array.from({ length: 48 }, (_, k) => 48 * i + k + 1);
    await b.ask(near, `ent-gtp::g${i}:1::ctp=${members.map((n) => `c-CTP-${n}`).join('&')};`);
    const to = `1-A-3-1-${members[0]}&&${members[47]}`;
    const text = `ent-snc-stspc::g${i},${to}:1::name=s${i},rmnode=NYCY;`;
    assert.is(codeOf(await b.ask(near, text)), 'COMPLD');
  }
  await b.clock.run(ms(200));
  assert.equal(b.heard, ['c 2405.4 Mb/s', 'c 4810.8 Mb/s', 'c 7216.1 Mb/s', 'c 9621.5 Mb/s']);
  const gtps = Array.from({ length: 192 }, (_, i) => `1-A-2-1-${i + 1}`);
  for (let i = 0; i < 4; i++)
    await b.ask(near, `ent-gtp::h${i}:1::ctp=${gtps.slice(48 * i, 48 * i + 48).join('&')};`);
  // Every slot of both spans is taken now.
  await b.ask(near, 'ent-gtp::last:1::ctp=1-A-4-1-1;');
  assert.is(codeOf(await b.ask(near, 'ent-snc-stspc::last,1-A-1-1-1:1::name=x,rmnode=GNVA;')), 'DENY SARB');
});

test('the Ethernet port limits what a circuit carries', async () => {
  const b = await cienaBench();
  const near = await circuit(b, 2);
  assert.equal(b.heard, ['c 100.2 Mb/s']);
  const slow = b.network.node('NYCY').ettps.get('1-A-3-1-1');
  if (slow !== undefined) Object.assign(slow, { rate: 64e6 });
  b.network.failSlot('lake-1', 192);
  assert.is(b.heard.at(-1), 'c 64.0 Mb/s');
  await b.ask(near, 'dlt-eflow::c-IN:1;');
  assert.is(b.heard.at(-1), 'c 0.0 Mb/s');
});

test('without LCAS one member less is no circuit at all', async () => {
  const b = await cienaBench();
  const near = await b.open('CHGO');
  const far = await b.open('NYCY');
  for (const client of [near, far]) {
    await group(b, client, 'x', 1, 100);
    const settings = 'suppttp=1-A-3-1,tunnelpeername=1-A-3-1-1,lcasenabled=NO,groupmem=1&&3';
    await b.ask(client, `ent-vcg::name=c:1::${settings};`);
  }
  await b.ask(near, `ent-gtp::g:1::ctp=${ctps('c', 3)};`);
  await b.ask(near, 'ent-snc-stspc::g,1-A-3-1-1&&3:1::name=s,rmnode=NYCY;');
  assert.match(await b.ask(near, 'rtrv-vcg::c:1;'), /PROVBW=3,OPERBW=3/);
  b.network.failSlot('lake-1', 3);
  assert.match(await b.ask(near, 'rtrv-vcg::c:1;'), /PST=OOS-AU,[^]*PROVBW=3,OPERBW=0/);
});

test('a failure shorter than the hold-off takes nobody out of the group', async () => {
  const b = await cienaBench();
  const near = await circuit(b, 4);
  b.network.failSlot('lake-1', 4);
  await b.clock.run(ms(60));
  assert.match(await b.ask(near, 'rtrv-vcg::c:1;'), /OPERBW=4/);
  b.network.repairSlot('lake-1', 4);
  await b.clock.run(seconds(1));
  assert.equal(b.heard, ['c 200.4 Mb/s', 'c 0.0 Mb/s', 'c 200.4 Mb/s']);
});

test('a mesh-restorable SNC takes another span, others wait for theirs', async () => {
  const b = await cienaBench();
  await circuit(b, 2, ',meshrst=yes');
  b.network.cut('lake-1');
  await b.clock.run(seconds(2));
  assert.equal(b.heard, ['c 100.2 Mb/s', 'c 0.0 Mb/s', 'c 100.2 Mb/s']);
  assert.is(b.network.node('CHGO').isFree('1-A-1-1-1'), true);
  assert.is(b.network.node('CHGO').isFree('1-A-2-1-1'), false);

  const stays = await cienaBench();
  await circuit(stays, 2);
  stays.network.cut('lake-1');
  await stays.clock.run(seconds(5));
  assert.equal(stays.heard, ['c 100.2 Mb/s', 'c 0.0 Mb/s']);
});

test('an SNC takes time to signal, and may be answered before or after it is up', async () => {
  for (const sncAnswersWhenUp of [false, true]) {
    const b = await cienaBench({ sncAnswersWhenUp }, { signallingPerNode: ms(50) });
    const [near, far] = [await b.open('CHGO'), await b.open('NYCY')];
    await group(b, near, 'c', 1);
    await group(b, far, 'c', 1);
    await b.ask(near, 'ent-gtp::g:1::ctp=c-CTP-1;');
    const soon = await b.ask(near, 'ent-snc-stspc::g,1-A-3-1-1:9::name=s,rmnode=NYCY;', ms(99));
    assert.is(/M {2}9 COMPLD/.test(soon), !sncAnswersWhenUp);
    if (!sncAnswersWhenUp) assert.match(await b.ask(far, 'rtrv-crs:::1;', ZERO), /M {2}1 COMPLD/);
    const late = await b.ask(near, '', ms(2));
    assert.is(/M {2}9 COMPLD/.test(late), sncAnswersWhenUp);
    assert.match(await b.ask(near, 'rtrv-snc-stspc::s:2;'), /STATE=TERM_WORKING_CONNECTED/);
  }
});

test('GTPs of time slots, cross-connected by hand at each node, make a circuit without an SNC', async () => {
  const b = await cienaBench();
  for (const node of ['CHGO', 'NYCY']) {
    const client = await b.open(node);
    await group(b, client, 'c', 2);
    await b.ask(client, `ent-gtp::v:1::ctp=${ctps('c', 2)};`);
    await b.ask(client, 'ent-gtp::o:1::ctp=1-A-2-1-11&&12;');
    const text = 'ent-crs-stspc::fromendpoint=v,toendpoint=o:1::name=x,fromtype=gtp,totype=gtp;';
    assert.is(codeOf(await b.ask(client, text)), 'COMPLD');
  }
  await b.clock.run(ms(200));
  assert.equal(b.heard, ['c 100.2 Mb/s']);
  const client = await b.open('CHGO');
  assert.is(codeOf(await b.ask(client, 'dlt-crs-stspc::name=x:1;')), 'DENY SNVS');
  await b.ask(client, 'ed-crs-stspc::name=x:1::pst=oos;');
  assert.is(codeOf(await b.ask(client, 'dlt-crs-stspc::name=x:1;')), 'COMPLD');
  assert.is(b.heard.at(-1), 'c 0.0 Mb/s');
});

test('what was provisioned outlives the agent, and its standing alarms come back', async () => {
  const b = await cienaBench();
  await circuit(b, 2);
  b.network.cut('lake-1');
  await b.restart('CHGO');
  await b.clock.run(ms(50));
  const client = await b.open('CHGO');
  assert.match(
    await b.ask(client, 'rtrv-alm-all:::1;'),
    /1-A-1-1,OCN:CR,LOS,SA,2016-06-09,17:12:52,NEND,RCV:/,
  );
  assert.match(await b.ask(client, 'rtrv-snc-stspc::ALL:1;'), /"s,TYPE=DYNAMIC/);
});

test('rules make a node deny, lose replies, be late or silent, and interrupt', async () => {
  const rules = new CommandRules();
  const b = await cienaBench({ rules });
  const client = await b.open('CHGO');
  rules.add(forVerbs(['RTRV-VCG'], { kind: 'deny', errorCode: 'SARB', reason: 'busy' }, 1));
  assert.is(codeOf(await b.ask(client, 'rtrv-vcg:::1;')), 'DENY SARB');
  rules.add(forVerbs(['ENT-DTL'], { kind: 'act-but-lose-reply' }, 1));
  const enter = 'ent-dtl::d:2::nodename1=CHGO,osrpltpid1=1,termnodename=NYCY;';
  assert.match(await b.ask(client, enter), /IP 2\r\n<$/);
  assert.is(codeOf(await b.ask(client, enter)), 'DENY SRAC');
  rules.add(forVerbs(['RTRV-OCN'], { kind: 'never-answer' }, 1));
  assert.is(await b.ask(client, 'rtrv-ocn::ALL:3;'), 'rtrv-ocn::ALL:3;\r\n');
  const announcement = { alarmCode: 'A', verb: 'REPT EVT', lines: ['EMSUser:LOGBUFR90,TC'] } as const;
  rules.add(forVerbs(['RTRV-GTP'], { kind: 'interleave', announcement }, 1));
  assert.match(await b.ask(client, 'rtrv-gtp::ALL:4;'), /IP 4\r\n<[^]*REPT EVT\r\n[^]*;[^]*M {2}4 COMPLD/);
  rules.add(forVerbs(['RTRV-GTP'], { kind: 'delay', by: ms(50) }, 1));
  assert.match(await b.ask(client, 'rtrv-gtp::ALL:5;'), /IP 5\r\n<$/);
  assert.match(await b.ask(client, '', ms(50)), /M {2}5 COMPLD/);
  rules.add(forVerbs(['ENT-DTL'], { kind: 'acknowledge', code: 'NA' }, 1));
  const other = enter.replace('::d:', '::e:');
  assert.match(await b.ask(client, other), /IP 2\r\n<NA 2\r\n<$/);
  assert.is(codeOf(await b.ask(client, other)), 'DENY SRAC');
  rules.add(forVerbs(['RTRV-OCN'], { kind: 'acknowledge', code: 'RL' }, 1));
  assert.is(await b.ask(client, 'rtrv-ocn::ALL:6;'), 'rtrv-ocn::ALL:6;\r\nRL 6\r\n<');
  rules.add(forVerbs(['RTRV-OSRP-NODE'], { kind: 'alter', line: (line) => line.toLowerCase() }, 1));
  assert.match(await b.ask(client, 'rtrv-osrp-node::ALL:7;'), /"1,swname=chgo,/);
  rules.add(forVerbs(['RTRV-HDR'], { kind: 'hang-up' }, 1));
  assert.match(await b.ask(client, 'rtrv-hdr:::8;'), /M {2}8 COMPLD/);
  assert.is(client.isDropped, true);
});

test('a controller that restarts drops its sessions and refuses for a while; its circuits carry on', async () => {
  const b = await cienaBench();
  const near = await circuit(b, 2);
  b.controllers.get('CHGO')?.restart(seconds(30));
  await b.clock.run(seconds(1));
  assert.is(near.isDropped, true);
  await rejects(b.open('CHGO'), /refused/);
  await b.clock.run(seconds(30));
  assert.match(await b.ask(await b.open('CHGO'), 'rtrv-vcg::c:1;'), /PROVBW=2,OPERBW=2/);
  assert.equal(b.heard, ['c 100.2 Mb/s']);
});

test.run();
