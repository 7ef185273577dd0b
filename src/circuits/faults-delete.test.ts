import { assert, suite } from '../../scripts/testing/suite.ts';
import { CHANGES_MAX, FAULTS, rig } from './faults.fixture.ts';

const test = suite('a circuit that is removed under faults');

for (const [name, fault] of Object.entries(FAULTS)) {
  test(`${name} at any change of a delete: what the outcome says is so`, async () => {
    for (let first = 0; first < CHANGES_MAX; first += fault.step) {
      await rig(first % 3 !== 0, async ({ service, request, arm, mend }) => {
        assert.equal(await service.create(request), { kind: 'done' });
        arm(fault, first);
        const outcome = await service.delete('c1');
        mend();
        const where = `${outcome.kind} with the fault at change ${first}`;
        if (outcome.kind === 'done') assert.equal(await service.list(), [], where);
        else assert.equal(await service.delete('c1'), { kind: 'done' }, where);
        assert.equal(await service.create(request), { kind: 'done' }, where);
      });
    }
  });
}

test.run();
