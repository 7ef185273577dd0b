// What can go wrong with a command that changes something, and a small world in which it goes wrong at any one of them.

import { CIENA_TCP_PORT, cienaEmulator } from '../../emulators/ciena.ts';
import type { CommandVerdict } from '../../emulators/command-rules.ts';
import { bitsPerSecond } from '../core/quantity.ts';
import { ms, seconds } from '../core/time.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import type { CircuitFixture } from './circuit-service.conformance.ts';
import type { CircuitRequest } from './circuit-service.ts';
import { cienaPair, fixture, NODES } from './conformance.fixture.ts';

/** More than the commands of this circuit that change something. */
export const CHANGES_MAX = 11;

export interface Fault {
  readonly verdict: CommandVerdict;
  /** How many changes in a row it hits. */
  readonly times: number;
  /** It is tried at each so-manieth change. */
  readonly step: number;
  /** An outcome that there is among those of a create. */
  readonly among: 'done' | 'refused' | 'unknown';
}

export const FAULTS: Readonly<Record<string, Fault>> = {
  'a lost reply': { verdict: { kind: 'act-but-lose-reply' }, times: 1, step: 1, among: 'done' },
  'two lost replies': { verdict: { kind: 'act-but-lose-reply' }, times: 2, step: 4, among: 'done' },
  'an acknowledgement without an answer': {
    verdict: { kind: 'acknowledge', code: 'NA' },
    times: 1,
    step: 3,
    among: 'done',
  },
  'a lost command': { verdict: { kind: 'never-answer' }, times: 1, step: 2, among: 'done' },
  'a node deaf to changes from there on': {
    verdict: { kind: 'never-answer' },
    times: Infinity,
    step: 2,
    among: 'unknown',
  },
  'a refusal': {
    verdict: { kind: 'deny', errorCode: 'SARB', reason: 'All Resources Busy' },
    times: 1,
    step: 1,
    among: 'refused',
  },
  'a node that is busy': { verdict: { kind: 'acknowledge', code: 'RL' }, times: 2, step: 3, among: 'done' },
  'a session that hangs up': { verdict: { kind: 'hang-up' }, times: 1, step: 3, among: 'done' },
  'a controller that restarts': {
    verdict: { kind: 'restart', after: ms(0.5), down: seconds(2) },
    times: 1,
    step: 3,
    among: 'refused',
  },
};

export interface Rig extends CircuitFixture {
  readonly request: CircuitRequest;
  /** Changes count from now on; the fault hits from the `first` of them. */
  arm(fault: Fault, first: number): void;
  mend(): void;
}

/** Small circuits by an own route, large ones of two GTPs and two SNCs by the route that is found. */
export async function rig(isSmall: boolean, body: (rig: Rig) => Promise<void>): Promise<void> {
  const { world, drive } = smallWorld({ nodes: ['agent', ...NODES], delay: ms(1) });
  const pair = cienaPair(world.clock);
  let rule: { remove(): void } | null = null;
  const arm = ({ verdict, times }: Fault, first: number): void => {
    let changes = 0;
    rule = pair.rules.add(({ verb }) => {
      if (!/^(ent|ed|dlt)-/i.test(verb)) return { kind: 'pass' };
      const n = changes++;
      return n >= first && n < first + times ? verdict : { kind: 'pass' };
    });
  };
  for (const node of NODES)
    world
      .machine(node)
      .boot((platform) => cienaEmulator(platform, pair.network, node, pair.profile(node)), node);
  await drive(() =>
    world.machine('agent').run(async (platform) => {
      const made = fixture(pair, platform, (machine) => ({ machine, tcpPort: CIENA_TCP_PORT }));
      const route = isSmall ? made.secondRoute : [];
      const request = { name: 'c1', ends: made.ends, rate: bitsPerSecond(isSmall ? 1e8 : 2.5e9), route };
      await body({ ...made, request, arm, mend: () => rule?.remove() });
      await made.service.close();
    }),
  );
}
