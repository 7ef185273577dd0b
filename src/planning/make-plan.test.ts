import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { PlanError } from './errors.ts';
import type { NetworkState } from './network-state.ts';
import { type Plan, planHash, planText, readPlan, stepTitle } from './plan.ts';
import { planTables } from './plan-table.ts';
import { sealedText } from './sealed-file.ts';
import { bareState, OVER_AMS, planOf, SCIENCE, siteWith, stateWith } from './site.fixture.ts';

const test = suite('plans');

const MOVE = `${SCIENCE}changes:\n  - move: { path: science, avoid: [ams] }\n`;

/** Made once: each is two twins. */
let moving: Promise<{ plan: Plan; state: NetworkState }> | null = null;

function movingPlan(): Promise<{ plan: Plan; state: NetworkState }> {
  moving ??= (async () => {
    const site = siteWith(MOVE);
    const state = await stateWith(site, OVER_AMS);
    return { plan: await planOf(site, state), state };
  })();
  return moving;
}

test('a new path comes as the commands of each family, with an undo for each', async () => {
  const site = siteWith('changes:\n  - add: { path: science, from: cern, to: fnal, via: [ams] }\n');
  const plan = await planOf(site, await stateWith(site, []));
  assert.equal(
    plan.steps.map((step) => [step.device, step.commands.map(({ text }) => text), step.undo]),
    [
      ['gva', ['ent-crs-fiber::10001,20002:{ctag};'], ['dlt-crs-fiber::10001,20002:{ctag};']],
      ['gva', ['ent-crs-fiber::10002,20001:{ctag};'], ['dlt-crs-fiber::10002,20001:{ctag};']],
      [
        'ams',
        ['ENT-CRS::1.1.1,1.1.2:{ctag}::SYSTEM,2WAY;', 'ACT-CRS::1.1.1,1.1.2:{ctag}::1.1.1-1.1.2,SYSTEM;'],
        [
          'CANC-CRS::1.1.1,1.1.2:{ctag}::,SYSTEM,1.1.1-1.1.2;',
          'DLT-CRS::1.1.1,1.1.2:{ctag}::,SYSTEM,1.1.1-1.1.2;',
        ],
      ],
      ['chi', ['ent-crs::10.1a.1,10.1a.3:{ctag}::,2way;'], ['dlt-crs:::{ctag}::10.1a.1-10.1a.3;']],
    ],
  );
  const [path] = plan.paths;
  assert.is(path?.before, null);
  assert.equal(path?.after?.fibres, ['cern-gva', 'gva-ams', 'ams-chi', 'chi-fnal']);
});

test('a move makes what is free before anything is dark, and names the path that it touches', async () => {
  const { plan } = await movingPlan();
  assert.equal(plan.steps.map(stepTitle), [
    'connect lon 1→2',
    'connect lon 2→1',
    'disconnect gva 1→2',
    'disconnect chi 10.1a.1↔10.1a.3',
    'disconnect gva 2→1',
    'connect gva 1→3',
    'connect gva 3→1',
    'connect chi 10.1a.2↔10.1a.3',
    'disconnect ams 1.1.1↔1.1.2',
  ]);
  const [path] = plan.paths;
  assert.equal(path?.touched_by, [3, 4, 5, 6, 7, 8, 9]);
  assert.equal(path?.dark.map(({ host }) => host).sort(), ['cern', 'fnal']);
  for (const { for_ms } of path?.dark ?? []) assert.ok(for_ms !== null && for_ms > 50 && for_ms < 1000);
});

test('the undo of a connection that was made from its other end makes it from that end', async () => {
  const { plan } = await movingPlan();
  const step = plan.steps.find(({ device, action }) => device === 'chi' && action === 'disconnect');
  assert.equal(
    step?.commands.map(({ text }) => text),
    ['dlt-crs:::{ctag}::10.1a.3-10.1a.1;'],
  );
  assert.equal(step?.undo, ['ent-crs::10.1a.3,10.1a.1:{ctag}::,2way;']);
});

