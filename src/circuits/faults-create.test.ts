import { assert, suite } from '../../scripts/testing/suite.ts';
import { seconds } from '../core/time.ts';
import { CHANGES_MAX, FAULTS, rig } from './faults.fixture.ts';

const test = suite('a circuit that is made under faults');

for (const [name, fault] of Object.entries(FAULTS)) {
  test(`${name} at any change of a create: what the outcome says is so`, async () => {
    const outcomes = new Set<string>();
    for (let first = 0; first < CHANGES_MAX; first += fault.step) {
      await rig(first % 3 !== 0, async ({ service, clock, carried, request, arm, mend }) => {
        arm(fault, first);
        const outcome = await service.create(request);
        mend();
        outcomes.add(outcome.kind);
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
      });
    }
    assert.ok(outcomes.has(fault.among), [...outcomes].join());
  });
}

test.run();
