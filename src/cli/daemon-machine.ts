// What a daemon may do on a real machine: its transceiver is a network interface, whose carrier is polled, and traffic is
// pointed by commands that the user gives as templates. Without --write they are only shown.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ms } from '../core/time.ts';
import type { Clock } from '../platform/platform.ts';
import type { TrafficSteering, TransceiverMonitor } from '../provisioning/daemon-config.ts';
import { UsageError } from './exit-code.ts';

/** iproute2: the route of one host over the interface that the light path ends at, and its removal. */
export const USE_PATH = 'ip route replace {address} dev {interface}';
export const USE_ROUTED = 'ip route del {address} dev {interface}';

const PLACES = ['path', 'peer', 'address', 'interface'] as const;
type Values = Readonly<Record<(typeof PLACES)[number], string>>;

export interface CommandSteeringOptions {
  readonly usePath: string;
  readonly useRouted: string;
  readonly interface: string;
  /** Where a peer's data goes. */
  readonly addressOf: (peer: string) => string;
  readonly isWriting: boolean;
}

export class CommandSteering implements TrafficSteering {
  readonly #o: CommandSteeringOptions;
  /** By peer: which path has its traffic. */
  readonly #used = new Map<string, string>();
  /** One after the other, so that the last word of the daemon is the last command. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: CommandSteeringOptions) {
    for (const template of [options.usePath, options.useRouted]) checkTemplate(template);
    this.#o = options;
  }

  usePath(path: string, peer: string): void {
    this.#used.set(peer, path);
    this.#run(this.#o.usePath, path, peer);
  }

  /** At the daemon's start nothing is known of a path, and there may be no route to remove. */
  useRouted(peer: string): void {
    const path = this.#used.get(peer) ?? '';
    this.#used.delete(peer);
    this.#run(this.#o.useRouted, path, peer);
  }

  #run(template: string, path: string, peer: string): void {
    const values = { path, peer, address: this.#o.addressOf(peer), interface: this.#o.interface };
    const [program = '', ...words] = wordsOf(template, values);
    const line = [program, ...words].join(' ');
    if (!this.#o.isWriting) return console.log(`would run: ${line}`);
    this.#last = this.#last.then(
      () =>
        new Promise((resolve) =>
          execFile(program, words, (error, _stdout, stderr) => {
            console.log(
              error === null ? `ran: ${line}` : `failed: ${line}: ${(stderr || error.message).trim()}`,
            );
            resolve();
          }),
        ),
    );
  }
}

/** Placeholders are put into words, never into a shell. */
export const wordsOf = (template: string, values: Values): string[] =>
  template
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => word.replace(/\{(\w+)\}/g, (_, place: keyof Values) => values[place] ?? ''));

function checkTemplate(template: string): void {
  if (template.trim() === '') throw new UsageError('a command to point traffic with is empty');
  for (const [, place = ''] of template.matchAll(/\{(\w+)\}/g))
    if (!PLACES.some((known) => known === place))
      throw new UsageError(
        `${template}: there is no {${place}}, only ${PLACES.map((p) => `{${p}}`).join(', ')}`,
      );
}

const pollPeriod = ms(100);

/** Linux tells the carrier of an interface in sysfs; an interface that is down has none. */
export function carrierMonitor(name: string, clock: Pick<Clock, 'timer'>): TransceiverMonitor {
  const file = `/sys/class/net/${name}/carrier`;
  const read = (): boolean => {
    try {
      return readFileSync(file, 'utf8').trim() === '1';
    } catch {
      return false;
    }
  };
  let isLit = read();
  return {
    isLit: () => isLit,
    subscribe: (changed) => {
      let isOver = false;
      const look = (): void => {
        if (isOver) return;
        const before = isLit;
        isLit = read();
        if (isLit !== before) changed();
        clock.timer(pollPeriod, look);
      };
      look();
      return () => {
        isOver = true;
      };
    },
  };
}
