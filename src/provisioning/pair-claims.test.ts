// What an agent that has lost its store believes of coordinators.

import { assert, suite } from '../../scripts/testing/suite.ts';
import { instant, seconds } from '../core/time.ts';
import { claimedOf, PairClaims } from './pair-claims.ts';

const test = suite('claims of coordinators');

const claim = { path: 'p', pair: { a: '1', b: '2' }, coordinator: 'C' };

test('a claim is believed for a lease time, and looked into once', () => {
  const claims = new PairClaims(instant(5), seconds(2));
  assert.ok(claims.add(claim, instant(2e9 + 4)));
  assert.equal(claims.take(instant(2e9 + 4)), [claim]);
  assert.equal(claims.take(instant(2e9 + 4)), []);
  assert.not.ok(claims.add(claim, instant(2e9 + 5)));
  assert.equal(claims.take(instant(2e9 + 5)), []);
  claims.add(claim, instant(2e9 + 4));
  assert.equal(claims.take(instant(2e9 + 5)), [], 'looked into too late');
});

test('only what is connected as it is named is taken over, though it be half', () => {
  const holding = { path: 'p', transaction: 'S#', pair: claim.pair, coordinator: 'C', revision: 0 };
  assert.equal(claimedOf('S', claim, [{ a: '2', b: '1' }]), holding);
  assert.is(
    claimedOf('S', claim, [
      { a: '1', b: '3' },
      { a: '3', b: '2' },
    ]),
    null,
  );
  const oneWay = { ...claim, pair: { a: '1', b: '2', way: 'one' as const } };
  assert.is(claimedOf('S', oneWay, [{ a: '2', b: '1' }]), null);
});

test.run();
