import { readFileSync } from 'node:fs';
import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { bitsPerSecond } from '../core/quantity.ts';
import { type Duration, ms, seconds } from '../core/time.ts';
import { ManualClock } from '../tl1/manual-clock.fixture.ts';
import {
  completed,
  denied,
  type Script,
  ScriptedNetwork,
  type ScriptedPeer,
} from '../tl1/scripted-peer.fixture.ts';
import { CienaCircuits } from './ciena.ts';
import type { CircuitAlarm, CircuitRequest } from './circuit-service.ts';
import { CircuitError } from './errors.ts';

const test = suite('circuit driver against transcripts');

const REQUEST: CircuitRequest = {
  name: 'c1',
  ends: [
    { node: 'CHGO', port: '1-a-3-1-1' },
    { node: 'NYCY', port: '1-A-3-1-1' },
  ],
  rate: bitsPerSecond(100e6),
  vlans: { first: 100, last: 110 },
  route: [{ node: 'CHGO', link: '9' }],
};

/** STS-1 in b/s, by the figure of MonALISA's monCienaVCG. */
const sts1 = (n: number): number => (n * 9621.5e6) / 192;

const play = (name: string): Script => {
  const text = readFileSync(`src/circuits/transcripts/${name}.txt`, 'utf8');
  return (peer) => peer.play(text);
};

interface Bench {
  readonly service: CienaCircuits;
  readonly peers: readonly ScriptedPeer[];
  /** Lets time pass until the call is over. */
  wait<T>(promise: Promise<T>, limit?: Duration): Promise<T>;
}

/** Turns of the microtask queue for a whole transcript: the clock must not run on in the middle of it. */
const TURNS = 5000;

/** A script for CHGO and one for NYCY. */
async function against(
  scripts: readonly [Script, Script],
  body: (bench: Bench) => Promise<void>,
): Promise<void> {
  const clock = new ManualClock();
  const network = new ScriptedNetwork(...scripts);
  const nodes = ['CHGO', 'NYCY'].map((name) => ({
    name,
    clock,
    network: network as never,
    log: { record: () => undefined },
    address: { machine: name, tcpPort: 10_201 },
    login: { user: 'op', password: 'pw' },
  }));
  const service = new CienaCircuits({ name: 'lab', nodes });
  try {
    const wait: Bench['wait'] = async (promise, limit = ms(600)) => {
      for (let i = 0; i < TURNS; i++) await Promise.resolve();
      return clock.until(promise, limit);
    };
    await body({ service, peers: network.peers, wait });
  } finally {
    await clock.until(service.close(), seconds(5));
  }
  if (network.failure !== null) throw network.failure;
}

/** Logs in, then answers each command by the function; null leaves it without an answer. */
const answering =
  (answer: (command: string) => string | null): Script =>
  async (peer) => {
    peer.send('\r\nTXN TL1 Agent\r\n\r\n;');
    await peer.complete();
    for (let command = await peer.next(); command !== null; command = await peer.next()) {
      const text = command.startsWith('CANC-USER') ? completed() : answer(command);
      if (text !== null) peer.send(text);
    }
  };

test('listings are read by name: colons, brackets, other orders and unknown fields do not matter', () =>
  against([play('listing-chgo'), play('listing-nycy')], async ({ service, wait }) => {
    const heard: CircuitAlarm[] = [];
    service.subscribe((alarm) => heard.push(alarm));
    assert.equal(await wait(service.list()), [
      {
        name: 'lab1',
        ends: [
          { node: 'CHGO', port: '1-A-3-1-1' },
          { node: 'NYCY', port: '1-A-3-1-2' },
        ],
        provisioned: sts1(3),
        operational: sts1(2),
        isWhole: true,
      },
      {
        name: '1-A-3-1:189-190',
        ends: [{ node: 'CHGO', port: '1-A-3-1-9' }],
        provisioned: sts1(2),
        operational: 0,
        isWhole: false,
      },
    ]);
    assert.equal(await wait(service.listAlarms()), [
      {
        node: 'CHGO',
        circuit: null,
        object: '1-A-5-1-191',
        severity: 'MN',
        condition: 'TIM-S',
        text: 'Trace mismatch, section',
      },
      {
        node: 'CHGO',
        circuit: 'lab1',
        object: 'lab1',
        severity: 'MJ',
        condition: 'EFFI',
        text: 'Members have failed',
      },
    ]);
    assert.equal(heard, []);
  }));

