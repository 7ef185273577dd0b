import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { carrierMonitor } from './carrier-monitor.ts';

const test = suite('carrier monitor');

test('all who listen hear of each change, once', () => {
  const sysfs = mkdtempSync(join(tmpdir(), 'lightbed-carrier-'));
  try {
    mkdirSync(join(sysfs, 'eth1'));
    const carrier = (text: string): void => writeFileSync(join(sysfs, 'eth1', 'carrier'), text);
    const timers: (() => void)[] = [];
    const clock = {
      timer: (_: unknown, fire: () => void) => {
        timers.push(fire);
        return { cancel: () => {} };
      },
    };
    const poll = (): void => {
      for (const fire of timers.splice(0)) fire();
    };
    carrier('0\n');
    const monitor = carrierMonitor('eth1', clock, sysfs);
    const story: string[] = [];
    const word = (): string => (monitor.hasLight('any') ? 'lit' : 'dark');
    monitor.subscribe(() => story.push(`first ${word()}`));
    const leave = monitor.subscribe(() => story.push(`second ${word()}`));
    poll();
    carrier('1\n');
    poll();
    poll();
    assert.equal(story.splice(0), ['first lit', 'second lit']);
    rmSync(join(sysfs, 'eth1'), { recursive: true });
    poll();
    assert.equal(story.splice(0), ['first dark', 'second dark']);
    leave();
    mkdirSync(join(sysfs, 'eth1'));
    carrier('1\n');
    poll();
    assert.equal(story, ['first lit']);
  } finally {
    rmSync(sysfs, { recursive: true });
  }
});

test.run();
