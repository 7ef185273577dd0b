import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import * as arbitrary from './arbitrary.fixture.ts';
import { formatCommand, parseCommand } from './command.ts';
import { Tl1CommandError } from './errors.ts';

const test = suite('tl1 command');

test('commands are written as working clients write them', () => {
  assert.is(formatCommand({ verb: 'rtrv-hdr', ctag: 'pcon' }), 'rtrv-hdr:::pcon;');
  assert.is(
    formatCommand({ verb: 'ent-crs-fiber', aid: '10001&10002,20002&20001', ctag: 'mcon' }),
    'ent-crs-fiber::10001&10002,20002&20001:mcon;',
  );
  assert.is(
    formatCommand({ verb: 'ent-crs', aid: '10.1a.1,10.1a.2', ctag: 'mcon', payload: [',2way'] }),
    'ent-crs::10.1a.1,10.1a.2:mcon::,2way;',
  );
  assert.is(
    formatCommand({ verb: 'ent-crs-fiber', aid: '10001,20002', ctag: '1', payload: ['', 'OPMODE=Async'] }),
    'ent-crs-fiber::10001,20002:1:::OPMODE=Async;',
  );
  assert.is(
    formatCommand({ verb: 'ENT-PATCH', tid: '"( nil )"', aid: '25,1', ctag: '7', general: '' }),
    'ENT-PATCH:"( nil )":25,1:7:;',
  );
});

test('a command survives being written and read', () => {
  fc.assert(
    fc.property(arbitrary.command, (command) => {
      const trimmed = { ...command, payload: command.payload.map((part) => part.trim()) };
      assert.equal(parseCommand(formatCommand(trimmed).slice(0, -1)), { kind: 'command', command: trimmed });
    }),
  );
});

test('a short command leaves off what may be left off', () => {
  assert.equal(parseCommand('rtrv-eqpt'), {
    kind: 'command',
    command: { verb: 'rtrv-eqpt', tid: '', aid: '', ctag: '', general: '', payload: [] },
  });
});

test('mistakes have the error codes of the standard, and the CTAG when it can be read', () => {
  assert.equal(errorOf('99:::1'), ['IICM', '1']);
  assert.equal(errorOf('RTRV-HDR:::1234567'), ['IICT', '']);
  assert.equal(errorOf('ACT-USER::"a:1::b'), ['IISP', '']);
});

test('any text is a command or a mistake, and nothing throws', () => {
  fc.assert(fc.property(arbitrary.text, (text) => void parseCommand(text)));
});

test('a part that would end early is never written, and never shown', () => {
  const secret = { verb: 'ACT-USER', aid: 'op', ctag: '1', payload: ['se;cret'] };
  assert.throws(
    () => formatCommand(secret),
    (error: unknown) => error instanceof Tl1CommandError && !error.message.includes('cret'),
  );
  assert.throws(() => formatCommand({ verb: 'RTRV-HDR', ctag: '1234567' }), /CTAG/);
});

function errorOf(text: string): string[] {
  const result = parseCommand(text);
  return result.kind === 'malformed' ? [result.errorCode, result.ctag] : [];
}

test.run();
