import { assert, suite } from '../../scripts/testing/suite.ts';
import { parseDaemonRequest } from './daemon-messages.ts';

const test = suite('daemon messages');

test('a name that would steer a terminal, or end a word of a command, is told to who asks', () => {
  for (const path of ['x\u001b[2J', 'x\0', 'x\ny', 'x\u009b']) {
    const read = parseDaemonRequest(JSON.stringify({ type: 'request', path, to: 'b' }));
    assert.is(read.type, 'bad');
    assert.match(read.type === 'bad' ? read.reason : '', /name without control characters/);
  }
  const named = { type: 'request', path: 'Pfad ü 路', to: 'b' } as const;
  assert.equal(parseDaemonRequest(JSON.stringify(named)), named);
});

test.run();
