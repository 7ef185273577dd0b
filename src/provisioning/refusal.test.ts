import { assert, suite } from '../../scripts/testing/suite.ts';
import { seconds } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';
import { granted, LINE, line, REQUEST } from './line.fixture.ts';
import type { PathGrant, PathRefusal } from './path-answer.ts';

const test = suite('refusals');

const kindOf = (answer: PathGrant | PathRefusal): string =>
  answer.kind === 'refused' ? answer.why : 'granted';

test('no fibres that lead there are no path', async () => {
  const bed = new Bed({ fibres: { aa: 'T1 S1 1', cc: 'S3 T2 1' } });
  await bed.run(async () => {
    assert.is(kindOf(await bed.newClient('S1').request(REQUEST)), 'no-path');
    assert.is(bed.records('path.refused')[0]?.fields['kind'], 'no-path');
  });
});

test('fibres that another path is on are a busy port, wherever that is seen', async () => {
  const bed = new Bed({ fibres: { ...LINE, dd: 'T3 S1 1', ee: 'S3 T4 1' } });
  await bed.run(async () => {
    granted(await bed.newClient('S1').request(REQUEST), bed);
    const other = { path: 'q', from: 'T3', to: 'T4' };
    assert.is(kindOf(await bed.newClient('S1').request(other)), 'port-busy');
  });
});

test("somebody else's cross-connect is a busy port, and is never touched", async () => {
  const bed = line();
  bed.plant.switch('S2').connect('1', '1');
  await bed.run(async () => {
    await bed.sleep(seconds(1));
    assert.is(kindOf(await bed.newClient('S1').request(REQUEST)), 'port-busy');
    assert.equal(bed.crossConnects(), ['S2 1 1']);
  });
});

test('an agent that does not answer, or is not heard any more, is an unreachable participant', async () => {
  const bed = line();
  await bed.run(async () => {
    bed.at('S2').crash();
    const client = bed.newClient('S1');
    assert.is(kindOf(await client.request(REQUEST)), 'participant-unreachable');
    await bed.sleep(seconds(40));
    const late = await client.request(REQUEST);
    assert.is(kindOf(late), 'participant-unreachable');
    assert.match(late.kind === 'refused' ? late.reason : '', /nothing is heard of S2/);
  });
});

test('a mirror that sticks is a failed switch, a name in use is said, and so is darkness', async () => {
  const bed = line();
  await bed.run(async () => {
    const client = bed.newClient('S1');
    bed.switchOf('S2').faults.refusesConnect = true;
    assert.is(kindOf(await client.request(REQUEST)), 'switch-failed');
    bed.switchOf('S2').faults.refusesConnect = false;
    await bed.sleep(seconds(5));
    bed.plant.cut('aa');
    assert.is(kindOf(await client.request(REQUEST)), 'no-light');
    bed.plant.repair('aa', 'both');
    await bed.sleep(seconds(5));
    granted(await client.request(REQUEST), bed);
    assert.is(kindOf(await client.request({ ...REQUEST, from: 'T2', to: 'T1' })), 'name-taken');
  });
});

test.run();
