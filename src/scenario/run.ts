// One execution of a scenario: builds its world, lets its time pass, and judges the records that are left.

import { assert } from '../core/assert.ts';
import { after, EPOCH, type Instant, seconds } from '../core/time.ts';
import { Trace, type TraceRecord } from '../engine/trace.ts';
import { Checkers } from './checkers/all.ts';
import type { Violation } from './checkers/checker.ts';
import { CircuitActions } from './circuit-actions.ts';
import { bootCircuitNodes, buildCircuits } from './circuits.ts';
import { bootDaemons } from './daemons.ts';
import { rescheduled } from './explore/rescheduled.ts';
import type { Schedule } from './explore/schedule.ts';
import { terminalsOfFibres } from './host-line.ts';
import { bootReceivers, HostLights } from './host-optics.ts';
import { judge, type Verdict } from './judge.ts';
import { buildPlant } from './light.ts';
import { addLinks } from './machines.ts';
import { type Measured, measure } from './metrics.ts';
import { bootAgents, bootDevices, bootHosts } from './programs.ts';
import { RunError } from './run-error.ts';
import { startSampler } from './sampler.ts';
import type { Scenario } from './schema.ts';
import type { Action } from './schema-timeline.ts';
import { RunStatus } from './status.ts';
import type { Tamper } from './tamper.ts';
import { Timeline } from './timeline.ts';
import { openWorld } from './worlds/open.ts';
import type { World, WorldName } from './worlds/world.ts';

export interface RunOptions {
  readonly world: WorldName;
  /** Instead of the scenario's own. */
  readonly seed?: string;
  /** An empty folder, for worlds whose machines keep files on this one. */
  readonly folder: string;
  /** Takes each line of the trace, with its line end, as it is recorded. */
  readonly sink?: (line: string) => void;
  /** Told now and then of the run's time, with a line on its state, and once at the end. */
  readonly progress?: RunProgress;
  /** Of the program, for the trace. */
  readonly version: string;
  /** The scenario's file, as the command that runs it again should name it. */
  readonly file: string;
  /** A defect, planted to see what the checkers make of it. */
  readonly tamper?: Tamper;
  /** Played in place of the scenario's own timeline, in an order and with latencies that the seed decides. */
  readonly faults?: { readonly file: string; readonly schedule: Schedule };
  /** Given the run before its time passes, to do what no timeline can foresee. */
  readonly conduct?: (stage: Stage) => void;
}

/** A run as its conductor has it. */
export interface Stage extends Pick<World, 'clock' | 'trace' | 'end'> {
  /** Both directions, in the middle. */
  cut(fibre: string): void;
  /** What the timeline might have done; transfers must be in it, at whatever time. */
  act(action: Action): void;
}

export interface RunProgress {
  update(now: Instant, status: string): void;
  end(now: Instant, status: string): void;
}

export interface RunResult {
  readonly scenario: Scenario;
  readonly world: WorldName;
  readonly seed: string;
  readonly records: readonly TraceRecord[];
  /** SHA-256 over the trace, in hex. */
  readonly hash: string;
  readonly measured: Measured;
  readonly verdicts: readonly Verdict[];
  readonly violations: readonly Violation[];
  readonly invariants: readonly string[];
  /** Whether every expectation holds. */
  readonly isMet: boolean;
}

/** The agents' default, MonALISA's: what a cross-connect may outlive its lease by. */
const leaseDefault = seconds(30);

/** Rejects with `RunError` when a program fails or the engine stops: it tells the time and the tail of the trace. */
export async function run(given: Scenario, options: RunOptions): Promise<RunResult> {
  const schedule = options.faults?.schedule;
  const seed = options.seed ?? schedule?.seed ?? given.seed;
  const scenario = schedule === undefined ? given : rescheduled(given, schedule, seed);
  const trace = new Trace(options.sink);
  const { world: name, folder } = options;
  const world = await openWorld(name, {
    seed,
    convergence: scenario.network.convergence,
    trace,
    folder,
    scenario,
    isPermuted: schedule !== undefined,
  });
  try {
    await build(
      world,
      scenario,
      { scenario: scenario.name, seed, version: options.version, world: name },
      options,
    );
    await pass(world, scenario, options.progress);
  } catch (error) {
    throw new RunError({
      file: options.file,
      seed,
      world: name,
      at: world.clock.now(),
      trace,
      cause: error,
      faults: options.faults?.file,
    });
  }
  return evaluate(scenario, seed, world, schedule === undefined ? null : after(EPOCH, schedule.settledBy));
}

/** Lets the world's time pass, and tells how it goes. */
async function pass(world: World, scenario: Scenario, progress: RunProgress | undefined): Promise<void> {
  const status = new RunStatus();
  await world.play(scenario.duration, (now) => {
    status.follow(world.trace.records);
    progress?.update(now, status.format());
  });
  status.follow(world.trace.records);
  progress?.end(world.clock.now(), status.format());
}

/** `facts` are the trace's first record: what run this is. */
async function build(
  world: World,
  scenario: Scenario,
  facts: TraceRecord['fields'],
  { tamper, conduct }: Pick<RunOptions, 'tamper' | 'conduct'>,
): Promise<void> {
  addLinks(world.links, scenario);
  const lights = new HostLights();
  const plant = buildPlant(world, scenario, (terminal) => lights.changed(terminal));
  const switches = bootDevices(world, scenario, plant);
  const circuits = buildCircuits(world, scenario);
  const devices = new Map([...switches, ...bootCircuitNodes(world, scenario, circuits)]);
  bootAgents(world, scenario, tamper);
  bootDaemons(world, scenario, plant, lights);
  bootReceivers(world, scenario, plant, lights);
  const transfers = await bootHosts(world, scenario);
  world.begin();
  world.record('run.started', facts);
  const circuitActions = new CircuitActions(world, scenario, circuits);
  const timeline = new Timeline(world, plant, devices, transfers, circuitActions);
  timeline.start(scenario);
  startSampler(world, transfers);
  const { clock, trace } = world;
  conduct?.({
    ...{ clock, trace },
    end: () => world.end(),
    cut: (fibre) => plant.cut(fibre),
    act: (action) => timeline.act(action),
  });
}

function evaluate(scenario: Scenario, seed: string, world: World, restsBy: Instant | null): RunResult {
  const { records } = world.trace;
  const lines = terminalsOfFibres(scenario);
  const checkers = new Checkers(scenario.provisioning.lease ?? leaseDefault, lines, restsBy);
  for (const record of records) checkers.observe(record);
  checkers.settle(world.clock.now());
  const measured = measure(scenario, records, checkers.count);
  const verdicts = judge(scenario.expectations, measured);
  assert(verdicts.length === scenario.expectations.length, 'every expectation has a verdict');
  return {
    scenario,
    world: world.name,
    seed,
    records,
    hash: world.trace.hash(),
    measured,
    verdicts,
    violations: checkers.violations,
    invariants: checkers.invariants,
    isMet: verdicts.every((v) => v.isMet),
  };
}
