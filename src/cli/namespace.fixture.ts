// Two hosts in network namespaces of this machine: a routed network between them, and a way of light, whose two ends can go
// dark one by one. Each has an address for its data, which the routed network knows the way to.
//
//   left  eth0 10.44.0.1 ──────────────── 10.44.0.2 eth0  right
//   192.0.2.1  eth1 ────── [ bridge ] ────── eth1  192.0.2.2

import { execFileSync, spawnSync } from 'node:child_process';

export type End = 'left' | 'right';

export const ROUTED = { left: '10.44.0.1', right: '10.44.0.2' } as const;
export const DATA = { left: '192.0.2.1', right: '192.0.2.2' } as const;

export class Namespaces {
  readonly #prefix = `lightbed-${process.pid}`;

  /** Why there can be none here; null where there can. */
  static obstacle(): string | null {
    if (process.platform !== 'linux') return 'network namespaces are of Linux';
    const name = `lightbed-${process.pid}-probe`;
    const added = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
    if (added.error !== undefined) return 'there is no ip (iproute2) here';
    if (added.status !== 0) return `network namespaces cannot be made here: ${added.stderr.trim()}`;
    const bridge = spawnSync('ip', ['-n', name, 'link', 'add', 'br0', 'type', 'bridge'], {
      encoding: 'utf8',
    });
    spawnSync('ip', ['netns', 'del', name]);
    return bridge.status === 0 ? null : `no bridge can be made here: ${bridge.stderr.trim()}`;
  }

  constructor() {
    for (const each of ['left', 'right', 'light']) ip('netns', 'add', `${this.#prefix}-${each}`);
    const [left, right, light] = [this.name('left'), this.name('right'), `${this.#prefix}-light`];
    ip('link', 'add', 'eth0', 'netns', left, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', right);
    ip('-n', light, 'link', 'add', 'br0', 'type', 'bridge');
    ip('-n', light, 'link', 'set', 'br0', 'up');
    for (const end of ['left', 'right'] as const) {
      const [other, name] = [end === 'left' ? 'right' : 'left', this.name(end)] as const;
      ip('link', 'add', 'eth1', 'netns', name, 'type', 'veth', 'peer', 'name', end, 'netns', light);
      ip('-n', light, 'link', 'set', end, 'master', 'br0', 'up');
      ip('-n', name, 'address', 'add', `${ROUTED[end]}/24`, 'dev', 'eth0');
      ip('-n', name, 'address', 'add', `${DATA[end]}/32`, 'dev', 'lo');
      for (const device of ['lo', 'eth0', 'eth1']) ip('-n', name, 'link', 'set', device, 'up');
      ip('-n', name, 'route', 'add', 'default', 'via', ROUTED[other]);
    }
  }

  name(end: End): string {
    return `${this.#prefix}-${end}`;
  }

  /** What comes before a program that is to run on that host. */
  on(end: End): readonly [program: string, ...words: string[]] {
    return ['ip', 'netns', 'exec', this.name(end)];
  }

  /** Whether light reaches that end. */
  light(end: End, isLit: boolean): void {
    ip('-n', `${this.#prefix}-light`, 'link', 'set', end, isLit ? 'up' : 'down');
  }

  /** The interface that the kernel would send the other end's data to. */
  wayFrom(end: End): string {
    const to = DATA[end === 'left' ? 'right' : 'left'];
    return / dev (\S+)/.exec(ip('-n', this.name(end), 'route', 'get', to))?.[1] ?? 'nowhere';
  }

  /** Packets that came in from the light. */
  receivedAt(end: End): number {
    const [{ stats64 }] = JSON.parse(ip('-n', this.name(end), '-s', '-j', 'link', 'show', 'eth1'));
    return stats64.rx.packets;
  }

  /** Datagrams from the data address of that end to that of the other. */
  send(end: End, count: number): void {
    const to = DATA[end === 'left' ? 'right' : 'left'];
    const script = `for i in $(seq ${count}); do echo light > /dev/udp/${to}/9; done`;
    spawnSync('ip', ['netns', 'exec', this.name(end), 'bash', '-c', script]);
  }

  remove(): void {
    for (const each of ['left', 'right', 'light'])
      spawnSync('ip', ['netns', 'del', `${this.#prefix}-${each}`]);
  }
}

const ip = (...words: string[]): string => execFileSync('ip', words, { encoding: 'utf8' });
