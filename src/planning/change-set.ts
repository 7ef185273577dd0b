// What the changes of a site come to, cross-connect by cross-connect, in the state that there is. Each change is
// tried on a model of the links before the next; what cannot be is told with its line in the file. Ports that a
// cross-connect of somebody else holds are never taken.

import { PlanError } from './errors.ts';
import { changesBothWays, type DeviceLink, type Links, linkName, waysOf } from './links.ts';
import {
  afterChange,
  changeTitle,
  type Meant,
  type RouteWish,
  type SiteChange,
  type SitePath,
} from './site.ts';
import { linksOf, type Topology } from './topology.ts';

/** What one or two commands to one device do. */
export interface Operation {
  /** `move cern-caltech`. */
  readonly change: string;
  readonly action: 'connect' | 'disconnect';
  readonly device: string;
  readonly input: string;
  readonly output: string;
  readonly way: 'one' | 'two';
}

export interface ChangeSet {
  readonly operations: readonly Operation[];
  /** The links after them all. */
  readonly after: Links;
  /** The paths that are meant after them all. */
  readonly paths: readonly SitePath[];
}

interface Goal {
  readonly remove: readonly DeviceLink[];
  /** Made before anything is removed: nobody waits in the dark for these. */
  readonly prepare: readonly DeviceLink[];
  readonly make: readonly DeviceLink[];
  /** Removed when light goes elsewhere already. */
  readonly tidy: readonly DeviceLink[];
}

/** `file` names the site in messages. Throws `PlanError` with everything that cannot be. */
export function changeSet(file: string, topology: Topology, before: Links): ChangeSet {
  const builder = new Builder(topology, before.copy());
  const problems: string[] = [];
  for (const change of topology.site.changes) {
    try {
      builder.make(change);
    } catch (error) {
      if (!(error instanceof PlanError)) throw error;
      const { line, column } = change.where;
      problems.push(`${file}:${line}:${column}: ${changeTitle(change)}: ${error.message}`);
    }
  }
  if (problems.length > 0) throw new PlanError(problems);
  return { operations: builder.operations, after: builder.links, paths: builder.paths };
}

class Builder {
  readonly operations: Operation[] = [];
  readonly links: Links;
  readonly #topology: Topology;
  #meant: Meant;

  constructor(topology: Topology, links: Links) {
    this.#topology = topology;
    this.links = links;
    this.#meant = topology.site;
  }

  get paths(): readonly SitePath[] {
    return this.#meant.paths;
  }

  make(change: SiteChange): void {
    const title = changeTitle(change);
    switch (change.kind) {
      case 'add':
        this.#add(change.path, title);
        break;
      case 'remove':
        this.#achieve({ ...NOTHING, remove: this.#linksOfPath(change.path) }, title);
        break;
      case 'move':
        this.#move(change.path, change.wish, title);
        break;
      case 'connect':
        this.#achieve({ ...NOTHING, make: waysOf(change.crossConnect) }, title);
        break;
      case 'disconnect':
        this.#disconnect(waysOf(change.crossConnect), title);
    }
    this.#meant = afterChange(this.#meant, change);
  }

  #add(path: SitePath, title: string): void {
    const wanted = this.#route(path, path, []);
    this.#achieve({ ...NOTHING, make: wanted }, title);
  }

  #move(name: string, wish: RouteWish, title: string): void {
    const path = this.#path(name);
    const held = this.#linksOfPath(name);
    const wanted = this.#route(path, wish, held);
    const isIn = (list: readonly DeviceLink[], link: DeviceLink): boolean =>
      list.some((one) => linkName(one) === linkName(link));
    const sharesPort = (x: DeviceLink, y: DeviceLink): boolean =>
      x.device === y.device && (x.input === y.input || x.output === y.output);
    const old = held.filter((link) => !isIn(wanted, link));
    const fresh = wanted.filter((link) => !isIn(held, link));
    this.#achieve(
      {
        prepare: fresh.filter((link) => !old.some((other) => sharesPort(link, other))),
        remove: old.filter((link) => fresh.some((other) => sharesPort(link, other))),
        make: fresh.filter((link) => old.some((other) => sharesPort(link, other))),
        tidy: old.filter((link) => !fresh.some((other) => sharesPort(link, other))),
      },
      title,
    );
  }

  #disconnect(links: readonly DeviceLink[], title: string): void {
    const absent = links.find((link) => !this.links.has(link));
    if (absent !== undefined) throw new PlanError([`there is no cross-connect ${linkName(absent)}`]);
    this.#achieve({ ...NOTHING, remove: links }, title);
  }

  #route(path: SitePath, wish: RouteWish, held: readonly DeviceLink[]): DeviceLink[] {
    const isFree = (fibre: string): boolean => !this.#topology.isBusy(fibre, this.links, held);
    const found = this.#topology.route(path, wish, isFree);
    if (found.kind === 'none') throw new PlanError([found.reason]);
    return linksOf(found.route, path.way);
  }

  #path(name: string): SitePath {
    const path = this.paths.find((one) => one.name === name);
    if (path === undefined) throw new PlanError([`there is no path ${name} then`]);
    return path;
  }

  /** Where the light of the path is. It must be whole: what is left of a broken one may be somebody's repair. */
  #linksOfPath(name: string): DeviceLink[] {
    const { from, to, way } = this.#path(name);
    const ends =
      way === 'one'
        ? [[from, to]]
        : [
            [from, to],
            [to, from],
          ];
    return ends.flatMap(([near = '', far = '']) => {
      const trace = this.#topology.trace(near, this.links);
      if (trace.to === far) return trace.links;
      throw new PlanError([
        `it is not whole: the way from ${near} ends at ${trace.end}, not at ${far}; change single cross-connects, or mend it first`,
      ]);
    });
  }

  #achieve(goal: Goal, change: string): void {
    this.#step('connect', goal.prepare, change);
    this.#step('disconnect', goal.remove, change);
    this.#step('connect', goal.make, change);
    this.#step('disconnect', goal.tidy, change);
  }

  #step(action: Operation['action'], links: readonly DeviceLink[], change: string): void {
    const pending = links.filter((link) => this.links.has(link) === (action === 'disconnect'));
    while (pending.length > 0) {
      const link = pending.shift() as DeviceLink;
      const back = pending.findIndex((other) => isReverse(link, other));
      const { family } = this.#topology.device(link.device);
      const isTwoWay = back >= 0 && changesBothWays(family);
      const both = isTwoWay ? [link, ...pending.splice(back, 1)] : [link];
      for (const one of both) this.#model(action, one);
      this.operations.push({ change, action, ...link, way: isTwoWay ? 'two' : 'one' });
    }
  }

  #model(action: Operation['action'], link: DeviceLink): void {
    if (action === 'disconnect') return this.links.remove(link);
    const other = this.links.conflict(link);
    if (other !== null) {
      const port = other.input === link.input ? link.input : link.output;
      throw new PlanError([`${link.device}/${port} is in the cross-connect ${linkName(other)}`]);
    }
    this.links.add(link);
  }
}

const NOTHING: Goal = { remove: [], prepare: [], make: [], tidy: [] };

const isReverse = (x: DeviceLink, y: DeviceLink): boolean =>
  x.device === y.device && x.input === y.output && x.output === y.input && x.input !== y.input;

/** What an operation is about, each way by itself. */
export const linksOfOperation = ({ device, input, output, way }: Operation): DeviceLink[] =>
  waysOf({ device, input, output, way });
