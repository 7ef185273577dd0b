// What the driver reports when circuit nodes misbehave in what they say, and when. Faults that strike one change among
// many are in faults-create and faults-delete.

import { assert, rejects, suite } from '../../scripts/testing/suite.ts';
import { bitsPerSecond } from '../core/quantity.ts';
import { formatDuration, ms, seconds } from '../core/time.ts';
import { CircuitError } from './errors.ts';
import { CHANGE_LIMIT, DONE, inBothWorlds, RECONNECTED, RETRIEVE_LIMIT } from './faulty-nodes.fixture.ts';

const test = suite('the driver of circuits, when nodes answer badly');

inBothWorlds(
  test,
  'a notification before each part of every answer changes nothing (GR-833)',
  async ({ service, request, fault }) => {
    fault({ kind: 'interleave-parts' });
    assert.equal(await service.create({ ...request, rate: bitsPerSecond(2.5e9) }), DONE);
    assert.equal(
      (await service.list()).map(({ name, isWhole }) => [name, isWhole]),
      [['c1', true]],
    );
    assert.equal(await service.delete('c1'), DONE);
    assert.equal(await service.list(), []);
  },
  { partBytesMax: 300 },
);

inBothWorlds(
  test,
  'an answer long after IP is waited for, and nothing is sent again',
  async ({ service, request, rules, fault, took, slack }) => {
    await service.list();
    const said: string[] = [];
    rules.add(({ verb }) => {
      said.push(verb.toUpperCase());
      return { kind: 'pass' };
    });
    const by = seconds(4);
    fault({ kind: 'delay', by }, { command: 'ENT-GTP', times: 1 });
    const time = await took(async () => assert.equal(await service.create(request), DONE));
    assert.ok(time > by && time < by + slack, formatDuration(time));
    assert.is(said.filter((verb) => verb === 'ENT-GTP').length, 1);
  },
);

inBothWorlds(
  test,
  'a node that says RL for long is refused with that code, and nothing is left of the circuit',
  async ({ service, request, fault }) => {
    const busy = fault({ kind: 'acknowledge', code: 'RL' }, { command: 'ENT-GTP' });
    const outcome = await service.create(request);
    assert.is(outcome.kind === 'refused' && outcome.errorCode, 'RL');
    assert.ok(busy.struck > 1, 'it was asked again');
    assert.equal(await service.list(), []);
    busy.remove();
    assert.equal(await service.create(request), DONE);
  },
);

inBothWorlds(
  test,
  'NA, accepted and uncertain, is looked up: done',
  async ({ service, request, carried, clock, fault }) => {
    fault({ kind: 'acknowledge', code: 'NA' }, { command: 'ENT-SNC-STSPC' });
    assert.equal(await service.create(request), DONE);
    await clock.sleep(seconds(1));
    assert.ok((carried('c1') ?? 0) > 0);
  },
);

inBothWorlds(
  test,
  '"Login Not Active" right after the login is asked again',
  async ({ service, request, fault }) => {
    fault({ kind: 'login-settling', by: ms(700) });
    assert.equal(await service.create(request), DONE);
  },
);

inBothWorlds(
  test,
  'fields in another order, and one more, are read the same',
  async ({ service, request, clock, fault }) => {
    await service.create(request);
    await clock.sleep(seconds(1));
    const listed = await service.list();
    assert.is(listed[0]?.isWhole, true);
    fault({ kind: 'other-release' });
    assert.equal(await service.list(), listed);
    assert.equal(await service.create(request), DONE);
  },
);

inBothWorlds(
  test,
  'a listing slower than the limit is an error, and read once it is fast again',
  async ({ service, request, clock, fault }) => {
    await service.create(request);
    const slow = fault({ kind: 'slow-listing', by: seconds(30) });
    await rejects(service.list(), CircuitError);
    slow.remove();
    await clock.sleep(seconds(60));
    assert.is((await service.list()).length, 1);
  },
);

inBothWorlds(test, 'a listing that is refused is an error with the code', async ({ service, fault }) => {
  await service.list();
  fault({ kind: 'deny', code: 'SDNR' }, { command: 'RTRV-VCG' });
  const error = await rejects(service.list(), CircuitError);
  assert.is((error as CircuitError).errorCode, 'SDNR');
});

inBothWorlds(
  test,
  'a circuit of somebody else is listed, leaves the others their slots, and is not taken for ours',
  async ({ service, request, another }) => {
    assert.equal(await another().create({ ...request, name: 'theirs' }), DONE);
    assert.equal(await service.create(request), DONE);
    assert.equal((await service.list()).map(({ name }) => name).sort(), ['c1', 'theirs']);
    assert.equal(await service.delete('c1'), DONE);
    assert.equal(
      (await service.list()).map(({ name, isWhole }) => [name, isWhole]),
      [['theirs', true]],
    );
  },
);

inBothWorlds(
  test,
  'clients that create circuits at the same time take other slots than each other, from either end',
  async ({ service, request, clock, carried, another }) => {
    const [a, b] = request.ends;
    const clients = [service, another(), another(), another()];
    await Promise.all(clients.map((client) => client.list())); // all are logged in
    const names = clients.map((_, i) => `c${i + 1}`);
    const outcomes = await Promise.all(
      clients.map((client, i) =>
        client.create({ ...request, name: names[i] as string, ends: i % 2 === 0 ? [a, b] : [b, a] }),
      ),
    );
    assert.equal(
      outcomes,
      clients.map(() => DONE),
    );
    await clock.sleep(seconds(1));
    for (const name of names) assert.ok((carried(name) ?? 0) >= request.rate, name);
  },
);

inBothWorlds(
  test,
  'nodes that take commands and never answer: changes are unknown, and retrieves fail, in bounded time',
  async ({ service, request, clock, fault, took, slack }) => {
    await service.list();
    const deaf = fault({ kind: 'no-answer' });
    const time = await took(async () => assert.is((await service.create(request)).kind, 'unknown'));
    assert.ok(time <= RETRIEVE_LIMIT + slack, formatDuration(time));
    await rejects(service.list(), CircuitError);
    deaf.remove();
    await clock.sleep(RECONNECTED);
    assert.equal(await service.create(request), DONE);
  },
);

inBothWorlds(
  test,
  'an answer after the driver gave up is not taken for another: the listing decides',
  async ({ service, request, fault }) => {
    fault({ kind: 'late', by: seconds(CHANGE_LIMIT / 1e9 + 1) }, { command: 'ENT-VCG', times: 1 });
    assert.equal(await service.create(request), DONE);
    assert.equal(await service.create({ ...request, name: 'c2' }), DONE);
    assert.equal(
      (await service.list()).map(({ name, isWhole }) => [name, isWhole]),
      [
        ['c1', true],
        ['c2', true],
      ],
    );
  },
);

inBothWorlds(
  test,
  'connections closed after the login are opened again; meanwhile it is unknown',
  async ({ service, request, clock, fault }) => {
    const hangUp = fault({ kind: 'hang-up' }, { command: 'ACT-USER' });
    assert.is((await service.create(request)).kind, 'unknown');
    hangUp.remove();
    await clock.sleep(RECONNECTED);
    assert.equal(await service.create(request), DONE);
  },
);

test.run();
