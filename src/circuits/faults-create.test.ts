import { assert, suite } from '../../scripts/testing/suite.ts';
import { seconds } from '../core/time.ts';
import { atEachChange } from './faults.fixture.ts';

const test = suite('a circuit that is made under faults');

atEachChange(
  test,
  'at any change of a create: what the outcome says is so',
  async ({ service, clock, carried, request, arm, mend }, fault, first) => {
    arm(fault, first);
    const outcome = await service.create(request);
    await mend();
    const where = `${outcome.kind} with the fault at change ${first}`;
    const list = await service.list();
    if (outcome.kind === 'done') {
      assert.equal(
        list.map(({ isWhole }) => isWhole),
        [true],
        where,
      );
      await clock.sleep(seconds(1));
      assert.ok((carried('c1') ?? 0) >= request.rate, where);
    } else if (outcome.kind === 'refused') assert.equal(list, [], where);
    else assert.equal(await service.delete('c1'), { kind: 'done' }, where);
    // And then all goes as if nothing had been.
    assert.equal(await service.create(request), { kind: 'done' }, where);
    return outcome;
  },
  (outcomes, fault) => assert.ok(outcomes.has(fault.among), [...outcomes].join()),
);

test.run();
