import { readFileSync } from 'node:fs';
import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { type Duration, ms, seconds } from '../core/time.ts';
import { ManualClock } from '../tl1/manual-clock.fixture.ts';
import {
  ADDRESS,
  completed,
  denied,
  type Script,
  ScriptedNetwork,
  type ScriptedPeer,
} from '../tl1/scripted-peer.fixture.ts';
import type { SwitchOptions } from './device.ts';
import { SwitchError } from './errors.ts';
import { openSwitch, type SwitchFamily } from './families.ts';
import type { OpticalSwitch, SwitchNotification, SwitchOutcome } from './switch.ts';

const test = suite('optical drivers against transcripts');

const DONE: SwitchOutcome = { kind: 'done' };
const play = (name: string): Script => {
  const text = readFileSync(`src/optical/transcripts/${name}.txt`, 'utf8');
  return (peer) => peer.play(text);
};

interface Bench {
  readonly device: OpticalSwitch;
  readonly peer: () => ScriptedPeer;
  /** Lets time pass until the call is over. */
  wait<T>(promise: Promise<T>, limit?: Duration): Promise<T>;
}

async function against(
  family: SwitchFamily,
  script: Script,
  body: (bench: Bench) => Promise<void>,
  more: Partial<SwitchOptions> = {},
): Promise<void> {
  const clock = new ManualClock();
  const network = new ScriptedNetwork(script);
  const device = openSwitch(family, {
    name: 'gva',
    clock,
    network: network as never,
    log: { record: () => undefined },
    address: ADDRESS,
    login: { user: 'op', password: 'pw' },
    ...more,
  });
  try {
    await body({
      device,
      peer: () => network.peers[0] as ScriptedPeer,
      wait: (promise, limit = ms(600)) => clock.until(promise, limit),
    });
  } finally {
    await clock.until(device.close(), seconds(5));
    assert.is(network.failure, null);
  }
}

/** Logs in, then answers each command by the function. */
const answering =
  (answer: (command: string, peer: ScriptedPeer) => string | null): Script =>
  async (peer) => {
    peer.send('<');
    await peer.complete();
    for (let command = await peer.next(); command !== null; command = await peer.next()) {
      const text = command.startsWith('CANC-USER') ? completed() : answer(command, peer);
      if (text !== null) peer.send(text);
    }
  };

test('a paged listing of 18 fields: carrying, dark and unconnected ports are told apart, pairs are listed once, multicast ports are no ports', () =>
  against('glimmerglass', play('glimmerglass-2016'), async ({ device, wait }) => {
    assert.equal(await wait(device.listCrossConnects()), [
      { input: '1', output: '2', isCarrying: true },
      { input: '3', output: '4', isCarrying: false },
    ]);
    assert.equal(await wait(device.listPorts()), ['48']);
  }));

test('a listing of 12 fields reads the same; power is read of all ports or of some', () =>
  against('glimmerglass', play('glimmerglass-2005'), async ({ device, wait }) => {
    assert.equal(await wait(device.listCrossConnects()), [{ input: '3', output: '12', isCarrying: true }]);
    assert.equal(await wait(device.readPower()), [
      { port: '1', direction: 'in', power: -47.922 },
      { port: '2', direction: 'in', power: -99 },
      { port: '1', direction: 'out', power: -4.041 },
      { port: '2', direction: 'out', power: -50 },
    ]);
    assert.equal(await wait(device.readPower(['3', '120'])), [
      { port: '3', direction: 'in', power: -3.201 },
      { port: '3', direction: 'out', power: -47 },
      { port: '120', direction: 'in', power: -1 },
      { port: '120', direction: 'out', power: -2 },
    ]);
  }));

test('a Glimmerglass makes both ways in one command and deletes in two; a half delete is finished', () =>
  against('glimmerglass', play('glimmerglass-changes'), async ({ device, wait }) => {
    assert.equal(await wait(device.connect('1', '2', 'one')), DONE);
    assert.equal(await wait(device.connect('3', '120', 'two')), DONE);
    assert.equal(await wait(device.disconnect('3', '120', 'two')), DONE);
  }));

