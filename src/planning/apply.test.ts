// The devices of these tests are another twin: they cannot tell a plan from an operator, nor the apply them from devices.

import { CommandRules, type CommandVerdict, forVerbs } from '../../emulators/command-rules.ts';
import { assert, suite } from '../../scripts/testing/suite.ts';
import { type ApplyMode, type ApplyResult, applyPlan } from './apply.ts';
import { type LedgerEntry, progressOf } from './ledger.ts';
import type { NetworkState } from './network-state.ts';
import { type Plan, planHash } from './plan.ts';
import { readState } from './read-state.ts';
import { linksIn, OVER_AMS, planOf, SCIENCE, siteWith, stateWith } from './site.fixture.ts';
import { onTwin, type TwinRun } from './twin.ts';

const test = suite('apply');

const site = siteWith(`${SCIENCE}changes:\n  - move: { path: science, avoid: [ams] }\n`);

interface Prepared {
  readonly plan: Plan;
  readonly before: NetworkState;
}

let prepared: Promise<Prepared> | null = null;

function prepare(): Promise<Prepared> {
  prepared ??= (async () => {
    const before = await stateWith(site, OVER_AMS);
    return { plan: await planOf(site, before), before };
  })();
  return prepared;
}

interface Desk extends TwinRun {
  readonly plan: Plan;
  readonly before: NetworkState;
  readonly entries: LedgerEntry[];
  /** What devices are asked to change by nobody but the plan. */
  readonly sent: () => string[];
  rule(device: string, verb: string, verdict: CommandVerdict, times?: number): void;
  apply(mode?: ApplyMode, stop?: AbortSignal): Promise<ApplyResult>;
  links(): Promise<string[]>;
  /** Somebody else does this once the log has an entry like that. */
  interrupt(isIt: (entry: LedgerEntry) => boolean, body: () => Promise<unknown>): void;
}

const OVER_LON = [
  ...['gva 1→3', 'gva 3→1', 'lon 1→2', 'lon 2→1'],
  ...['chi 10.1a.2→10.1a.3', 'chi 10.1a.3→10.1a.2'],
];

async function atDesk(body: (desk: Desk) => Promise<void>): Promise<void> {
  const { plan, before } = await prepare();
  const rules = new Map(site.devices.map(({ name }) => [name, new CommandRules()]));
  await onTwin(
    site,
    before,
    async (run) => {
      const { doors, clock } = run;
      const entries: LedgerEntry[] = [];
      const others: { readonly isIt: (entry: LedgerEntry) => boolean; body(): Promise<unknown> }[] = [];
      const ledger = {
        entries: () => entries,
        append: async (entry: LedgerEntry): Promise<void> => {
          entries.push(entry);
          const at = others.findIndex(({ isIt }) => isIt(entry));
          await others.splice(at, at < 0 ? 0 : 1)[0]?.body();
        },
      };
      const who = { who: 'op@desk', pid: 1 };
      await body({
        ...run,
        ...{ plan, before, entries },
        sent: () => doors.flatMap(({ session }) => session.take().map(({ text }) => text)),
        rule: (device, verb, verdict, times) => void rules.get(device)?.add(forVerbs([verb], verdict, times)),
        apply: (mode = 'begin', stop) =>
          applyPlan({ plan, doors, clock, ledger, ...who, ...(stop !== undefined && { stop }) }, mode),
        interrupt: (isIt, body) => void others.push({ isIt, body }),
        links: async () => linksIn(await readState(doors, clock, { ports: () => [] })),
      });
    },
    { rules },
  );
}

const whats = (entries: readonly LedgerEntry[]): string[] => entries.map(({ what }) => what);

test('exactly the commands of the plan are sent, in its order, and the log has each before its answer', () =>
  atDesk(async ({ plan, apply, links, entries, doors }) => {
    assert.equal(await apply(), { kind: 'applied' });
    assert.equal((await links()).sort(), OVER_LON.toSorted());
    const words = plan.steps.flatMap(({ commands }) => commands.map(({ text }) => text));
    assert.equal(
      entries.flatMap((entry) => (entry.what === 'sending' ? [entry.command] : [])),
      words,
    );
    const heard = doors.flatMap(({ session }) => session.take().map(({ text }) => text));
    assert.equal(heard.toSorted(), words.toSorted());
    assert.equal(whats(entries).slice(0, 4), ['begun', 'sending', 'answered', 'done']);
    assert.is(entries.at(-1)?.what, 'applied');
    assert.ok(
      entries.every(({ who, plan: hash, at }) => who === 'op@desk' && hash === planHash(plan) && at !== ''),
    );
  }));

test('a state that has moved is refused with the place, and nothing is sent', () =>
  atDesk(async ({ doors, apply, sent, entries }) => {
    const lon = doors.find(({ name }) => name === 'lon');
    await lon?.driver.connect('3', '4', 'one');
    sent();
    const result = await apply();
    assert.equal(result, {
      kind: 'refused',
      reasons: ['lon/3: expected no cross-connect, found →4'],
    });
    assert.equal(sent(), []);
    assert.equal(whats(entries), ['refused']);
  }));

