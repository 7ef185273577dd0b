// `lightbed plan`, `apply` and `audit` over TCP, against emulated devices that know nothing of plans.

import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import type { LedgerEntry } from '../planning/ledger.ts';
import { sealedText } from '../planning/sealed-file.ts';
import { ask, Desk, type Emulator, isCompiled } from './emulate.fixture.ts';

const test = suite('lightbed plan, apply, audit');

const FIBRES = `fibres:
  cern-gva: { between: [cern, gva/1], length: 1 km, loss: 0.5 dB }
  gva-chi: { between: [gva/2, chi/10.1a.1], length: 7000 km, loss: 4 dB }
  chi-fnal: { between: [chi/10.1a.2, fnal], length: 50 km, loss: 0.5 dB }
`;

const LAB = `switches:
  gva: { family: glimmerglass, ports: 4 }
  chi: { family: calient, ports: 4 }
hosts: { cern: {}, fnal: {} }
${FIBRES}`;

interface Bench {
  readonly desk: Desk;
  readonly emulator: Emulator;
  readonly gva: string;
  readonly chi: string;
}

/** One emulator for all of the suite: processes are slow. */
let bench: Promise<Bench> | null = null;

async function openBench(): Promise<Bench> {
  const desk = new Desk();
  desk.environment = { LIGHTBED_USER: 'op', LIGHTBED_PASSWORD: 'hidden-word' };
  writeFileSync(join(desk.folder, 'lab.yaml'), LAB);
  const emulator = await desk.emulate('--file', 'lab.yaml', '--user', 'op:hidden-word');
  const at = (listener: number): string => `127.0.0.1:${emulator.ports[listener]}`;
  const made = { desk, emulator, gva: at(0), chi: at(2) };
  writeSite(made, 'site.yaml', 'changes:\n  - add: { path: science, from: cern, to: fnal }\n');
  return made;
}

function writeSite({ desk, gva, chi }: Bench, name: string, rest: string): void {
  const devices = `devices:
  gva: { family: glimmerglass, address: "${gva}" }
  chi: { family: calient, address: "${chi}" }
hosts:
  cern: { power: 0 dBm, sensitivity: -24 dBm }
  fnal: { power: 0 dBm, sensitivity: -24 dBm }
`;
  writeFileSync(join(desk.folder, name), devices + FIBRES + rest);
}

const add = (name: string, body: (bench: Bench) => Promise<void>): void => {
  if (!isCompiled) return test.skip(name, 'the command is not compiled here');
  test(name, async () => {
    bench ??= openBench();
    await body(await bench);
  });
};