test('a Calient is spoken to as its clients do, and its alarms come through while a command runs', () =>
  against('calient', play('calient-pxc'), async ({ device, wait }) => {
    const heard: SwitchNotification[] = [];
    device.subscribe((notification) => heard.push(notification));
    assert.equal(await wait(device.listCrossConnects()), [
      { input: '10.13a.1', output: '10.16a.8', isCarrying: true, connection: '10.13a.1-10.16a.8' },
      { input: '10.16a.8', output: '10.13a.1', isCarrying: true, connection: '10.13a.1-10.16a.8' },
      { input: '10.1a.1', output: '10.1a.2', isCarrying: false, connection: '10.1a.1>10.1a.2' },
      { input: '10.1a.3', output: '10.1a.4', isCarrying: false, connection: '10.1a.3>10.1a.4' },
    ]);
    assert.equal(await wait(device.readPower(['10.1a.1'])), [
      { port: '10.1a.1', direction: 'in', power: -3.1 },
      { port: '10.1a.1', direction: 'out', power: -99 },
    ]);
    assert.equal(await wait(device.listPorts()), ['10.1a.1', '10.1a.2']);
    assert.equal(await wait(device.connect('10.1a.5', '10.1a.6', 'two')), DONE);
    assert.equal(heard, [
      { port: '10.1a.5', direction: 'in', severity: 'CR', condition: 'LOS', text: 'Loss of signal' },
    ]);
    assert.equal(await wait(device.disconnect('10.1a.5', '10.1a.6', 'two')), DONE);
    assert.equal(await wait(device.connect('10.1a.7', '10.1a.8', 'one')), DONE);
    assert.equal(await wait(device.disconnect('10.1a.7', '10.1a.8', 'one')), DONE);
  }));

test('a Calient connection goes by the name it has, and one way of two leaves the other', () =>
  against('calient', play('calient-names'), async ({ device, wait }) => {
    assert.equal(await wait(device.disconnect('10.1a.1', '10.1a.2', 'two')), DONE);
    assert.equal(await wait(device.disconnect('10.1a.3', '10.1a.4', 'one')), DONE);
  }));

test('a Calient of the S series is spoken to in two steps, and what is not activated is no cross-connect', () =>
  against('calient-s', play('calient-s'), async ({ device, wait }) => {
    assert.equal(await wait(device.listCrossConnects()), [
      { input: '1.1.1', output: '1.1.2', isCarrying: true, connection: '1.1.1-1.1.2' },
      { input: '1.1.2', output: '1.1.1', isCarrying: true, connection: '1.1.1-1.1.2' },
      { input: '1.1.3', output: '6.8.8', isCarrying: false, connection: '1.1.3>6.8.8' },
    ]);
    assert.equal(await wait(device.readPower(['1.1.1'])), [
      { port: '1.1.1', direction: 'in', power: -4.25 },
      { port: '1.1.1', direction: 'out', power: -99 },
    ]);
    assert.equal(await wait(device.connect('1.3.1', '1.3.2', 'two'), seconds(2)), DONE);
    assert.equal(await wait(device.disconnect('1.3.1', '1.3.2', 'two')), DONE);
    assert.equal(await wait(device.disconnect('1.2.1', '1.2.2', 'two')), DONE);
  }));

test('a Polatis numbers outputs after inputs, has its name in quotes, and is not asked to delete another patch', () =>
  against(
    'polatis',
    play('polatis'),
    async ({ device, wait }) => {
      assert.equal(await wait(device.listCrossConnects()), [
        { input: '1', output: '2', isCarrying: null },
        { input: '7', output: '7', isCarrying: null },
      ]);
      assert.equal(await wait(device.readPower(['2'])), [
        { port: '2', direction: 'in', power: -12.3 },
        { port: '2', direction: 'out', power: -13.1 },
      ]);
      assert.equal(await wait(device.connect('3', '4', 'two')), DONE);
      assert.equal(await wait(device.disconnect('3', '4', 'two')), DONE);
    },
    { tid: '( nil )' },
  ));

/** The same calls to each family; the emulated devices are held to the same transcripts (emulators/transcripts.test.ts). */
const WORDS: readonly {
  family: SwitchFamily;
  ports: [string, string];
  absent: string;
  saysCarrying: boolean;
}[] = [
  { family: 'glimmerglass', ports: ['1', '2'], absent: '9', saysCarrying: true },
  { family: 'calient', ports: ['10.1a.1', '10.1a.2'], absent: '10.9a.1', saysCarrying: true },
  { family: 'calient-s', ports: ['1.1.1', '1.1.2'], absent: '1.9.1', saysCarrying: true },
  { family: 'polatis', ports: ['1', '2'], absent: '3', saysCarrying: false },
];