test('light that has gone since the plan was made is a state that has moved', () =>
  atDesk(async ({ plant, settle, apply, sent }) => {
    plant.cut('gva-ams', { direction: 'a-to-b' });
    await settle();
    const result = await apply();
    assert.is(result.kind, 'refused');
    assert.match(
      result.kind === 'refused' ? (result.reasons[0] ?? '') : '',
      /^ams\/1\.1\.1 in: expected .*, found dark/,
    );
    assert.equal(sent(), []);
  }));

test('a device that denies in the middle has everything taken back, the last step first', () =>
  atDesk(async ({ apply, links, rule, before, entries }) => {
    rule('chi', 'ENT-CRS', { kind: 'deny', errorCode: 'SROF', reason: 'out of order' }, 1);
    const result = await apply();
    assert.is(result.kind, 'rolled-back');
    const { cause, others } = result as ApplyResult & { readonly kind: 'rolled-back' };
    assert.match(
      cause ?? '',
      /^step 8, connect chi 10\.1a\.2↔10\.1a\.3: ent-crs::.* was denied SROF out of order$/,
    );
    assert.equal(others, []);
    assert.equal((await links()).sort(), linksIn(before).sort());
    const undone = entries.flatMap((entry) => (entry.what === 'undone' ? [entry.step] : []));
    assert.equal(undone, [8, 7, 6, 5, 4, 3, 2, 1]);
  }));

test('a step of which only the first command was done is taken back, too', () =>
  atDesk(async ({ apply, links, rule, before, doors }) => {
    const ams = doors.find(({ name }) => name === 'ams');
    rule('ams', 'DLT-CRS', { kind: 'deny', errorCode: 'SROF', reason: 'out of order' }, 1);
    assert.is((await apply()).kind, 'rolled-back');
    assert.equal((await links()).sort(), linksIn(before).sort());
    assert.is((await ams?.driver.listCrossConnects())?.length, 2);
  }));

for (const [fact, verdict] of [
  ['acted and lost its answer', { kind: 'act-but-lose-reply' }],
  ['neither acted nor answered', { kind: 'never-answer' }],
  ['acted and hung up', { kind: 'hang-up' }],
] as const)
  test(`a device that ${fact}, once, is asked what is so, and the plan goes on`, () =>
    atDesk(async ({ apply, links, rule, entries }) => {
      rule('gva', 'ENT-CRS-FIBER', verdict, 1);
      assert.equal(await apply(), { kind: 'applied' });
      assert.equal((await links()).sort(), OVER_LON.toSorted());
      const sent = entries.filter((entry) => entry.what === 'sending' && entry.device === 'gva');
      assert.is(sent.length, verdict.kind === 'never-answer' ? 5 : 4);
    }));

test('light that does not come at the end of a change takes the change back', () =>
  atDesk(async ({ apply, links, plant, before, settle, entries }) => {
    // A dark fibre that nothing showed before: it is not lit until the path is on it.
    plant.cut('lon-chi');
    await settle();
    const result = await apply();
    assert.is(result.kind, 'rolled-back');
    assert.match(
      (result as { readonly cause: string }).cause,
      /^step 9, disconnect ams .*: read back: .*out: expected -\d+\.\d+ dBm, found -50 dBm/,
    );
    assert.equal((await links()).sort(), linksIn(before).sort());
    assert.is(entries.at(-1)?.what, 'rolled-back');
  }));

test('what cannot be taken back is told, and taken back later', () =>
  atDesk(async ({ apply, links, rule, before }) => {
    const broken = { kind: 'deny', errorCode: 'SROF', reason: 'out of order' } as const;
    rule('chi', 'ENT-CRS', broken, 2);
    const left = await apply();
    assert.is(left.kind, 'left');
    assert.match(
      (left as { readonly reasons: readonly string[] }).reasons.join('\n'),
      /^step 4, disconnect chi .* is not taken back: chi 10\.1a\.1→10\.1a\.3 is not back; .*denied SROF/,
    );
    assert.is((await apply()).kind, 'refused');
    assert.equal(await apply('roll-back'), { kind: 'rolled-back', cause: null, others: [] });
    assert.equal((await links()).sort(), linksIn(before).sort());
  }));

test('who stops it has whole steps, and goes on or takes back', () =>
  atDesk(async ({ apply, links, entries, before }) => {
    const stop = new AbortController();
    const push = entries.push.bind(entries);
    entries.push = (...more: LedgerEntry[]): number => {
      if (more.some((entry) => entry.what === 'done' && entry.step === 2)) stop.abort();
      return push(...more);
    };
    assert.equal(await apply('begin', stop.signal), { kind: 'stopped', done: 2 });
    assert.is((await links()).length, linksIn(before).length + 2);
    const again = await apply();
    assert.match(
      (again as { readonly reasons: readonly string[] }).reasons[0] ?? '',
      /interrupted, with 2 of 9 steps/,
    );
    assert.equal(await apply('resume'), { kind: 'applied' });
    assert.equal((await links()).sort(), OVER_LON.toSorted());
    assert.is(progressOf(entries, entries[0]?.plan ?? '').kind, 'none');
    assert.is((await apply('roll-back')).kind, 'refused');
  }));

