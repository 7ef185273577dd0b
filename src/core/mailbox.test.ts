import fc from 'fast-check';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { Mailbox } from './mailbox.ts';

const test = suite('mailbox');

test('items come out in the order they went in, however putting and taking interleave', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.boolean(), { maxLength: 60 }),
      async (capacity, moves) => {
        const mailbox = new Mailbox<number>(capacity);
        const taken: Promise<number | null>[] = [];
        const accepted: Promise<boolean>[] = [];
        for (const isPut of moves) {
          if (isPut) accepted.push(mailbox.put(accepted.length));
          else taken.push(mailbox.take());
          assert.ok(mailbox.size <= capacity);
        }
        const delivered = Math.min(taken.length, accepted.length);
        const first = await Promise.all(taken.slice(0, delivered));
        assert.equal(
          first,
          Array.from({ length: delivered }, (_, i) => i),
        );
        mailbox.close();
        for (const late of taken.slice(delivered)) assert.is(await late, null);
        const inside = Math.min(accepted.length, taken.length + capacity);
        assert.equal(
          await Promise.all(accepted),
          accepted.map((_, i) => i < inside),
        );
      },
    ),
  );
});

test('put waits for room, offer does not', async () => {
  const mailbox = new Mailbox<string>(1);
  assert.ok(mailbox.offer('a'));
  assert.not.ok(mailbox.offer('b'));
  let isIn = false;
  const putting = mailbox.put('c').then((accepted) => {
    isIn = accepted;
  });
  await Promise.resolve();
  assert.is(isIn, false);
  assert.is(await mailbox.take(), 'a');
  await putting;
  assert.is(isIn, true);
  assert.is(await mailbox.take(), 'c');
});

test('a closed mailbox takes nothing in and gives out what is inside, then null', async () => {
  const mailbox = new Mailbox<string>(2);
  mailbox.offer('a');
  mailbox.close();
  mailbox.close();
  assert.ok(mailbox.isClosed);
  assert.is(mailbox.offer('b'), false);
  assert.is(await mailbox.put('b'), false);
  const items: string[] = [];
  for await (const item of mailbox) items.push(item);
  assert.equal(items, ['a']);
});

test('a mailbox holds at least one item', () => {
  assert.throws(() => new Mailbox(0), /at least one/);
});

test.run();
