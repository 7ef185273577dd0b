// A test bed: agents on machines of their own, switches in memory on a plant of fibres, terminals that send
// and receive light, and everything that agents recorded. Ports are numbered in the order that fibres are named.

import { type FamilyName, families } from '../../emulators/families.ts';
import { Plant } from '../../emulators/plant.ts';
import { bitsPerSecond, bytes, db, dbm, type Metres, metres } from '../core/quantity.ts';
import { type Duration, type Instant, ms, ns, seconds, us } from '../core/time.ts';
import { Engine } from '../engine/engine.ts';
import { Trace, type TraceRecord } from '../engine/trace.ts';
import { hostTurn } from '../host/turn.ts';
import { DataNetwork } from '../net/data-network.ts';
import { openSwitch } from '../optical/families.ts';
import type { OpticalSwitch } from '../optical/switch.ts';
import { type Chunk, isBytes } from '../platform/chunk.ts';
import type { Address, Connection, Platform } from '../platform/platform.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { worldClock } from '../sim/clock.ts';
import type { VirtualMachine } from '../sim/machine.ts';
import { VirtualWorld } from '../sim/world.ts';
import { agentProgram } from './agent.ts';
import type { AgentConfig } from './agent-config.ts';
import { PathClient } from './client.ts';
import { MemorySwitch } from './memory-switch.fixture.ts';
import type { AgentTimings } from './timings.ts';
import type { Far } from './topology-messages.ts';

export interface BedOptions {
  /** `id: 'a b km'`; names that begin with T are terminals (`T/2`: the second of T), all others switches. */
  readonly fibres: { readonly [id: string]: string };
  /** Of fibres that are in any. */
  readonly srlgs?: { readonly [fibre: string]: readonly string[] };
  /** One way between any two machines. */
  readonly delay?: Duration;
  readonly timings?: Partial<AgentTimings>;
  readonly alarms?: readonly string[];
  /** For every agent. */
  readonly config?: Partial<AgentConfig>;
  /** Switches that stand behind TL1 on a machine of their own; the others are in memory. */
  readonly families?: { readonly [name: string]: FamilyName };
  readonly seed?: string;
  /** Called with each record before an agent writes it; may throw, as a bug would. */
  readonly onRecord?: (kind: string, fields: TraceRecord['fields']) => void;
  /** Agents are told of these only, and of nobody else. */
  readonly seeds?: readonly string[];
  /** More machines on the network, with nothing on them. */
  readonly hosts?: readonly string[];
  /** Called when a terminal has lost its light, or has it again. */
  readonly onLight?: (terminal: string) => void;
  /** The machine that speaks for a terminal's receiver. */
  readonly speakerOf?: (terminal: string) => string;
  /** Agents that `join` starts. */
  readonly late?: readonly string[];
}

interface End {
  readonly node: string;
  readonly port: string;
}

export class Bed {
  readonly engine = new Engine({ turn: hostTurn, waits: () => this.world.waits.list() });
  readonly trace = new Trace();
  readonly world: VirtualWorld;
  readonly plant: Plant;
  readonly switches = new Map<string, MemorySwitch>();
  readonly machines = new Map<string, VirtualMachine>();
  readonly client: VirtualMachine;
  readonly #delay: Duration;
  readonly #families: NonNullable<BedOptions['families']>;
  readonly #data: DataNetwork;
  readonly #onRecord: BedOptions['onRecord'];
  readonly #onLight: (terminal: string) => void;
  readonly #late = new Map<string, () => void>();
  readonly #muted = new Set<string>();

