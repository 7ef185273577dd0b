// The scenarios of scenarios/recovery: each holds, and what each is about is what makes it fail where an agent has the
// mistake that it was written against.

import { readdirSync, readFileSync } from 'node:fs';
import { rewriting } from '../../scripts/defects/rewritten-network.ts';
import { assert, suite } from '../../scripts/testing/suite.ts';
import type { OpticalSwitch } from '../optical/switch.ts';
import type { Platform } from '../platform/platform.ts';
import { loadScenario } from './load.ts';
import { type RunResult, run } from './run.ts';
import type { Tamper } from './tamper.ts';

const test = suite('scenarios of recovery');

const folder = 'scenarios/recovery/';
const names = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ''));

const textOf = (name: string): string => readFileSync(`${folder}${name}.yaml`, 'utf8');

const play = (name: string, text = textOf(name), tamper?: Tamper): Promise<RunResult> => {
  const file = `scenarios/recovery/${name}.yaml`;
  const options = { world: 'virtual', folder: '', file, version: 'test' } as const;
  return run(loadScenario(file, text), tamper === undefined ? options : { ...options, tamper });
};

const missedBy = ({ verdicts }: RunResult): string[] =>
  verdicts
    .filter((v) => !v.isMet)
    .map(({ expectation: { metric, of } }) => (of === undefined ? metric : `${metric} of ${of}`));

/** With another line in the place of one, which must be there. */
function changed(name: string, line: string | RegExp, other: string): string {
  const text = textOf(name);
  const result = text.replace(line, other);
  assert.is.not(result, text, `${name} has no ${line}`);
  return result;
}

const same = (device: OpticalSwitch): OpticalSwitch => device;
/** What agents say, line by line. */
const saying = (change: (line: string) => string | null): Tamper => ({
  platform: (platform: Platform) => rewriting(platform, () => change),
  device: same,
});
const is = (line: string, type: string): boolean => line.includes(`"type":"${type}"`);

test('there are seventeen, each named as its file', () => {
  assert.is(names.length, 17);
  for (const name of names) assert.is(loadScenario(name, textOf(name)).name, name);
});

for (const name of names)
  test(`${name} holds, and with another seed`, async () => {
    assert.equal(missedBy(await play(name)), []);
    const { scenario, ...other } = await play(name, changed(name, /^duration:/m, 'seed: other\nduration:'));
    assert.is(scenario.seed, 'other');
    assert.equal(missedBy({ scenario, ...other }), []);
  });

test('switch-returns fails where the switch stays away', async () => {
  const away = changed('switch-returns', 'machine: s, for: 10 s', 'machine: s');
  assert.ok(missedBy(await play('switch-returns', away)).includes('path.up_at_end of p'));
});

test('switch-returns fails where nobody hears that the switch can be read again', async () => {
  interface News {
    announcements?: Part[];
    changes?: Part[];
  }
  interface Part {
    readonly switchName: string;
    readonly sequence: number;
  }
  let wasUnread = false;
  /** Its first announcement is of ports that have not been read yet. */
  const isSaid = (part: Part): boolean => {
    const isUnread = JSON.stringify(part).includes('"unread"');
    if (part.switchName === 's' && isUnread && part.sequence > 1) wasUnread = true;
    return part.switchName !== 's' || isUnread || !wasUnread;
  };
  const silent = saying((line) => {
    if (!is(line, 'news')) return line;
    const news = JSON.parse(line) as News;
    for (const key of ['announcements', 'changes'] as const) {
      const said = news[key]?.filter(isSaid);
      if (said !== undefined && said.length > 0) news[key] = said;
      else delete news[key];
    }
    return JSON.stringify(news);
  });
  const result = await play('switch-returns', undefined, silent);
  assert.ok(missedBy(result).includes('path.up_at_end of p'));
  assert.equal(
    result.records.flatMap(({ kind }) => (/^path\.(up|down)$/.test(kind) ? [kind] : [])),
    ['path.up', 'path.down'],
  );
});

