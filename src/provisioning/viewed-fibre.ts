// The fibres that announcements tell of: one exists where both its ends say so. The list stays the same object
// while nothing but the ports' states changes, so that what is made from it (`routeGraph`) can be kept, too;
// whether a fibre is free is asked of the ports as they are told last.

import { type Db, type Dbm, db, type Metres, metres } from '../core/quantity.ts';
import { type BackupRisks, sharedRisk } from './backup-risks.ts';
import { type Holder, holderBelow } from './preemption.ts';
import type { Fibre, FibreEnd } from './route.ts';
import type { AnnouncedPort, Announcement } from './topology-messages.ts';

export interface ViewedFibre extends Fibre {
  /** Whether one of its ports is in maintenance: nobody is to use it. */
  isOut(): boolean;
  /** Whether both its ports are in service, and free, held by the path named or kept for its backup. */
  isFreeFor(path: string): boolean;
  /** Whether they would be so if what others are deciding now, or letting go of, came free: nobody else holds a port of it. */
  mayComeFree(path: string): boolean;
  /** Whether the path named has both its ports. */
  isHeldBy(path: string): boolean;
  /** Whether they are free, held by it or kept for backups that one behind a route of these risks may be beside. */
  isFreeAsBackup(path: string, risks: BackupRisks): boolean;
  /** Who has its ports, where a path of that priority may take them from all who have; otherwise null. */
  holdersBelow(path: string, priority: number): readonly Holder[] | null;
}

/** A port of a living switch. What searches ask of each of thousands of ports is at hand. */
class Place {
  readonly node: string;
  readonly insertionLoss: number | undefined;
  #port: AnnouncedPort;
  /** In service and nobody's. */
  isIdle = false;
  /** Of one in service, the path that has it or is after it. */
  holder: string | null = null;
  /** In service, and kept for backups. */
  isShared = false;

  constructor(node: string, insertionLoss: number | undefined, port: AnnouncedPort) {
    this.node = node;
    this.insertionLoss = insertionLoss;
    this.#port = port;
    this.port = port;
  }

  get port(): AnnouncedPort {
    return this.#port;
  }

  /** Every announcement brings another. */
  set port(port: AnnouncedPort) {
    this.#port = port;
    const { isOut, state, holder } = port;
    this.isIdle = isOut !== true && state === 'free';
    this.holder = isOut !== true && state === 'held' ? holder : null;
    this.isShared = isOut !== true && port.backups !== undefined;
  }
}

export class ViewedFibres {
  readonly list: readonly ViewedFibre[];
  readonly #places: ReadonlyMap<string, readonly Place[]>;

