// Some faults again over real TCP connections of this machine: those that end connections or leave answers out.

import { CommandRules, forVerbs } from '../../emulators/command-rules.ts';
import { Restarts } from '../../emulators/device/restarts.ts';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { ms } from '../core/time.ts';
import { SUBJECTS } from './conformance.fixture.ts';
import { DONE, MAKE, pairs } from './faulty-device.fixture.ts';
import { onHost } from './host-device.fixture.ts';

const test = suite('optical drivers over TCP of the machine, when devices fail');

const LIMITS = { changeLimit: ms(200), retrieveLimit: ms(400) };

for (const subject of SUBJECTS.filter(({ name, family }) => name === family)) {
  const { name, family } = subject;

  test(`${name}: a lost reply after the switch acted is looked up: done`, () => {
    const rules = new CommandRules();
    rules.add(forVerbs([MAKE[family]], { kind: 'act-but-lose-reply' }));
    const body = async ({ device, ports: [a = '', b = ''] }: Parameters<Parameters<typeof onHost>[1]>[0]) => {
      assert.equal(await device.connect(a, b, 'one'), DONE);
      assert.equal(await pairs(device), [`${a} ${b}`]);
    };
    return onHost(subject, body, { profile: { rules }, timings: LIMITS });
  });

  test(`${name}: a connection closed after the login is opened again, and a make is done at the second try at most`, () => {
    const rules = new CommandRules();
    rules.add(forVerbs(['ACT-USER'], { kind: 'hang-up' }, 1));
    return onHost(
      subject,
      async ({ device, ports: [a = '', b = ''] }) => {
        // A question that was on its way is lost with the connection, and the call says so.
        const first = await device.connect(a, b, 'one');
        assert.equal(first.kind === 'unknown' ? await device.connect(a, b, 'one') : first, DONE);
      },
      {
        profile: { rules },
      },
    );
  });

  test(`${name}: a restart in the middle of a make leaves it unmade; the same call afterwards is done`, () => {
    const [rules, restarts] = [new CommandRules(), new Restarts()];
    rules.add(forVerbs([MAKE[family]], { kind: 'restart', after: ms(20), down: ms(100) }, 1));
    return onHost(
      subject,
      async ({ device, ports: [a = '', b = ''], clock }, light) => {
        await device.connect(a, b, 'two');
        await clock.sleep(ms(400));
        assert.equal(await device.connect(a, b, 'two'), DONE);
        assert.is(light.optics.crossConnects().length, 2);
      },
      { profile: { rules, restarts, switchingTime: ms(60) }, timings: LIMITS },
    );
  });
}

test.run();
