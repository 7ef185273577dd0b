// A site as its file describes it: devices that are there, fibres between them, transceivers at the ends, the
// light paths that are meant to be, and changes to make. `load-site.ts` makes sure that every reference holds.

import type { Db, Dbm } from '../core/quantity.ts';
import type { Duration } from '../core/time.ts';
import type { SwitchFamily } from '../optical/families.ts';
import type { Way } from '../optical/switch.ts';
import type { Detection } from '../provisioning/agent-config.ts';
import type { FibreDescription, ProvisioningSettings } from '../scenario/schema.ts';
import type { Position } from '../scenario/source.ts';
import type { DeviceEntry } from './device-entry.ts';

export interface Site {
  readonly devices: readonly SiteDevice[];
  readonly hosts: readonly SiteHost[];
  readonly fibres: readonly FibreDescription[];
  /** Light paths that are meant to be there before the changes. */
  readonly paths: readonly SitePath[];
  /** Cross-connects that are meant to be there and belong to no path: somebody else's. */
  readonly crossConnects: readonly SiteCrossConnect[];
  readonly changes: readonly SiteChange[];
  /** Powers that differ by no more are the same. */
  readonly powerTolerance: Db;
  /** What agents are told, where they run. */
  readonly provisioning: ProvisioningSettings;
  /** One way, between whoever plans and a device. */
  readonly controlDelay: Duration;
}

export interface SiteDevice extends DeviceEntry {
  readonly name: string;
  readonly family: SwitchFamily;
  readonly insertionLoss?: Db;
  readonly switchingTime?: Duration;
  readonly commandTime?: Duration;
  /** `HOST` or `HOST:PORT` of its agent, for other agents. */
  readonly agent?: string;
  readonly detection?: Detection;
}

export interface SiteHost {
  readonly name: string;
  /** Launch power of its transmitter. */
  readonly power: Dbm;
  readonly sensitivity: Dbm;
  readonly powerOn: Duration;
  /** The IP address of its daemon: agents take nobody else's word about its receiver. */
  readonly daemon?: string;
}

/** Which way a path takes. Neither: the cheapest, or where its light goes already. */
export interface RouteWish {
  /** All its fibres, from end to end. */
  readonly route?: readonly string[];
  /** Fibres and devices to pass. */
  readonly via?: readonly string[];
  /** Fibres and devices to leave out. */
  readonly avoid?: readonly string[];
}

export interface SitePath extends RouteWish {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly way: Way;
}

export interface SiteCrossConnect {
  readonly device: string;
  readonly input: string;
  readonly output: string;
  readonly way: Way;
}

export type SiteChange = { readonly where: Position } & (
  | { readonly kind: 'add'; readonly path: SitePath }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'move'; readonly path: string; readonly wish: RouteWish }
  | { readonly kind: 'connect'; readonly crossConnect: SiteCrossConnect }
  | { readonly kind: 'disconnect'; readonly crossConnect: SiteCrossConnect }
);

/** As plans, logs and messages name it. */
export function changeTitle(change: SiteChange): string {
  if (change.kind === 'add') return `add ${change.path.name}`;
  if (change.kind === 'remove' || change.kind === 'move') return `${change.kind} ${change.path}`;
  const { device, input, output } = change.crossConnect;
  return `${change.kind} ${device} ${input} ${output}`;
}

/** What is meant to be there. */
export type Meant = Pick<Site, 'paths' | 'crossConnects'>;

/** What is meant once all changes are made. */
export const meantAfter = (site: Site): Meant => site.changes.reduce<Meant>(afterChange, site);

export function afterChange({ paths, crossConnects }: Meant, change: SiteChange): Meant {
  switch (change.kind) {
    case 'add':
      return { paths: [...paths, change.path], crossConnects };
    case 'remove':
      return { paths: paths.filter(({ name }) => name !== change.path), crossConnects };
    case 'move':
      return { paths: paths.map((path) => movedTo(path, change)), crossConnects };
    case 'connect':
      return { paths, crossConnects: [...crossConnects, change.crossConnect] };
    case 'disconnect':
      return { paths, crossConnects: crossConnects.filter((one) => !isSame(one, change.crossConnect)) };
  }
}

/** The old wish is forgotten with the old way. */
function movedTo(path: SitePath, change: SiteChange & { readonly kind: 'move' }): SitePath {
  const { name, from, to, way } = path;
  return name === change.path ? { name, from, to, way, ...change.wish } : path;
}

const isSame = (a: SiteCrossConnect, b: SiteCrossConnect): boolean =>
  a.device === b.device && a.input === b.input && a.output === b.output;
