import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms, seconds } from '../core/time.ts';
import { Bed } from './bed.fixture.ts';
import { patientDaemon } from './daemon-patience.ts';
import { granted, LINE, REQUEST } from './line.fixture.ts';
import type { PathGrant, PathRefusal } from './path-answer.ts';
import { patientAgent } from './patience.ts';
import { DEFAULT_TIMINGS } from './timings.ts';

const test = suite('patience');

/** On a control network with more delay than agents expect: a vote is asked for and given in 2.4 s. */
async function asked(patience: number): Promise<PathGrant | PathRefusal> {
  const bed = new Bed({ fibres: LINE, delay: ms(1200), timings: patientAgent(patience) });
  return await bed.run(async () => {
    await bed.sleep(seconds(30));
    const answer = await bed.newClient('S1').request(REQUEST);
    return answer.kind === 'granted' ? granted(answer, bed) : answer;
  });
}

test('on a slow control network a path is refused without, and granted with', async () => {
  const hasty = await asked(1);
  assert.is(hasty.kind === 'refused' && hasty.why, 'participant-unreachable');
  assert.is((await asked(4)).kind, 'granted');
});

test('it is for waits: leases and periods stay, and those of one are the usual ones', () => {
  const [usual, patient] = [patientAgent(1), { ...DEFAULT_TIMINGS, ...patientAgent(10) }];
  for (const [name, wait] of Object.entries(usual))
    assert.is(wait, DEFAULT_TIMINGS[name as keyof typeof DEFAULT_TIMINGS], name);
  assert.is(patient.prepareLimit, seconds(20));
  assert.is(patient.lease, DEFAULT_TIMINGS.lease);
  assert.is(patient.pollPeriod, DEFAULT_TIMINGS.pollPeriod);
  assert.ok(patient.lockWait < patient.prepareLimit && patient.lightLimit < patient.firstLight);
  assert.is(patientDaemon(3).agentLimit, seconds(15));
});

test.run();