  constructor(o: BedOptions) {
    this.#delay = o.delay ?? ms(5);
    this.#families = o.families ?? {};
    this.#onRecord = o.onRecord;
    this.#onLight = o.onLight ?? (() => {});
    this.#data = new DataNetwork({ clock: worldClock(this.engine), convergence: ms(50) });
    this.#data.addNode('hub');
    const random = seededRandom(o.seed ?? 'bed');
    this.world = new VirtualWorld({ engine: this.engine, network: this.#data, random, trace: this.trace });
    this.plant = new Plant({ clock: this.world.clock, observer: this.#observer() });
    const { ports, fibres } = layOut(o.fibres, this.#families);
    const names = [...ports.keys()].filter((name) => !isTerminal(name));
    for (const [name, list] of ports) this.#addOptics(name, list);
    for (const [id, { a, b, length }] of fibres) this.plant.addFibre(id, { a, b, length, loss: db(0.5) });
    this.client = this.#machine('client');
    for (const name of o.hosts ?? []) this.#machine(name);
    for (const name of names) this.#machine(name);
    for (const [name, family] of Object.entries(this.#families)) this.#startDevice(name, family);
    for (const name of names) {
      const config = { ...configOf(name, names, fibres, o), ...o.config };
      const start = (): void => this.#startAgent(config, o.alarms?.includes(name) ?? false);
      if (o.late?.includes(name)) this.#late.set(name, start);
      else start();
    }
  }

  at(name: string): VirtualMachine {
    const machine = this.machines.get(name);
    if (machine === undefined) throw new RangeError(`no machine ${name}`);
    return machine;
  }

  switchOf(name: string): MemorySwitch {
    const found = this.switches.get(name);
    if (found === undefined) throw new RangeError(`no switch ${name}`);
    return found;
  }

  newClient(agent: string): PathClient {
    return new PathClient(this.client.platform, { machine: agent, tcpPort: 3400 });
  }

  sleep(d: Duration): Promise<void> {
    return this.client.platform.clock.sleep(d);
  }

  /** Runs until `task` is done, from a moment when agents know each other. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    let isDone = false;
    const result = this.client.run(async () => {
      await this.sleep(seconds(2));
      return await task();
    });
    result.then(
      () => {
        isDone = true;
      },
      (error: unknown) => this.engine.stop(error instanceof Error ? error : new Error(String(error))),
    );
    await this.engine.run({ finished: () => isDone, horizon: seconds(3600) as number as Instant });
    return await result;
  }

  records(kind: string): TraceRecord[] {
    return this.trace.records.filter((r) => r.kind === kind);
  }

  /** Starts an agent that was left for later. */
  join(name: string): void {
    this.#late.get(name)?.();
  }

  /** Cuts these machines off from all others, and lets them in again. */
  isolate(names: readonly string[], isCutOff: boolean): void {
    for (const name of names) this.#data.setLink(`${name}-hub`, { isUp: !isCutOff });
  }

  /** What that agent says to the other is lost, though the connection between them lives; what it hears still comes. */
  mute(from: string, to: string): { remove(): void } {
    const key = `${from} ${to}`;
    this.#muted.add(key);
    return { remove: () => void this.#muted.delete(key) };
  }

  /** Puts a machine farther away from all others. */
  slow(name: string, delay: Duration): void {
    this.#data.setLink(`${name}-hub`, { delay });
  }

  /** Waits until there are `count` records of that kind. */
  async until(kind: string, count = 1, limit = seconds(60)): Promise<TraceRecord> {
    const step = ms(5);
    for (let waited = 0; waited < limit; waited += step) {
      const found = this.records(kind)[count - 1];
      if (found !== undefined) return found;
      await this.sleep(step);
    }
    throw new Error(`no ${kind} within the limit; the last records:\n${this.trace.tail(30).join('\n')}`);
  }

  /** Cross-connects of all switches, as `switch in out`. */
  crossConnects(): string[] {
    return [...this.switches.keys()].flatMap((name) =>
      this.plant
        .switch(name)
        .crossConnects()
        .map(([i, o]) => `${name} ${i} ${o}`),
    );
  }

  #machine(name: string, to = 'hub', delay = ns(this.#delay / 2)): VirtualMachine {
    this.#data.addNode(name);
    this.#data.addLink({
      id: `${name}-${to}`,
      a: name,
      b: to,
      capacity: bitsPerSecond(1e9),
      delay,
      queue: bytes(1e6),
      loss: 0,
      mtu: bytes(1500),
      isUp: true,
    });
    const machine = this.world.machine(name);
    this.machines.set(name, machine);
    return machine;
  }

  #addOptics(name: string, ports: readonly string[]): void {
    if (isTerminal(name))
      this.plant.addTerminal(name, { launchPower: dbm(0), sensitivity: dbm(-25), powerOnDelay: ms(10) });
    else this.plant.addSwitch(name, { ports, insertionLoss: db(1) });
  }

  #startAgent(config: AgentConfig, sendsAlarms: boolean): void {
    const machine = this.at(config.switchName);
    machine.boot(async (ownPlatform) => {
      const network = this.#network(config.switchName, ownPlatform.network);
      const platform = { ...ownPlatform, network, log: this.#log(ownPlatform.log) };
      const device = new MemorySwitch(platform.clock, this.plant.switch(config.switchName), { sendsAlarms });
      const faults = this.switches.get(config.switchName)?.faults;
      if (faults !== undefined) Object.assign(device.faults, faults);
      this.switches.set(config.switchName, device);
      await agentProgram(platform, config, this.#driver(platform, config.switchName) ?? device);
    });
  }

  #network(name: string, network: Platform['network']): Platform['network'] {
    const heard = (connection: Connection): Connection => ({
      local: connection.local,
      remote: connection.remote,
      read: () => connection.read(),
      write: (chunk) => {
        const isMuted = this.#muted.has(`${name} ${connection.remote.machine}`);
        return isMuted && !isUpkeep(chunk) ? Promise.resolve() : connection.write(chunk);
      },
      end: () => connection.end(),
      abort: (cause) => connection.abort(cause),
    });
    return {
      connect: async (to, signal) => heard(await network.connect(to, signal)),
      listen: (tcpPort, accept) => network.listen(tcpPort, (connection) => accept(heard(connection))),
      datagrams: (udpPort) => network.datagrams(udpPort),
    };
  }

  #log(log: Platform['log']): Platform['log'] {
    const onRecord = this.#onRecord;
    if (onRecord === undefined) return log;
    const record: Platform['log']['record'] = (kind, fields) => {
      onRecord(kind, fields);
      log.record(kind, fields);
    };
    return { record };
  }

  #startDevice(name: string, family: FamilyName): void {
    const machine = this.#machine(`${name}-device`, name, us(100));
    const profile = families[family].defaults(machine.name);
    machine.boot((platform) => families[family].program(platform, this.plant.switch(name), profile));
  }

  #driver(platform: Platform, name: string): OpticalSwitch | null {
    const family = this.#families[name];
    if (family === undefined) return null;
    const address = { machine: `${name}-device`, tcpPort: families[family].tcpPort };
    return openSwitch(family, { ...platform, name, address, login: { user: 'admin', password: 'admin' } });
  }

  #observer(): ConstructorParameters<typeof Plant>[0]['observer'] & object {
    const record = (kind: string, fields: TraceRecord['fields']): void =>
      this.trace.record(this.engine.now(), 'world', kind, fields);
    return {
      fibreCut: (fibre, direction) => record('fibre.cut', { fibre, direction }),
      crossConnected: (name, input, output) => record('switch.connected', { switch: name, input, output }),
      disconnected: (name, input, output) => record('switch.disconnected', { switch: name, input, output }),
      lightLost: (terminal) => {
        record('light.lost', { terminal });
        this.#onLight(terminal);
      },
      lightRestored: (terminal, from, length) => {
        record('light.restored', { terminal, from, length_m: length });
        this.#onLight(terminal);
      },
    };
  }
}

