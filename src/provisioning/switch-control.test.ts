import { Plant } from '../../emulators/plant.ts';
import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { db } from '../core/quantity.ts';
import { between, type Duration, ms, seconds } from '../core/time.ts';
import { TimeoutError } from '../platform/errors.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import { MemorySwitch } from './memory-switch.fixture.ts';
import { SwitchControl } from './switch-control.ts';

const test = suite('switch control');

const PAIR = { a: '1', b: '2' };

interface Controlled {
  readonly device: MemorySwitch;
  readonly control: SwitchControl;
  readonly crossConnects: () => readonly (readonly [string, string])[];
  readonly sleep: (d: Duration) => Promise<void>;
  readonly elapsed: () => Duration;
}

async function controlled(body: (c: Controlled) => Promise<void>): Promise<void> {
  const { world, drive } = smallWorld({ nodes: ['here'] });
  const { clock } = world.machine('here').platform;
  const optics = new Plant({ clock }).addSwitch('S', { ports: ['1', '2'], insertionLoss: db(1) });
  const device = new MemorySwitch(clock, optics);
  const control = new SwitchControl(device, clock, {
    deviceLimit: seconds(5),
    deviceAgain: seconds(1),
    busyLimit: ms(500),
  });
  await drive(async () => {
    const from = clock.now();
    await body({
      device,
      control,
      crossConnects: () => optics.crossConnects(),
      sleep: (d) => clock.sleep(d),
      elapsed: () => between(from, clock.now()),
    });
  });
}

test('a connect that hangs fails after its tries, each with a limit, and nothing was made', async () => {
  await controlled(async ({ device, control, crossConnects, elapsed }) => {
    device.faults.isMute = true;
    const result = await control.change(null, PAIR);
    assert.is(result.kind, 'failed');
    assert.match(result.kind === 'failed' ? result.reason : '', /connect 1 and 2: .*no answer within 5 s/);
    // Three tries of a command and a read-back, 5 s each, and two waits of 1 s.
    assert.is(elapsed(), seconds(32));
    assert.equal(crossConnects(), []);
  });
});

test('a connect that hangs once is made at the next try', async () => {
  await controlled(async ({ device, control, crossConnects, sleep }) => {
    device.faults.isMute = true;
    const changing = control.change(null, PAIR);
    await sleep(seconds(7));
    device.faults.isMute = false;
    assert.equal(await changing, { kind: 'done' });
    assert.is(crossConnects().length, 2);
  });
});

test('an answer that is lost counts as done only when the read-back shows it', async () => {
  await controlled(async ({ device, control, crossConnects, elapsed }) => {
    device.faults.losesAnswers = true;
    assert.equal(await control.change(null, PAIR), { kind: 'done' });
    assert.is(crossConnects().length, 2);
    assert.ok(elapsed() < ms(200));
  });
});

test('freeing goes on until a switch that hangs is back, however long', async () => {
  await controlled(async ({ device, control, crossConnects, sleep }) => {
    await control.change(null, PAIR);
    device.faults.isMute = true;
    let isFreed = false;
    const freeing = control.free(PAIR).then(() => {
      isFreed = true;
    });
    await sleep(seconds(300));
    assert.not.ok(isFreed);
    device.faults.isMute = false;
    await freeing;
    assert.equal(crossConnects(), []);
  });
});

test('a read that hangs rejects at its limit: it is neither an empty switch nor darkness', async () => {
  await controlled(async ({ device, control, elapsed }) => {
    device.faults.isMute = true;
    await rejects(control.read(), TimeoutError);
    await rejects(control.power(['1']), TimeoutError);
    assert.is(elapsed(), seconds(10));
  });
});

/** Reading the cross-connects takes so long; while power is read, the switch is seen to be at work. */
async function readInLongLine(listing: Duration, isSeenAtWork: boolean): Promise<number | string> {
  let result: number | string = '';
  await controlled(async ({ device, control, sleep }) => {
    const list = device.listCrossConnects.bind(device);
    device.listCrossConnects = async () => {
      await sleep(listing);
      return list();
    };
    const reading = control.read().then(
      (found) => found.length,
      (error: unknown) => String(error),
    );
    for (let i = 0; isSeenAtWork && i < 100; i++) {
      await sleep(ms(100));
      await control.power(['1']);
    }
    result = await reading;
  });
  return result;
}

test('a read that waits long behind others is given time while the switch answers those', async () => {
  assert.is(await readInLongLine(seconds(8), true), 0);
  assert.match(String(await readInLongLine(seconds(8), false)), /no answer within 5 s/);
});

test('many who ask at once for what is connected cost two readings, and none is older than its question', async () => {
  await controlled(async ({ device, control }) => {
    let count = 0;
    const list = device.listCrossConnects.bind(device);
    device.listCrossConnects = () => {
      count++;
      return list();
    };
    await Promise.all(Array.from({ length: 50 }, () => control.read()));
    assert.is(count, 2);
    // The switch lists what it has when a reading ends, and takes 40 ms for one, 70 ms to connect.
    const early = control.read();
    const made = device.connect('1', '2', 'two');
    await early;
    const late = [control.read(), made.then(() => control.read())];
    assert.equal(
      (await Promise.all(late)).map((pairs) => pairs.length),
      [2, 2],
    );
    assert.is(count, 5);
  });
});

test.run();
