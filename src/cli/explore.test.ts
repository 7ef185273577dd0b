// The fault search as a user meets it: what it prints, what it keeps, and how a schedule is played again.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { lightbed, repository, workFolder } from './cli.fixture.ts';

const test = suite('lightbed explore');

const schedule = join(repository, 'src/scenario/explore/found/short-lease.yaml');

test('seeds that hold end well, are kept, and are gone on from', async () => {
  const work = workFolder();
  const out = join(work.path, 'explored');
  const first = await lightbed(
    work.path,
    'explore',
    'scenarios/search-ring',
    '--runs',
    '3',
    '--jobs',
    '2',
    '--out',
    out,
  );
  assert.is(first.code, 0, first.stdout + first.stderr);
  assert.match(first.stdout, /3 of 3 runs, .* 0 failing/);
  const again = await lightbed(
    work.path,
    'explore',
    'scenarios/search-ring',
    '--runs',
    '1',
    '--resume',
    '--out',
    out,
  );
  assert.is(again.code, 0, again.stdout + again.stderr);
  const explored = JSON.parse(readFileSync(join(out, 'explored.json'), 'utf8')) as { next: number };
  assert.is(explored.next, 5);
  work.remove();
});

test('a schedule is played again, and repeats to the byte', async () => {
  const work = workFolder();
  const out = join(work.path, 'played');
  const played = await lightbed(
    work.path,
    'run',
    'scenarios/search-continent',
    '--faults',
    schedule,
    '--out',
    out,
  );
  assert.is(played.code, 0, played.stdout + played.stderr);
  assert.ok(existsSync(join(out, 'faults.yaml')));
  const again = await lightbed(work.path, 'replay', out);
  assert.is(again.code, 0, again.stdout + again.stderr);
  work.remove();
});

test('wrong input is told in one message', async () => {
  const work = workFolder();
  const wrong = async (...args: string[]) => {
    const { code, stderr } = await lightbed(work.path, ...args);
    assert.is(code, 2, stderr);
    return stderr;
  };
  assert.match(await wrong('explore', 'scenarios/search-ring', '--runs', '0'), /--runs is a whole number/);
  const last = ['--seed', String(Number.MAX_SAFE_INTEGER)];
  assert.match(await wrong('explore', 'search-ring', ...last), /seeds are numbers below 2\^53/);
  assert.match(await wrong('explore', 'search-ring', '--jobs', '1e6'), /--jobs is at most 256/);
  mkdirSync(join(work.path, 'kept'));
  writeFileSync(join(work.path, 'kept/explored.json'), '{"scenario": "search-ring", "next": 5}');
  assert.match(
    await wrong('explore', 'search-ring', '--resume', '--out', 'kept'),
    /explored\.json is not what explore wrote: .*version/,
  );
  assert.match(
    await wrong('explore', 'search-ring', '--out', 'kept/explored.json'),
    /results cannot be written to "kept\/explored\.json"/,
  );
  assert.match(await wrong('run', 'scenarios/ring', '--faults', 'none.yaml'), /no file none.yaml/);
  assert.match(
    await wrong('run', 'scenarios/ring', '--faults', schedule),
    /found "search-continent", expected "ring"/,
  );
  assert.match(
    await wrong('run', 'scenarios/search-continent', '--faults', schedule, '--world', 'loopback'),
    /--faults is for the virtual world/,
  );
  work.remove();
});

test.run();