test("a connection with a name that no command could give back is left alone, and is in nobody's way", async () => {
  const named = OVER_AMS.map(([device, input, output, name]) => {
    return [device, input, output, device === 'chi' ? 'LHC-1' : name] as const;
  });
  const other = siteWith('changes:\n  - connect: { device: chi, input: 10.1a.2, output: 10.1a.4 }\n');
  const state = bareState(other, named);
  assert.is((await planOf(other, state)).steps.length, 1);
  const site = siteWith(`${SCIENCE}changes:\n  - remove: { path: science }\n`);
  const error = await rejects(planOf(site, state), PlanError);
  assert.match(error.message, /^chi 10\.1a\.\d→10\.1a\.\d is the connection LHC-1: a name that no undo/);
});

test('the power budget by arithmetic is what the receivers of the twin show, before and after', async () => {
  const { plan } = await movingPlan();
  const [path] = plan.paths;
  // 5 dB of fibre and three cross-connects: Glimmerglass 1.57, Calient S 2.7 and Calient 2.0 dB, or Polatis 1.5.
  for (const route of [path?.before, path?.after]) {
    assert.is(route?.receivers.length, 2);
    for (const receiver of route?.receivers ?? [])
      assert.ok(Math.abs(receiver.budget_dbm - receiver.twin_dbm) < 0.01, JSON.stringify(receiver));
  }
  assert.ok((path?.after?.loss_db ?? 0) > 5 && path?.after?.loss_db !== path?.before?.loss_db);
});

test('it says of every fibre in use who loses light by its cut, and who could go another way', async () => {
  const { plan } = await movingPlan();
  const told = plan.cuts.map(({ fibre, lost }) => [fibre, lost.map(({ other_way }) => other_way?.join(' '))]);
  const overAms = 'cern-gva gva-ams ams-chi chi-fnal';
  assert.equal(told, [
    ['cern-gva', [undefined]],
    ['gva-lon', [overAms]],
    ['lon-chi', [overAms]],
    ['chi-fnal', [undefined]],
  ]);
});

test('every step and command has a predicted time, and the same plan comes of the same state', async () => {
  const { plan, state } = await movingPlan();
  for (const { predicted_ms, commands } of plan.steps)
    assert.ok(predicted_ms > 10 && commands.every((command) => command.predicted_ms > 10));
  assert.ok(plan.predicted_ms > plan.steps.reduce((sum, step) => sum + step.predicted_ms, 0));
  assert.is(planHash(await planOf(siteWith(MOVE), state)), planHash(plan));
});

test('a dark transmitter and a cut fibre of the live state are dark on the twin, too', async () => {
  const site = siteWith(MOVE);
  const state = await stateWith(site, OVER_AMS);
  const dark = {
    ...state,
    devices: state.devices.map((device) => ({
      ...device,
      powers: device.powers.map((power) => (power.port === '1.1.1' ? { ...power, in_dbm: -50 } : power)),
    })),
  };
  const plan = await planOf(site, dark);
  const receivers = plan.paths[0]?.before?.receivers ?? [];
  assert.is(receivers.find(({ host }) => host === 'fnal')?.twin_dbm, -50);
  assert.ok((receivers.find(({ host }) => host === 'cern')?.twin_dbm ?? -50) > -24);
  assert.match(
    plan.warnings.join('\n'),
    /^ams\/1\.1\.1 in: expected -4\.\d dBm from cern over gva-ams, found dark/,
  );
});

test('a plan is read as it was written, and refused when a word of it was changed', async () => {
  const { plan } = await movingPlan();
  const text = planText(plan);
  assert.equal(readPlan('x.plan.json', text), plan);
  const tampered = text.replace('10001,20003', '10001,20004');
  assert.not.equal(tampered, text);
  assert.throws(() => readPlan('x.plan.json', tampered), /changed since it was written/);
  assert.throws(() => readPlan('x.plan.json', '{"hash": "1"}'), /changed since it was written/);
  assert.throws(() => readPlan('x.plan.json', 'steps: []'), /not a plan: not JSON/);
});

