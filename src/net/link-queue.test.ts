import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { LinkQueue } from './link-queue.ts';
import { PacketLoss } from './packet-loss.ts';

const test = suite('link queue');

/** 1 byte per ns: 8 Gb/s. */
const queueOf = (limit: number, uniform = () => 0.5): LinkQueue => new LinkQueue(1, limit, uniform);

test('an idle link sends a packet in its length over the rate', () => {
  assert.equal(queueOf(0).offer(100, 100, 1500, 1500), { accepted: 1500, firstOut: 1600, lastOut: 1600 });
});

test('a burst that comes at once leaves at the rate, and the next one waits for it', () => {
  const queue = queueOf(100_000);
  assert.equal(queue.offer(0, 0, 10_000, 1000), { accepted: 10_000, firstOut: 1000, lastOut: 10_000 });
  assert.is(queue.wait(4000), 6000);
  assert.equal(queue.offer(4000, 4000, 2000, 1000), { accepted: 2000, firstOut: 11_000, lastOut: 12_000 });
  assert.is(queue.wait(12_000), 0);
});

test('what does not fit is dropped from the tail, in whole packets', () => {
  const passage = queueOf(5500).offer(0, 0, 20_000, 1000);
  assert.is(passage.accepted, 6000);
  assert.is(passage.lastOut, 6000);
});

test('of a full queue that nobody fills any more, a packet finds a place only when one has left', () => {
  const queue = queueOf(5000);
  queue.offer(0, 0, 6000, 1000);
  assert.is(queue.offer(900, 900, 1000, 1000).accepted, 0);
  assert.is(queue.offer(1000, 1000, 1000, 1000).accepted, 1000);
});

test('a burst spread to the rate of the link needs no queue', () => {
  const queue = queueOf(0);
  assert.equal(queue.offer(0, 100_000, 100_000, 1000).accepted, 100_000);
  assert.is(queue.wait(50_000), 0);
});

test('two bursts that share the link at half its rate each do not queue', () => {
  const queue = queueOf(2000);
  assert.is(queue.offer(0, 100_000, 50_000, 1000).accepted, 50_000);
  assert.is(queue.offer(1, 100_001, 50_000, 1000).accepted, 50_000);
  assert.ok(queue.wait(90_000) < 10);
});

test('a burst at twice the rate fills the queue, and loses half of what comes after', () => {
  const queue = queueOf(20_000);
  const passage = queue.offer(0, 100_000, 200_000, 1000);
  assert.ok(Math.abs(passage.accepted - 121_000) <= 1000, `${passage.accepted} accepted`);
});

test('of a queue that others keep full, a small packet finds a place as often as their packets do', () => {
  let draw = 0;
  const queue = queueOf(10_000, () => draw);
  queue.offer(0, 1e6, 2e6, 1000);
  draw = 0.4;
  assert.is(queue.offer(50_000, 50_000, 100, 100).accepted, 100);
  draw = 0.6;
  assert.is(queue.offer(50_001, 50_001, 100, 100).accepted, 0);
});

test('no more leaves than the rate allows, whatever comes', () => {
  const burst = fc.record({
    gap: fc.nat({ max: 30_000 }),
    spread: fc.nat({ max: 30_000 }),
    packets: fc.integer({ min: 1, max: 40 }),
  });
  fc.assert(
    fc.property(fc.array(burst, { maxLength: 40 }), (bursts) => {
      const queue = queueOf(30_000);
      let now = 0;
      let accepted = 0;
      let last = 0;
      let offeredMax = 0;
      for (const { gap, spread, packets } of bursts) {
        now += gap;
        const passage = queue.offer(now, now + spread, packets * 1000, 1000);
        assert.ok(passage.firstOut >= now && passage.lastOut >= passage.firstOut);
        assert.ok(passage.accepted >= 0 && passage.accepted <= packets * 1000);
        accepted += passage.accepted;
        last = Math.max(last, now + spread);
        offeredMax = Math.max(offeredMax, packets * 1000);
      }
      // Flows under way when a burst came owe their share of what did not fit: at most a burst each.
      assert.ok(accepted <= last + queue.wait(last) + 1, 'the link sent faster than its rate');
      assert.ok(queue.wait(last) <= 31_000 + 40 * offeredMax);
    }),
  );
});

test('random loss takes its share, each packet by itself', () => {
  let seed = 1;
  const uniform = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const loss = new PacketLoss(0.01, uniform);
  let lost = 0;
  for (let left = 1_000_000; left > 0; ) {
    const passed = loss.next(left);
    if (passed < left) lost++;
    left -= passed + 1;
  }
  assert.ok(Math.abs(lost - 10_000) < 400, `${lost} of a million`);
  assert.is(new PacketLoss(0, uniform).next(1e12), 1e12);
});

test.run();