  /** `announcements` in the order of the switches' names. */
  constructor(announcements: readonly Announcement[]) {
    this.#places = new Map(
      announcements.map(({ switchName: node, insertionLoss, ports }) => [
        node,
        ports.map((port) => new Place(node, insertionLoss, port)),
      ]),
    );
    this.list = fibresBetween([...this.#places.values()].flat());
  }

  /** The port at that place of the switch's announcement is told to be so now. */
  renewPort(switchName: string, place: number, port: AnnouncedPort): void {
    const known = this.#places.get(switchName)?.[place];
    if (known !== undefined) known.port = port;
  }

  isOf(announcements: readonly Announcement[]): boolean {
    return (
      announcements.length === this.#places.size &&
      announcements.every(({ switchName }) => this.#places.has(switchName))
    );
  }

  /** Takes the states that the switch tells now; false where more than they has changed. */
  renew({ switchName, insertionLoss, ports }: Announcement): boolean {
    const places = this.#places.get(switchName);
    const isSame =
      places !== undefined &&
      places.length === ports.length &&
      places.every((place, i) => place.insertionLoss === insertionLoss && isSamePort(place.port, ports[i]));
    if (isSame) for (const [i, place] of places.entries()) place.port = ports[i] as AnnouncedPort;
    return isSame;
  }
}

function fibresBetween(places: readonly Place[]): ViewedFibre[] {
  const others = new Map<string, Place>();
  const found: ViewedFibre[] = [];
  for (const place of places) {
    const { far, fibre } = place.port;
    if (far.kind === 'terminal') found.push(FibreBetween.access(place, far.terminal));
    const other = far.kind === 'switch' ? others.get(fibre) : undefined;
    if (other !== undefined && isEndOf(place, other)) found.push(FibreBetween.transit(other, place));
    others.set(fibre, place);
  }
  return found.sort((x, y) => (x.id < y.id ? -1 : 1));
}

function isSamePort(x: AnnouncedPort, y: AnnouncedPort | undefined): boolean {
  return (
    y !== undefined &&
    x.port === y.port &&
    x.fibre === y.fibre &&
    x.weight === y.weight &&
    x.length === y.length &&
    x.loss === y.loss &&
    x.portType === y.portType &&
    x.transceiver?.power === y.transceiver?.power &&
    x.transceiver?.sensitivity === y.transceiver?.sensitivity &&
    x.srlg?.join('\0') === y.srlg?.join('\0') &&
    isSameFar(x.far, y.far)
  );
}

function isSameFar(x: AnnouncedPort['far'], y: AnnouncedPort['far']): boolean {
  if (x.kind === 'terminal') return y.kind === 'terminal' && x.terminal === y.terminal;
  return y.kind === 'switch' && x.switchName === y.switchName && x.port === y.port;
}

/** What is kept for backups of several is there for the first that comes to need it. */
const isFree = (place: Place, path: string): boolean =>
  isOpen(place, path) || (place.isShared && place.port.backups?.some((kept) => kept.path === path) === true);

const isFreeAsBackup = (place: Place, path: string, risks: BackupRisks): boolean =>
  isOpen(place, path) ||
  (place.isShared &&
    place.port.backups?.every((kept) => kept.path === path || sharedRisk(risks, kept.risks) === null) ===
      true);

const isOpen = ({ isIdle, holder }: Place, path: string): boolean => isIdle || holder === path;

/** A port that is locked and no backup's, or being freed, is announced with a holder whom nobody keeps there yet, or any more. */
const isUnheld = (place: Place, path: string): boolean => {
  const { isOut, state, keeper, isBackup, backups } = place.port;
  const isKept = keeper !== undefined || isBackup === true || backups !== undefined;
  const isOnlyLocked = state === 'held' && !isKept;
  return isFree(place, path) || (isOut !== true && isOnlyLocked);
};

const isHeld = ({ port }: Place, path: string): boolean => port.state === 'held' && port.holder === path;

const isOut = ({ port }: Place): boolean => port.isOut === true;

function holders(places: readonly Place[], path: string, priority: number): readonly Holder[] | null {
  if (places.some(isOut)) return null;
  const found = places.map(({ port }) => holderBelow(port, path, priority));
  if (found.includes(null)) return null;
  return found.flatMap((holder) => (holder === null || holder === 'nobody' ? [] : [holder]));
}

const isEndOf = (x: Place, y: Place): boolean =>
  x.port.far.kind === 'switch' && x.port.far.switchName === y.node && x.port.far.port === y.port.port;

const endOf = ({ node, insertionLoss, port: { port, portType } }: Place): FibreEnd => ({
  node,
  port,
  ...(portType === undefined ? {} : { type: portType }),
  ...(insertionLoss === undefined ? {} : { loss: db(insertionLoss) }),
});

/** A class: closures for each question would take several times the memory, and of fibres there are many. */
class FibreBetween implements ViewedFibre {
  readonly id: string;
  readonly a: FibreEnd;
  readonly b: FibreEnd;
  readonly weight: number;
  readonly length: Metres;
  declare readonly loss?: Db;
  declare readonly srlg?: readonly string[];
  readonly #x: Place;
  /** The same as `#x` where the other end is a terminal. */
  readonly #y: Place;

  private constructor(x: Place, y: Place, a: FibreEnd) {
    const { fibre, weight, length, loss, srlg } = x.port;
    this.id = fibre;
    this.a = a;
    this.b = endOf(y);
    this.weight = Math.max(weight, y.port.weight);
    this.length = metres(length);
    if (loss !== undefined) this.loss = db(loss);
    if (srlg !== undefined) this.srlg = srlg;
    this.#x = x;
    this.#y = y;
  }

  static transit(x: Place, y: Place): FibreBetween {
    return new FibreBetween(x, y, endOf(x));
  }

  static access(place: Place, terminal: string): FibreBetween {
    const { transceiver } = place.port;
    return new FibreBetween(place, place, {
      node: terminal,
      port: null,
      ...(transceiver && {
        transceiver: { power: transceiver.power as Dbm, sensitivity: transceiver.sensitivity as Dbm },
      }),
    });
  }

  isOut(): boolean {
    return isOut(this.#x) || isOut(this.#y);
  }

  isFreeFor(path: string): boolean {
    return isFree(this.#x, path) && isFree(this.#y, path);
  }

  mayComeFree(path: string): boolean {
    return isUnheld(this.#x, path) && isUnheld(this.#y, path);
  }

  isHeldBy(path: string): boolean {
    return isHeld(this.#x, path) && isHeld(this.#y, path);
  }

  isFreeAsBackup(path: string, risks: BackupRisks): boolean {
    return isFreeAsBackup(this.#x, path, risks) && isFreeAsBackup(this.#y, path, risks);
  }

  holdersBelow(path: string, priority: number): readonly Holder[] | null {
    return holders([...new Set([this.#x, this.#y])], path, priority);
  }
}