test('a plan that was sealed again by hand is refused where no plan of ours looks so', async () => {
  const { plan } = await movingPlan();
  const [first, ...others] = plan.steps;
  const withFirst = (change: object): object => ({ ...plan, steps: [{ ...first, ...change }, ...others] });
  const forged: readonly (readonly [object, RegExp])[] = [
    [{ ...plan, format: 'lightbed plan 2' }, /format: .*"lightbed plan 1" but received "lightbed plan 2"/],
    [{ ...plan, steps: others }, /step 2 stands where step 1 should/],
    [{ ...plan, steps: [...plan.steps, first] }, /step 1 stands where step 10 should/],
    [withFirst({ device: 'rome' }), /step 1: unknown device rome/],
    [
      withFirst({ undo: ['dlt-crs; logout'] }),
      /step 1: not a TL1 command as plans write them: dlt-crs; logout/,
    ],
    [{ ...plan, state: { ...plan.state, devices: [] } }, /its state is of nothing, not of its devices/],
    [{ ...plan, devices: [plan.devices[1], ...plan.devices] }, /two devices are named ams/],
    [{ ...plan, power_tolerance_db: -1 }, /power_tolerance_db/],
  ];
  for (const [content, message] of forged)
    assert.throws(() => readPlan('x.plan.json', sealedText(content)), message);
});

test('people read the commands, the undo, the budget and the cuts', async () => {
  const { plan } = await movingPlan();
  const text = planTables(plan);
  assert.match(text, /^9 steps, [\d.]+ m?s with the read-back of each, by the twin:/);
  assert.match(text, /ent-crs-fiber::10001,20003:\*; +dlt-crs-fiber::10001,20003:\*;/);
  assert.match(text, /science +touched by 7 steps: cern-gva gva-lon lon-chi chi-fnal +fnal +-1\d\.\d dBm/);
  assert.match(text, /gva-lon +science +could go by cern-gva gva-ams ams-chi chi-fnal/);
});

const refusals: readonly [fact: string, rest: string, message: RegExp][] = [
  [
    'a port that another cross-connect holds',
    'changes:\n  - connect: { device: gva, input: 1, output: 3 }\n',
    /^site\.yaml:\d+:5: connect gva 1 3: gva\/1 is in the cross-connect gva 1→2$/,
  ],
  [
    'a path that has no free way',
    'changes:\n  - add: { path: more, from: cern, to: fnal }\n',
    /add more: no free fibres lead from cern to fnal/,
  ],
  [
    'a cross-connect that is not there',
    'changes:\n  - disconnect: { device: lon, input: 1, output: 2 }\n',
    /there is no cross-connect lon 1→2/,
  ],
  [
    'a route that does not hang together',
    `${SCIENCE}changes:\n  - move: { path: science, route: [cern-gva, lon-chi, chi-fnal] }\n`,
    /fibre lon-chi does not go on at gva/,
  ],
];

for (const [fact, rest, message] of refusals)
  test(`it is refused with its line: ${fact}`, async () => {
    const site = siteWith(rest);
    const state = await stateWith(site, OVER_AMS);
    const error = await rejects(planOf(site, state), PlanError);
    assert.match(error.message, message);
  });

test('a path that is not whole is not taken apart', async () => {
  const site = siteWith(`${SCIENCE}changes:\n  - remove: { path: science }\n`);
  const state = await stateWith(site, OVER_AMS.slice(1));
  const error = await rejects(planOf(site, state), PlanError);
  assert.match(
    error.message,
    /remove science: it is not whole: the way from cern ends at gva\/1, not at fnal/,
  );
});

test('a fibre at a port that the device does not have is told', async () => {
  const site = siteWith('changes:\n  - connect: { device: gva, input: 3, output: 4 }\n');
  const state = await stateWith(site, []);
  const small = {
    ...state,
    devices: state.devices.map((one) => (one.device === 'gva' ? { ...one, ports: ['1', '2'] } : one)),
  };
  const error = await rejects(planOf(site, small), PlanError);
  assert.match(error.message, /fibre gva-lon ends at gva\/3, and gva has no such port, only 1 to 2/);
});

test.run();
