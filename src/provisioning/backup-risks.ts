// What a shared backup is there for: the risks of the route that it stands behind. Backups may share a port while
// nothing that can fail takes two of their working routes (shared mesh protection, ITU-T G.808.3).

import * as v from 'valibot';
import { NAME } from './message-fields.ts';
import { DISJOINT_KINDS } from './protection.ts';
import type { Fibre, Route } from './route.ts';

const names = v.array(NAME);

export const BACKUP_RISKS = v.strictObject({
  /** Of the working route. */
  fibres: names,
  /** Those that the backup does without: where one fails that both pass, no backup helps. */
  switches: names,
  srlgs: names,
  /** What the working routes of backups beside it must not share, either. */
  disjoint: v.picklist(DISJOINT_KINDS),
});

export type BackupRisks = v.InferOutput<typeof BACKUP_RISKS>;

/** Before there is a backup (null) its switches are taken to be those at the ends, which both often must pass. */
export function risksOf(
  fibres: readonly Fibre[],
  working: Route,
  backup: Route | null,
  disjoint: BackupRisks['disjoint'],
): BackupRisks {
  const own = fibres.filter((fibre) => working.fibres.includes(fibre.id));
  const passed = (backup?.hops ?? [working.hops.at(0), working.hops.at(-1)]).map((hop) => hop?.switchName);
  return {
    fibres: [...working.fibres],
    switches: working.hops.flatMap(({ switchName }) => (passed.includes(switchName) ? [] : [switchName])),
    srlgs: [...new Set(own.flatMap((fibre) => fibre.srlg ?? []))],
    disjoint,
  };
}

/** What can fail for both, by what either asks for; null when nothing can. */
export function sharedRisk(x: BackupRisks, y: BackupRisks): string | null {
  const asked = [x.disjoint, y.disjoint];
  const fibre = x.fibres.find((id) => y.fibres.includes(id));
  if (fibre !== undefined) return `fibre ${fibre}`;
  const name = asked.includes('node') ? x.switches.find((s) => y.switches.includes(s)) : undefined;
  if (name !== undefined) return `switch ${name}`;
  const group = asked.includes('srlg') ? x.srlgs.find((s) => y.srlgs.includes(s)) : undefined;
  return group === undefined ? null : `SRLG ${group}`;
}
