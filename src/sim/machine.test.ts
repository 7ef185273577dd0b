import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { AssertionError } from '../core/assert.ts';
import { instant, ms, seconds } from '../core/time.ts';
import { DeadlockError } from '../engine/errors.ts';
import { NetworkError } from '../platform/errors.ts';
import { text, utf8 } from '../platform/pair.fixture.ts';
import type { Connection, Platform, StoredFile } from '../platform/platform.ts';
import { ProgramError } from './errors.ts';
import { smallWorld } from './world.fixture.ts';

const test = suite('machine');

test('a crashed machine runs nothing more: timers, sleeps, disk and network stay silent', async () => {
  const { world, drive } = smallWorld({ nodes: ['a', 'b'] });
  const a = world.machine('a');
  const b = world.machine('b');
  const seen: string[] = [];
  const never = (what: string, promise: Promise<unknown>): void => {
    promise.then(
      () => seen.push(what),
      () => seen.push(what),
    );
  };
  let accepted: Connection | undefined;
  a.boot(async ({ clock, network, store }) => {
    const listener = await network.listen(10, (connection) => {
      seen.push('accept');
      accepted = connection;
    });
    const file = await store.open('file', 'write');
    const datagrams = await network.datagrams(0);
    await clock.sleep(ms(10));
    await accepted?.read();
    never('sleep', clock.sleep(ms(5)));
    clock.timer(ms(5), () => seen.push('timer'));
    never('connect', network.connect({ machine: 'b', tcpPort: 1 }));
    never('write', file.write(0, utf8('x')));
    never('receive', datagrams.receive());
    never('read', (accepted as Connection).read());
    a.crash();
    // A task that is on the way when its machine stops gets no further than its next request.
    never('later sleep', clock.sleep(ms(1)));
    never('later open', store.open('other', 'write'));
    never('later connect', network.connect(listener.address));
    clock.timer(ms(1), () => seen.push('later timer'));
  });
  await drive(async () => {
    const client = await b.run(({ network }) => network.connect({ machine: 'a', tcpPort: 10 }));
    await client.write(utf8('hello'));
    await b.platform.clock.sleep(seconds(2));
    assert.is(a.isUp, false);
    assert.is(seen.join(), 'accept');
    client.abort();
  });
});

test('a restarted machine runs its programs again on the disk that survived', async () => {
  const { world, trace, drive } = smallWorld({ nodes: ['a'] });
  const a = world.machine('a');
  const starts: number[] = [];
  a.boot(async ({ store, log }) => {
    const file = await store.open('starts', 'write');
    const size = await file.size();
    starts.push(size);
    await file.write(size, utf8('x'));
    await file.sync();
    log.record('program.started', { size });
  });
  await drive(async () => {
    for (let i = 0; i < 3; i++) {
      await pause(world, ms(100));
      a.crash();
      a.crash();
      assert.is(a.isUp, false);
      await pause(world, ms(100));
      a.restart();
      a.restart();
    }
    await pause(world, ms(100));
  });
  assert.equal(starts, [0, 1, 2, 3]);
  const lives = ['program.started', 'machine.crashed', 'machine.restarted'];
  assert.equal(
    trace.records.map((record) => record.kind),
    [...lives, ...lives, ...lives, 'program.started'],
  );
});

test('a machine whose disk is lost comes back with an empty one, and the records say so', async () => {
  const { world, trace, drive } = smallWorld({ nodes: ['a'] });
  const a = world.machine('a');
  a.disk.place('file', utf8('old'));
  await drive(async () => {
    a.crash({ disk: 'lost' });
    a.restart();
    const names = await a.run(({ store }) => store.list(''));
    assert.equal(names, []);
    assert.is(a.disk.inspect('file'), null);
  });
  const crashed = trace.records.find(({ kind }) => kind === 'machine.crashed');
  assert.equal(crashed?.fields, { machine: 'a', disk: 'lost' });
});

test('a task run once is not run again, and a boot draws other numbers than the one before', async () => {
  const { world, drive } = smallWorld({ nodes: ['a'] });
  const a = world.machine('a');
  const drawn: number[] = [];
  let runs = 0;
  a.boot(async ({ random }) => {
    drawn.push(random.next());
  });
  await drive(async () => {
    assert.is(await a.run(async ({ machine }) => `${machine} ran ${++runs}`), 'a ran 1');
    a.crash();
    a.restart();
    await pause(world, ms(1));
  });
  assert.is(runs, 1);
  assert.is(new Set(drawn).size, 2);
});

