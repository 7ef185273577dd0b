import { assert, suite } from '../../scripts/testing/suite.ts';
import { seconds } from '../core/time.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import { InTurn } from './in-turn.ts';

const test = suite('what is done in turn');

test('to one thing the second is done after the first, to another at once', async () => {
  const { world, drive } = smallWorld({ nodes: ['a'] });
  const a = world.machine('a');
  const turns = new InTurn();
  const done: string[] = [];
  await drive(async () => {
    const { clock } = a.platform;
    await Promise.all([
      turns.do(clock, 'fibre', async () => {
        await clock.sleep(seconds(2));
        done.push('first');
      }),
      turns.do(clock, 'fibre', async () => void done.push('second')),
      turns.do(clock, 'other', async () => void done.push('other')),
    ]);
  });
  assert.equal(done, ['other', 'first', 'second']);
});

test('one that is never heard of is not waited for for ever', async () => {
  const { world, drive, engine } = smallWorld({ nodes: ['a'] });
  const a = world.machine('a');
  const turns = new InTurn();
  await drive(async () => {
    const { clock } = a.platform;
    void turns.do(clock, 'fibre', () => new Promise(() => {}));
    await turns.do(clock, 'fibre', async () => {});
  });
  assert.is(engine.now(), 6e9);
});

test('one that ended with its machine is not waited for when that is back', async () => {
  const { world, drive, engine } = smallWorld({ nodes: ['a', 'b'] });
  const a = world.machine('a');
  const turns = new InTurn();
  await drive(async () => {
    void turns.do(a.platform.clock, 'fibre', () => new Promise(() => {}));
    a.crash();
    await world.machine('b').platform.clock.sleep(seconds(1));
    a.restart();
    await turns.do(a.platform.clock, 'fibre', async () => {});
  });
  assert.is(engine.now(), 1e9);
});

test.run();
