// So many light paths asked for in one instant, on a map with several fibres along each of its links: how long it
// takes until the last is settled, in the run's time and in the machine's, what the agents say for it, and whether each
// path is settled rightly, as told by the records and the fibres alone.

import { type Duration, seconds } from '../../src/core/time.ts';
import type { TraceRecord } from '../../src/engine/trace.ts';
import type { NetworkMap } from '../../src/net/maps/network-map.ts';
import { drawDemands } from '../../src/scenario/import/demand.ts';
import { scenarioOfMap } from '../../src/scenario/import/import-map.ts';
import { run, type Stage } from '../../src/scenario/run.ts';
import type { Scenario } from '../../src/scenario/schema.ts';
import { MessageMeter } from './message-meter.ts';
import { Settlement } from './settlement.ts';

export interface CrowdOptions {
  readonly map: NetworkMap;
  readonly requests: number;
  /** Along each link. */
  readonly fibres: number;
  readonly seed: string;
  /** The run ends then at the latest. */
  readonly duration: Duration;
  /** Told now and then how it goes. */
  readonly tell?: (line: string) => void;
}

export interface CrowdResult {
  readonly requests: number;
  readonly up: number;
  /** By kind. */
  readonly refused: ReadonlyMap<string, number>;
  /** What is wrong with how a path ended, one line each; none where all is well. */
  readonly wrong: readonly string[];
  readonly violations: number;
  /** From the requests until the last path was settled, in the run's seconds. */
  readonly settledAfter: number;
  /** Of the whole run, building and judging included, in the machine's seconds: on its clock, and of its processors. */
  readonly wall: number;
  readonly processor: number;
  /** Of the process at its largest, bytes. */
  readonly memory: number;
  readonly messages: number;
  readonly messagesPerPath: number;
  readonly bytesPerPath: number;
  readonly byType: ReadonlyMap<string, number>;
}

/** Said about one path; the others are the agents' own upkeep. */
const OF_PATHS = [
  'request',
  'granted',
  'refused',
  'prepare',
  'vote',
  'commit',
  'committed',
  'abort',
  'ask',
  'lit',
  'loss',
  'probe',
  'readings',
  'renew',
  'renewed',
  'renew-all',
  'renewed-all',
  'release',
  'released',
  'path-state',
];

/** Of a device that sends alarms: one that does not is asked for the power of all its ports ten times a second. */
const FAMILY = 'calient';

export async function crowd(options: CrowdOptions): Promise<CrowdResult> {
  const scenario = crowdScenario(options);
  const meter = new MessageMeter();
  const started = performance.now();
  const usage = process.cpuUsage();
  const result = await run(scenario, {
    world: 'virtual',
    folder: '',
    file: 'bench',
    version: 'bench',
    tamper: { platform: (platform) => meter.platform(platform), device: (device) => device },
    conduct: (stage) => endWhenSettled(stage, options),
  });
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(usage);
  const settlement = new Settlement(scenario, result.records);
  const asked = result.records.find((r: TraceRecord) => r.kind === 'path.requested')?.at ?? 0;
  const messages = meter.count(...OF_PATHS);
  return {
    requests: options.requests,
    up: settlement.up.size,
    refused: settlement.kinds,
    wrong: settlement.wrong,
    violations: result.violations.length,
    settledAfter: (settlement.last - asked) / 1e9,
    wall,
    processor: (user + system) / 1e6,
    memory: process.resourceUsage().maxRSS * 1024,
    messages: meter.total,
    messagesPerPath: messages / options.requests,
    bytesPerPath: meter.bytes / options.requests,
    byType: meter.counts,
  };
}

/** How long the run goes on once all is settled, to show that it stays so: ours, a heartbeat. */
const QUIET: Duration = seconds(10);

/** Captured here, because a run puts a guard over it. */
const nowMs = performance.now.bind(performance);

/** Between two words on how it goes, in the machine's time. */
const TELL_EVERY_MS = 10_000;

function endWhenSettled({ clock, trace, end }: Stage, { requests, tell }: CrowdOptions): void {
  const settled = new Set<unknown>();
  const startedMs = nowMs();
  let toldMs = startedMs;
  let read = 0;
  const look = (): void => {
    for (; read < trace.records.length; read++) {
      const { kind, fields } = trace.records[read] as TraceRecord;
      if (kind === 'path.up' || kind === 'path.refused' || kind === 'request.refused')
        settled.add(fields['path']);
    }
    if (nowMs() - toldMs >= TELL_EVERY_MS) {
      toldMs = nowMs();
      const times = `${clock.now() / 1e9} s simulated in ${((toldMs - startedMs) / 1000).toFixed(0)} s`;
      tell?.(`${settled.size} of ${requests} paths settled, ${times}`);
    }
    if (settled.size < requests) clock.timer(seconds(1), look);
    else clock.timer(QUIET, end);
  };
  clock.timer(seconds(1), look);
}

function crowdScenario({ map, requests, fibres, seed, duration }: CrowdOptions): Scenario {
  const links = map.links.flatMap((link) =>
    Array.from({ length: fibres }, (_, n) => ({ ...link, id: `${link.id}-${n + 1}` })),
  );
  const wide = { ...map, links };
  const demands = drawDemands(wide, requests, seed);
  return { ...scenarioOfMap(wide, { name: 'crowd', family: FAMILY, demands, seed }), duration };
}

export function formatCrowd(r: CrowdResult): string {
  const kinds = [...r.refused].map(([kind, count]) => `${count} ${kind}`).join(', ');
  const said = [...r.byType].sort(([, x], [, y]) => y - x).map(([type, n]) => `${type} ${n}`);
  return [
    `${r.requests} paths: ${r.up} up, refused ${kinds || 'none'}; wrong ${r.wrong.length}, violations ${r.violations}`,
    `  ${r.settledAfter.toFixed(2)} s simulated, ${r.wall.toFixed(1)} s wall, ${r.processor.toFixed(0)} s of processors, ${(r.memory / 1e9).toFixed(1)} GB; ${r.messagesPerPath.toFixed(1)} messages and ${(r.bytesPerPath / 1e3).toFixed(0)} kB a path; ${r.messages} in all: ${said.slice(0, 9).join(', ')}`,
    ...r.wrong.slice(0, 5).map((line) => `  wrong: ${line}`),
  ].join('\n');
}
