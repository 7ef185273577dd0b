import { assert, suite } from '../../scripts/testing/suite.ts';
import { seconds } from '../core/time.ts';
import { DaemonTraffic } from './daemon-traffic.ts';

const test = suite('traffic of a daemon');

/** A host that does what it is told, or says that it cannot. */
function host(): {
  traffic: DaemonTraffic;
  /** What it was told, and what became of it, in order. */
  story: string[];
  /** Has the last that it was told fail. */
  refuse: (reason: string) => void;
  /** Lets the time pass after which it is tried again. */
  pause: () => void;
} {
  const story: string[] = [];
  const timers: (() => void)[] = [];
  let refuse = (_reason: string): void => {};
  const traffic = new DaemonTraffic({
    host: 'a',
    steering: {
      usePath: (path, _peer, failed) => {
        story.push(`use ${path}`);
        refuse = failed;
      },
      useRouted: () => void story.push('routed'),
    },
    log: { record: (kind) => void story.push(kind) },
    clock: {
      timer: (_, fire) => {
        timers.push(fire);
        return { cancel: () => {} };
      },
    },
    steerAgain: seconds(10),
    changed: (path) => void story.push(`changed ${path}`),
  });
  const pause = (): void => {
    for (const fire of timers.splice(0)) fire();
  };
  return { traffic, story, refuse: (reason) => refuse(reason), pause };
}

test('a path that traffic cannot be pointed at is not said to have it, and tried again', () => {
  const { traffic, story, refuse, pause } = host();
  traffic.verified('x', 'b');
  assert.ok(traffic.isOn('x', 'b'));
  refuse('no such device');
  assert.not(traffic.isOn('x', 'b'));
  pause();
  assert.ok(traffic.isOn('x', 'b'));
  assert.equal(story, [
    ...['use x', 'traffic.steered', 'traffic.failed', 'changed x'],
    ...['use x', 'traffic.steered', 'changed x'],
  ]);
});

test('another path takes the traffic meanwhile', () => {
  const { traffic, story, refuse } = host();
  traffic.verified('x', 'b');
  traffic.verified('y', 'b');
  refuse('no such device');
  assert.equal([traffic.isOn('x', 'b'), traffic.isOn('y', 'b')], [false, true]);
  assert.equal(story.slice(-3), ['use y', 'traffic.steered', 'changed x']);
});

test('a failure that comes after the light has gone changes nothing, and nothing is tried again', () => {
  const { traffic, story, refuse, pause } = host();
  traffic.verified('x', 'b');
  traffic.unverified('x', 'b', 'no light here');
  story.splice(0);
  refuse('too late');
  pause();
  assert.equal(story, []);
});

test.run();