test('a step of its programs is met where it is taken, of the kind wanted and after those spared', async () => {
  const { world, drive } = smallWorld({ nodes: ['a', 'b'] });
  const a = world.machine('a');
  const b = world.machine('b');
  b.boot(async ({ network }) => void (await network.listen(10, () => {})));
  const met: string[] = [];
  await drive(async () => {
    await pause(world, ms(1));
    let doing = '';
    for (const step of ['store', 'sync', 'send'] as const)
      a.watch(step, 1, () => met.push(`${step} within ${doing}`));
    a.watch('sync', 0, () => met.push('cancelled')).cancel();
    const { store, network } = a.platform;
    const doingIt = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
      doing = what;
      const end = work();
      doing = 'nothing';
      return await end;
    };
    const file = await doingIt('open', () => store.open('file', 'write'));
    await doingIt('sync', () => file.sync());
    await doingIt('write', () => file.write(0, utf8('x')));
    await doingIt('second sync', () => file.sync());
    const client = await doingIt('connect', () => network.connect({ machine: 'b', tcpPort: 10 }));
    await doingIt('send', () => client.write(utf8('x')));
    await doingIt('second send', () => client.write(utf8('y')));
  });
  assert.equal(met, ['store within sync', 'sync within second sync', 'send within second send']);
});

test('connections that something on the way resets fail at both ends, and others stay', async () => {
  const { world, drive } = smallWorld({ nodes: ['a', 'b', 'c'] });
  const [a, b, c] = ['a', 'b', 'c'].map((name) => world.machine(name));
  const accepted: Connection[] = [];
  b?.boot(async ({ network }) => void (await network.listen(10, (connection) => accepted.push(connection))));
  await drive(async () => {
    await pause(world, ms(1));
    const dial = async (from: typeof a): Promise<Connection> =>
      (from as NonNullable<typeof a>).platform.network.connect({ machine: 'b', tcpPort: 10 });
    const [upset, calm] = [await dial(a), await dial(c)];
    await pause(world, ms(1));
    world.network.resetConnections((from, to) => from === 'a' || to === 'a');
    for (const end of [upset, accepted[0] as Connection])
      assert.is(((await rejects(end.read(), NetworkError)) as NetworkError).code, 'reset');
    await calm.write(utf8('still here'));
    assert.is(text((await accepted[1]?.read()) as Uint8Array), 'still here');
  });
});

test('peers of a crashed machine see a reset when it can still tell them', async () => {
  const { world, drive } = smallWorld({ nodes: ['a', 'b'] });
  const a = world.machine('a');
  const b = world.machine('b');
  a.boot(async ({ network }) => void (await network.listen(10, () => {})));
  await drive(async () => {
    await pause(world, ms(1));
    const client = await b.platform.network.connect({ machine: 'a', tcpPort: 10 });
    a.crash({ sockets: 'reset' });
    const error = await rejects(client.read(), NetworkError);
    assert.is((error as NetworkError).code, 'reset');
  });
});

test('peers of a machine that went silent learn of it when it is back, or by their own time limit', async () => {
  const { world, drive } = smallWorld({ nodes: ['a', 'b'] });
  const a = world.machine('a');
  const b = world.machine('b');
  a.boot(async ({ network }) => void (await network.listen(10, () => {})));
  await drive(async () => {
    await pause(world, ms(1));
    const { network, clock } = b.platform;
    const client = await network.connect({ machine: 'a', tcpPort: 10 });
    a.crash({ sockets: 'silent' });
    let isTold = false;
    const read = client.read().catch((error: unknown) => {
      isTold = true;
      return error as NetworkError;
    });
    await clock.sleep(seconds(5));
    assert.is(isTold, false);
    a.restart();
    await client.write(utf8('are you there?'));
    const error = await read;
    assert.is(error instanceof NetworkError && error.code, 'reset');
  });
});

test('a program that throws stops the run, with its name and its machine', async () => {
  const { world, drive } = smallWorld({ nodes: ['a'] });
  world.machine('a').boot(async function agent({ clock }) {
    await clock.sleep(ms(3));
    throw new RangeError('no such port');
  });
  const error = (await rejects(
    drive(() => pause(world, seconds(1))),
    ProgramError,
  )) as ProgramError;
  assert.is(error.message, 'agent on a failed: RangeError: no such port');
  assert.instance(error.cause, RangeError);
});

test('what a program throws after its machine crashed is nobody’s error', async () => {
  const { world, drive } = smallWorld({ nodes: ['a'] });
  const a = world.machine('a');
  let isThrown = false;
  a.boot(async ({ clock }) => {
    await clock.sleep(ms(3));
    a.crash();
    isThrown = true;
    throw new Error('thrown by the dead');
  });
  await drive(() => pause(world, seconds(1)));
  assert.ok(isThrown);
});

