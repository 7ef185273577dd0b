// A laboratory of two emulated switches for agents from the command line: their site file, a daemon that asks them, and an
// operator who orders.

import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { DARK_POWER } from '../../emulators/light.ts';
import { assert, type Suite } from '../../scripts/testing/suite.ts';
import type { Finished } from './cli.fixture.ts';
import { ask, Desk, type Emulator, isCompiled, type Started } from './emulate.fixture.ts';

const FIBRES = `fibres:
  cern-gva: { between: [cern, gva/1], length: 1 km, loss: 0.5 dB }
  short: { between: [gva/2, chi/1], length: 10 km, loss: 2 dB }
  long: { between: [gva/3, chi/2], length: 20 km, loss: 2 dB }
  chi-fnal: { between: [chi/3, fnal], length: 1 km, loss: 0.5 dB }
`;

const LAB = `switches:
  gva: { family: glimmerglass, ports: 4 }
  chi: { family: polatis, ports: 4 }
hosts: { cern: {}, fnal: {} }
${FIBRES}`;

/** A machine may give each process a tenth of a core, and all of them start at once. */
const PATIENCE = 10;

export const SHORT = ['cern-gva', 'short', 'chi-fnal'];
export const LONG = ['cern-gva', 'long', 'chi-fnal'];

/** How applications ask a daemon on the bench. */
export interface BenchDaemon {
  /** Runs a `lightbed path` to its end. */
  readonly path: (...words: string[]) => Promise<Finished>;
  /** Starts a `lightbed path watch`. */
  readonly watch: (...words: string[]) => Started;
}

/** An emulated laboratory, and a site file that says where its devices and their agents are. */
export class Bench {
  readonly desk = new Desk();
  readonly agents: readonly [gva: string, chi: string];
  readonly devices: readonly [gva: string, chi: string];
  readonly emulator: Emulator;

  private constructor(desk: Desk, emulator: Emulator, agents: readonly [string, string]) {
    this.desk = desk;
    this.emulator = emulator;
    this.agents = agents;
    // A Glimmerglass listens with echo first, then raw.
    this.devices = [`127.0.0.1:${emulator.ports[1]}`, `127.0.0.1:${emulator.ports[2]}`];
    this.writeSite('site.yaml');
  }

  static async open(): Promise<Bench> {
    const desk = new Desk();
    writeFileSync(join(desk.folder, 'lab.yaml'), LAB);
    const emulator = await desk.emulate('--file', 'lab.yaml', '--user', 'admin:admin');
    return new Bench(desk, emulator, [await freeAddress(), await freeAddress()]);
  }

  writeSite(file: string, change: (text: string) => string = (text) => text): void {
    const [gva, chi] = this.agents;
    const text = `devices:
  gva: { family: glimmerglass, address: '${this.devices[0]}', agent: '${gva}' }
  chi: { family: polatis, address: '${this.devices[1]}', agent: '${chi}' }
hosts:
  cern: { power: 0 dBm, sensitivity: -24 dBm }
  fnal: { power: 0 dBm, sensitivity: -24 dBm }
${FIBRES}provisioning: { patience: ${PATIENCE}, lease: 5 min }
`;
    writeFileSync(join(this.desk.folder, file), change(text));
  }

  /** Resolves once it listens. */
  async agent(name: 'gva' | 'chi', ...words: string[]): Promise<Started> {
    const agent = this.desk.start('agent', 'site.yaml', '--switch', name, '--store', name, ...words);
    await agent.said(/^agent of \w+ at /m);
    return agent;
  }

  /** Resolves once applications can ask it. */
  async daemon(): Promise<BenchDaemon> {
    const ports = ['--listen', '127.0.0.1:0', '--listen-peers', '127.0.0.1:0', '--socket', 'none'];
    const words = ['--host', 'cern', '--agents', this.agents[0], '--patience', `${PATIENCE}`, ...ports];
    const daemon = this.desk.start('daemon', ...words);
    await daemon.said(/applications at \S+,/);
    const at = /applications at (\S+),/.exec(daemon.stdout)?.[1] ?? '';
    return {
      path: (...words) => this.desk.lightbed('path', ...words, '--daemon', at),
      watch: (...words) => this.desk.start('path', 'watch', ...words, '--daemon', at),
    };
  }

  /** Resolves when no light leaves the port any more, as soon as that is so. */
  async isDark(port: string): Promise<void> {
    await eventually(`${port} is dark`, async () => {
      const { data } = await ask(this.emulator, { verb: 'power', name: port });
      const [power] = data as { out_dbm: number }[];
      return power !== undefined && power.out_dbm <= DARK_POWER;
    });
  }

  operator(...words: string[]): Promise<string> {
    return this.operatorAt('gva', ...words);
  }

  async operatorAt(name: 'gva' | 'chi', ...words: string[]): Promise<string> {
    const agent = this.agents[name === 'gva' ? 0 : 1];
    const { code, stdout, stderr } = await this.desk.lightbed('path', ...words, '--agent', agent);
    return `${code} ${stdout}${stderr}`;
  }

  /** What the device has, as `1→3`. */
  async connections(name: 'gva' | 'chi'): Promise<readonly string[]> {
    const [device, family] =
      name === 'gva' ? [this.devices[0], 'glimmerglass'] : [this.devices[1], 'polatis'];
    const { code, stdout, stderr } = await this.desk.lightbed(
      ...['device', device, 'crs', '--family', family, '--json'],
    );
    assert.is(code, 0, stderr);
    const found = JSON.parse(stdout) as { input: string; output: string }[];
    return found.map(({ input, output }) => `${input}→${output}`).sort();
  }
}

/** Asks again and again; what has not come about after minutes does not, be the machine ever so slow. */
export async function eventually(fact: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const from = performance.now(); !(await isSo()); ) {
    if (performance.now() - from > 180_000) throw new Error(`it never comes to it that ${fact}`);
    await new Promise((again) => setTimeout(again, 50));
  }
}

/** Of this moment: nobody else on the machine should take it before the agent does. */
export async function freeAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return `127.0.0.1:${port}`;
}

/** Adds tests that each have a bench of their own. */
export const onBench =
  (test: Suite) =>
  (fact: string, body: (bench: Bench) => Promise<void>): void => {
    if (!isCompiled) return test.skip(fact, 'the command is not compiled here');
    test(fact, async () => {
      const bench = await Bench.open();
      try {
        await body(bench);
      } finally {
        await bench.desk.clear();
      }
    });
  };
