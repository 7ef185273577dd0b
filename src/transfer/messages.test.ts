import { assert, suite } from '../../scripts/testing/suite.ts';
import { LineFramer } from '../platform/json-lines.ts';
import { TransferProtocolError } from './errors.ts';
import {
  formatMessage,
  isPlainName,
  LIMITS,
  parseReceiverMessage,
  parseSenderMessage,
  protocolFault,
} from './messages.ts';

const test = suite('transfer messages');

test('a message reads back as written, and anything else is refused', () => {
  const stored = {
    kind: 'stored' as const,
    files: [{ file: 0, ranges: [[0, 5] as [number, number]] }],
    doubledBytes: 3,
  };
  const [line = ''] = new LineFramer(LIMITS.lineBytesMax, protocolFault).push(formatMessage(stored));
  assert.equal(parseReceiverMessage(line), stored);
  for (const line of [
    'nonsense',
    '{}',
    '{"kind":"goodbye","more":1}',
    '{"kind":"checksum","file":-1,"checksum":"00"}',
    `{"kind":"failed","reason":"${'x'.repeat(LIMITS.reasonCharactersMax + 1)}"}`,
    '{"kind":"offer","version":2,"session":1,"transfer":"t","streams":1,"blockSize":1024,"files":[{"name":"a","size":1}],"memory":null}',
  ])
    assert.throws(
      () => parseSenderMessage(line),
      (error: Error) => error instanceof TransferProtocolError,
    );
  assert.throws(() =>
    parseReceiverMessage('{"kind":"stored","files":[{"file":0,"ranges":[[5,5]]}],"doubledBytes":0}'),
  );
});

test('a file name that could leave the folder is not plain', () => {
  for (const name of [
    '..',
    '.',
    'a/b',
    'a\\b',
    '/etc/passwd',
    'a\u0000b',
    'a\nb',
    'x.part',
    'x.part.journal',
  ])
    assert.not.ok(isPlainName(name), name);
  for (const name of ['a', 'a b.root', '..a', 'é', '-rf']) assert.ok(isPlainName(name), name);
});

test.run();
