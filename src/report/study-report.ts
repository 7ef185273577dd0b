// A what-if study as tables, files and pictures see it: plain data, made from the outcomes of its runs. Units last in
// the names where numbers are naked.

import type { Distribution } from '../core/distribution.ts';
import type { Stage } from './run-report.ts';

/** Why a demand has no light after a cut; `whatif/why-not.ts` says what each means. */
export const CAUSES = ['bridge', 'constraints', 'budget', 'ports', 'contention', 'agents'] as const;
export type Cause = (typeof CAUSES)[number];

/** A demand that a cut hit, or that has no light at the end of the cut's run. */
export interface AffectedDemand {
  readonly demand: string;
  /** Whether a fibre of its own was cut. */
  readonly isHit: boolean;
  readonly isLost: boolean;
  /** Null where it has light. */
  readonly cause: Cause | null;
  /** Demands in its way. */
  readonly others: readonly string[];
  /** What the agents said. */
  readonly said: string;
  /** Without light after the first cut; null where it is lost. */
  readonly darkMs: number | null;
  /** Metres; null where it is lost. */
  readonly lengthBefore: number;
  readonly lengthAfter: number | null;
  /** Since the cut that hit it; null for a stage that did not happen. */
  readonly stagesMs: Readonly<Record<Stage, number | null>>;
}

/** All cuts of one thing, or of two. */
export interface ClassFindings {
  readonly order: 1 | 2;
  readonly population: number;
  readonly tried: number;
  /** Cuts that hit a demand, and that some demand has no light after. */
  readonly cutsThatHit: number;
  readonly cutsThatLose: number;
  /** Demands hit, each time; and those of them with light at the end. */
  readonly hits: number;
  readonly restored: number;
  /** Demands without light at the end that were not hit themselves. */
  readonly lostUnhit: number;
  readonly causes: Readonly<Record<Cause, number>>;
  /** Of those restored: ms without light, stages since the cut in ms, extra length in metres. */
  readonly dark: Distribution | null;
  readonly stages: Readonly<Record<Stage, Distribution | null>>;
  readonly extraLength: Distribution | null;
}

export interface CableDamage {
  readonly name: string;
  readonly ends: readonly [string, string];
  readonly length: number;
  /** Cuts tried that it was part of. */
  readonly cuts: number;
  /** Means over those: demands hit and lost, and the extra length of each that was restored, metres. */
  readonly hit: number;
  readonly lost: number;
  readonly extraLength: number | null;
}

export interface StudiedDemand {
  readonly demand: string;
  /** Hosts, and their sites. */
  readonly from: string;
  readonly to: string;
  readonly sites: readonly [string, string];
  /** Before any cut; empty where it did not come up, and then why. */
  readonly fibres: readonly string[];
  readonly length: number;
  readonly reason: string;
  /** Cuts that hit it, and those it was lost to. */
  readonly hits: number;
  readonly losses: number;
  /** Null where it did not come up. */
  readonly availability: DemandAvailability | null;
}

/** Shares of the time. */
export interface DemandAvailability {
  readonly demand: string;
  /** Without light for want of a route under one cut and under two, and while being rerouted. */
  readonly lostToOne: number;
  readonly lostToTwo: number;
  readonly rerouting: number;
  readonly availability: number;
}

export interface StudiedCut {
  readonly id: string;
  readonly order: 1 | 2;
  readonly parts: readonly string[];
  readonly affected: readonly AffectedDemand[];
  readonly violations: readonly string[];
}

export interface StudyNode {
  readonly name: string;
  readonly title: string;
  readonly place: { readonly latitude: number; readonly longitude: number } | null;
}

export interface StudyReport {
  readonly name: string;
  readonly title: string;
  readonly seed: string;
  readonly version: string;
  readonly cutsKind: string;
  readonly apartMs: number;
  readonly cutsPer1000KmYear: number;
  readonly hoursToRepair: number;
  readonly classes: readonly ClassFindings[];
  readonly cuts: readonly StudiedCut[];
  readonly demands: readonly StudiedDemand[];
  readonly nodes: readonly StudyNode[];
  readonly cables: readonly CableDamage[];
  /** Share of the time in which more is cut at once than was tried. */
  readonly untried: number;
}

const minutesPerYear = 525_600;

export const downtimeMinutes = (availability: number): number => (1 - availability) * minutesPerYear;

export const isUp = ({ fibres }: Pick<StudiedDemand, 'fibres'>): boolean => fibres.length > 0;