for (const { family, ports, absent, saysCarrying } of WORDS) {
  const [a, b] = ports;
  const body = async ({ device, wait }: Bench): Promise<void> => {
    assert.equal(await wait(device.listPorts()), ports);
    assert.equal(await wait(device.connect(a, b, 'two')), DONE);
    const listed = await wait(device.listCrossConnects());
    assert.equal(
      listed.map(({ input, output }) => [input, output]),
      [
        [a, b],
        [b, a],
      ],
    );
    assert.is(listed[1]?.isCarrying, saysCarrying ? false : null);
    if (family !== 'glimmerglass') {
      const [reading] = await wait(device.readPower([a]));
      assert.ok(Math.abs((reading?.power ?? 0) + 11.42) < 0.03);
    }
    assert.equal(await wait(device.disconnect(a, b, 'two')), DONE);
    if (family !== 'calient-s') assert.equal(await wait(device.disconnect(a, b, 'one')), DONE);
    assert.is((await wait(device.connect(a, absent, 'one'))).kind, 'refused');
  };
  test(`${family}: the driver makes, lists and deletes in the words of the transcript`, () =>
    against(family, play(`${family}-both`), body, family === 'polatis' ? { tid: 'GVA' } : {}));
}

test('a make whose reply was lost is done when the listing shows it', () =>
  against(
    'glimmerglass',
    answering((command) =>
      command.startsWith('ent') ? null : completed('GGN:IPORTID=10001,OPORTID=20002,CONNSTATE=steady'),
    ),
    async ({ device, peer, wait }) => {
      assert.equal(await wait(device.connect('1', '2', 'one'), seconds(6)), DONE);
      assert.is(peer().received.length, 3);
    },
  ));

test('a make that got lost on its way is sent again, because the listing shows that it was not done', () => {
  let makes = 0;
  return against(
    'glimmerglass',
    answering((command) => (command.startsWith('ent') && makes++ === 0 ? null : completed())),
    async ({ device, wait }) => {
      assert.equal(await wait(device.connect('1', '2', 'one'), seconds(6)), DONE);
      assert.is(makes, 2);
    },
  );
});

test('no answer to anything is unknown, never "not done"', () =>
  against(
    'calient',
    answering(() => null),
    async ({ device, wait }) => {
      const outcome = await wait(device.connect('10.1a.1', '10.1a.2', 'two'), seconds(20));
      assert.is(outcome.kind, 'unknown');
    },
  ));

test('a refusal is looked up: already so is done, otherwise it is refused with the code', () => {
  const listing = '10.1a.1-10.1a.2:SRCPORT=10.1a.1,DSTPORT=10.1a.2,CONNTYPE=2WAY,OC=OK';
  return against(
    'calient',
    answering((command) =>
      command.startsWith('rtrv') ? completed(listing) : denied('SRAC', 'Invalid Connection'),
    ),
    async ({ device, wait }) => {
      assert.equal(await wait(device.connect('10.1a.2', '10.1a.1', 'two')), DONE);
      assert.equal(await wait(device.connect('10.1a.1', '10.1a.3', 'one')), {
        kind: 'refused',
        errorCode: 'SRAC',
        reason: 'denied SRAC Invalid Connection',
      });
      assert.equal(await wait(device.disconnect('10.1a.4', '10.1a.5', 'two')), DONE);
    },
  );
});

test('where one way is there already, only the other is made', () => {
  const made: string[] = [];
  return against(
    'glimmerglass',
    answering((command) => {
      if (command.startsWith('rtrv')) return completed('GGN:IPORTID=10001,OPORTID=20002,CONNSTATE=steady');
      made.push(command.replace(/:\d+$/, ''));
      return made.length === 1 ? denied('SARB', 'busy') : completed();
    }),
    async ({ device, wait }) => {
      assert.equal(await wait(device.connect('1', '2', 'two')), DONE);
      assert.equal(made, ['ent-crs-fiber::10001&10002,20002&20001', 'ent-crs-fiber::10002,20001']);
    },
  );
});

/** The answer with another completion code. */
const answered = (code: 'PRTL' | 'DELAY'): string => completed().replace('COMPLD', code);

test('of a make that was done in part (PRTL), the rest is made', () => {
  const made: string[] = [];
  return against(
    'glimmerglass',
    answering((command) => {
      if (command.startsWith('rtrv')) return completed('GGN:IPORTID=10001,OPORTID=20002,CONNSTATE=steady');
      made.push(command.replace(/:\d+$/, ''));
      return made.length === 1 ? answered('PRTL') : completed();
    }),
    async ({ device, wait }) => {
      assert.equal(await wait(device.connect('1', '2', 'two')), DONE);
      assert.equal(made, ['ent-crs-fiber::10001&10002,20002&20001', 'ent-crs-fiber::10002,20001']);
    },
  );
});