test('switch-returns brings the path up soon however long the switch has been away', async () => {
  for (const away of [13, 16.5, 22, 30]) {
    const text = changed('switch-returns', 'for: 10 s', `for: ${away} s`)
      .replace(/^duration: .*$/m, 'duration: 45 s')
      .replace(/down_time, of: p, at-most: 10 s/, 'down_time, of: p, at-most: 40 s');
    const result = await play('switch-returns', text);
    assert.equal(missedBy(result), []);
    const back = result.records.find(({ kind }) => kind === 'machine.restarted');
    const up = result.records.findLast(({ kind }) => kind === 'path.up');
    // A dial of 4 s and a pause of 4 s leave 5 s between two SYNs; then come the prompt, the login and a listing.
    assert.ok((up?.at ?? 0) - (back?.at ?? 0) < 7e9, `${away} s: ${up?.at} after ${back?.at}`);
  }
});

test('second-cut and protection-cut fail where there is no third way', async () => {
  for (const name of ['second-cut', 'protection-cut']) {
    const text = changed(name, /^ {2}w-m: .*\n/m, '');
    assert.ok(missedBy(await play(name, text)).includes('path.up_at_end of p'), name);
  }
});

test('last-fibre fails where the path that came first goes first', async () => {
  const text = changed('last-fibre', ', priority: 2 }', ' }');
  assert.ok(missedBy(await play('last-fibre', text)).includes('path.up_at_end of c'));
});

test('trap-pair fails on a graph without the pair', async () => {
  const text = changed('trap-pair', /^ {2}w-y: .*\n/m, '');
  assert.ok(missedBy(await play('trap-pair', text)).includes('path.refused of p'));
});

test('dark-client and pinned-path fail where a fibre is to blame, and where the path may move', async () => {
  const blamed = changed('dark-client', 'dark: { host: alice, for: 2 s }', 'cut: { fibre: n-e, for: 2 s }');
  assert.ok(missedBy(await play('dark-client', blamed)).includes('path.moves of p'));
  const moved = changed('pinned-path', ', pinned: true', '');
  assert.ok(missedBy(await play('pinned-path', moved)).includes('path.moves of p'));
});

test('no-needless-move and full-return fail where the one goes back and the other does not', async () => {
  const back = changed('no-needless-move', 'to: bob }', 'to: bob, revert: { wait-to-restore: 1 s } }');
  assert.ok(missedBy(await play('no-needless-move', back)).includes('path.moves of p'));
  const stays = changed('full-return', ', revert: { wait-to-restore: 1 s }', '');
  assert.ok(missedBy(await play('full-return', stays)).includes('path.moves of p'));
});

test('hold-expires fails where the notice is not late and the hold is long enough', async () => {
  const text = changed('hold-expires', 'hold: 1.5 s', 'hold: 3 s');
  assert.ok(missedBy(await play('hold-expires', text)).includes('path.refused of p'));
});

test('deleted-stays-deleted fails where a release is not heard', async () => {
  const deaf = saying((line) => (is(line, 'release') ? null : line));
  assert.ok(missedBy(await play('deleted-stays-deleted', undefined, deaf)).length > 0);
});

test('one-throws holds where the reroute of one path throws in a driver, and that one is back when it no longer does', async () => {
  let thrown = 0;
  const bug: Tamper = {
    platform: (platform) => platform,
    device: (device) => throwing(device, () => ++thrown <= 3),
  };
  const text = changed('one-throws', /^ {2}- \{ at: 2.9 s, fault.*\n/m, '');
  assert.equal(missedBy(await play('one-throws', text, bug)), []);
  assert.ok(thrown > 3, String(thrown));
});

/** Rejects the cross-connects that lead to s, as a driver with a mistake would. */
function throwing(device: OpticalSwitch, isDue: () => boolean): OpticalSwitch {
  return new Proxy(device, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      if (property !== 'connect') return value.bind(target);
      return async (...given: Parameters<OpticalSwitch['connect']>) => {
        if (given[1] === '7' && isDue()) throw new TypeError('cannot read properties of undefined');
        return await target.connect(...given);
      };
    },
  });
}

test.run();
