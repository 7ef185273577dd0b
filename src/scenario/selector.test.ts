import { StepClock } from '../../emulators/testing/step-clock.fixture.ts';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { metres } from '../core/quantity.ts';
import { ms, ZERO } from '../core/time.ts';
import { Selector } from './selector.ts';

const test = suite('the receiver that selects');

function bench(): { clock: StepClock; selector: Selector; said: string[] } {
  const clock = new StepClock();
  const said: string[] = [];
  const selector = new Selector({
    clock,
    terminals: ['b', 'b/2'],
    time: ms(10),
    changed: () => said.push(`${clock.now() / 1e6} ${selector.selected?.terminal ?? 'none'}`),
  });
  return { clock, selector, said };
}

test('what comes to a receiver that has nothing is taken at once', () => {
  const { clock, selector, said } = bench();
  clock.advance(ms(5));
  selector.restored('b/2', metres(7));
  assert.equal(selector.selected, { terminal: 'b/2', length: metres(7) });
  assert.equal(said, ['5 b/2']);
});

test('when the selected line goes dark the other is taken after the selection time, and stays', () => {
  const { clock, selector, said } = bench();
  selector.restored('b', metres(1));
  selector.restored('b/2', metres(2));
  selector.lost('b');
  clock.advance(ms(9));
  assert.is(selector.selected, null);
  clock.advance(ms(1));
  selector.restored('b', metres(1));
  clock.advance(ms(100));
  assert.equal(said, ['0 b', '0 none', '10 b/2']);
});

test('the loss of a line that is not selected changes nothing', () => {
  const { clock, selector, said } = bench();
  selector.restored('b', metres(1));
  selector.restored('b/2', metres(2));
  selector.lost('b/2');
  clock.advance(ms(100));
  assert.equal(said, ['0 b']);
});

test('when both go dark within the selection time nothing is selected until light comes', () => {
  const { clock, selector, said } = bench();
  selector.restored('b', metres(1));
  selector.restored('b/2', metres(2));
  selector.lost('b');
  clock.advance(ms(5));
  selector.lost('b/2');
  clock.advance(ms(20));
  assert.is(selector.selected, null);
  selector.restored('b', metres(3));
  assert.equal(said, ['0 b', '0 none', '25 b']);
  clock.advance(ZERO);
});

test.run();