test('a make that is queued (DELAY) is done when the listing shows it, and otherwise unknown', async () => {
  for (const isListed of [true, false]) {
    const listing = isListed ? ['GGN:IPORTID=10001,OPORTID=20002,CONNSTATE=fault'] : [];
    await against(
      'glimmerglass',
      answering((command) => (command.startsWith('rtrv') ? completed(...listing) : answered('DELAY'))),
      async ({ device, wait }) => {
        const outcome = await wait(device.connect('1', '2', 'one'));
        assert.equal(outcome, isListed ? DONE : { kind: 'unknown', reason: 'answered DELAY' });
      },
    );
  }
});

test('fields may come in any order, with more of them than are known, in letters of any case', () =>
  against(
    'glimmerglass',
    answering(() =>
      completed(
        'GGN:CONNSTATE=steady,NEWFIELD=\\"a, b\\",OPORTID=20002,IPORTID=10001',
        'GGN:iportid=10003,oportid=20004,connstate=fault',
      ),
    ),
    async ({ device, wait }) => {
      assert.equal(await wait(device.listCrossConnects()), [
        { input: '1', output: '2', isCarrying: true },
        { input: '3', output: '4', isCarrying: false },
      ]);
    },
  ));

for (const inFlightMax of [1, 3]) {
  test(`a PXC is asked for the power of its ports ${inFlightMax} at a time`, () =>
    against(
      'calient',
      async (peer) => {
        peer.send('<');
        await peer.complete();
        for (let asked = inFlightMax; asked <= 6; asked += inFlightMax) {
          const answers: string[] = [];
          for (let i = 0; i < inFlightMax; i++) {
            const [, , aid = ''] = (await peer.next())?.split(':') ?? [];
            answers.push(completed(`${aid}:INOPTICALPOWER=-3.0`).replace('{ctag}', peer.ctag));
          }
          // The login, and no more than those that may be in flight.
          assert.is(peer.received.length, 1 + asked);
          for (const answer of answers.reverse()) peer.send(answer);
        }
        await peer.complete();
      },
      async ({ device, wait }) => {
        const ports = ['1', '2', '3', '4', '5', '6'].map((port) => `10.1a.${port}`);
        const readings = await wait(device.readPower(ports));
        assert.equal(
          readings
            .filter(({ direction, power }) => direction === 'in' && power === -3)
            .map(({ port }) => port),
          ports,
        );
      },
      { inFlightMax },
    ));
}

test('a Glimmerglass alarm is passed on if one comes, with the direction of its AID', () =>
  against(
    'glimmerglass',
    answering((_, peer) => {
      const header = '\r\n\n   BD0472 16-06-09 17:12:52\r\n';
      peer.send(`${header}** 3 REPT ALM FIBER\r\n   "20007:MJ,LOS,SA,06-09,17-12-52,NEND:\\"dark\\""\r\n;`);
      peer.send(`${header}A  4 REPT EVT FIBER\r\n   "20007:MJ,LOS,SA,06-09,17-12-52"\r\n;`);
      return completed();
    }),
    async ({ device, wait }) => {
      const heard: SwitchNotification[] = [];
      device.subscribe((notification) => heard.push(notification));
      await wait(device.listCrossConnects());
      assert.equal(heard, [{ port: '7', direction: 'out', severity: 'MJ', condition: 'LOS', text: 'dark' }]);
      assert.is(device.sendsAlarms, false);
    },
  ));

test('a retrieve that is refused is an error that names switch, verb and code', () =>
  against(
    'glimmerglass',
    answering(() => denied('PICC', 'Illegal Command Code')),
    async ({ device, wait }) => {
      const error = await rejects(wait(device.readPower()), SwitchError);
      assert.is(error.message, 'gva: rtrv-port-power: denied PICC Illegal Command Code');
    },
  ));

test('a label that is no port is refused without a word to the device', () =>
  against(
    'glimmerglass',
    answering(() => completed()),
    async ({ device, peer, wait }) => {
      for (const label of ['0', 'a', '-1', '10001', '1&2']) {
        const outcome = await wait(device.connect(label, '2', 'one'));
        assert.is(outcome.kind === 'refused' && outcome.errorCode, 'IIAC', label);
      }
      assert.ok(peer().received.every((command) => !command.startsWith('ent')));
    },
  ));

test.run();
