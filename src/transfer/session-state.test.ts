import { assert, suite } from '../../scripts/testing/suite.ts';
import { advance, SEND_TRANSITIONS } from './session-state.ts';

const test = suite('session state');

test('a session does not come back from its end', () => {
  assert.throws(() => advance(SEND_TRANSITIONS, 'completed', 'sending'), /no transition/);
  assert.is(advance(SEND_TRANSITIONS, 'offering', 'sending'), 'sending');
});

test.run();
