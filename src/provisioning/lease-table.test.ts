import { assert, suite } from '../../scripts/testing/suite.ts';
import { instant, seconds, ZERO } from '../core/time.ts';
import { LeaseTable } from './lease-table.ts';

const test = suite('lease table');
const at = (s: number): ReturnType<typeof instant> => instant(s * 1e9);

test('a renewed lease lives on, one that is not ends at its time', () => {
  const leases = new LeaseTable(seconds(30));
  leases.grant('p', at(0));
  leases.grant('q', at(0));
  assert.ok(leases.renew('p', at(20)));
  assert.equal(leases.takeExpired(at(29)), []);
  assert.equal(leases.takeExpired(at(30)), ['q']);
  assert.equal(leases.takeExpired(at(49)), []);
  assert.equal(leases.takeExpired(at(50)), ['p']);
});

test('what has ended or was never granted cannot be renewed', () => {
  const leases = new LeaseTable(seconds(30));
  leases.grant('p', at(0));
  assert.not.ok(leases.renew('p', at(30)));
  assert.not.ok(leases.renew('q', at(0)));
  assert.ok(leases.release('p'));
  assert.not.ok(leases.has('p'));
});

test('it is quiet until the first lease ends, and never longer than a new one would last', () => {
  const leases = new LeaseTable(seconds(30));
  assert.is(leases.quiet(at(0)), seconds(30));
  leases.grant('p', at(0));
  leases.grant('q', at(10));
  assert.is(leases.quiet(at(10)), seconds(20));
  leases.renew('p', at(12));
  assert.is(leases.quiet(at(12)), seconds(28));
  assert.is(leases.quiet(at(40)), ZERO);
  assert.is(leases.quiet(at(41)), ZERO);
  assert.equal(leases.takeExpired(at(41)), ['q']);
  assert.is(leases.quiet(at(41)), seconds(1));
  leases.release('p');
  assert.is(leases.quiet(at(41)), seconds(30));
});

test.run();
