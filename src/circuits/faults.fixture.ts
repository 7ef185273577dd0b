// What can go wrong with a command that changes something, and nodes at which it goes wrong at any one of them.

import type { CommandVerdict } from '../../emulators/command-rules.ts';
import type { Suite } from '../../scripts/testing/suite.ts';
import { bitsPerSecond } from '../core/quantity.ts';
import { type Duration, ms, seconds, ZERO } from '../core/time.ts';
import type { CircuitOutcome } from './circuit-service.ts';
import { type Body, type FaultyNodes, inVirtualTime, overTcp } from './faulty-nodes.fixture.ts';

/** More than the commands of this circuit that change something. */
const CHANGES_MAX = 11;

export interface Fault {
  readonly verdict: CommandVerdict;
  /** How many changes in a row it hits. */
  readonly times: number;
  /** It is tried at each so-manieth change. */
  readonly step: number;
  /** The nodes can be reached again after this; at once, if absent. */
  readonly settles?: Duration;
  /** An outcome that there is among those of a create. */
  readonly among: 'done' | 'refused' | 'unknown';
}

const FAULTS: Readonly<Record<string, Fault>> = {
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
  'a session that hangs up': {
    verdict: { kind: 'hang-up' },
    times: 1,
    step: 3,
    settles: seconds(2),
    among: 'done',
  },
  'a controller that restarts': {
    verdict: { kind: 'restart', after: ms(0.5), down: seconds(2) },
    times: 1,
    step: 3,
    settles: seconds(5),
    among: 'done',
  },
  'a controller that stays away': {
    verdict: { kind: 'restart', after: ms(0.5), down: seconds(30) },
    times: 1,
    step: 5,
    settles: seconds(40),
    among: 'unknown',
  },
};

export interface Rig extends FaultyNodes {
  arm(fault: Fault, first: number): void;
  /** Resolves when the nodes can be reached again. */
  mend(): Promise<void>;
}

/** Each fault that there is: in virtual time one after another, over TCP some at once, and fewer of the changes. */
export function atEachChange(
  test: Suite,
  title: string,
  body: (rig: Rig, fault: Fault, first: number) => Promise<CircuitOutcome>,
  judge: (outcomes: ReadonlySet<string>, fault: Fault) => void = () => {},
): void {
  const hit = (fault: Fault, first: number, outcomes: Set<string>): Body =>
    rigged(first % 3 !== 0, async (rig) => void outcomes.add((await body(rig, fault, first)).kind));
  for (const [name, fault] of Object.entries(FAULTS))
    test(`in virtual time: ${name} ${title}`, async () => {
      const outcomes = new Set<string>();
      for (const first of changes(fault.step)) await inVirtualTime(hit(fault, first, outcomes));
      judge(outcomes, fault);
    });
  test(`over TCP: ${Object.keys(FAULTS).join(', ')} ${title}`, async () => {
    const found = Object.entries(FAULTS).map(([name, fault]) => ({
      name,
      fault,
      outcomes: new Set<string>(),
    }));
    const waiting = found.flatMap(({ name, fault, outcomes }) =>
      changes(Math.max(fault.step, TCP_STEP)).map((first) => ({ name, body: hit(fault, first, outcomes) })),
    );
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        await overTcp(next.body).catch(namingFault(next.name));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    for (const { fault, outcomes } of found) judge(outcomes, fault);
  });
}

/** Neighbours of the third change are of the same kind, mostly. */
const TCP_STEP = 3;
/** As many as a busy machine serves without being late. */
const AT_ONCE = 12;

const namingFault =
  (name: string) =>
  (error: unknown): never => {
    if (error instanceof Error) error.message = `${name}: ${error.message}`;
    throw error;
  };

const changes = (step: number): number[] =>
  Array.from({ length: Math.ceil(CHANGES_MAX / step) }, (_, i) => i * step);

/** Small circuits by an own route, large ones of two GTPs and two SNCs by the route that is found. */
const rigged =
  (isSmall: boolean, body: (rig: Rig) => Promise<void>): Body =>
  async (nodes) => {
    let rule: { remove(): void } | null = null;
    let settles: Duration = ZERO;
    const arm = ({ verdict, times, ...rest }: Fault, first: number): void => {
      let changes = 0;
      settles = rest.settles ?? ZERO;
      rule = nodes.rules.add(({ verb }) => {
        if (!/^(ent|ed|dlt)-/i.test(verb)) return { kind: 'pass' };
        const n = changes++;
        return n >= first && n < first + times ? verdict : { kind: 'pass' };
      });
    };
    const mend = async (): Promise<void> => {
      rule?.remove();
      if (settles > 0) await nodes.clock.sleep(settles);
    };
    const route = isSmall ? nodes.secondRoute : [];
    const request = { ...nodes.request, rate: bitsPerSecond(isSmall ? 1e8 : 2.5e9), route };
    await body({ ...nodes, request, arm, mend });
  };