test('a machine that is down runs no task', async () => {
  const { world } = smallWorld({ nodes: ['a'] });
  const a = world.machine('a');
  a.crash();
  assert.throws(() => a.run(async () => {}), /a is down/);
});

test('names are nodes of the data network, each for one machine', async () => {
  const { world } = smallWorld({ nodes: ['a'] });
  world.machine('a');
  for (const name of ['a', 'b']) {
    try {
      world.machine(name);
      assert.unreachable();
    } catch (error) {
      assert.instance(error, AssertionError);
    }
  }
});

test('a program that waits for ever is named when nothing else is left to happen', async () => {
  const { world, drive } = smallWorld({ nodes: ['a'] });
  world.machine('a').boot(async ({ network }) => {
    const socket = await network.datagrams(7);
    await socket.receive();
  });
  const error = await rejects(
    drive(() => new Promise<void>(() => {})),
    DeadlockError,
  );
  assert.match(error.message, /a waits for .*7/);
});

test('clocks of two machines disagree as configured, and only there', async () => {
  const { world, engine, drive } = smallWorld({ nodes: ['a', 'b'] });
  const right = world.machine('a').platform.clock;
  const wrong = world.machine('b', { clockOffset: -5e9, clockDrift: 1e-3 }).platform.clock;
  assert.is(wrong.wall() - right.wall(), -5_000_000_000n);
  assert.not.equal(right.now(), wrong.now());
  const offset = right.now() - wrong.now();
  await drive(() => pause(world, seconds(10)));
  assert.is(engine.now(), instant(10e9));
  assert.is(wrong.wall() - right.wall(), -4_990_000_000n);
  assert.is(right.now() - wrong.now(), offset);
});

test('a packet rule judges until it is removed', async () => {
  const { world, drive } = smallWorld({ nodes: ['a', 'b'] });
  const a = world.machine('a');
  const b = world.machine('b');
  await drive(async () => {
    const from = await a.platform.network.datagrams(0);
    const to = await b.platform.network.datagrams(0);
    const rule = world.addPacketRule((packet) => ({ kind: packet.protocol === 'udp' ? 'drop' : 'pass' }));
    from.send(to.address, utf8('lost'));
    await pause(world, ms(10));
    rule.remove();
    from.send(to.address, utf8('found'));
    assert.is(text((await to.receive()).payload), 'found');
  });
});

test('of what was synced a crash takes nothing; of the rest some is kept, some lost, some torn', async () => {
  const outcomes = new Set<string>();
  for (let seed = 0; seed < 40; seed++) {
    const { world, drive } = smallWorld({ nodes: ['a'], seed: `crash ${seed}` });
    const a = world.machine('a');
    await drive(async () => {
      await a.run(async ({ store }) => {
        const file = await store.open('journal', 'create');
        await file.write(0, utf8('synced;'));
        await file.sync();
        await file.write(7, utf8('unsynced'));
      });
      a.crash();
      a.restart();
      outcomes.add(await a.run((platform) => contentOf(platform, 'journal')));
    });
  }
  for (const outcome of outcomes)
    assert.ok('synced;unsynced'.startsWith(outcome) && outcome.length >= 7, outcome);
  assert.ok(outcomes.has('synced;') && outcomes.has('synced;unsynced'));
  assert.ok(outcomes.size > 2, 'no write was torn');
});

test('a rename is whole after a crash at any instant of it', async () => {
  const outcomes = new Set<string>();
  for (let seed = 0; seed < 30; seed++) {
    const { world, drive } = smallWorld({ nodes: ['a'], seed: `rename ${seed}` });
    const a = world.machine('a');
    await drive(async () => {
      await a.run(async ({ store }) => {
        await sealed(store.open('state', 'create'), 'old');
        await sealed(store.open('state.next', 'create'), 'new');
        void store.rename('state.next', 'state');
      });
      a.crash();
      a.restart();
      const content = await a.run((platform) => contentOf(platform, 'state'));
      const names = await a.platform.store.list('');
      outcomes.add(`${content}: ${names}`);
    });
  }
  assert.equal([...outcomes].sort(), ['new: state', 'old: state,state.next']);
});

test.run();

const pause = (world: ReturnType<typeof smallWorld>['world'], d: ReturnType<typeof ms>): Promise<void> =>
  new Promise((resolve) => {
    world.clock.timer(d, resolve);
  });

async function sealed(opening: Promise<StoredFile>, content: string): Promise<void> {
  const file = await opening;
  await file.write(0, utf8(content));
  await file.sync();
  await file.close();
}

async function contentOf({ store }: Platform, name: string): Promise<string> {
  const file = await store.open(name, 'read');
  return text((await file.read(0, 1000)) as Uint8Array);
}
