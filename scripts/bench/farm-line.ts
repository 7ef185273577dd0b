// 200 emulated switches of 320 ports in one process, each polled once a second for the power of all its ports, over real
// TCP, by the drivers in this process: the memory and the share of one core that the emulators take, and the drivers'
// share. The limit is as many bytes ready-made, sent and thrown away by bare sockets. The families are those
// that list power: a PXC tells it port by port, which takes longer than a second of its own time.

import { type ChildProcess, fork } from 'node:child_process';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { FamilyName } from '../../emulators/families.ts';
import { seconds } from '../../src/core/time.ts';
import { hostPlatform } from '../../src/host/platform.ts';
import { openSwitch } from '../../src/optical/families.ts';
import type { Chunk } from '../../src/platform/chunk.ts';
import type { Network } from '../../src/platform/platform.ts';
import { type FarmOrder, type FarmReport, type FarmUsage, usage } from './farm-report.ts';
import type { BenchFigure, BenchLine, MeasuredFigure } from './line.ts';

const SWITCHES = 200;
const PORTS = 320;
const FAMILIES: readonly FamilyName[] = ['glimmerglass', 'calient-s', 'polatis'];
const PERIOD_MS = 1_000;
const WARM_UP_MS = 5_000;
const MEASURED_MS = 20_000;
const HERE = '127.0.0.1';
const MIB = 2 ** 20;

const switches = Array.from({ length: SWITCHES }, (_, i) => FAMILIES[i % FAMILIES.length] ?? 'glimmerglass');

interface Polled {
  /** Asks once, and says how many bytes came. */
  poll(): Promise<number>;
  close(): Promise<void>;
}

interface Burden {
  readonly farm: FarmUsage;
  readonly poller: FarmUsage;
  readonly pollsPerSecond: number;
}

export const farmLine: BenchLine = {
  name: 'farm',
  measure: async () => {
    const emulated = await measureFarm({ switches, ports: PORTS, answerBytes: null }, pollByDriver);
    const answerBytes = Math.round(emulated.bytesPerPoll);
    const bare = await measureFarm({ switches, ports: PORTS, answerBytes }, pollBare(answerBytes));
    return figures(emulated, bare, answerBytes);
  },
};

function figures(emulated: Burden, bare: Burden, answerBytes: number): BenchFigure[] {
  const readyMade = `ready-made answers of ${answerBytes} bytes`;
  const figure = (
    name: string,
    unit: string,
    target: MeasuredFigure['target'],
    [value, limit]: readonly [number, number],
    reference = readyMade,
  ): MeasuredFigure => ({
    kind: 'measured',
    name: `${SWITCHES} switches of ${PORTS} ports, ${name}`,
    ...{ value, unit, target },
    reference: { kind: 'limit', name: reference, value: limit, ratio: value / limit },
  });
  const inAll = { of: 'value', atMost: 1 } as const;
  const memory = { of: 'value', atMost: 1_024 } as const;
  const mib = (usage: FarmUsage): number => usage.rssBytes / MIB;
  return [
    figure(
      'polls',
      'polls/s',
      { of: 'ratio', atLeast: 0.95 },
      [emulated.pollsPerSecond, SWITCHES],
      'each once a second',
    ),
    figure('emulators', 'of a core', inAll, [emulated.farm.cpuSeconds, bare.farm.cpuSeconds]),
    figure('drivers', 'of a core', inAll, [emulated.poller.cpuSeconds, bare.poller.cpuSeconds]),
    figure("emulators' memory", 'MiB', memory, [mib(emulated.farm), mib(bare.farm)]),
  ];
}

/** CPU time for one poll of each; memory as it is at the end. */
async function measureFarm(
  order: FarmOrder,
  pollOf: (family: FamilyName, tcpPort: number) => Polled,
): Promise<Burden & { readonly bytesPerPoll: number }> {
  const farm = new Farm();
  try {
    const tcpPorts = await farm.open(order);
    const polled = tcpPorts.map((tcpPort, i) => pollOf(switches[i] ?? 'glimmerglass', tcpPort));
    const counts = { polls: 0, bytes: 0 };
    const stop = startPolling(polled, counts);
    await sleep(WARM_UP_MS);
    const before = { ...counts, at: performance.now(), farm: await farm.usage(), poller: usage() };
    await sleep(MEASURED_MS);
    const after = { ...counts, at: performance.now(), farm: await farm.usage(), poller: usage() };
    await stop();
    await Promise.all(polled.map((one) => one.close()));
    const took = (after.at - before.at) / 1e3;
    const made = after.polls - before.polls;
    // For each round of polls: on a machine with other work a round may take longer than its second.
    const share = (to: FarmUsage, from: FarmUsage): FarmUsage => ({
      cpuSeconds: ((to.cpuSeconds - from.cpuSeconds) / made) * polled.length,
      rssBytes: to.rssBytes,
    });
    return {
      farm: share(after.farm, before.farm),
      poller: share(after.poller, before.poller),
      pollsPerSecond: made / took,
      bytesPerPoll: (after.bytes - before.bytes) / made,
    };
  } finally {
    farm.close();
  }
}

