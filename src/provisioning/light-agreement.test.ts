import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { LightAgreement, type LightState } from './light-agreement.ts';

const test = suite('light agreement');

test('light is agreed on when both ends receive it and have said so', () => {
  const end = new LightAgreement();
  end.see({ isLit: true, peer: null });
  assert.is(end.state, 'lit');
  end.see({ isLit: true, peer: 'dark' });
  assert.is(end.state, 'lit');
  assert.ok(end.see({ isLit: true, peer: 'lit' }));
  assert.is(end.state, 'agreed');
  assert.not.ok(end.see({ isLit: true, peer: 'agreed' }), 'nothing has changed');
});

test('it is over as soon as one end is dark or silent', () => {
  for (const view of [
    { isLit: false, peer: 'agreed' },
    { isLit: true, peer: 'dark' },
    { isLit: true, peer: null },
  ] as const) {
    const end = new LightAgreement();
    end.see({ isLit: true, peer: 'lit' });
    assert.ok(end.see(view));
    assert.is(end.state, view.isLit ? 'lit' : 'dark');
  }
});

test('two ends that hear each other agree exactly while both have light, whatever came before', () => {
  const light = fc.record({ a: fc.boolean(), b: fc.boolean() });
  fc.assert(
    fc.property(fc.array(light, { minLength: 1, maxLength: 20 }), (lights) => {
      const ends = { a: new LightAgreement(), b: new LightAgreement() };
      const settle = (isLit: { a: boolean; b: boolean }): void => {
        let said: { a: LightState; b: LightState } = { a: ends.a.state, b: ends.b.state };
        for (let round = 0; round < 3; round++) {
          ends.a.see({ isLit: isLit.a, peer: said.b });
          ends.b.see({ isLit: isLit.b, peer: said.a });
          said = { a: ends.a.state, b: ends.b.state };
        }
      };
      for (const each of lights) {
        settle(each);
        const both = each.a && each.b;
        assert.is(ends.a.state === 'agreed', both);
        assert.is(ends.b.state === 'agreed', both);
      }
    }),
  );
});

test.run();
