// A driver and two emulated nodes whose faults a test can put in and take out: over modelled TCP in virtual time, and
// over TCP of this machine with clocks that hurry.

import { CIENA_TCP_PORT, type CienaProfile, cienaEmulator } from '../../emulators/ciena.ts';
import type { CommandRules } from '../../emulators/command-rules.ts';
import type { DeviceFault } from '../../emulators/device-fault.ts';
import { type FaultOrder, installFault, type StandingFault } from '../../emulators/install-fault.ts';
import type { Suite } from '../../scripts/testing/suite.ts';
import { bitsPerSecond } from '../core/quantity.ts';
import { between, type Duration, ms, seconds } from '../core/time.ts';
import { hostPlatform } from '../host/platform.ts';
import { HurriedClock } from '../optical/hurried-clock.fixture.ts';
import type { Address, Platform } from '../platform/platform.ts';
import { smallWorld } from '../sim/world.fixture.ts';
import type { CircuitFixture } from './circuit-service.conformance.ts';
import type { CircuitOutcome, CircuitRequest, CircuitService } from './circuit-service.ts';
import { type CienaPair, cienaPair, driverOf, fixture, NODES } from './conformance.fixture.ts';
import { listenOnHost } from './host-nodes.fixture.ts';

export const DONE: CircuitOutcome = { kind: 'done' };

/** For a change; a retrieve may take twice as long, as for a real node. */
export const CHANGE_LIMIT: Duration = seconds(5);
export const RETRIEVE_LIMIT: Duration = seconds(10);

/** A driver that lost its session is back within this, in either world. */
export const RECONNECTED: Duration = seconds(15);
const RECONNECT_LONGEST = seconds(5);

/** How much faster clocks run over real sockets. A time limit of 5 s is 250 ms then, enough for a busy machine. */
const HASTE = 20;
/** An address of these suites' own, so that the nodes' usual port is free. */
const HOST = '127.34.19.1';

export interface FaultyNodes extends CircuitFixture {
  /** A circuit of two STS-1 between the nodes. */
  readonly request: CircuitRequest;
  /** Of both nodes. */
  readonly rules: CommandRules;
  /** What a machine may be late by, beyond the time that is meant. */
  readonly slack: Duration;
  /** Puts a fault into both nodes, as a scenario or `ctl` would into one. */
  fault(fault: DeviceFault, order?: Omit<FaultOrder, 'fault'>): StandingFault;
  /** Another client of the same nodes. */
  another(): CircuitService;
  took(body: () => Promise<unknown>): Promise<Duration>;
}

export type Body = (nodes: FaultyNodes) => Promise<void>;

/** A test in virtual time, and another over TCP of this machine. */
export function inBothWorlds(
  test: Suite,
  title: string,
  body: Body,
  profile: Partial<CienaProfile> = {},
): void {
  test(`in virtual time: ${title}`, () => inVirtualTime(body, profile));
  test(`over TCP: ${title}`, () => overTcp(body, profile));
}

export async function inVirtualTime(body: Body, profile: Partial<CienaProfile> = {}): Promise<void> {
  const { world, drive } = smallWorld({ nodes: ['agent', ...NODES], delay: ms(1) });
  const pair = cienaPair(world.clock, profile);
  for (const node of NODES)
    world
      .machine(node)
      .boot((platform) => cienaEmulator(platform, pair.network, node, pair.profile(node)), node);
  const address = (machine: string): Address => ({ machine, tcpPort: CIENA_TCP_PORT });
  await drive(() =>
    world.machine('agent').run((platform) => withDriver(pair, platform, address, seconds(1), body)),
  );
}

export async function overTcp(body: Body, profile: Partial<CienaProfile> = {}): Promise<void> {
  const clock = new HurriedClock(hostPlatform({ machine: 'agent', folder: '.' }).clock, HASTE);
  const pair = cienaPair(clock, profile);
  const stop = new AbortController();
  const { agent, address } = await listenOnHost(pair, HOST, clock, stop.signal);
  try {
    await withDriver(pair, agent, address, seconds(20), body);
  } finally {
    stop.abort();
  }
}

async function withDriver(
  pair: CienaPair,
  platform: Platform,
  address: (node: string) => Address,
  slack: Duration,
  body: Body,
): Promise<void> {
  const { clock } = platform;
  const opened: CircuitService[] = [];
  const another = (): ReturnType<typeof driverOf> => {
    const timings = { changeLimit: CHANGE_LIMIT, retrieveLimit: RETRIEVE_LIMIT };
    const service = driverOf(platform, address, timings, { reconnectLongest: RECONNECT_LONGEST });
    opened.push(service);
    return service;
  };
  const made = fixture(pair, platform, address, another());
  const { rules } = pair;
  const faulty = { name: 'both', sid: 'BOTH', rules, optics: null };
  try {
    await body({
      ...{ ...made, rules, slack, another },
      request: { name: 'c1', ends: made.ends, rate: bitsPerSecond(1e8) },
      fault: (fault, order = {}) => installFault(clock, faulty, { fault, ...order }),
      took: async (work) => {
        const from = clock.now();
        await work();
        return between(from, clock.now());
      },
    });
  } finally {
    for (const service of opened) await service.close();
  }
}