/** Each once a period, evenly spread over it; a poll that takes longer than the period is not overtaken. */
function startPolling(
  polled: readonly Polled[],
  counts: { polls: number; bytes: number },
): () => Promise<unknown> {
  let isStopped = false;
  const keepAsking = async ({ poll }: Polled, first: number): Promise<void> => {
    for (let due = first; !isStopped; due = Math.max(due + PERIOD_MS, performance.now())) {
      await sleep(due - performance.now());
      const bytes = await poll();
      counts.bytes += bytes;
      counts.polls++;
    }
  };
  const start = performance.now();
  const asking = polled.map((one, i) => keepAsking(one, start + (i * PERIOD_MS) / polled.length));
  return () => {
    isStopped = true;
    return Promise.all(asking);
  };
}

function pollByDriver(family: FamilyName, tcpPort: number): Polled {
  let heard = 0;
  const { clock, network, log } = hostPlatform({ machine: 'poller', folder: tmpdir() });
  const device = openSwitch(family, {
    ...{ name: `${family}:${tcpPort}`, clock, log },
    network: overheard(network, (bytes) => (heard += bytes)),
    address: { machine: HERE, tcpPort },
    login: { user: 'admin', password: 'admin' },
    timings: { retrieveLimit: seconds(60) },
  });
  const poll = async (): Promise<number> => {
    const before = heard;
    const readings = await device.readPower();
    if (readings.length !== 2 * PORTS) throw new Error(`${family} gave ${readings.length} readings`);
    return heard - before;
  };
  return { poll, close: () => device.close() };
}

/** The network, with every byte that comes in counted. */
function overheard(network: Network, hear: (bytes: number) => void): Network {
  const connectTo: Network['connect'] = async (to, signal) => {
    const connection = await network.connect(to, signal);
    const read = async (): Promise<Chunk | null> => {
      const chunk = await connection.read();
      if (chunk !== null) hear(chunk.length);
      return chunk;
    };
    const { local, remote } = connection;
    const write = (chunk: Chunk): Promise<void> => connection.write(chunk);
    return { local, remote, read, write, end: () => connection.end(), abort: (why) => connection.abort(why) };
  };
  return { connect: connectTo } as Network;
}

const pollBare =
  (answerBytes: number) =>
  (_family: FamilyName, tcpPort: number): Polled => {
    const socket = connect({ port: tcpPort, host: HERE, noDelay: true });
    let left = 0;
    let done: (bytes: number) => void = () => {};
    socket.on('data', (data) => {
      left -= data.length;
      if (left <= 0) done(answerBytes);
    });
    const poll = (): Promise<number> =>
      new Promise((resolve) => {
        left = answerBytes;
        done = resolve;
        socket.write('power;');
      });
    return { poll, close: async () => void socket.destroy() };
  };

class Farm {
  /** With the runtime's own options: memory is measured. */
  readonly #child: ChildProcess = fork(fileURLToPath(new URL('./switch-farm.js', import.meta.url)), [], {
    execArgv: [],
  });

  async open(order: FarmOrder): Promise<readonly number[]> {
    const report = await this.#ask(order);
    return report.kind === 'listening' ? report.tcpPorts : [];
  }

  async usage(): Promise<FarmUsage> {
    const report = await this.#ask('usage');
    if (report.kind !== 'usage') throw new Error('the farm did not say what it uses');
    return report;
  }

  close(): void {
    this.#child.kill();
  }

  #ask(message: FarmOrder | 'usage'): Promise<FarmReport> {
    this.#child.send(message);
    return new Promise((resolve, reject) => {
      this.#child.once('message', (report) => resolve(report as FarmReport));
      this.#child.once('exit', (code) => reject(new Error(`the farm ended with exit code ${code}`)));
    });
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
