// Two or three CD/CI nodes under test, in memory and on a clock that stands: CHGO and NYCY joined by spans, GNVA
// beyond NYCY, each with its TL1 agent. Transcripts read as at a terminal: `@ ` goes to the terminal of a node, `> ` is
// typed, `< ` comes back, `! ` happens to a span or takes time, `= ` is what the circuits came to carry by then.

import type { BitsPerSecond } from '../src/core/quantity.ts';
import { type Duration, ms, ZERO } from '../src/core/time.ts';
import type { Platform } from '../src/platform/platform.ts';
import { seededRandom } from '../src/platform/seeded-random.ts';
import {
  CIENA_TCP_PORT,
  type CienaProfile,
  cienaDefaults,
  cienaEmulator,
  cienaNodeDefaults,
} from './ciena.ts';
import { CienaNetwork } from './ciena-network.ts';
import type { SncTimings } from './ciena-snc.ts';
import type { Restarts } from './device/restarts.ts';
import { type BenchClient, BenchNetwork } from './testing/bench-network.fixture.ts';
import { StepClock } from './testing/step-clock.fixture.ts';

export interface CienaBench {
  readonly clock: StepClock;
  readonly network: CienaNetwork;
  /** What circuits came to carry, in the order of the changes: `c1 1052.4 Mb/s`. */
  readonly heard: string[];
  /** A client at a node, past the greeting, logged in unless told otherwise. */
  open(node: string, isLoggedIn?: boolean): Promise<BenchClient>;
  /** Sends, waits, and gives what came. */
  ask(client: BenchClient, command: string, wait?: Duration): Promise<string>;
  /** Does what a transcript says, and gives it back with what came in place of what it expected. */
  perform(transcript: string): Promise<string>;
  /** Ends a node's agent and starts it anew. */
  restart(node: string): Promise<void>;
  /** The handles on the nodes' controllers. */
  readonly controllers: ReadonlyMap<string, Restarts>;
}

/** The TCP port of a node's agent on the one machine that there is. */
const tcpPortOf = (index: number): number => CIENA_TCP_PORT + index;

/** Spans: `lake-1` and `lake-2` from CHGO to NYCY, `ocean` from NYCY to GNVA. Commands take no time. */
export async function cienaBench(
  profile: Partial<CienaProfile> = {},
  timings: Partial<SncTimings> = {},
): Promise<CienaBench> {
  const clock = new StepClock();
  const wires = new BenchNetwork();
  const network = new CienaNetwork({ clock, timings: { signallingPerNode: ZERO, ...timings } });
  const names = ['CHGO', 'NYCY', 'GNVA'];
  const stops = new Map<string, AbortController>();
  const controllers = new Map<string, Restarts>();
  for (const [i, name] of names.entries()) {
    const ipAddress = `192.0.2.${i + 1}`;
    const third = { aid: '1-A-4-1', slots: 192 };
    network.addNode(name, {
      ...cienaNodeDefaults,
      ocPorts: [...cienaNodeDefaults.ocPorts, third],
      ipAddress,
    });
  }
  network.addSpan('lake-1', { a: { node: 'CHGO', port: '1-A-1-1' }, b: { node: 'NYCY', port: '1-A-1-1' } });
  network.addSpan('lake-2', { a: { node: 'CHGO', port: '1-A-2-1' }, b: { node: 'NYCY', port: '1-A-2-1' } });
  network.addSpan('ocean', { a: { node: 'NYCY', port: '1-A-4-1' }, b: { node: 'GNVA', port: '1-A-1-1' } });

  const restart = async (name: string): Promise<void> => {
    stops.get(name)?.abort();
    await clock.run(ZERO);
    const stop = new AbortController();
    stops.set(name, stop);
    const random = seededRandom(name);
    const platform = { machine: name, clock, network: wires, random } as unknown as Platform;
    const full = { ...cienaDefaults(name), commandTime: ZERO, until: stop.signal, ...profile };
    controllers.set(name, full.restarts);
    const listeners = full.listeners.map((l) => ({ ...l, tcpPort: tcpPortOf(names.indexOf(name)) }));
    void cienaEmulator(platform, network, name, { ...full, listeners });
    await clock.run(ZERO);
  };
  for (const name of names) await restart(name);

  const heard: string[] = [];
  network.onBandwidth(({ name }, rate: BitsPerSecond) =>
    heard.push(`${name} ${(rate / 1e6).toFixed(1)} Mb/s`),
  );
  const ask = async (client: BenchClient, command: string, wait: Duration = ms(1)): Promise<string> => {
    client.send(command);
    await clock.run(wait);
    return client.take();
  };
  const open = async (node: string, isLoggedIn = true): Promise<BenchClient> => {
    const client = wires.client(tcpPortOf(names.indexOf(node)));
    await clock.run(ZERO);
    client.take();
    if (isLoggedIn) await ask(client, 'ACT-USER::admin:LOGIN::admin;');
    return client;
  };
  const perform = async (transcript: string): Promise<string> => {
    const terminals = new Map<string, BenchClient>();
    let terminal: BenchClient | null = null;
    const done: string[] = [];
    for (const line of transcript.trimEnd().split('\n')) {
      const text = line.slice(2);
      if (!/^[<=]/.test(line)) done.push(line);
      if (line.startsWith('@')) {
        terminal = terminals.get(text) ?? wires.client(tcpPortOf(names.indexOf(text)));
        terminals.set(text, terminal);
        await clock.run(ZERO);
      } else if (line.startsWith('>')) {
        terminal?.send(`${text}\n`);
        await clock.run(ms(1));
      } else if (line.startsWith('!')) await happen(text);
      else continue;
      done.push(...heard.splice(0).map((change) => `= ${change}`));
      const came = terminal?.take().replace(TELNET, '') ?? '';
      if (came !== '') done.push(...came.split(/\r?\n/).map((part) => `< ${part}`.trimEnd()));
    }
    return `${done.join('\n')}\n`;
  };
  const happen = async (text: string): Promise<void> => {
    const [verb, name = '', a = '0', b = '0'] = text.split(' ');
    if (verb === 'cut') network.cut(name);
    else if (verb === 'repair') network.repair(name);
    else if (verb === 'fail') network.failSlot(name, Number(a));
    else if (verb === 'mend') network.repairSlot(name, Number(a));
    else if (verb === 'traffic') network.traffic(name, Number(a), Number(b));
    await clock.run(verb === 'wait' ? ms(Number(name)) : ZERO);
  };
  return { clock, network, heard, open, ask, perform, restart, controllers };
}

/** Negotiation: bytes that a terminal does not show. */
const TELNET = /\xff[\xfb-\xfe][\s\S]/g;
