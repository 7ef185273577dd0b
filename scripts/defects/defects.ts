// Defects for the search to find, each planted from outside: a disk, a clock, a network or a driver that does not
// keep its promise makes the agents behave as if their own code had the mistake.

import type { OpticalSwitch } from '../../src/optical/switch.ts';
import type { Platform, Store, StoredFile } from '../../src/platform/platform.ts';
import type { Tamper } from '../../src/scenario/tamper.ts';
import { rewriting } from './rewritten-network.ts';

export interface Defect {
  readonly name: string;
  /** As the mistake would be told if it were in the code. */
  readonly mistake: string;
  readonly tamper: Tamper;
}

const same = <T>(thing: T): T => thing;
const onPlatform = (platform: Tamper['platform']): Tamper => ({ platform, device: same });

export const DEFECTS: readonly Defect[] = [
  {
    name: 'unsynced',
    mistake: 'decisions and votes go out without having been synced',
    tamper: onPlatform((platform) => ({ ...platform, store: withFiles(platform.store, unsynced) })),
  },
  {
    name: 'early-sync',
    mistake: 'decisions and votes go out while their sync is still under way',
    tamper: onPlatform((platform) => ({ ...platform, store: withFiles(platform.store, syncedBehind) })),
  },
  {
    name: 'wall-clock',
    mistake: 'leases and limits are read off the calendar, which jumps',
    tamper: onPlatform((platform) => ({ ...platform, clock: byCalendar(platform.clock) })),
  },
  {
    name: 'silence-is-done',
    mistake: 'a cross-connect counts as removed when the answer is late or lost',
    tamper: { platform: same, device: trusting },
  },
  {
    name: 'presumed-commit',
    mistake: 'whoever asks for a decision that nobody remembers is told that it was to commit',
    tamper: onPlatform((platform) => rewriting(platform, presumeCommit)),
  },
  {
    name: 'deaf-to-abort',
    mistake: 'an abort does not release the locks',
    tamper: onPlatform((platform) =>
      rewriting(platform, () => (line) => (isOf(line, 'abort') ? null : line)),
    ),
  },
  {
    name: 'amnesia',
    mistake: 'after a restart the log is not read',
    tamper: onPlatform((platform) => ({ ...platform, store: withFiles(platform.store, emptied) })),
  },
];

const withFiles = (store: Store, wrap: (file: StoredFile) => StoredFile | Promise<StoredFile>): Store => ({
  open: async (name, mode) => await wrap(await store.open(name, mode)),
  rename: (from, to) => store.rename(from, to),
  remove: (name) => store.remove(name),
  list: (prefix) => store.list(prefix),
  stat: (name) => store.stat(name),
});

const withSync = (file: StoredFile, sync: () => Promise<void>): StoredFile => ({
  read: (offset, length) => file.read(offset, length),
  write: (offset, chunk) => file.write(offset, chunk),
  truncate: (length) => file.truncate(length),
  sync,
  size: () => file.size(),
  close: () => file.close(),
});

const unsynced = (file: StoredFile): StoredFile => withSync(file, () => Promise.resolve());

function syncedBehind(file: StoredFile): StoredFile {
  return withSync(file, () => {
    void file.sync();
    return Promise.resolve();
  });
}

async function emptied(file: StoredFile): Promise<StoredFile> {
  await file.truncate(0);
  return file;
}

/** The calendar's ns since the first look at it, on top of where the monotonic clock stood then. */
function byCalendar(clock: Platform['clock']): Platform['clock'] {
  const began = clock.now();
  const beganWall = clock.wall();
  return {
    now: () => Math.max(0, began + Number(clock.wall() - beganWall)) as typeof began,
    wall: () => clock.wall(),
    sleep: (d, signal) => clock.sleep(d, signal),
    timer: (d, fire) => clock.timer(d, fire),
  };
}

function trusting(device: OpticalSwitch): OpticalSwitch {
  return new Proxy(device, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      if (property !== 'disconnect') return value.bind(target);
      return async (...given: Parameters<OpticalSwitch['disconnect']>) => {
        const outcome = await target.disconnect(...given);
        return outcome.kind === 'unknown' ? { kind: 'done' } : outcome;
      };
    },
  });
}

const isOf = (line: string, type: string): boolean => line.includes(`"type":"${type}"`);

/** An abort goes out for a transaction that this life of the agent has not prepared itself: that is the answer to a question. */
function presumeCommit(): (line: string) => string | null {
  const prepared = new Set<string>();
  return (line) => {
    const transaction = /"transaction":"([^"]*)"/.exec(line)?.[1] ?? '';
    if (isOf(line, 'prepare')) prepared.add(transaction);
    if (!isOf(line, 'abort') || prepared.has(transaction)) return line;
    return line.replace('"type":"abort"', '"type":"commit"');
  };
}
