// From the text of a site file to a site in which every name is known and no port has two fibres. Which ports a
// device really has is not in the file: `topology.ts` holds the fibres against the device.

import { checkReference, namesOf, type Target } from '../scenario/reference.ts';
import { Place, show } from '../scenario/shape.ts';
import { type Path, ScenarioSource } from '../scenario/source.ts';
import { changeTitle, type RouteWish, type Site, type SiteChange, type SitePath } from './site.ts';
import { siteGrammar } from './site-grammar.ts';
import { endName } from './topology.ts';

/** Throws a `ScenarioError` with everything that is wrong with the file. */
export function loadSite(file: string, content: string): Site {
  const source = new ScenarioSource(file, content);
  source.throwIfBad();
  const site = siteGrammar.read(source.value, new Place(source));
  if (site.devices.length === 0)
    source.complain(['devices'], { found: 'no device', expected: 'at least one' });
  checkUniqueNames(site, source);
  checkFibres(site, source);
  for (const path of site.paths) checkPath(path, ['paths', path.name], site, source);
  for (const [i, { device }] of site.crossConnects.entries())
    checkReference(device, ['cross-connects', i, 'device'], devicesOf(site), source);
  checkSeeds(site, source);
  checkChanges(site, source);
  source.throwIfBad();
  return site;
}

const devicesOf = (site: Site): Target => ({
  what: 'a device',
  names: namesOf(site.devices),
  sections: ['devices'],
});
const hostsOf = (site: Site): Target => ({ what: 'a host', names: namesOf(site.hosts), sections: ['hosts'] });
const fibresOf = (site: Site): Target => ({
  what: 'a fibre',
  names: namesOf(site.fibres),
  sections: ['fibres'],
});

/** Light and plans name devices, hosts and fibres side by side. */
function checkUniqueNames(site: Site, source: ScenarioSource): void {
  const seen = new Map<string, string>();
  for (const section of ['devices', 'hosts', 'fibres'] as const) {
    for (const { name } of site[section]) {
      const other = seen.get(name);
      if (name !== '' && other !== undefined)
        source.complain([section, name], {
          found: `${show(name)}, which is in ${other}, too`,
          expected: 'another name',
          isAboutKey: true,
        });
      seen.set(name, section);
    }
  }
}

function checkFibres(site: Site, source: ScenarioSource): void {
  const taken = new Map<string, string>();
  for (const { name, between } of site.fibres) {
    for (const [i, end] of between.entries()) {
      const path = ['fibres', name, 'between', i];
      const [target, word] =
        end.kind === 'port' ? [devicesOf(site), end.switchName] : [hostsOf(site), end.host];
      if (!checkReference(word, path, target, source)) continue;
      const other = taken.get(endName(end));
      if (other !== undefined)
        source.complain(path, {
          found: `"${endName(end)}" again`,
          expected: `an end without a fibre: "${other}" ends there`,
        });
      taken.set(endName(end), name);
    }
  }
}

function checkPath(path: SitePath, at: Path, site: Site, source: ScenarioSource): void {
  const known = [path.from, path.to].map((end, i) =>
    checkReference(end, [...at, i === 0 ? 'from' : 'to'], hostsOf(site), source),
  );
  if (known.every(Boolean) && path.from === path.to)
    source.complain([...at, 'to'], { found: `${show(path.to)} twice`, expected: 'another host' });
  checkWish(path, at, site, source);
}

function checkWish({ route, via, avoid }: RouteWish, at: Path, site: Site, source: ScenarioSource): void {
  const either: Target = {
    what: 'a fibre or device',
    names: [...namesOf(site.fibres), ...namesOf(site.devices)],
    sections: ['fibres', 'devices'],
  };
  for (const [i, fibre] of (route ?? []).entries())
    checkReference(fibre, [...at, 'route', i], fibresOf(site), source);
  for (const [key, words] of [
    ['via', via],
    ['avoid', avoid],
  ] as const)
    for (const [i, word] of (words ?? []).entries()) checkReference(word, [...at, key, i], either, source);
  if (route !== undefined && (via !== undefined || avoid !== undefined))
    source.complain([...at, 'route'], {
      found: 'route beside via or avoid',
      expected: 'a whole route, or what to pass and leave out',
    });
}

/** A seed is dialled where its agent is. */
function checkSeeds({ devices, provisioning: { seeds } }: Site, source: ScenarioSource): void {
  const withAgents = devices.filter(({ agent }) => agent !== undefined);
  const target = { what: 'a device with an agent', names: namesOf(withAgents), sections: ['devices'] };
  for (const [i, seed] of (seeds ?? []).entries())
    checkReference(seed, ['provisioning', 'seeds', i], target, source);
}

/** Names come and go in the order of the changes. */
function checkChanges(site: Site, source: ScenarioSource): void {
  const present = new Set(namesOf(site.paths));
  for (const [i, change] of site.changes.entries()) {
    if (!source.isSuspect(['changes', i])) checkChange(change, i, present, site, source);
  }
}

function checkChange(
  change: SiteChange,
  i: number,
  present: Set<string>,
  site: Site,
  source: ScenarioSource,
): void {
  const at: Path = ['changes', i, change.kind];
  if (change.kind === 'connect' || change.kind === 'disconnect') {
    checkReference(change.crossConnect.device, [...at, 'device'], devicesOf(site), source);
    return;
  }
  if (change.kind === 'add') {
    checkPath(change.path, at, site, source);
    if (present.has(change.path.name))
      source.complain([...at, 'path'], {
        found: `${show(change.path.name)}, a path that is there already`,
        expected: 'a new name',
      });
    present.add(change.path.name);
    return;
  }
  const target = { what: 'a path that is there then', names: [...present], sections: ['paths'] };
  const isKnown = checkReference(change.path, [...at, 'path'], target, source);
  if (change.kind === 'remove') present.delete(change.path);
  else if (isKnown) checkMove(change, at, site, source);
}

function checkMove(
  change: SiteChange & { readonly kind: 'move' },
  at: Path,
  site: Site,
  source: ScenarioSource,
): void {
  const { route, via, avoid } = change.wish;
  if (route === undefined && via === undefined && avoid === undefined)
    source.complain(at, {
      found: `${changeTitle(change)}, and no word of where to`,
      expected: 'route, via or avoid',
    });
  checkWish(change.wish, at, site, source);
}
