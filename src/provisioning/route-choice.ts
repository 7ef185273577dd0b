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
  /** Switches whose agents did not answer: they may come back. */
  readonly unreachable = new Set<string>();
  readonly reasons: string[] = [];
  tries = 0;

  hasEnd({ node, port }: FibreEnd): boolean {
    const name = `${node}/${port}`;
    if (this.switches.has(node) || this.unreachable.has(node)) return true;
    return this.ports.has(name) || this.contended.has(name);
  }

  refused({ switchName, kind, port, reason }: Refusal): void {
    this.reasons.push(reason);
    if (kind === 'locked' && port !== null) this.contended.add(`${switchName}/${port}`);
    else if (kind === 'busy' && port !== null) this.ports.add(`${switchName}/${port}`);
    else if (kind === 'unreachable') this.unreachable.add(switchName);
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
  isReroute: boolean,
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
  // Who asks for a path is told at once; one that was up is worth waiting until an agent has started again.
  const mayReturn = avoided.contended.size > 0 || (isReroute && avoided.unreachable.size > 0);
  if (found.kind === 'found' || !mayReturn) return found;
  avoided.contended.clear();
  if (isReroute) avoided.unreachable.clear();
  return { kind: 'wait' };
}