export const hostOf = (terminal: string): string => terminal.split('/')[0] ?? terminal;

/** What keeps a connection between agents. */
const isUpkeep = (chunk: Chunk): boolean =>
  isBytes(chunk) && /^\{"type":"(hello|ping|pong)"/.test(new TextDecoder().decode(chunk));

const isTerminal = (name: string): boolean => name.startsWith('T');

interface LaidFibre {
  readonly a: End;
  readonly b: End;
  readonly length: Metres;
}

function layOut(
  fibres: BedOptions['fibres'],
  of: NonNullable<BedOptions['families']>,
): {
  ports: Map<string, string[]>;
  fibres: Map<string, LaidFibre>;
} {
  const ports = new Map<string, string[]>();
  const nextEnd = (node: string): End => {
    const list = ports.get(node) ?? [];
    const labels = families[of[node] ?? 'glimmerglass'].portLabels(16);
    const port = isTerminal(node) ? 'line' : (labels[list.length] ?? '');
    ports.set(node, [...list, port]);
    return { node, port };
  };
  const laid = new Map<string, LaidFibre>();
  for (const [id, text] of Object.entries(fibres)) {
    const [a = '', b = '', km = '0'] = text.split(' ');
    laid.set(id, { a: nextEnd(a), b: nextEnd(b), length: metres(Number(km) * 1e3) });
  }
  return { ports, fibres: laid };
}

function configOf(
  name: string,
  names: readonly string[],
  fibres: ReadonlyMap<string, LaidFibre>,
  { timings = {}, seeds, srlgs = {}, speakerOf }: BedOptions,
): AgentConfig {
  const ports = [...fibres].flatMap(([fibre, { a, b, length }]) =>
    [[a, b] as const, [b, a] as const].flatMap(([near, far]) =>
      near.node === name
        ? [
            {
              ...{ port: near.port, fibre, far: farOf(far), length },
              ...(srlgs[fibre] && { srlg: srlgs[fibre] }),
              ...(speakerOf && isTerminal(far.node) && { speaker: speakerOf(hostOf(far.node)) }),
            },
          ]
        : [],
    ),
  );
  const peers = names
    .filter((other) => other !== name)
    .map((other) => ({ switchName: other, address: { machine: other, tcpPort: 3400 } }));
  const common = { switchName: name, tcpPort: 3400, ports, timings };
  if (seeds === undefined) return { ...common, peers };
  const addressOf = (machine: string): Address => ({ machine, tcpPort: 3400 });
  return { ...common, peers: [], seeds: seeds.map(addressOf), address: addressOf(name) };
}

const farOf = ({ node, port }: End): Far =>
  isTerminal(node)
    ? { kind: 'terminal', terminal: hostOf(node) }
    : { kind: 'switch', switchName: node, port };
