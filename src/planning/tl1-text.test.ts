import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { formatCommand } from '../tl1/command.ts';
import { requestOfText, textOfRequest } from './tl1-text.ts';

const test = suite('commands as plans write them');

const word = fc.stringMatching(/^[A-Za-z0-9.,&-]{0,8}$/);
const request = fc.record(
  {
    verb: fc.stringMatching(/^[a-z]{2,4}(-[a-z]{2,4}){0,2}$/),
    tid: fc.oneof(word, fc.constant('"( nil )"')),
    aid: word,
    general: word,
    payload: fc.array(fc.oneof(word, fc.constant('"a:b;c"')), { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['verb'] },
);

test('what is read again goes over the wire to the letter as what was written', () => {
  fc.assert(
    fc.property(request, (made) => {
      const again = requestOfText(textOfRequest(made));
      assert.is(formatCommand({ ...again, ctag: '7' }), formatCommand({ ...made, ctag: '7' }));
    }),
  );
});

test('a text that is no command, or two, is refused', () => {
  for (const text of ['', 'dlt-crs', 'DLT-CRS:::{ctag}::A-B; DLT-CRS:::{ctag}::C-D;', 'a b:::{ctag};'])
    assert.throws(() => requestOfText(text), /not a TL1 command as plans write them/);
});

test.run();
