// Routes of a protected path: at first the pair of least total length, found together, since the shortest route
// may leave no second; later one beside the other that is there.

import type { AgentContext } from './agent-context.ts';
import type { Avoided } from './avoided.ts';
import type { BackupRisks } from './backup-risks.ts';
import { computeDisjointRoutes, type DisjointBy, type DisjointRoutesResult } from './disjoint-routes.ts';
import { legName, type Protection } from './protection.ts';
import { asSimplex, type Fibre, type Route } from './route.ts';
import { chooseRoute, type PathEnds, type RouteChoice } from './route-choice.ts';
import { constraintsOf } from './terms-route.ts';
import type { ViewedFibre } from './viewed-fibre.ts';

/** The only fibre of a terminal cannot be doubled: two lit legs cannot have it both, a working route and its backup can. */
type Access = 'access may be shared' | 'nothing may be shared';

type Known = Pick<AgentContext, 'platform' | 'view' | 'failed'>;

const BY: Readonly<Record<Protection['disjoint'], DisjointBy>> = {
  edge: 'fibre',
  node: 'switch',
  srlg: 'srlg',
};

/** The two routes that together are the shortest, the shorter one first, both free; for two lit legs, down to the last fibre. */
export function choosePair(
  { platform, view, failed }: Known,
  { path, from, to, terms }: PathEnds,
  disjoint: Protection['disjoint'],
  access: Access = 'nothing may be shared',
  isFree: (fibre: ViewedFibre, path: string) => boolean = (fibre, name) => fibre.isFreeFor(name),
): DisjointRoutesResult {
  const now = platform.clock.now();
  // What its own legs have locked, perhaps in an earlier life of this agent, is not in its way for long.
  const names = [path, legName(path, 1), legName(path, 2)];
  const fibres = view.fibres(now);
  const isUsable = (f: ViewedFibre): boolean =>
    names.some((name) => isFree(f, name)) && !failed.has(f.id, now);
  const pairOver = (isGood: typeof isUsable): DisjointRoutesResult =>
    computeDisjointRoutes(fibres, from, to, BY[disjoint], constraintsOf(terms.route ?? {}, isGood));
  const suspects = failed.suspects(fibres, now);
  const sound = suspects.size === 0 ? null : pairOver((f) => !suspects.has(f.id) && isUsable(f));
  const found = sound?.kind === 'found' ? sound : pairOver(isUsable);
  if (found.kind === 'none') return found;
  const [one, two] = found.routes;
  const shared = one.fibres.find((fibre) => two.fibres.includes(fibre));
  if (shared !== undefined && access === 'nothing may be shared') {
    const host = shared === one.fibres[0] ? from : to;
    const reason = `${host} has one free transceiver, and two legs need two`;
    return { kind: 'none', failure: { kind: 'no-path', reason } };
  }
  return terms.isSimplex ? { kind: 'found', routes: [asSimplex(one), asSimplex(two)] } : found;
}

/** The first route of a path that is to have a backup: the shorter of a pair, where there is one. */
export function chooseWithBackup(
  context: Known,
  ends: PathEnds,
  { kind, disjoint }: Protection,
  avoided: Avoided,
  isReroute: boolean,
): RouteChoice {
  if (isReroute) return chooseRoute(context, ends, avoided, isReroute);
  const pair = choosePair(context, ends, disjoint, 'access may be shared');
  const routes = pair.kind === 'none' && kind === 'shared' ? chooseShared(context, ends, disjoint) : pair;
  const route = routes.kind === 'found' ? routes.routes[0] : null;
  if (route === null || !isOpen(route, avoided)) return chooseRoute(context, ends, avoided, isReroute);
  return { kind: 'found', route };
}

/** The same where the second may pass what is kept for others' backups; whether it may share with these is seen later. */
function chooseShared(
  context: Known,
  ends: PathEnds,
  disjoint: Protection['disjoint'],
): DisjointRoutesResult {
  const fibres = context.view.fibres(context.platform.clock.now());
  const open: BackupRisks = { fibres: [], switches: [], srlgs: [], disjoint: 'edge' };
  const isFree = (fibre: ViewedFibre, path: string): boolean => fibre.isFreeAsBackup(path, open);
  const pair = choosePair(context, ends, disjoint, 'access may be shared', isFree);
  if (pair.kind === 'none') return pair;
  const isTaken = (route: Route): boolean =>
    fibres.some((fibre) => route.fibres.includes(fibre.id) && !fibre.isFreeFor(ends.path));
  const [one, two] = pair.routes;
  return { kind: 'found', routes: isTaken(one) && !isTaken(two) ? [two, one] : [one, two] };
}

/** A route for one leg that shares nothing with what the other has. */
export function chooseBeside(
  context: Known,
  ends: PathEnds,
  beside: { readonly other: Route | null; readonly disjoint: Protection['disjoint'] },
  avoided: Avoided,
  isReroute: boolean,
): RouteChoice {
  const { other, disjoint } = beside;
  if (other !== null) keepApart(context.view.fibres(context.platform.clock.now()), other, disjoint, avoided);
  return chooseRoute(context, ends, avoided, isReroute);
}

/** Leaves out what the other route has, but for the switch that all fibres of an end lead to. */
export function keepApart(
  fibres: readonly Fibre[],
  other: Route,
  disjoint: Protection['disjoint'],
  avoided: Avoided,
  access: Access = 'nothing may be shared',
): void {
  const only = access === 'access may be shared' ? onlyFibres(fibres, other) : [];
  const own = new Set(other.fibres.filter((fibre) => !only.includes(fibre)));
  for (const fibre of own) avoided.fibres.add(fibre);
  if (disjoint === 'srlg') {
    const groups = new Set(fibres.filter((f) => own.has(f.id)).flatMap((f) => f.srlg ?? []));
    for (const { id, srlg } of fibres) if (srlg?.some((group) => groups.has(group))) avoided.fibres.add(id);
  }
  if (disjoint !== 'node') return;
  const entries = [other.from, other.to].flatMap((end) => onlySwitchAt(fibres, end) ?? []);
  for (const { switchName } of other.hops)
    if (!entries.includes(switchName)) avoided.switches.add(switchName);
}

/** The fibres of ends that have no other. */
const onlyFibres = (fibres: readonly Fibre[], { from, to }: Route): string[] =>
  [from, to].flatMap((end) => {
    const own = fibres.filter(({ a, b }) => [a, b].some(({ node, port }) => port === null && node === end));
    return own.length === 1 ? own.map(({ id }) => id) : [];
  });

function onlySwitchAt(fibres: readonly Fibre[], end: string): string | null {
  const switches = fibres.flatMap(({ a, b }) =>
    a.port === null && a.node === end ? [b.node] : b.port === null && b.node === end ? [a.node] : [],
  );
  const [first] = switches;
  return first !== undefined && switches.every((name) => name === first) ? first : null;
}

/** Whether a planned route can still be tried. */
export const isOpen = ({ fibres, hops }: Route, avoided: Avoided): boolean =>
  !fibres.some((fibre) => avoided.fibres.has(fibre)) &&
  !hops.some(
    ({ switchName, pair }) =>
      avoided.switches.has(switchName) ||
      avoided.unreachable.has(switchName) ||
      [pair.a, pair.b].some((port) => avoided.hasPort(switchName, port)),
  );
