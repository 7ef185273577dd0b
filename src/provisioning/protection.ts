// How a light path is protected, as whoever asks for it says: 1+1, both legs lit and the receiver takes one (ITU-T
// G.841, 7.1; G.873.1, 8.1); 1:1, a backup whose ports are held and that is lit when it is needed; shared, the same with
// ports that backups of other paths are held at, too.

import * as v from 'valibot';

export const PROTECTION_KINDS = ['1+1', '1:1', 'shared'] as const;
/** What the two routes never share: fibres; or switches, too; or what fibres share their fate with. */
export const DISJOINT_KINDS = ['edge', 'node', 'srlg'] as const;

export const PROTECTION = v.strictObject({
  kind: v.picklist(PROTECTION_KINDS),
  disjoint: v.picklist(DISJOINT_KINDS),
});

export type Protection = v.InferOutput<typeof PROTECTION>;

/** A leg is a light path of its own, with a name that no client can ask for. */
export const legName = (path: string, number: number): string => `${path}/${number}`;

export const isLegName = (path: string): boolean => path.includes('/');

/** The path that the leg belongs to. */
export const ownerOf = (leg: string): string => leg.slice(0, leg.lastIndexOf('/'));

/** The path that a client asked for, by its own name or a leg's. */
export const askedFor = (name: string): string => (isLegName(name) ? ownerOf(name) : name);

export const legNumber = (leg: string): number => Number(leg.slice(leg.lastIndexOf('/') + 1));
