import { assert, suite } from '../../scripts/testing/suite.ts';
import { seconds } from '../core/time.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import type { AgentContext } from './agent-context.ts';
import type { LightPath } from './light-path.ts';
import type { AgentMessage } from './messages.ts';
import { type OwedRounds, PathRenewals } from './path-renewals.ts';
import { DEFAULT_TIMINGS, LIMITS } from './timings.ts';

const test = suite('renewals of paths');

const pathOf = (name: string, switches: readonly string[], state = 'up'): LightPath =>
  ({
    name,
    state,
    revision: 2,
    held: switches.map((switchName) => ({ switchName, pair: { a: '1', b: '2' } })),
    untold: [],
  }) as unknown as LightPath;

test('a switch is told once a heartbeat of all paths that it has something of', async () => {
  const { world, drive } = smallWorld({ nodes: ['here'] });
  const { platform } = world.machine('here');
  const sent: { to: string; message: AgentMessage }[] = [];
  const many = Array.from({ length: LIMITS.renewalsMax }, (_, i) => pathOf(`m${i}`, ['S3']));
  const paths = [
    pathOf('p', ['S1', 'S2']),
    pathOf('q', ['S2', 'S3']),
    pathOf('over', ['S1'], 'ended'),
    ...many,
  ];
  const context = {
    platform,
    timings: DEFAULT_TIMINGS,
    send: (to: string, message: AgentMessage) => sent.push({ to, message }),
  } as unknown as AgentContext;
  // Of these, S4 has carried its part out, and another switch has not.
  const carriedOut = [{ switchName: 'S4', path: 'new', revision: 0, remove: null, make: { a: '1', b: '2' } }];
  const owed = {
    releases: { sayAgain: () => {} },
    backups: { tick: () => {} },
    transactions: { carriedOut },
  } as unknown as OwedRounds;
  await drive(async () => {
    for (const task of new PathRenewals(context, owed, () => paths).run()) task.catch(() => {});
    await platform.clock.sleep(seconds(15));
  });
  const told = sent.map(({ to, message }) => {
    assert.is(message.type, 'renew-all');
    const names = message.type === 'renew-all' ? message.paths.map(({ path }) => path) : [];
    return `${to} ${names.length > 2 ? names.length : names.join(' ')}`;
  });
  const last = LIMITS.renewalsMax - 1;
  assert.equal(told, ['S1 p', 'S2 p q', `S3 ${last + 1}`, `S3 m${last}`, 'S4 new']);
});

test.run();
