// The files of `lightbed device`: who may read the credentials, what an inventory may say, what a recording hides.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import type { Connection } from '../platform/platform.ts';
import { encodeLatin1 } from '../tl1/latin1.ts';
import { type Credentials, readCredentials } from './device-credentials.ts';
import { loadInventory } from './device-inventory.ts';
import { Recording } from './device-recording.ts';

const test = suite('files of lightbed device');

/** The credentials, or why there are none. */
function credentialsIn(text: string, mode: number): Credentials | string {
  const folder = mkdtempSync(join(tmpdir(), 'lightbed-credentials-'));
  const file = join(folder, 'login');
  try {
    writeFileSync(file, text);
    chmodSync(file, mode);
    return readCredentials(file, { LIGHTBED_USER: 'x', LIGHTBED_PASSWORD: 'y' });
  } catch (error) {
    return String(error).replace(folder, '');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const refused = (text: string, mode: number): string => String(credentialsIn(text, mode));

test('a credentials file is taken as it is, before the environment, and only if it is private', () => {
  const text = '# gva\n\npassword:  a: b#"c \nuser: op\r\n';
  assert.equal(credentialsIn(text, 0o600), { user: 'op', password: 'a: b#"c' });
  assert.equal(credentialsIn(text, 0o400), { user: 'op', password: 'a: b#"c' });
  for (const mode of [0o644, 0o660, 0o604, 0o601])
    assert.match(refused(text, mode), /^UsageError: \/login: others may read it/);
  assert.match(refused('user: op\n', 0o600), /^UsageError: \/login: no password/);
  assert.match(refused('user: op\nuser: op\n', 0o600), /^UsageError: \/login:2: expected/);
  assert.match(refused('secret', 0o600), /^UsageError: \/login:1: expected "user: …"/);
});

test('the environment needs both, and neither may be empty', () => {
  const of = (environment: Record<string, string>): unknown => readCredentials(null, environment);
  assert.equal(of({ LIGHTBED_USER: 'a', LIGHTBED_PASSWORD: 'b' }), { user: 'a', password: 'b' });
  assert.throws(() => of({ LIGHTBED_USER: 'a' }), /no credentials/);
  assert.throws(() => of({ LIGHTBED_USER: 'a', LIGHTBED_PASSWORD: '' }), /no credentials/);
});

test('an inventory is strict, and says where it is wrong', () => {
  const good = 'devices:\n  gva: { family: glimmerglass, address: "192.0.2.1:10033", tid: GVA-1 }\n';
  assert.equal(loadInventory('lab.yaml', good), [
    { name: 'gva', family: 'glimmerglass', address: '192.0.2.1:10033', tid: 'GVA-1', quotePassword: 'no' },
  ]);
  assert.throws(
    () => loadInventory('lab.yaml', good.replace('family', 'famly')),
    /lab\.yaml:2:10: found unknown key "famly"/,
  );
  assert.throws(
    () => loadInventory('lab.yaml', good.replace('glimmerglass', 'glimmer')),
    /found "glimmer", expected one of/,
  );
  assert.throws(() => loadInventory('lab.yaml', good.replace('tid', 'password')), /unknown key "password"/);
});

/** What is recorded of a device that says these pieces, and of a client that says the commands after them. */
async function record(
  password: string,
  turns: readonly (readonly [heard: readonly string[], said: string])[],
): Promise<string> {
  let text = '';
  const heard = turns.map(([pieces]) => [...pieces]);
  let turn = 0;
  const inner = {
    read: () => Promise.resolve(encodeLatin1(heard[turn]?.shift() ?? '')),
    write: () => Promise.resolve(),
    abort: () => undefined,
  } as unknown as Connection;
  const network = new Recording((line) => (text += line), password).over({
    connect: () => Promise.resolve(inner),
  });
  const connection = await network.connect({ machine: 'm', tcpPort: 1 });
  for (const [pieces, said] of turns) {
    for (const _ of pieces) await connection.read();
    if (said !== '') await connection.write(encodeLatin1(said));
    turn++;
  }
  connection.abort();
  return text;
}

test('a recording hides the password wherever the device repeats it, in whatever pieces', async () => {
  const text = await record('pass:wd', [
    [['\r\nage', 'nt> '], 'ACT-USER::op:1::"pass:wd";'],
    [
      ['ACT-USER::op:1::"pa', 'ss:wd";\r\n\r\n\n   X 26-01-01 00:00:00\r\nM  1 COM', 'PLD\r\n;\r\nagent> '],
      '',
    ],
  ]);
  assert.is(
    text,
    '<\n< agent> \n> ACT-USER::op:{ctag}::***;\n< ACT-USER::op:{ctag}::"***";\n<\n<\n<    X 26-01-01 00:00:00\n< M  {ctag} COMPLD\n< ;\n< agent> \n',
  );
});

test('a user of the same name as the password stays in the commands, and another CTAG stays as it is', async () => {
  const text = await record('admin', [
    [['<'], 'ACT-USER::admin:2::admin;'],
    [['IP 2\r\n<\r\nM  1 COMPLD\r\n;\r\n'], 'CANC-USER::admin:3;'],
  ]);
  assert.is(
    text,
    '< <\n> ACT-USER::admin:{ctag}::***;\n< IP {ctag}\n< <\n< M  1 COMPLD\n< ;\n> CANC-USER::admin:{ctag};\n',
  );
});

test('a network that fails is not recorded, and fails as before', async () => {
  const network = new Recording(() => undefined, 'x').over({
    connect: () => Promise.reject(new Error('refused')),
  });
  await rejects(network.connect({ machine: 'm', tcpPort: 1 }), /^refused$/);
});

test.run();
