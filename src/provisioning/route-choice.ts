// Which route a path tries next, given what its earlier tries ran into.

import type { AgentContext } from './agent-context.ts';
import type { Refusal } from './coordinator.ts';
import { computeRoute, type FibreEnd, type Route } from './route.ts';

export type RouteChoice =
  | { readonly kind: 'found'; readonly route: Route }
  | { readonly kind: 'none'; readonly reason: string }
  /** None now, but what is in the way may soon be gone. */
  | { readonly kind: 'wait' };

/** What a try that failed leaves out in the next. */
export class Avoided {
  readonly fibres = new Set<string>();
  readonly switches = new Set<string>();
  /** Ports that somebody else has. */
  readonly ports = new Set<string>();
  /** Ports that other transactions were after: they may come free again. */
  readonly contended = new Set<string>();
  readonly reasons: string[] = [];
  tries = 0;

  hasEnd({ node, port }: FibreEnd): boolean {
    const name = `${node}/${port}`;
    return this.switches.has(node) || this.ports.has(name) || this.contended.has(name);
  }

  refused({ switchName, kind, port, reason }: Refusal): void {
    this.reasons.push(reason);
    if (kind === 'locked' && port !== null) this.contended.add(`${switchName}/${port}`);
    else if (kind === 'busy' && port !== null) this.ports.add(`${switchName}/${port}`);
    else this.switches.add(switchName);
  }

  failed(fibres: readonly string[]): void {
    for (const fibre of fibres) {
      this.fibres.add(fibre);
      this.reasons.push(`fibre ${fibre} failed`);
    }
  }

  silent(switches: readonly string[]): void {
    for (const name of switches) this.switches.add(name);
    this.reasons.push(`no word of light from ${switches.join(', ')}`);
  }

  /** Why, each reason once. */
  get why(): string {
    return [...new Set(this.reasons)].join('; ');
  }
}

export function chooseRoute(
  context: Pick<AgentContext, 'platform' | 'view' | 'failed'>,
  ends: { readonly path: string; readonly from: string; readonly to: string },
  avoided: Avoided,
): RouteChoice {
  const now = context.platform.clock.now();
  const found = computeRoute(
    context.view.fibres(now),
    ends.from,
    ends.to,
    (fibre) =>
      fibre.isFreeFor(ends.path) &&
      !avoided.fibres.has(fibre.id) &&
      !context.failed.has(fibre.id, now) &&
      ![fibre.a, fibre.b].some((end) => avoided.hasEnd(end)),
  );
  if (found.kind === 'found' || avoided.contended.size === 0) return found;
  avoided.contended.clear();
  return { kind: 'wait' };
}
