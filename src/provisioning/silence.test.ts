import { assert, suite } from '../../scripts/testing/suite.ts';
import { seconds } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import { dropWhenSilent, probeWhenSilent } from './silence.ts';

const test = suite('silence');

/** What is done to a connection, with the second in which it is. */
type Deed = readonly [deed: 'ping' | 'abort', s: number];

interface Watching {
  readonly clock: Clock;
  /** A connection that notes what is done to it. */
  readonly messages: { send(): void; abort(): void };
  readonly sleep: (s: number) => Promise<void>;
}

async function deedsOf(body: (o: Watching) => Promise<void>): Promise<readonly Deed[]> {
  const { world, drive } = smallWorld({ nodes: ['here'] });
  const { clock } = world.machine('here').platform;
  const deeds: Deed[] = [];
  await drive(async () => {
    const start = clock.now();
    const note = (deed: Deed[0]) => (): void => void deeds.push([deed, (clock.now() - start) / 1e9]);
    const messages = { send: note('ping'), abort: note('abort') };
    await body({ clock, messages, sleep: (s) => clock.sleep(seconds(s)) });
  });
  return deeds;
}

test('a connection that was dialled is dropped as long after its last word as it may be silent', async () => {
  const deeds = await deedsOf(async ({ clock, messages, sleep }) => {
    const watch = dropWhenSilent(messages, clock, seconds(9));
    for (const pause of [8, 8, 0.5]) {
      await sleep(pause);
      watch.heard();
    }
    await sleep(60);
  });
  assert.equal(deeds, [['abort', 25.5]]);
});

test('one that never says a word is dropped, and one that has ended is not', async () => {
  const silent = await deedsOf(async ({ clock, messages, sleep }) => {
    dropWhenSilent(messages, clock, seconds(9));
    await sleep(60);
  });
  assert.equal(silent, [['abort', 9]]);
  const ended = await deedsOf(async ({ clock, messages, sleep }) => {
    const watches = [
      dropWhenSilent(messages, clock, seconds(9)),
      probeWhenSilent(messages, clock, seconds(3)),
    ];
    await sleep(2);
    for (const watch of watches) watch.cancel();
    await sleep(60);
  });
  assert.equal(ended, []);
});

test('whoever dials asks after a period of silence, and drops what has not answered after another', async () => {
  const deeds = await deedsOf(async ({ clock, messages, sleep }) => {
    const watch = probeWhenSilent(messages, clock, seconds(3));
    await sleep(2);
    watch.heard();
    watch.said();
    await sleep(60);
  });
  assert.equal(deeds, [
    ['ping', 5],
    ['abort', 8],
  ]);
});

test('any word is an answer, and the next question comes a period after the last', async () => {
  const deeds = await deedsOf(async ({ clock, messages, sleep }) => {
    const watch = probeWhenSilent(messages, clock, seconds(3));
    for (let i = 0; i < 3; i++) {
      await sleep(3.5);
      watch.heard();
    }
    watch.cancel();
  });
  assert.equal(deeds, [
    ['ping', 3],
    ['ping', 6],
    ['ping', 9],
  ]);
});

/** A quarter of a minute in which every second is as told. */
const eachSecond = (tell: (watch: ReturnType<typeof probeWhenSilent>) => void): Promise<readonly Deed[]> =>
  deedsOf(async ({ clock, messages, sleep }) => {
    const watch = probeWhenSilent(messages, clock, seconds(3));
    for (let i = 0; i < 15; i++) {
      await sleep(1);
      tell(watch);
    }
    watch.cancel();
  });

test('a connection in use both ways is not asked', async () => {
  const deeds = await eachSecond((watch) => {
    watch.heard();
    watch.said();
  });
  assert.equal(deeds, []);
});

test('one on which only the other side speaks is asked all the same, so that it hears something, too', async () => {
  const deeds = await eachSecond((watch) => watch.heard());
  assert.equal(
    deeds.map(([deed]) => deed),
    ['ping', 'ping', 'ping', 'ping', 'ping'],
  );
});

test('one on which only this side speaks is asked, and dropped', async () => {
  const deeds = await eachSecond((watch) => watch.said());
  assert.equal(deeds, [
    ['ping', 3],
    ['abort', 6],
  ]);
});

test.run();
