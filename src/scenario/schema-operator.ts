// What an operator tells the agents in a timeline.

import type { Duration } from '../core/time.ts';

/** A path goes to the route given, or to any other. */
export interface MoveAction {
  readonly kind: 'move';
  readonly path: string;
  /** Fibres: all and only these. */
  readonly along?: readonly string[];
}

/** Only an operator moves the path from now on. */
export interface FreezeAction {
  readonly kind: 'freeze';
  readonly path: string;
  readonly for?: Duration;
}

export interface ThawAction {
  readonly kind: 'thaw';
  readonly path: string;
}

/** Of a fibre or of a switch, exactly one of them. */
export interface Maintained {
  readonly fibre?: string;
  readonly switch?: string;
}

/** Paths leave it, and none is to come. */
export interface MaintainAction extends Maintained {
  readonly kind: 'maintain';
  readonly for?: Duration;
}

export interface EndMaintenanceAction extends Maintained {
  readonly kind: 'end-maintenance';
}

/** All switches let go of what they have of the path, whatever its coordinator thinks. */
export interface FreeAction {
  readonly kind: 'free';
  readonly path: string;
  /** The switch whose agent is asked; by default that of the request. */
  readonly agent?: string;
}

export type OperatorAction =
  | MoveAction
  | FreezeAction
  | ThawAction
  | MaintainAction
  | EndMaintenanceAction
  | FreeAction;
