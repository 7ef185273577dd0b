// Every driver against the emulated device of its family, over real TCP connections of this machine.

import { suite } from '../../scripts/testing/suite.ts';
import { ms } from '../core/time.ts';
import { SUBJECTS } from './conformance.fixture.ts';
import { onHost } from './host-device.fixture.ts';
import { switchConformance } from './switch.conformance.ts';

const test = suite('optical switch, over TCP of the machine');

/** Longer for a line of an answer, and it is tried in virtual time only. */
const LINE_TIME_MAX = ms(10);

for (const subject of SUBJECTS) {
  if (subject.profile().lineTime > LINE_TIME_MAX)
    test.skip(subject.name, 'too slow for real time: tried in virtual time');
  else switchConformance(test, subject.name, (body) => onHost(subject, body), subject.traits);
}

test.run();