/** The last step on the switch in London, and somebody who makes just the same there. */
function rival({ plan, doors }: Desk) {
  const step = plan.steps.findLast(({ device }) => device === 'lon');
  const [made] = step?.makes ?? [];
  if (step === undefined || made === undefined) throw new Error('the plan makes nothing in London');
  const door = doors.find(({ name }) => name === 'lon');
  return {
    step: step.number,
    make: () => door?.driver.connect(made.input, made.output, 'one') ?? Promise.resolve(),
    link: `lon ${made.input}→${made.output}`,
    difference: `lon/${made.input}: expected no cross-connect, found →${made.output}`,
  };
}

for (const [when, isIt] of [
  ['before the step that would', (entry, step) => entry.what === 'done' && entry.step === step - 1],
  ['as the step that would is sent', (entry, step) => entry.what === 'sending' && entry.step === step],
] as const satisfies readonly (readonly [string, (entry: LedgerEntry, step: number) => boolean])[])
  test(`a cross-connect like one of the plan's that somebody else makes ${when} make it is left to him`, () =>
    atDesk(async (desk) => {
      const { step, make, link, difference } = rival(desk);
      desk.interrupt((entry) => isIt(entry, step), make);
      const result = await desk.apply();
      assert.is(result.kind, 'rolled-back');
      const { cause, others } = result as ApplyResult & { readonly kind: 'rolled-back' };
      assert.match(
        cause ?? '',
        new RegExp(`^step ${step}, .*(before anything was sent|somebody else did it)`),
      );
      assert.equal(others, [difference]);
      assert.equal((await desk.links()).sort(), [...linksIn(desk.before), link].sort());
    }));

test('what the log shows to be denied is not taken for its own by who goes on or takes back', () =>
  atDesk(async (desk) => {
    const { step, make, link, difference } = rival(desk);
    desk.interrupt((entry) => entry.what === 'sending' && entry.step === step, make);
    const died = new Error('died');
    desk.interrupt(
      (entry) => entry.what === 'answered' && entry.step === step,
      () => Promise.reject(died),
    );
    assert.is(await desk.apply().catch((error: unknown) => error), died);
    for (const mode of ['resume', 'roll-back'] as const)
      assert.equal(await desk.apply(mode), { kind: 'refused', reasons: [difference] });
    assert.ok((await desk.links()).includes(link));
  }));

/** A log of which the end was never written, because its writer died. */
async function dieAfter(desk: Desk, count: number): Promise<boolean> {
  const { entries } = desk;
  const push = entries.push.bind(entries);
  const died = new Error('died');
  entries.push = (...more: LedgerEntry[]): number => {
    if (entries.length >= count) throw died;
    return push(...more);
  };
  const isDead = await desk.apply().then(
    () => false,
    (error: unknown) => {
      if (error !== died) throw error;
      return true;
    },
  );
  entries.push = push;
  return isDead;
}

test('an apply that dies at any entry of the log can be taken back', async () => {
  let deaths = 0;
  for (let count = 1; ; count += 3) {
    let isDead = true;
    await atDesk(async (desk) => {
      isDead = await dieAfter(desk, count);
      if (!isDead) return;
      deaths++;
      const result = await desk.apply('roll-back');
      assert.equal(result, { kind: 'rolled-back', cause: null, others: [] }, `after ${count} entries`);
      assert.equal((await desk.links()).sort(), linksIn(desk.before).sort());
    });
    if (!isDead) break;
  }
  assert.ok(deaths >= 9, `${deaths} deaths`);
});

test('an apply that dies can be gone on with, unless a step is made in part', async () => {
  let [gone, refused] = [0, 0];
  for (let count = 2; count < 33; count += 3) {
    await atDesk(async (desk) => {
      if (!(await dieAfter(desk, count))) return;
      const result = await desk.apply('resume');
      if (result.kind === 'refused') {
        refused++;
        assert.match(result.reasons[0] ?? '', /made in part/);
        return;
      }
      gone++;
      assert.equal(result, { kind: 'applied' }, `after ${count} entries`);
      assert.equal((await desk.links()).sort(), OVER_LON.toSorted());
    });
  }
  assert.ok(gone >= 8 && refused <= 3, `${gone} gone on with, ${refused} refused`);
});

test('an interrupted apply is not gone on with where somebody else has been meanwhile', () =>
  atDesk(async (desk) => {
    await dieAfter(desk, 4);
    const lon = desk.doors.find(({ name }) => name === 'lon');
    await lon?.driver.connect('3', '4', 'one');
    for (const mode of ['resume', 'roll-back'] as const)
      assert.equal(await desk.apply(mode), {
        kind: 'refused',
        reasons: ['lon/3: expected no cross-connect, found →4'],
      });
  }));

test.run();
