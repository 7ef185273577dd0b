import { assert, suite } from '../../scripts/testing/suite.ts';
import { atEachChange } from './faults.fixture.ts';

const test = suite('a circuit that is removed under faults');

atEachChange(
  test,
  'at any change of a delete: what the outcome says is so',
  async ({ service, request, arm, mend }, fault, first) => {
    assert.equal(await service.create(request), { kind: 'done' });
    arm(fault, first);
    const outcome = await service.delete('c1');
    await mend();
    const where = `${outcome.kind} with the fault at change ${first}`;
    if (outcome.kind === 'done') assert.equal(await service.list(), [], where);
    else assert.equal(await service.delete('c1'), { kind: 'done' }, where);
    assert.equal(await service.create(request), { kind: 'done' }, where);
    return outcome;
  },
);

test.run();