test('a circuit is entered in the order of DRAGON VLSR at both nodes, and removed in the reverse of it', () =>
  against([play('circuit-chgo'), play('circuit-nycy')], async ({ service, wait }) => {
    assert.equal(await wait(service.create(REQUEST)), { kind: 'done' });
    assert.equal(await wait(service.delete('c1')), { kind: 'done' });
  }));

test('an SNC that is refused takes all that was made before it away again', () =>
  against([play('refused-chgo'), play('refused-nycy')], async ({ service, wait }) => {
    assert.equal(await wait(service.create(REQUEST)), {
      kind: 'refused',
      errorCode: 'SARB',
      reason: 'CHGO: ent-snc-stspc: denied SARB No route with enough time slots',
    });
  }));

test('no answer to anything is unknown, never "not done"', () =>
  against([answering(() => null), answering(() => null)], async ({ service, wait }) => {
    assert.is((await wait(service.create(REQUEST), seconds(60))).kind, 'unknown');
    assert.is((await wait(service.delete('c1'), seconds(60))).kind, 'unknown');
    await rejects(wait(service.list(), seconds(60)), CircuitError);
  }));

test('a create that neither ended nor could be taken back is unknown, and says why', () => {
  // CHGO takes the VCG and then says nothing more.
  let isSilent = false;
  const chgo = answering((command) => {
    if (isSilent) return null;
    isSilent = command.startsWith('ent-vcg');
    return completed();
  });
  return against([chgo, answering(() => completed())], async ({ service, wait }) => {
    const outcome = await wait(service.create(REQUEST), seconds(200));
    assert.is(outcome.kind, 'unknown');
    assert.match(outcome.kind === 'unknown' ? outcome.reason : '', /^CHGO: rtrv-gtp: .*; and then CHGO: /);
  });
});

test('a busy node is asked again, and given up after a while', () => {
  let busy = 3;
  const chgo = answering((command) =>
    busy-- > 0 && command.startsWith('rtrv-vcg') ? 'RL {ctag}\r\n<' : completed(),
  );
  return against([chgo, answering(() => completed())], async ({ service, peers, wait }) => {
    assert.equal(await wait(service.list(), seconds(5)), []);
    assert.is(peers[0]?.received.filter((command) => command.startsWith('rtrv-vcg')).length, 4);
    busy = 99;
    const error = await rejects(wait(service.list(), seconds(10)), CircuitError);
    assert.match(error.message, /^CHGO: rtrv-vcg: denied RL /);
  });
});

test('what a delete left locked is not taken for a circuit', () => {
  const locked = 'c1,PST=OOS-MA,SUPPTTP=1-A-3-1,TUNNELPEERNAME=1-A-3-1-1,GROUPMEM=1&&2,PROVBW=2,OPERBW=0';
  const chgo = answering((command) => (command.startsWith('rtrv-vcg') ? completed(locked) : completed()));
  return against([chgo, answering(() => completed())], async ({ service, peers, wait }) => {
    const outcome = await wait(service.create(REQUEST));
    assert.equal(outcome, {
      kind: 'refused',
      errorCode: 'SNVS',
      reason: 'CHGO: vcg c1 is out of service: a delete was not finished',
    });
    assert.ok(peers.every(({ received }) => received.every((command) => !command.startsWith('ent'))));
  });
});

test('a retrieve that is refused is an error that names node, verb and code', () =>
  against(
    [answering(() => denied('PICC', 'Illegal Command Code')), answering(() => completed())],
    async (b) => {
      const error = await rejects(b.wait(b.service.bandwidth('c1')), CircuitError);
      assert.is(error.message, 'CHGO: rtrv-vcg: denied PICC Illegal Command Code');
    },
  ));

test.run();
