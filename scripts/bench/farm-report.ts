// What the bench's farm line and the process with its emulated switches say to each other, and what a process has used.

import type { FamilyName } from '../../emulators/families.ts';

export interface FarmOrder {
  /** A switch of each, in this order; where `answerBytes` are given, that many ready-made bytes instead. */
  readonly switches: readonly FamilyName[];
  readonly ports: number;
  readonly answerBytes: number | null;
}

export interface FarmUsage {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

export type FarmReport =
  | { readonly kind: 'listening'; readonly tcpPorts: readonly number[] }
  | ({ readonly kind: 'usage' } & FarmUsage);

/** What this process has used so far. */
export function usage(): FarmUsage {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() };
}