const logOf = ({ desk }: Bench): LedgerEntry[] =>
  readFileSync(join(desk.folder, 'lightbed-audit.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LedgerEntry);

add('a plan is made of the live state, and the same of a snapshot of it', async (b) => {
  const live = await b.desk.lightbed('plan', 'site.yaml', '--save-snapshot', 'now.json');
  assert.is(live.code, 0, live.stderr);
  assert.match(live.stdout, /^3 steps, [\d.]+ ms with the read-back of each, by the twin:\n/);
  assert.match(live.stdout, /ent-crs-fiber::10001,20002:\*; +dlt-crs-fiber::10001,20002:\*;/);
  assert.match(live.stdout, /science +new: cern-gva gva-chi chi-fnal +fnal +– +-9\.1 dBm, 14\.9 dB to spare/);
  assert.match(live.stdout, /\nPlan [0-9a-f]{12} is in site\.plan\.json\.\n$/);
  const still = await b.desk.lightbed(
    'plan',
    'site.yaml',
    '--snapshot',
    'now.json',
    '--out',
    'same.json',
    '--json',
  );
  const steps = (text: string): unknown => JSON.parse(text).steps;
  assert.equal(steps(still.stdout), steps(readFileSync(join(b.desk.folder, 'site.plan.json'), 'utf8')));
});

add(
  'without --write nothing is sent; with it the plan is applied, logged, and no drift is left',
  async (b) => {
    const dry = await b.desk.lightbed('apply', 'site.plan.json');
    assert.is(dry.code, 0, dry.stderr);
    assert.match(
      dry.stdout,
      /^To apply plan [0-9a-f]{12} of site\.yaml, made .*\n[\s\S]*dlt-crs:::\*::10\.1a\.1-10\.1a\.2;/,
    );
    assert.match(dry.stdout, /\nThe state is the plan's\. Nothing is sent without --write\.\n$/);
    const before = await b.desk.lightbed('audit', 'site.yaml', '--changes', 'made');
    assert.is(before.code, 1);
    assert.match(
      before.stdout,
      /path science: expected light of cern at fnal, found its way ends at gva\/1\n/,
    );
    const applied = await b.desk.lightbed('apply', 'site.plan.json', '--write');
    assert.is(applied.code, 0, applied.stderr);
    assert.match(
      applied.stdout,
      /\nstep 3: connect chi 10\.1a\.1↔10\.1a\.2: done\nApplied: every step is made and read back\.\n/,
    );
    const log = logOf(b);
    assert.equal(
      log.map(({ what }) => what),
      ['begun', ...Array(3).fill(['sending', 'answered', 'done']).flat(), 'applied'],
    );
    assert.ok(log.every(({ who, at }) => who.includes('@') && /^20\d\d-\d\d-\d\dT.*Z$/.test(at)));
    const file = join(b.desk.folder, 'lightbed-audit.jsonl');
    assert.is(statSync(file).mode & 0o077, 0);
    assert.not.match(readFileSync(file, 'utf8'), /hidden/);
    const audit = await b.desk.lightbed('audit', 'site.yaml');
    assert.is(audit.code, 0, audit.stdout);
    assert.is(audit.stdout, 'No drift: all is as the site with its changes made means it.\n');
  },
);

add('a plan of a state that is past is refused with where it moved, and the log keeps it', async (b) => {
  const again = await b.desk.lightbed('apply', 'site.plan.json', '--write');
  assert.is(again.code, 1);
  assert.match(
    again.stderr,
    /^lightbed: refused, nothing was sent:\n {2}gva\/1: expected no cross-connect, found →2\n/,
  );
  assert.is(logOf(b).at(-1)?.what, 'refused');
});

add('drift by hand and a cut fibre are named', async (b) => {
  const foreign = { device: 'gva', input: '3', output: '4', way: 'one' } as const;
  await ask(b.emulator, { verb: 'connect', ...foreign });
  await ask(b.emulator, { verb: 'cut', name: 'gva-chi', direction: 'a-to-b' });
  const audit = await b.desk.lightbed('audit', 'site.yaml');
  assert.is(audit.code, 1);
  const lines = audit.stdout.trimEnd().split('\n');
  assert.is(lines[0], 'Not as the site with its changes made means it:');
  assert.is(lines[1], '  gva 3→4: expected no cross-connect, found one that no path of the site means');
  assert.match(
    lines[2] ?? '',
    /^ {2}chi\/10\.1a\.1 in: expected -6\.\d dBm from cern over gva-chi, found dark/,
  );
  assert.is(lines.length, 3);
  await ask(b.emulator, { verb: 'repair', name: 'gva-chi', direction: 'a-to-b' });
  await ask(b.emulator, { verb: 'disconnect', ...foreign });
});

add('an apply that a device refuses half way is rolled back', async (b) => {
  writeSite(
    b,
    'undo.yaml',
    'paths:\n  science: { from: cern, to: fnal }\nchanges:\n  - remove: { path: science }\n',
  );
  assert.is((await b.desk.lightbed('plan', 'undo.yaml')).code, 0);
  await ask(b.emulator, {
    verb: 'fault',
    device: 'chi',
    command: 'DLT-CRS',
    fault: { kind: 'deny', value: 'SROF' },
    times: 1,
  });
  const result = await b.desk.lightbed('apply', 'undo.plan.json', '--write');
  assert.is(result.code, 1, result.stdout);
  assert.match(
    result.stderr,
    /rolled back: step \d, disconnect chi .*denied SROF.*; every step is taken back and read back/,
  );
  const audit = await b.desk.lightbed('audit', 'undo.yaml');
  assert.is(audit.stdout, 'No drift: all is as the site with its changes pending means it.\n');
});

add('a plan whose apply was interrupted is neither written over nor applied by two at once', async (b) => {
  const { desk } = b;
  assert.is((await desk.lightbed('plan', 'undo.yaml')).code, 0);
  const plan = readFileSync(join(desk.folder, 'undo.plan.json'), 'utf8');
  const log = join(desk.folder, 'lightbed-audit.jsonl');
  const kept = readFileSync(log, 'utf8');
  const begun = { at: '2026-11-20T12:00:00.000Z', who: 'op@desk', plan: JSON.parse(plan).hash };
  writeFileSync(
    log,
    `${kept}${JSON.stringify({ ...begun, what: 'begun', steps: 3, pid: 4_194_305 })}\n{"at":"20`,
  );
  const again = await desk.lightbed('plan', 'undo.yaml');
  assert.is(again.code, 2);
  assert.match(
    again.stderr,
    /an apply of undo\.plan\.json was interrupted: end it with --resume or --roll-back/,
  );
  assert.is(readFileSync(join(desk.folder, 'undo.plan.json'), 'utf8'), plan);
  writeFileSync(`${log}.pid`, `${process.ppid}\n`);
  const second = await desk.lightbed('apply', 'undo.plan.json', '--roll-back', '--write');
  assert.is(second.code, 2);
  assert.match(second.stderr, new RegExp(`process ${process.ppid} works there`));
  rmSync(`${log}.pid`);
  const back = await desk.lightbed('apply', 'undo.plan.json', '--roll-back', '--write');
  assert.is(back.code, 0, back.stderr);
  assert.not.ok(existsSync(`${log}.pid`));
  assert.is((await desk.lightbed('plan', 'undo.yaml')).code, 0);
});

add('a plan of another version is applied with a word about it', async ({ desk }) => {
  const { hash: _, ...plan } = JSON.parse(readFileSync(join(desk.folder, 'undo.plan.json'), 'utf8'));
  writeFileSync(join(desk.folder, 'old.json'), sealedText({ ...plan, lightbed: '0.0.9' }));
  const old = await desk.lightbed('apply', 'old.json');
  assert.is(old.code, 0, old.stderr);
  assert.match(old.stdout, /^To apply plan [0-9a-f]{12} of undo\.yaml, made .* with lightbed 0\.0\.9:\n/);
});

add('what is wrong is one message: the file, the plan, the device, the password', async (b) => {
  const { desk } = b;
  const missing = await desk.lightbed('plan', 'nowhere.yaml');
  assert.is(missing.code, 2);
  assert.match(missing.stderr, /^lightbed: nowhere\.yaml: a site that cannot be read\n/);
  const plan = readFileSync(join(desk.folder, 'site.plan.json'), 'utf8');
  writeFileSync(join(desk.folder, 'forged.json'), plan.replace('10001,20002', '10001,20003'));
  const forged = await desk.lightbed('apply', 'forged.json', '--write');
  assert.is(forged.code, 2);
  assert.match(
    forged.stderr,
    /^lightbed: forged\.json: changed since it was written: its hash is not that of its content\n/,
  );
  writeSite(
    { ...b, chi: '127.0.0.1:1' },
    'away.yaml',
    'changes:\n  - add: { path: x, from: cern, to: fnal }\n',
  );
  const away = await desk.lightbed('plan', 'away.yaml');
  assert.is(away.code, 1);
  assert.match(away.stderr, /lightbed: chi: 127\.0\.0\.1:1: .*refused\n$/);
  assert.not.ok(existsSync(join(desk.folder, 'away.plan.json')));
  const other = await desk.lightbed('plan', 'away.yaml', '--snapshot', 'now.json');
  assert.is(other.code, 2);
  assert.match(other.stderr, /now\.json: a snapshot of other devices: its chi is a calient at /);
  writeSite(b, 'busy.yaml', 'changes:\n  - connect: { device: gva, input: 1, output: 3 }\n');
  const busy = await desk.lightbed('plan', 'busy.yaml');
  assert.is(busy.code, 1);
  assert.match(
    busy.stderr,
    /lightbed: busy\.yaml:\d+:5: connect gva 1 3: gva\/1 is in the cross-connect gva 1→2\n$/,
  );
  desk.environment = {};
  assert.match((await desk.lightbed('audit', 'site.yaml')).stderr, /^lightbed: no credentials/);
});

add('the emulator ends', async ({ desk, emulator }) => {
  emulator.started.child.kill('SIGTERM');
  assert.is((await emulator.started.ended).code, 0);
  await desk.clear();
});

test.run();
